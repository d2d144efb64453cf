# The pages of a real ResourceManager and a real NodeManager, asked as a browser asks: headers, old addresses, an application's containers and
# logs while it runs and after, why it waits, the live stream, the kill button. How they look is tried in test/pages.
load helpers

setup_file() {
  new_data
  write_conf 'yarn.nodemanager.resource.memory-mb: 2048' 'emberloom.executor.prestart: 0'
  start_cluster 1
}
teardown_file() { stop_everything; }
teardown() {
  note_failure
  end_applications
}

rm_url() { cat "$EMBERLOOM_DATA/run/rm-http"; }
nm_url() { cat "$EMBERLOOM_DATA/run/nm-nm1-http"; }
ask() { curl -sS --max-time 10 "$@"; }
# field NAME <<<JSON: the value at a path such as rows.0.id
field() { "$NODE" -e 'let v=JSON.parse(require("fs").readFileSync(0,"utf8"));for(const k of process.argv[1].split("."))v=v?.[k];console.log(typeof v==="object"?JSON.stringify(v):v)' "$1"; }
has_logged() { ask "$(nm_url)/ui-api/logs/$1/part?file=stdout&offset=0" | grep -qF "$2"; }
app_is() { [ "$(ask "$(rm_url)/ui-api/apps/$1?user.name=$USER_NAME" | field state)" = "$2" ]; }
USER_NAME=$(id -un)

@test "pages come with a policy that lets nothing in from elsewhere, and no script stands in them" {
  local page headers script
  for page in "$(rm_url)/ui/cluster" "$(rm_url)/ui/apps/application_1_0001" "$(nm_url)/ui/node"; do
    headers=$(ask -D - -o "$TEST_DIR/page" "$page")
    assert_matches "$headers" "^HTTP/1.1 200"
    assert_contains "$headers" "default-src 'self'"
    assert_equal "$(grep -ciE 'unsafe-inline' <<<"$headers")" 0
    assert_equal "$(grep -cE '<script>|<style|style=|onload=|https?://' "$TEST_DIR/page")" 0
  done
  script=$(grep -oE '\.\./ui/assets/main-[A-Z0-9]+\.js' "$TEST_DIR/page" | sed 's|^\.\./||')
  headers=$(ask -D - -o "$TEST_DIR/script" "$(nm_url)/$script")
  assert_contains "$headers" immutable
  [ "$(wc -c <"$TEST_DIR/script")" -gt 50000 ]
}

@test "the addresses of YARN's pages lead to ours, and HEAD /cluster says that this is the active one" {
  local url
  while read -r from to; do
    url=$(ask -o /dev/null -w '%{redirect_url}' "$(rm_url)$from")
    assert_equal "$url" "$(rm_url)$to"
  done <<'LIST'
/ /ui/cluster
/cluster /ui/cluster
/cluster/apps/RUNNING /ui/apps?state=RUNNING
/cluster/app/application_1_0001 /ui/apps/application_1_0001
/cluster/scheduler /ui/queues
/cluster/nodes /ui/nodes
LIST
  assert_equal "$(ask -o /dev/null -w '%{redirect_url}' "$(nm_url)/node/containerlogs/container_1_0001_01_000001/ann/stderr")" \
    "$(nm_url)/ui/logs/container_1_0001_01_000001?file=stderr"
  assert_equal "$(ask -I -o /dev/null -w '%{http_code}' "$(rm_url)/cluster")" 200
}

@test "an application: its containers, their memory, its log while it runs and after; one that waits says what would let it run" {
  local app waiting view container
  app=$("$BIN/emberloom" run -d --num 1 --memory 512m --name '<b>talker</b>' -- bash -c 'echo hello; echo "needle ä"; exec sleep 300' 2>/dev/null </dev/null)
  wait_for "it runs" 20 app_is "$app" RUNNING
  container=${app/application/container}_01_000002
  wait_for "its log is there" 20 has_logged "$container" hello
  view=$(ask "$(rm_url)/ui-api/apps/$app?user.name=$USER_NAME")
  assert_equal "$(field name <<<"$view")" '<b>talker</b>'
  # Through the ResourceManager, where a browser need not reach the node.
  assert_equal "$(ask "$(rm_url)/ui-api/logs/$container/search?file=stdout&text=NEEDLE%20%C3%A4" | field matches.0.line)" 'needle ä'
  assert_equal "$(field mayKill <<<"$view")" true
  assert_equal "$(ask "$(nm_url)/ui-api/logs/$container/search?file=stdout&text=NEEDLE%20%C3%A4" | field matches.0.line)" 'needle ä'
  assert_equal "$(ask "$(nm_url)/ui-api/logs/$container/part?file=stdout&offset=-5" | field running)" true
  memory_is_known() { ask "$(nm_url)/ui-api/node" | grep -q "\"id\":\"$container\".*\"rssBytes\":[1-9]"; }
  wait_for "its resident memory is known" 20 memory_is_known
  assert_contains "$(ask "$(rm_url)/ui-api/nodes")" "$container"

  waiting=$("$BIN/emberloom" run -d --num 2 --memory 1024m --name greedy -- sleep 300 2>/dev/null </dev/null)
  says_why() { ask "$(rm_url)/ui-api/apps/$waiting?user.name=$USER_NAME" | field waits.0.wouldLetItRun | grep -q 'It fits when'; }
  wait_for "it says what would let it run" 20 says_why
  assert_equal "$(ask "$(rm_url)/ui-api/apps?search=name:greedy" | field total)" 1

  assert_equal "$(ask -o /dev/null -w '%{http_code}' -X POST "$(rm_url)/ui-api/apps/$app/kill")" 403
  assert_equal "$(ask -o /dev/null -w '%{http_code}' -X POST -H 'x-xsrf-header: 1' -H 'origin: http://evil.example' "$(rm_url)/ui-api/apps/$app/kill?user.name=$USER_NAME")" 403
  assert_equal "$(ask -X POST -H 'x-xsrf-header: 1' "$(rm_url)/ui-api/apps/$app/kill?user.name=$USER_NAME" | field killed)" "$app"
  wait_for "it is killed" 20 app_is "$app" KILLED
  assert_contains "$(ask "$(rm_url)/ui-api/apps/$app?user.name=$USER_NAME" | field diagnostics)" "from the cluster's page"
  wait_for "its log is still there" 20 has_logged "$container" 'needle'
  yarn application -kill "$waiting" >/dev/null 2>&1
}

@test "the stream says all once, then only what has changed" {
  local stream=$TEST_DIR/stream pid app
  curl -sN "$(rm_url)/ui-api/live" >"$stream" &
  pid=$!
  wait_for "the facts are there" 10 file_has "$stream" '^event: facts$'
  assert_matches "$(sed -n 's/^data: //p' "$stream" | head -1 | field scheduler)" 'capacity'
  app=$("$BIN/emberloom" run -d --num 1 --memory 256m -- true 2>/dev/null </dev/null)
  wait_for "applications have changed" 20 file_has "$stream" '"topics":\["apps"'
  kill "$pid"
  wait_for "it ends" 20 app_is "$app" FINISHED
}
