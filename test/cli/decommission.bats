# Executors and nodes that leave with map outputs on them: others have the files before they go, no map task runs again, and what can't be moved is
# made again. All nodes of these tests are on this host, so readers are told not to read others' files directly (readHostLocalDisk=false), and the
# folder of a node that is out is deleted. Each node has room for one executor. The program is test/fixtures/apps/dynamic.ts.
load helpers
load dynamic-program

setup() {
  new_data
  mkdir "$TEST_DIR/logs"
  write_conf 'emberloom.executor.prestart: 0' 'yarn.nodemanager.resource.memory-mb: 1024'
}
teardown() {
  [ -z "${stopped:-}" ] || kill -CONT "$stopped" 2>/dev/null || true
  [ -z "${small_disk:-}" ] || umount -l "$small_disk" 2>/dev/null || true
  stop_everything
}

# begin executors conf...: the program in the background
begin() {
  local args=() setting executors=$1
  shift
  for setting in spark.decommission.enabled=true spark.storage.decommission.enabled=true spark.shuffle.readHostLocalDisk=false \
    spark.storage.decommission.replicationReattemptInterval=100ms \
    spark.eventLog.enabled=true "spark.eventLog.dir=file://$TEST_DIR/logs" "$@"; do args+=(--conf "$setting"); done
  : >"$TEST_DIR/err"
  timeout -k 5 "${LIMIT:-120}" "$BIN/spark-submit" --master yarn --num-executors "$executors" --executor-memory 512m "${args[@]}" \
    "$APPS/dynamic.ts" "$TEST_DIR" </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'all executors run' 30 log_has "Registered executor .* with ID $executors,"
}
node_of_executor() { tr '\0' '\n' <"/proc/$(pid_of_executor "$1")/environ" | sed -n 's/^NM_NODE_ID=//p'; }
node_is() { yarn node -list -all 2>/dev/null | grep -F "$1" | grep -qw "$2"; }
# Ended tasks of a stage, by the event log.
tasks_of_stage() { "$NODE" "$HELPERS/event-log-lines.ts" "$TEST_DIR/logs" | grep '"SparkListenerTaskEnd"' | grep -c "\"Stage ID\":$1,"; }
# take_out node: gracefully; when it is out its folder goes, as with its machine
take_out() {
  "$BIN/emberloom" node decommission "$1" --timeout 60
  wait_for 'the node is out' 30 node_is "$1" DECOMMISSIONED
  rm -rf "$EMBERLOOM_DATA"/local/*"${1##*:}"*
}

@test "a node with map outputs is taken out: others have them, the reduce stage reads them there, no map task runs again" {
  local service
  write_conf 'emberloom.executor.prestart: 0' 'yarn.nodemanager.resource.memory-mb: 1024' 'yarn.nodemanager.aux-services: spark_shuffle'
  start_cluster 3
  for service in false true; do
    rm -rf "$TEST_DIR/logs"/*
    begin 2 spark.shuffle.service.enabled=$service
    order shuffle 2
    answered 10
    local node
    node=$(node_of_executor 1)
    take_out "$node"
    assert_matches "$(cat "$TEST_DIR/err")" 'Executor 1 has handed on [1-4] shuffle files'
    order again
    answered '499500 map tasks 4'
    ended
    assert_equal "$(tasks_of_stage 0)" 4
    if grep -E 'Lost task|ERROR|FETCH_FAILED|FetchFailed' "$TEST_DIR/err"; then return 1; fi
    start_node "${node##*:}"
    wait_for 'it is back' 20 nodes_running 3
  done
}

@test "without moving shuffle files the same loss costs the map tasks: the test above can fail" {
  start_cluster 3
  begin 2 spark.storage.decommission.shuffleBlocks.enabled=false spark.shuffle.io.maxRetries=0
  order shuffle 2
  answered 10
  take_out "$(node_of_executor 1)"
  order again
  wait_for 'it has ended' 60 answered_or_dead
  assert_contains "$(cat "$TEST_DIR/answer")" '499500 map tasks '
  [ "$(grep -oE '[0-9]+$' "$TEST_DIR/answer")" -gt 4 ]
  ended
}

@test "kill -9 of the leaving executor in the middle of the migration: what it could not hand on is made again, and the answer is right" {
  start_cluster 3
  begin 3
  order shuffle 3
  answered 10
  # Whoever is to take files over stands still: the transfers begin and do not end.
  local node
  node=$(node_of_executor 1)
  stopped="$(pid_of_executor 2) $(pid_of_executor 3)"
  # shellcheck disable=SC2086 # pids
  kill -STOP $stopped
  kill -PWR "$(pid_of_executor 1)"
  wait_for 'it is being sent away' 20 log_has 'Decommission executors: 1'
  kill -9 "$(pid_of_executor 1)"
  # shellcheck disable=SC2086 # pids
  kill -CONT $stopped
  stopped=
  wait_for 'it is lost' 20 log_has 'Executor 1 on .* is decommissioned'
  rm -rf "$EMBERLOOM_DATA"/local/*"${node##*:}"*/usercache
  order again
  wait_for 'it has ended' 60 answered_or_dead
  assert_contains "$(cat "$TEST_DIR/answer")" '499500 map tasks '
  ended
}

@test "nobody else is there: the fallback storage takes the files, readers find them, and they go with the application" {
  start_cluster 2
  mkdir "$TEST_DIR/shared"
  begin 1 spark.storage.decommission.fallbackStorage.path="$TEST_DIR/shared" spark.storage.decommission.fallbackStorage.cleanUp=true
  order shuffle
  answered 10
  # The node of the only executor: another comes on the other node, when this one has gone.
  "$BIN/emberloom" node decommission "$(node_of_executor 1)" --timeout 60
  wait_for 'it has gone' 30 log_has 'Executor 1 on .* is decommissioned'
  order again
  answered '499500 map tasks 4'
  ended
  assert_equal "$(tasks_of_stage 0)" 4
  [ -z "$(ls "$TEST_DIR/shared")" ]
}

@test "a node where no executor is any more: its shuffle service has files of a running application, and they move before it goes" {
  write_conf 'emberloom.executor.prestart: 0' 'yarn.nodemanager.resource.memory-mb: 1024' 'yarn.nodemanager.aux-services: spark_shuffle'
  start_cluster 2
  begin 2 spark.shuffle.service.enabled=true
  order shuffle 2
  answered 10
  local node
  node=$(node_of_executor 1)
  order kill 1
  answered true
  wait_for 'it has ended' 20 gone "$(pid_of_executor 1)"
  take_out "$node"
  assert_matches "$(cat "$TEST_DIR/err")" "[1-4] shuffle files of .* were handed on"
  order again
  answered '499500 map tasks 4'
  ended
  assert_equal "$(tasks_of_stage 0)" 4
  if grep -E 'Lost task|FETCH_FAILED|FetchFailed' "$TEST_DIR/err"; then return 1; fi
}
