#!/usr/bin/env bats
# YARN's REST API on a real cluster, with curl: a shell command that is submitted, runs, is read and is killed; the driver's page through /proxy; what a
# ResourceManager and a NodeManager answer to cluster managers and monitoring. Shapes are held against YARN's in test/unit/**/rest.test.ts.

load helpers

setup_file() {
  new_data
  export TEST_DIR
  start_cluster 1
  RM=$(cat "$EMBERLOOM_DATA/run/rm-http") NM=$(cat "$EMBERLOOM_DATA/run/nm-nm1-http") TOKEN=$("$BIN/emberloom" user token)
  export RM NM TOKEN
}
teardown() {
  note_failure
  end_applications
}
teardown_file() { stop_everything; }

# rest path [curl options]: as the owner of the cluster
rest() { timeout 20 curl -sS -g -H "Authorization: Bearer $TOKEN" "${@:2}" "$1"; }
json() { "$NODE" -e 'let s="";process.stdin.on("data",(d)=>s+=d).on("end",()=>{const v=Function("it",`return ${process.argv[1]}`)(JSON.parse(s));console.log(typeof v==="object"?JSON.stringify(v):v)})' "$1"; }
new_app() { rest "$RM/ws/v1/cluster/apps/new-application" -X POST | json 'it["application-id"]'; }
# submit_rest id command [more JSON fields]
submit_rest() {
  rest "$RM/ws/v1/cluster/apps" -X POST -H 'content-type: application/json' -o /dev/null -w '%{http_code}' -d "{\"application-id\":\"$1\",\"application-name\":\"rest\",\"am-container-spec\":{\"commands\":{\"command\":\"$2\"},\"environment\":{\"entry\":[{\"key\":\"FOO\",\"value\":\"bar\"}]}${3:-}},\"resource\":{\"memory\":256,\"vCores\":1},\"max-app-attempts\":1}"
}
state_is() { [ "$(rest "$RM/ws/v1/cluster/apps/$1/state" | json it.state)" = "$2" ]; }

@test "start scripts say where HTTP is, and the files have it" {
  assert_matches "$RM" '^http://127\.0\.0\.1:[0-9]+$'
  assert_equal "$(rest "$RM/ws/v1/cluster/nodes" | json 'it.nodes.node[0].nodeHTTPAddress')" "${NM#http://}"
}

@test "a submitted command runs with its file and environment, its log is there during and after the run, exit code 0 is success" {
  echo 'from a file' >"$TEST_DIR/tmp/hello.txt"
  id=$(new_app)
  local file="{\"key\":\"hello.txt\",\"value\":{\"resource\":\"file://$TEST_DIR/tmp/hello.txt\",\"type\":\"FILE\",\"visibility\":\"APPLICATION\",\"size\":12}}"
  assert_equal "$(submit_rest "$id" 'cat hello.txt; echo FOO={{FOO}} 1>><LOG_DIR>/extra; until [ -e '"$TEST_DIR"'/go ]; do sleep 0.05; done' ",\"local-resources\":{\"entry\":[$file]}")" 202
  wait_for "$id runs" 15 state_is "$id" RUNNING
  container=$(rest "$RM/ws/v1/cluster/apps/$id/appattempts" | json 'it.appAttempts.appAttempt[0].containerId')
  log_has() { assert_contains "$(rest "$NM/ws/v1/node/containerlogs/$container/$1")" "$2" 2>/dev/null; }
  wait_for 'its log has the line' 10 log_has stdout 'from a file'
  wait_for 'its own file has the line' 10 log_has extra 'FOO=bar'
  assert_equal "$(rest "$NM/ws/v1/node/containers/$container" | json it.container.state)" RUNNING
  # The same through the ResourceManager, for who does not reach the node.
  assert_equal "$(rest "$RM/ws/v1/cluster/containerlogs/$container/stdout?raw=true")" "$(rest "$NM/ws/v1/node/containerlogs/$container/stdout?raw=true")"
  touch "$TEST_DIR/go"
  wait_for "$id is finished" 15 state_is "$id" FINISHED
  assert_equal "$(rest "$RM/ws/v1/cluster/apps/$id" | json it.app.finalStatus)" SUCCEEDED
  wait_for 'its log is still there' 10 log_has stdout 'from a file'
  assert_contains "$(rest "$RM/ws/v1/cluster/containerlogs/$container/stdout")" 'from a file'
  assert_contains "$(rest "$RM/ui-api/logs/$container/part?file=stdout")" 'from a file'
  assert_contains "$(yarn logs -applicationId "$id")" 'from a file'
}

@test "a command that fails says so; one that is killed ends" {
  id=$(new_app)
  assert_equal "$(submit_rest "$id" 'exit 3')" 202
  wait_for "$id has failed" 15 state_is "$id" FAILED
  assert_contains "$(rest "$RM/ws/v1/cluster/apps/$id" | json it.app.diagnostics)" 'exitCode: 3'
  id=$(new_app)
  assert_equal "$(submit_rest "$id" 'sleep 600')" 202
  wait_for "$id runs" 15 state_is "$id" RUNNING
  assert_equal "$(rest "$RM/ws/v1/cluster/apps/$id/state" -X PUT -H 'content-type: application/json' -d '{"state":"KILLED"}' | json it.state)" KILLING
  wait_for "$id is killed" 15 state_is "$id" KILLED
  nothing_of() { [ "$(rest "$NM/ws/v1/node/containers" | json '(it.containers.container??[]).filter((c)=>c.state==="RUNNING").length')" = 0 ]; }
  wait_for 'its container is gone' 10 nothing_of
}

@test "a ResourceManager that was killed with -9 finds the command running" {
  id=$(new_app)
  assert_equal "$(submit_rest "$id" "until [ -e $TEST_DIR/go2 ]; do sleep 0.05; done")" 202
  wait_for "$id runs" 15 state_is "$id" RUNNING
  kill -9 "$(daemon_pid resourcemanager)"
  timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
  RM=$(cat "$EMBERLOOM_DATA/run/rm-http")
  wait_for "$id runs again" 15 state_is "$id" RUNNING
  touch "$TEST_DIR/go2"
  wait_for "$id is finished" 15 state_is "$id" FINISHED
  echo "$RM" >"$TEST_DIR/rm"
}

@test "monitoring: /metrics, /jmx, /isActive and HEAD /cluster without a token; settings with one only" {
  RM=$(cat "$EMBERLOOM_DATA/run/rm-http")
  for url in "$RM/metrics" "$NM/metrics" "$RM/isActive" "$RM/jmx" "$NM/ws/v1/node/info"; do
    assert_equal "$url $(curl -s -o /dev/null -w '%{http_code}' "$url")" "$url 200"
  done
  assert_equal "$(curl -s -I -o /dev/null -w '%{http_code}' "$RM/cluster")" 200
  assert_equal "$(curl -s -o /dev/null -w '%{http_code}' "$RM/conf")" 403
  assert_equal "$(rest "$RM/conf?format=json&name=yarn.nodemanager.resource.memory-mb" | json it.property.value)" 8192
  assert_contains "$(curl -s "$RM/metrics")" 'yarn_applications_ended_total{state="FINISHED"}'
}

@test "scheduler-conf: a queue is added and takes applications at once, the file has it; what can't be changes nothing" {
  RM=$(cat "$EMBERLOOM_DATA/run/rm-http")
  put() { rest "$RM/ws/v1/cluster/scheduler-conf" -X PUT -H 'content-type: application/json' -w '%{http_code}' -d "$1"; }
  before=$(cat "$TEST_DIR/conf/capacity-scheduler.yaml")
  assert_contains "$(put '{"update-queue":[{"queue-name":"root.default","params":{"entry":[{"key":"capacity","value":"150"}]}}]}')" 400
  assert_equal "$(cat "$TEST_DIR/conf/capacity-scheduler.yaml")" "$before"
  local change='{"add-queue":[{"queue-name":"root.etl","params":{"entry":[{"key":"capacity","value":"30"}]}}],"update-queue":[{"queue-name":"root.default","params":{"entry":[{"key":"capacity","value":"70"}]}}]}'
  assert_contains "$(put "$change")" 200
  assert_contains "$(cat "$TEST_DIR/conf/capacity-scheduler.yaml")" 'yarn.scheduler.capacity.root.etl.capacity: "30"'
  assert_contains "$(rest "$RM/ws/v1/cluster/scheduler-conf")" 'root.etl.capacity'
  id=$(new_app)
  rest "$RM/ws/v1/cluster/apps" -X POST -H 'content-type: application/json' -d "{\"application-id\":\"$id\",\"queue\":\"etl\",\"am-container-spec\":{\"commands\":{\"command\":\"true\"}},\"resource\":{\"memory\":64,\"vCores\":1}}"
  wait_for "$id is finished" 15 state_is "$id" FINISHED
  yarn rmadmin -refreshQueues
  change='{"update-queue":[{"queue-name":"root.etl","params":{"entry":[{"key":"auto-queue-creation-v2.enabled","value":"true"}]}},{"queue-name":"root.*","params":{"entry":[{"key":"auto-queue-creation-v2.leaf-template.capacity","value":"4w"}]}}]}'
  assert_contains "$(put "$change")" 200
  assert_contains "$(rest "$RM/ws/v1/cluster/scheduler")" '"autoQueueLeafTemplateProperties":{"property":[{"name":"capacity","value":"4w"}]}'
}
