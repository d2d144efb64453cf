# Who may do what on a real cluster: users with secrets of their own, access lists, proxy users, HTTP tokens, the audit log, floods. What
# needs accounts of its own (containers that run as the submitting user) runs as root and is skipped otherwise.
load helpers

# as USER args...: a command of USER's, who has no more than a secret of his own
as() {
  local user=$1
  shift
  EMBERLOOM_DATA=$TEST_DIR/$user EMBERLOOM_USER_SECRET=$TEST_DIR/$user.secret timeout -k 5 60 "$@" </dev/null
}
yarn_as() { as "$1" "$BIN/yarn" "${@:2}"; }
# A line is written in the turn after the answer.
audit() { wait_for "the audit log has $1" 5 file_has "$EMBERLOOM_DATA/logs/rm-audit.log" "$1" && grep -E -- "$1" "$EMBERLOOM_DATA/logs/rm-audit.log"; }
# The owner's idle application in QUEUE, with more settings
idle() { submit_cluster --queue "$1" --conf spark.yarn.submit.waitAppCompletion=false "${@:2}" "$APPS/never-ends.ts" idle; }

setup_file() {
  new_data
  cat >"$TEST_DIR/conf/capacity-scheduler.yaml" <<'YAML'
yarn.scheduler.capacity.root.queues: open,closed
yarn.scheduler.capacity.root.acl_submit_applications: " "
yarn.scheduler.capacity.root.open.capacity: 50
yarn.scheduler.capacity.root.open.acl_submit_applications: "*"
yarn.scheduler.capacity.root.closed.capacity: 50
yarn.scheduler.capacity.root.closed.acl_administer_queue: "carl"
YAML
  write_conf 'yarn.resourcemanager.address: tcp:127.0.0.1:0' 'hadoop.http.authentication.type: token' \
    'hadoop.proxyuser.livy.users: alice' 'hadoop.proxyuser.livy.hosts: localhost' 'hadoop.user.group.static.mapping.overrides: vera=viewers' \
    'emberloom.connections.max-unproven: 600'
  local free
  free=$("$NODE" -e 's=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
  sed -i "s/tcp:127.0.0.1:0/tcp:127.0.0.1:$free/" "$TEST_DIR/conf/emberloom.yaml"
  start_cluster 1
  local user
  for user in alice bob carl livy vera; do
    mkdir "$TEST_DIR/$user"
    "$BIN/emberloom" user add "$user" --to "$TEST_DIR/$user.secret" >/dev/null
  done
  mkdir "$TEST_DIR/events"
  idle open --conf spark.ui.view.acls.groups=viewers --conf spark.hidden.password=hunter2hunter2 --conf spark.eventLog.enabled=true \
    --conf "spark.eventLog.dir=$TEST_DIR/events" --conf spark.executorEnv.MY_TOKEN=token-of-a-user 2>"$TEST_DIR/app.err"
  app_id "$(cat "$TEST_DIR/app.err")" >"$TEST_DIR/app"
  wait_for 'it runs' 30 app_in_state "$(cat "$TEST_DIR/app")" RUNNING
}
teardown_file() { stop_everything; }
teardown() { note_failure; }
setup() {
  APP=$(cat "$TEST_DIR/app")
  URL=$(cat "$EMBERLOOM_DATA/run/rm-http")
}

@test "a user's own secret is never printed, lies in a file of his own, and opens the ResourceManager to him" {
  run --separate-stderr "$BIN/emberloom" user add alice --to "$TEST_DIR/again.secret"
  assert_status 0
  assert_equal "$(stat -c %a "$TEST_DIR/again.secret")" 600
  cmp "$TEST_DIR/again.secret" "$TEST_DIR/alice.secret"
  [[ $output$stderr != *"$(cut -d' ' -f3 "$TEST_DIR/alice.secret")"* ]]
  run --separate-stderr yarn_as alice node -list
  assert_status 0
  assert_contains "$output" RUNNING
  run --separate-stderr "$BIN/emberloom" user add '../x'
  assert_status 64
}

@test "a secret that is taken back, renewed, or of another, opens nothing" {
  run --separate-stderr "$BIN/emberloom" user add dora --to "$TEST_DIR/dora.secret"
  mkdir -p "$TEST_DIR/dora"
  run --separate-stderr yarn_as dora node -list
  assert_status 0
  "$BIN/emberloom" user revoke dora
  run --separate-stderr yarn_as dora node -list
  [ "$status" -ne 0 ]
  assert_contains "$stderr" 'refused the proof of identity'
  "$BIN/emberloom" user add dora --to "$TEST_DIR/dora.new" >/dev/null
  run --separate-stderr yarn_as dora node -list
  [ "$status" -ne 0 ]
  sed -i 's/^dora/carl/' "$TEST_DIR/dora.new"
  mv "$TEST_DIR/dora.new" "$TEST_DIR/dora.secret"
  run --separate-stderr yarn_as dora node -list
  [ "$status" -ne 0 ]
  run --separate-stderr "$BIN/emberloom" user list
  assert_matches "$output" '^dora +generation 2$'
}

@test "who may not kill an application hears what would let him; it lives" {
  run --separate-stderr yarn_as bob application -kill "$APP"
  [ "$status" -ne 0 ]
  assert_contains "$stderr" "User bob cannot perform operation MODIFY_APP on $APP of $(id -un) in queue root.open."
  assert_contains "$stderr" 'spark.modify.acls of the application'
  assert_contains "$stderr" 'yarn.scheduler.capacity.root.open.acl_administer_queue (not set)'
  assert_contains "$stderr" 'yarn.admin.acl'
  app_in_state "$APP" RUNNING
  run --separate-stderr yarn_as bob application -updatePriority 5 -appId "$APP"
  [ "$status" -ne 0 ]
  run --separate-stderr yarn_as bob application -appId "$APP" -changeQueue closed
  [ "$status" -ne 0 ]
}

@test "who may not view it hears that it is there, and no more; a viewer by his group sees it all" {
  run --separate-stderr yarn_as bob application -status "$APP"
  assert_status 0
  assert_contains "$output" "State : RUNNING"
  assert_contains "$output" 'Tracking-URL : N/A'
  run --separate-stderr yarn_as bob logs -applicationId "$APP"
  [ "$status" -ne 0 ]
  assert_contains "$stderr" 'cannot perform operation VIEW_APP'
  run --separate-stderr yarn_as bob applicationattempt -list "$APP"
  [ "$status" -ne 0 ]
  run --separate-stderr yarn_as vera applicationattempt -list "$APP"
  assert_status 0
  run --separate-stderr yarn_as vera logs -applicationId "$APP" -log_files stderr
  assert_status 0
  run --separate-stderr yarn_as vera application -kill "$APP"
  [ "$status" -ne 0 ]
}

@test "queues: submit where everybody may, not where nobody does, and in another's name only by a rule" {
  run --separate-stderr as alice "$BIN/emberloom" run --queue open -- true
  assert_status 0
  run --separate-stderr as alice "$BIN/emberloom" run --queue closed -- true
  [ "$status" -ne 0 ]
  assert_contains "$stderr" 'User alice cannot perform operation SUBMIT_APP on queue root.closed.'
  assert_contains "$stderr" 'yarn.scheduler.capacity.root.acl_submit_applications (capacity-scheduler.yaml:2, now " ")'
  run --separate-stderr as carl "$BIN/emberloom" run --queue closed -- true
  assert_status 0
  grep -E 'USER=carl	OPERATION=Start Container Request	TARGET=ContainerManageImpl	RESULT=SUCCESS	APPID=' "$EMBERLOOM_DATA/logs/nm-nm1-audit.log"
  HADOOP_USER_NAME=alice run --separate-stderr as livy "$BIN/emberloom" run --queue open -- true
  assert_status 0
  audit 'USER=alice	REALUSER=livy	IP=127.0.0.1	OPERATION=Submit Application Request'
  HADOOP_USER_NAME=root run --separate-stderr as livy "$BIN/emberloom" run --queue open -- true
  [ "$status" -ne 0 ]
  assert_contains "$stderr" 'User: livy is not allowed to impersonate root'
  HADOOP_USER_NAME=alice run --separate-stderr as bob "$BIN/emberloom" run --queue open -- true
  [ "$status" -ne 0 ]
}

@test "rmadmin is for admins, and a list of a queue that is not is refused with its line" {
  run --separate-stderr yarn_as alice rmadmin -refreshQueues
  [ "$status" -ne 0 ]
  assert_contains "$stderr" 'User alice cannot perform operation ADMINISTER on the queues.'
  echo 'yarn.scheduler.capacity.root.nope.acl_administer_queue: "x"' >>"$TEST_DIR/conf/capacity-scheduler.yaml"
  run --separate-stderr yarn rmadmin -refreshQueues
  sed -i '$d' "$TEST_DIR/conf/capacity-scheduler.yaml"
  [ "$status" -ne 0 ]
  assert_contains "$stderr" 'capacity-scheduler.yaml:7: there is no queue root.nope'
  run --separate-stderr yarn rmadmin -refreshQueues
  assert_status 0
  audit 'OPERATION=refreshQueues	TARGET=AdminService	RESULT=SUCCESS'
  audit 'USER=alice	.*OPERATION=refreshQueues	TARGET=AdminService	RESULT=FAILURE	DESCRIPTION='
}

@test "HTTP: looks without a token, changes nothing; a token is a user; a wrong one is 401; other sites are refused" {
  local token
  run curl -s -o /dev/null -w '%{http_code}' "$URL/ws/v1/cluster/info"
  assert_equal "$output" 200
  token=$(as bob "$BIN/emberloom" user token)
  run curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" "$URL/ws/v1/cluster/info"
  assert_equal "$output" 200
  run curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer ${token%?}" "$URL/ws/v1/cluster/info"
  assert_equal "$output" 401
  run curl -s -o /dev/null -w '%{http_code}' -H 'Host: evil.example' "$URL/ws/v1/cluster/info"
  assert_equal "$output" 403
  local kill=(-X PUT -H 'Content-Type: application/json' -d '{"state":"KILLED"}' "$URL/ws/v1/cluster/apps/$APP/state")
  local who
  for who in 'X-None: 1' "Authorization: Bearer $token"; do
    run curl -s -o /dev/null -w '%{http_code}' -H "$who" "${kill[@]}"
    assert_equal "$output" 403
  done
  run curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" -H 'Origin: http://evil.example' "${kill[@]}"
  assert_equal "$output" 400
  app_in_state "$APP" RUNNING
}

@test "no secret is in an argument, in a log, or readable by others" {
  local secret
  secret=$(cat "$EMBERLOOM_DATA/secret")
  for p in $(pids_of_test); do [[ $(arguments_of "$p") != *"$secret"* ]] || return 1; done
  ! grep -rqsF "$secret" "$EMBERLOOM_DATA/logs" "$EMBERLOOM_DATA/userlogs"
  assert_equal "$(find "$EMBERLOOM_DATA" -maxdepth 2 \( -name secret -o -name 'rm.sqlite*' -o -name '*audit.log' -o -name users \) -perm /077)" ''
}

@test "a thousand connections that say nothing, and garbage, keep nobody out" {
  local address
  address=$(sed -n 's/^yarn.resourcemanager.address: tcp:127.0.0.1://p' "$TEST_DIR/conf/emberloom.yaml")
  "$NODE" -e '
    const { connect } = require("net"); let n = 0;
    for (let i = 0; i < 1000; i++) connect(+process.argv[1], "127.0.0.1").on("error", () => {}).on("connect", function () { if (i % 10 === 0) this.write(Buffer.alloc(100, 255)); if (++n === 1000) console.log("all"); });
    setTimeout(() => {}, 60_000)' "$address" >"$TEST_DIR/flood" 3>&- &
  local flood=$!
  wait_for 'the flood stands' 20 grep -q all "$TEST_DIR/flood"
  run --separate-stderr timeout 20 "$BIN/emberloom" node list --rm "unix:$EMBERLOOM_DATA/run/rm.sock"
  kill -9 $flood
  assert_status 0
  assert_contains "$output" RUNNING
  assert_matches "$(cat "$EMBERLOOM_DATA"/logs/*resourcemanager*)" 'connections were refused: there are too many'
}

@test "500 submissions in 10 s and 200 kills at once go through, and no heartbeat is late" {
  run timeout 60 "$NODE" "$HELPERS/submission-flood.ts" "$EMBERLOOM_DATA" 500 200 open
  [ "$status" -eq 0 ] || { echo "$output" >&2; return 1; }
  assert_matches "$output" '^submitted 500 of 500'
  assert_matches "$output" '^killed 200 of 200'
  run --separate-stderr yarn node -list
  assert_contains "$output" RUNNING
  run ! grep -E 'LOST|deadlines move|connection lost' "$EMBERLOOM_DATA"/logs/*resourcemanager*
}

# status_of HEADER URL [more]: of an answer
status_of() { curl -s -o /dev/null -w '%{http_code}' -H "$1" "${@:2}"; }
bearer() { echo "Authorization: Bearer $(as "$1" "$BIN/emberloom" user token)"; }

@test "a node asks who may read logs: owner, whom the application names by group, queue's administrators; others are refused and written down" {
  local node container who
  node=$(cat "$EMBERLOOM_DATA"/run/nm-nm1-http)
  container=$(yarn applicationattempt -list "$APP" 2>/dev/null | grep -oE 'container_\w+' | head -1)
  local log=$node/ws/v1/node/containerlogs/$container/stdout
  assert_equal "$(status_of "$(bearer vera)" "$log")" 200
  assert_equal "$(status_of "$(bearer bob)" "$log")" 403
  assert_equal "$(status_of "$(bearer vera)" "$node/conf")" 403
  run curl -s -H "$(bearer bob)" "$log"
  assert_contains "$output" 'User bob cannot perform operation VIEW_APP'
  assert_contains "$output" 'spark.ui.view.acls of the application'
  audit 'USER=bob	IP=127.0.0.1	OPERATION=Get Container Logs Request	TARGET=NMWebServices	RESULT=FAILURE'
  # In lists it is there, without what it says of itself.
  run curl -s -H "$(bearer bob)" "$node/ws/v1/node/containers/$container"
  assert_contains "$output" '"diagnostics":"N/A"'
  assert_contains "$output" '"containerLogFiles":[]'
}

@test "patterns with many stars, deep and huge bodies, half requests: nothing stands still, and each is refused" {
  local stars=$(printf '*%.0s' {1..200}) token
  token=$(bearer alice)
  assert_equal "$(curl -s -m 20 -o /dev/null -w '%{http_code}' -G --data-urlencode "qry=Hadoop:service=${stars}X,name=${stars}Y" "$URL/jmx")" 200
  timeout 20 "$BIN/emberloom" application list --name "${stars}x${stars}" >/dev/null
  head -c 5000000 /dev/zero | tr '\0' '[' >"$TEST_DIR/deep.json"
  assert_equal "$(status_of "$token" -m 20 -H 'Content-Type: application/json' --data-binary "@$TEST_DIR/deep.json" "$URL/ws/v1/cluster/apps")" 413
  head -c 1000000 "$TEST_DIR/deep.json" >"$TEST_DIR/less.json"
  assert_equal "$(status_of "$token" -m 20 -H 'Content-Type: application/json' --data-binary "@$TEST_DIR/less.json" "$URL/ws/v1/cluster/apps")" 400
  "$NODE" -e "process.stdout.write('<a>'.repeat(300000))" >"$TEST_DIR/deep.xml"
  assert_equal "$(status_of "$token" -m 20 -H 'Content-Type: application/xml' --data-binary "@$TEST_DIR/deep.xml" "$URL/ws/v1/cluster/apps")" 400
  echo '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>' >"$TEST_DIR/bomb.xml"
  assert_equal "$(status_of "$token" -m 20 -H 'Content-Type: application/xml' --data-binary "@$TEST_DIR/bomb.xml" "$URL/ws/v1/cluster/apps")" 400
  # Whoever sends his head a byte at a time is cut off, and meanwhile others are answered.
  "$NODE" -e '
    const { connect } = require("net"), began = process.hrtime.bigint(); let open = 0, cut = 0;
    for (let i = 0; i < 300; i++) { const s = connect(+process.argv[1], "127.0.0.1", () => { open++; s.write("GET / HTTP/1.1\r\nHost: x"); });
      const t = setInterval(() => s.write("x"), 1000); s.on("error", () => {}).on("close", () => { clearInterval(t); if (++cut === 300) console.log("all cut"); }); }
    setInterval(() => open === 300 && console.log("open"), 500).unref();' "${URL##*:}" >"$TEST_DIR/slow" 3>&- &
  local slow=$!
  wait_for 'they stand' 20 grep -q open "$TEST_DIR/slow"
  assert_equal "$(status_of 'X-None: 1' -m 5 "$URL/ws/v1/cluster/info")" 200
  wait_for 'they are cut off' 45 grep -q 'all cut' "$TEST_DIR/slow"
  kill -9 $slow 2>/dev/null || true
}

# Everything that is a secret here, one a line: the cluster's, users', the application's, the keys, what the settings of the application hide.
secrets_of_test() {
  cat "$EMBERLOOM_DATA/secret"
  awk '{ print $3 }' "$TEST_DIR"/*.secret
  printf 'hunter2hunter2\ntoken-of-a-user\n'
  rm -rf "$TEST_DIR/copy" && mkdir "$TEST_DIR/copy" && cp "$EMBERLOOM_DATA"/state/rm.sqlite* "$TEST_DIR/copy/"
  "$NODE" --no-warnings -e '
    const { DatabaseSync } = require("node:sqlite"); const db = new DatabaseSync(process.argv[1]);
    for (const { key } of db.prepare("select key from master_keys").all()) console.log(key);
    for (const { record } of db.prepare("select record from applications").all()) for (const [, secret] of record.matchAll(/"secret":"([0-9a-f]{32,})"/g)) console.log(secret);' "$TEST_DIR/copy/rm.sqlite"
}

@test "no secret is in an answer of the daemons or the application's page, a log, an event log, an argument, or what the doctor says" {
  local node found path all=$TEST_DIR/answers
  mkdir -p "$all"
  secrets_of_test | sort -u >"$TEST_DIR/secrets"
  # One of the cluster, of five users, two of the settings, the application's, two keys.
  [ "$(wc -l <"$TEST_DIR/secrets")" -ge 11 ]
  node=$(cat "$EMBERLOOM_DATA"/run/nm-nm1-http)
  local root
  root="Authorization: Bearer $("$BIN/emberloom" user token)"
  for path in conf conf?format=json jmx metrics stacks logs logLevel ws/v1/cluster/{info,metrics,scheduler,nodes,apps,scheduler-conf,"apps/$APP","apps/$APP/appattempts"} \
    ui-api/settings "ui-api/apps/$APP" "proxy/$APP/api/v1/applications/$APP/"{environment,executors,allexecutors} "proxy/$APP/environment/"; do
    curl -sL -H "$root" "$URL/$path" >"$all/rm-${path//\//_}"
  done
  grep -q 'spark.hidden.password' "$all"/*environment
  for path in conf jmx metrics stacks logs ws/v1/node/{info,apps,containers} ui-api/settings ui-api/node; do curl -sL -H "$root" "$node/$path" >"$all/nm-${path//\//_}"; done
  for path in $(curl -s -H "$root" "$URL/logs" | grep -oE '/logs/[^"]+'); do curl -s -H "$root" "$URL$path" >"$all/${path//\//_}"; done
  "$BIN/emberloom" doctor >"$all/doctor" 2>&1 || true
  "$BIN/emberloom" application status "$APP" --json >"$all/status" 2>&1
  yarn logs -applicationId "$APP" >"$all/logs" 2>&1 || true
  # The user's own words to the container are its own: its user sees them in /proc, and nobody else.
  for p in $(pids_of_test); do arguments_of "$p"; done >"$all/arguments"
  found=$(find "$all" -type f -size +0 | wc -l)
  [ "$found" -ge 25 ]
  run grep -rlF -f "$TEST_DIR/secrets" "$all" "$EMBERLOOM_DATA/logs" "$EMBERLOOM_DATA/userlogs" "$TEST_DIR/events"
  assert_equal "$output" ''
  # What must have them is its owner's alone: the store and its copies, the folders of containers.
  assert_equal "$(grep -rlF -f "$TEST_DIR/secrets" "$EMBERLOOM_DATA" 2>/dev/null | xargs -r -n 1 stat -c '%a %n' | grep -vE '^[0-7]00 ')" ''
}
