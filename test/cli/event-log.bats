# Event logs: what is in them when applications end well, badly or at once; and figures of tasks held against known work.
load helpers

setup() {
  new_data
  mkdir "$TEST_DIR/logs"
}
teardown() {
  [ -z "${small_disk:-}" ] || umount -l "$small_disk"
  stop_everything
}

logged() { submit --master 'local[2]' --conf spark.eventLog.enabled=true --conf spark.eventLog.dir="file://$TEST_DIR/logs" "$@"; }
lines() { "$NODE" "$HELPERS/event-log-lines.ts" "$TEST_DIR/logs"; }
has_line() { lines 2>/dev/null | grep -qE -- "$1"; }
# begin what: the application in the background, up to the end of its first job
begin() {
  logged "$APPS/logs-jobs.ts" "$TEST_DIR" "$1" >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'the first job has ended' 30 test -e "$TEST_DIR/ran"
}
driver_pid() { for p in $(pids_of_test); do arguments_of "$p" | grep -q 'logs-jobs.ts' && echo "$p"; done | tail -1; }
# field name: its values in the tasks of stage $2, added up
total() {
  lines | "$NODE" -e '
    const [, name, stage] = process.argv;
    let sum = 0;
    const walk = (json) => { for (const [key, value] of Object.entries(json)) if (key === name) sum += value; else if (value && typeof value === "object") walk(value); };
    for (const line of require("node:fs").readFileSync(0, "utf8").trimEnd().split("\n")) {
      const event = JSON.parse(line);
      if (event.Event === "SparkListenerTaskEnd" && event["Stage ID"] === Number(stage)) walk(event["Task Metrics"]);
    }
    console.log(sum);' "$1" "$2"
}

@test "kill -9 of a driver: the log is whole up to the end of the last job" {
  begin waits
  wait_for 'the end of the job is in the log' 10 has_line '"SparkListenerJobEnd","Job ID":0'
  kill -9 "$(driver_pid)"
  wait "$pid" || true
  lines | "$NODE" -e 'for (const line of require("node:fs").readFileSync(0, "utf8").trimEnd().split("\n")) JSON.parse(line)'
  [ "$(lines | grep -c '"SparkListenerTaskEnd"')" -ge 3 ]
  [ -e "$(echo "$TEST_DIR"/logs/eventlog_v2_*/appstatus_*.inprogress)" ]
}

@test "SIGTERM of a driver: the log is whole and says how it ended" {
  begin waits
  wait_for 'signals are handled' 10 has_line '"SparkListenerJobEnd","Job ID":0'
  wait_for 'the second job runs' 20 has_line '"SparkListenerTaskStart","Stage ID":1'
  kill -TERM "$(driver_pid)"
  wait "$pid" || true
  has_line '"SparkListenerJobEnd","Job ID":1,.*JobFailed'
  lines | tail -1 | grep -q '"SparkListenerApplicationEnd".*"ExitCode":143'
  [ -z "$(find "$TEST_DIR/logs" -name '*.inprogress')" ]
}

@test "two applications at once have two logs" {
  logged "$APPS/logs-jobs.ts" "$TEST_DIR" >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  logged "$APPS/logs-jobs.ts" "$TEST_DIR"
  wait "$pid"
  [ "$(ls -d "$TEST_DIR"/logs/eventlog_v2_local-* | wc -l)" -eq 2 ]
  [ "$(lines | grep -c SparkListenerApplicationEnd)" -eq 2 ]
}

@test "a full disk ends the log with one warning, the application goes on" {
  small_disk=$TEST_DIR/logs
  mount -t tmpfs -o size=256k,mode=755 tmpfs "$small_disk" 2>/dev/null || { small_disk=; skip 'mounting a tmpfs is not permitted here'; }
  run --separate-stderr logged --conf spark.eventLog.compress=false "$APPS/logs-jobs.ts" "$TEST_DIR" many
  assert_status 0
  assert_equal "$output" 20000
  [ "$(grep -c "can't be written (ENOSPC" <<<"$stderr")" -eq 1 ]
  lines | "$NODE" -e 'for (const line of require("node:fs").readFileSync(0, "utf8").trimEnd().split("\n")) JSON.parse(line)'
  has_line '"SparkListenerJobEnd","Job ID":0'
}

@test "a folder that is not there: Spark's words, and what to do" {
  rmdir "$TEST_DIR/logs"
  run --separate-stderr logged "$APPS/logs-jobs.ts" "$TEST_DIR"
  assert_status 1
  assert_contains "$stderr" "java.io.FileNotFoundException: File file:$TEST_DIR/logs does not exist"
  assert_contains "$stderr" 'mkdir -p'
}

@test "client and cluster mode on daemons: one log each, the driver's attempt in the second one's name" {
  start_cluster 1
  submit_yarn --conf spark.eventLog.enabled=true --conf spark.eventLog.dir="$TEST_DIR/logs" "$APPS/logs-jobs.ts" "$TEST_DIR"
  submit_cluster --conf spark.eventLog.enabled=true --conf spark.eventLog.dir="$TEST_DIR/logs" "$APPS/logs-jobs.ts" "$TEST_DIR"
  [ -e "$(echo "$TEST_DIR"/logs/eventlog_v2_application_*_1/appstatus_application_*_1)" ]
  [ "$(lines | grep -c '"SparkListenerApplicationEnd".*"ExitCode":0')" -eq 2 ]
  has_line '"SparkListenerApplicationStart".*"App Attempt ID":"1"'
  has_line '"SparkListenerBlockManagerAdded"'
}

@test "figures of tasks against work of known size" {
  "$NODE" -e 'for (let i = 0; i < 1000; i++) console.log(`${i % 10} ${"x".repeat(i % 50)}`)' >"$TEST_DIR/in.txt"
  logged "$APPS/counted-work.ts" "$TEST_DIR/in.txt" "$TEST_DIR/to"
  assert_equal "$(total 'Bytes Read' 0)" "$(stat -c %s "$TEST_DIR/in.txt")"
  assert_equal "$(total 'Records Read' 0)" 1000
  assert_equal "$(total 'Shuffle Records Written' 0)" 1000
  assert_equal "$(total 'Total Records Read' 1)" 1000
  assert_equal "$(total 'Local Bytes Read' 1)" "$(total 'Shuffle Bytes Written' 0)"
  assert_equal "$(total 'Bytes Written' 1)" "$(cat "$TEST_DIR"/to/part-* | wc -c)"
  assert_equal "$(total 'Records Written' 1)" 10
  [ "$(total 'Executor Run Time' 2)" -ge 299 ]
  [ "$(total 'Executor CPU Time' 2)" -gt 0 ]
  [ "$(total 'Executor CPU Time' 2)" -le $(($(total 'Executor Run Time' 2) * 1000000 + 20000000)) ]
  [ "$(total 'Executor Deserialize Time' 0)" -ge 0 ]
}
