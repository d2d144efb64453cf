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
audit() { grep -E -- "$1" "$EMBERLOOM_DATA/logs/rm-audit.log"; }
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
  idle open --conf spark.ui.view.acls.groups=viewers 2>"$TEST_DIR/app.err"
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
