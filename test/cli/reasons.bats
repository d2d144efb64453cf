# When something dies, the reason is to be seen where one looks for it: exit code, `yarn application -status`, the event log and with it the page and REST
# of the history server. That the answer stays the same under each fault, many times over, is chaos.bats; here each strikes once, at a known point.
load helpers

setup_file() {
  new_data
  write_conf 'yarn.nm.liveness-monitor.expiry-interval-ms: 60000'
  LOGS=$TEST_DIR/events
  mkdir "$LOGS"
  printf '%s\n' 'spark.history.ui.port 0' 'spark.history.fs.update.interval 200ms' 'spark.eventLog.enabled true' "spark.eventLog.dir file:$LOGS" \
    "spark.history.fs.logDirectory file:$LOGS" >"$TEST_DIR/conf/spark-defaults.conf"
  start_cluster 2
  timeout 60 "$BIN/start-history-server.sh" </dev/null >/dev/null
  export LOGS URL
  URL=$(grep -ohE 'http://[a-z0-9.]+:[0-9]+$' "$EMBERLOOM_DATA"/logs/*HistoryServer*.out | tail -1)
  [ -n "$URL" ]
}
teardown_file() { stop_everything; }
setup() { rm -f "$TEST_DIR"/{go,shuffled,begun,out,err,strike,door}; }
teardown() {
  note_failure
  close_door
  # A test that fails in the middle leaves its program waiting for the second half: the next test would take that one's files for its own.
  if [ -n "${pid:-}" ] && kill "$pid" 2>/dev/null; then wait "$pid" || true; fi
}
# close_door: and it is gone when this returns; two doors would both put themselves before the next driver's socket
close_door() {
  if [ -n "${door:-}" ] && kill "$door" 2>/dev/null; then wait "$door" || true; fi
  door=
}

# begin conf...: the program of two halves in the background, up to the middle
begin() {
  timeout -k 5 "${LIMIT:-90}" "$BIN/spark-submit" --master yarn --num-executors 2 --executor-memory 512m --conf spark.network.timeout=3s \
    --conf spark.executor.heartbeatInterval=500ms "$@" "$APPS/shuffle-twice.ts" "$TEST_DIR" </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'the first half is done' 60 test -e "$TEST_DIR/shuffled"
}
log_has() { file_has "$TEST_DIR/err" "$1"; }
id() { app_id "$(cat "$TEST_DIR/err")"; }
get() { curl -sS -m 30 "$URL/api/v1/applications/$1"; }
completed() { [ "$(get "$1" | jq -r '.attempts[0].completed' 2>/dev/null)" = true ]; }
# of_history path: what the history server says of the program, once it has it whole
of_history() {
  local app
  app=$(id)
  wait_for 'the history server has it' 30 completed "$app" >&2
  get "$app/$1"
}
removed_reasons() { of_history allexecutors | jq -r '.[] | select(.isActive == false and .removeReason != null) | .removeReason'; }
failed_stages() { of_history 'stages?status=failed' | jq -r '.[].failureReason'; }
final_state() { app_field "$(id)" Final-State; }

@test "an executor that is killed: its status, on the page and in the log; the job succeeds" {
  begin
  kill -9 "$(container_pids executor | head -1)"
  wait_for 'it is lost' 20 log_has 'ERROR TaskSchedulerImpl: Lost executor'
  go_on
  assert_matches "$(cat "$TEST_DIR/err")" 'Lost executor [12] on .*: Container exited with status 137'
  assert_matches "$(removed_reasons)" '^Container exited with status 137'
  assert_equal "$(final_state)" SUCCEEDED
}

@test "an executor that hangs: its heartbeat timed out" {
  begin
  hung=$(container_pids executor | head -1)
  kill -STOP "$hung"
  wait_for 'it is lost' 30 log_has 'ERROR TaskSchedulerImpl: Lost executor'
  wait_for 'it has gone' 20 gone "$hung"
  go_on
  assert_matches "$(removed_reasons)" '^Executor heartbeat timed out after [0-9]+ ms$'
  assert_equal "$(final_state)" SUCCEEDED
}

# link_breaks link manner ms [conf...]: from the middle of the program on
link_breaks() {
  rm -f "$TEST_DIR/door" # the one before says ready, too, until this one's shell has opened its file
  "$NODE" "$HELPERS/cut-link.ts" "$EMBERLOOM_DATA/run" "$1" "$2" "$3" "$TEST_DIR/strike" >"$TEST_DIR/door" 2>&1 3>&- &
  door=$!
  wait_for 'the door is there' 10 file_has "$TEST_DIR/door" ready
  begin "${@:4}"
  touch "$TEST_DIR/strike"
  wait_for 'it has struck' 10 file_has "$TEST_DIR/door" "$2 [1-9]"
}

@test "the network between driver and executors is cut: they are lost with their connection, others come" {
  link_breaks driver-executor cut 300
  wait_for 'they are lost' 20 log_has 'ERROR TaskSchedulerImpl: Lost executor'
  wait_for 'the network is back' 20 file_has "$TEST_DIR/door" mended
  go_on
  assert_matches "$(removed_reasons)" '^Remote RPC client disassociated: its connection was lost \(.*\)'
  assert_equal "$(final_state)" SUCCEEDED
}

@test "the network between driver and executors stands still: for less than spark.network.timeout nobody is lost, for more they are" {
  # Later settings win: a machine that is busy itself is silent for seconds.
  link_breaks driver-executor hold 800 --conf spark.network.timeout=30s
  wait_for 'the network is back' 20 file_has "$TEST_DIR/door" mended
  go_on
  [ -z "$(removed_reasons)" ]
  close_door
  rm -f "$TEST_DIR"/{go,shuffled,strike,out,err}
  link_breaks driver-executor hold 6000
  wait_for 'they are lost' 30 log_has 'ERROR TaskSchedulerImpl: Lost executor'
  wait_for 'the network is back' 20 file_has "$TEST_DIR/door" mended
  go_on
  assert_matches "$(removed_reasons)" '^Executor heartbeat timed out after [0-9]+ ms$'
  assert_equal "$(final_state)" SUCCEEDED
}

@test "a shuffle file is damaged: the stage's attempt that could not read it says which one" {
  begin --conf spark.shuffle.readHostLocalDisk=false
  file=$(find "$EMBERLOOM_DATA/local" -type f -path '*appcache*shuffle*' ! -name '*.index' -size +0 | sort | head -1)
  printf 'XXXXXXXX' | dd of="$file" bs=1 seek=$(($(stat -c %s "$file") / 2)) conv=notrunc status=none
  go_on
  assert_contains "$(failed_stages)" 'FetchFailed('
  assert_contains "$(failed_stages)" "${file##*/}"
  assert_equal "$(final_state)" SUCCEEDED
}

# fails program...: exit code 1
fails() {
  local code=0
  LIMIT=90 submit_yarn "$@" >"$TEST_DIR/out" 2>"$TEST_DIR/err" || code=$?
  assert_equal "$code" 1
}
diagnostics() { yarn application -status "$(id)" 2>/dev/null | sed -n '/Diagnostics : /,$p'; }

@test "a task beyond its executor's memory: exit code, diagnostics, removed executors and failed stage say so" {
  fails --conf spark.executor.memoryOverhead=64m --executor-memory 192m --conf spark.task.maxFailures=2 "$APPS/leaks.ts" task native
  limit="beyond the 'PHYSICAL' memory limit"
  assert_contains "$(tail -1 "$TEST_DIR/err")" 'spark-submit: '
  assert_contains "$(diagnostics)" "$limit"
  assert_contains "$(removed_reasons)" "$limit"
  assert_contains "$(failed_stages)" "$limit"
  assert_equal "$(final_state)" FAILED
}

@test "a stage that fails for good after four attempts: the user's first error and its line in diagnostics and failed stage" {
  fails "$APPS/bad-record.ts"
  error='RangeError: no number: three'
  assert_contains "$(tail -1 "$TEST_DIR/err")" "$error (bad-record.ts:7:34)"
  assert_contains "$(diagnostics)" "$error (bad-record.ts:7:34)"
  assert_contains "$(failed_stages)" "$error"
  assert_contains "$(failed_stages)" 'bad-record.ts:7:34'
  assert_contains "$(of_history jobs | jq -r '.[].status')" FAILED
}

@test "the driver of cluster mode is killed: the second attempt succeeds, the first one's end is in the attempts" {
  timeout -k 5 90 "$BIN/spark-submit" --master yarn --deploy-mode cluster --num-executors 1 --executor-memory 512m --conf spark.yarn.maxAppAttempts=2 \
    "$APPS/shuffle-twice.ts" "$TEST_DIR" </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'the first half is done' 60 test -e "$TEST_DIR/shuffled"
  kill -9 "$(container_pids driver)"
  touch "$TEST_DIR/go"
  wait "$pid"
  first=$(yarn applicationattempt -list "$(id)" 2>/dev/null | grep -oE 'appattempt_[0-9_]+_000001')
  assert_matches "$(yarn applicationattempt -status "$first" 2>/dev/null)" '137'
  assert_matches "$(yarn applicationattempt -list "$(id)" 2>/dev/null)" 'appattempt_.*_000002.*FINISHED'
  both_listed() { [ "$(get "$(id)" | jq '.attempts | length')" = 2 ]; }
  wait_for 'the history server has both attempts' 30 both_listed
}
