# The history server as users start it: bin/start-history-server.sh on a folder of logs, asked with curl. How a log becomes an index in detail is
# test/unit/history/.
load helpers

GOLDEN=$BATS_TEST_DIRNAME/../fixtures/golden/eventlog.real-4.0.1.jsonl
REAL=local-1795351723684

setup() {
  new_data
  LOGS=$TEST_DIR/logs
  mkdir "$LOGS"
  settings
}
teardown() {
  umount -l "$TEST_DIR/small" 2>/dev/null || true
  stop_everything
}

# settings ['name value' ...]: conf/spark-defaults.conf, on a free port, looking often
settings() {
  printf '%s\n' 'spark.history.ui.port 0' 'spark.history.fs.update.interval 200ms' "$@" >"$TEST_DIR/conf/spark-defaults.conf"
}
start_history() {
  timeout 60 "$BIN/start-history-server.sh" "$@" </dev/null || return
  url=$(sed -n 's/.* is at \(http:[^ ]*\)$/\1/p' "$(history_log)" | tail -1)
  [ -n "$url" ]
}
history_log() { ls "$EMBERLOOM_DATA"/logs/spark-*-org.apache.spark.deploy.history.HistoryServer-1-"$(uname -n)".out; }
history_pid() { cat "$EMBERLOOM_DATA"/pids/spark-*-org.apache.spark.deploy.history.HistoryServer-1.pid; }
get() { curl -sS -m 30 "$url$1"; }
status_of() { curl -sS -m 30 -o /dev/null -w '%{http_code}' "${@:2}" "$url$1"; }
says() { [[ $(get "$1") == *"$2"* ]]; }
# made_log file [stages] [tasks]: by the generator of the tests
made_log() { "$NODE" "$HELPERS/write-event-log.ts" "$1" "${3:-20}" "${2:-2}" >/dev/null; }

@test "a log of real Spark: list, jobs, stages, tasks, quantiles, executors, environment, pages, and the log as a zip" {
  cp "$GOLDEN" "$LOGS/$REAL"
  start_history "$LOGS"
  assert_contains "$(get /api/v1/applications)" "\"id\" : \"$REAL\""
  api=/api/v1/applications/$REAL
  assert_contains "$(get $api/jobs)" '"status" : "SUCCEEDED"'
  assert_contains "$(get $api/stages/0/0)" '"numCompleteTasks" : 4'
  assert_contains "$(get "$api/stages/0/0/taskList?length=2&sortBy=-runtime")" '"taskId"'
  assert_contains "$(get "$api/stages/0/0/taskSummary?quantiles=0.5")" '"executorRunTime" : [ '
  assert_contains "$(get $api/allexecutors)" '"id" : "driver"'
  assert_contains "$(get $api/environment)" '"spark.x.y", "1"'
  assert_equal "$(status_of $api/jobs/99)" 404
  assert_equal "$(get /api/v1/applications/nobody/jobs)" 'no such app: nobody'
  assert_equal "$(get "/api/v1/applications?status=running")" '[ ]'
  curl -sS "$url$api/logs" -o "$TEST_DIR/log.zip"
  mkdir "$TEST_DIR/unzipped"
  (cd "$TEST_DIR/unzipped" && "$NODE" -e 'require(process.argv[1]).open("../log.zip",{lazyEntries:true},(e,z)=>{z.on("entry",n=>z.openReadStream(n,(e,s)=>s.pipe(require("fs").createWriteStream(n.fileName))));z.readEntry()})' "$ROOT/node_modules/yauzl")
  cmp "$GOLDEN" "$TEST_DIR/unzipped/$REAL"
  assert_equal "$(status_of /)" 200
  assert_equal "$(status_of "/history/$REAL")" 302
  assert_equal "$(status_of "/history/$REAL/jobs/")" 200
  assert_equal "$(status_of "/history/$REAL/ui/api/alarms")" 200
  # A stranger's name that points here (DNS rebinding), and paths that lead elsewhere.
  assert_equal "$(status_of /api/v1/applications -H 'Host: evil.example')" 403
  assert_equal "$(status_of '/api/v1/applications/..%2f..%2fetc/logs' --path-as-is)" 404
}

@test "start says READY when it answers; a second start is refused; stop stops; names are Spark's" {
  run -0 --separate-stderr "$BIN/start-history-server.sh" "$LOGS"
  assert_matches "$output" '^starting org.apache.spark.deploy.history.HistoryServer, logging to .*HistoryServer-1-.*\.out$'
  pid=$(history_pid)
  run -1 "$BIN/start-history-server.sh" "$LOGS"
  assert_contains "$output" "org.apache.spark.deploy.history.HistoryServer running as process $pid.  Stop it first."
  run -0 "$BIN/stop-history-server.sh"
  assert_equal "$output" 'stopping org.apache.spark.deploy.history.HistoryServer'
  wait_for 'it has ended' 10 gone "$pid"
  run -0 "$BIN/stop-history-server.sh"
  assert_equal "$output" 'no org.apache.spark.deploy.history.HistoryServer to stop'
}

@test "kill -9 and another start: the index is kept, not made again" {
  made_log "$LOGS/app-1" 3 200
  start_history "$LOGS"
  wait_for 'it is read' 20 says /api/v1/applications/app-1/jobs '"jobId" : 2'
  index=$(find "$EMBERLOOM_DATA/history" -name '*.sqlite')
  before=$(stat -c '%i' "$index")
  kill -9 "$(history_pid)"
  wait_for 'it is dead' 10 gone "$(history_pid)"
  start_history "$LOGS"
  assert_contains "$(get /api/v1/applications/app-1/stages/2/0)" '"numCompleteTasks" : 200'
  assert_equal "$(stat -c '%i' "$(find "$EMBERLOOM_DATA/history" -name '*.sqlite')")" "$before"
}

@test "a log in progress: listed as running, read on as it grows, completed when it is closed" {
  made_log "$TEST_DIR/whole" 2 50
  lines=$(wc -l <"$TEST_DIR/whole")
  head -n 60 "$TEST_DIR/whole" >"$LOGS/app-1.inprogress"
  start_history "$LOGS"
  assert_contains "$(get '/api/v1/applications?status=running')" '"id" : "app-1"'
  assert_contains "$(get /api/v1/applications/app-1/jobs)" '"status" : "RUNNING"'
  sed -n '61,$p' "$TEST_DIR/whole" | head -c -30 >>"$LOGS/app-1.inprogress"
  wait_for 'its second job is there' 20 says /api/v1/applications/app-1/jobs '"jobId" : 1'
  cat "$TEST_DIR/whole" >"$LOGS/app-1.inprogress"
  mv "$LOGS/app-1.inprogress" "$LOGS/app-1"
  wait_for 'it is completed' 20 says '/api/v1/applications?status=completed' '"id" : "app-1"'
  wait_for 'all tasks are there' 20 says /api/v1/applications/app-1/stages/1/0 '"numCompleteTasks" : 50'
  [ "$lines" -gt 200 ]
}

@test "damaged logs: shown as far as they go, listed with what is wrong; the others are served" {
  made_log "$LOGS/app-1" 1 30
  made_log "$TEST_DIR/app-2" 1 30
  sed -e 's/app-1/app-2/' -e '20s/.*/{"Event":"SparkListenerTaskEnd", cut/' "$TEST_DIR/app-2" >"$LOGS/app-2"
  echo 'no log at all' >"$LOGS/app-3"
  : >"$LOGS/app-4"
  echo 'this is no block of a compressed log' >"$LOGS/app-5.lz4"
  ln -s /etc/passwd "$LOGS/app-6"
  start_history "$LOGS"
  assert_contains "$(get /api/v1/applications/app-1/jobs)" '"status" : "SUCCEEDED"'
  assert_contains "$(get /api/v1/applications/app-2/jobs)" '"status" : "SUCCEEDED"'
  logs=$(get /ui/api/logs)
  assert_contains "$logs" 'line 20 is no event that can be read'
  assert_contains "$logs" 'it has no SparkListenerApplicationStart'
  assert_contains "$logs" 'it is empty'
  assert_contains "$logs" 'no lz4 block where one should begin'
  assert_contains "$logs" 'leads out of the log folder'
  if grep -q root: <<<"$logs"; then return 1; fi
}

@test "a full disk under the indexes: said with path and reason, and read when there is room again" {
  made_log "$LOGS/app-1" 1000 10
  mkdir "$TEST_DIR/small"
  mount -t tmpfs -o size=600k,mode=700 tmpfs "$TEST_DIR/small" 2>/dev/null || skip 'mounting a tmpfs is not permitted here'
  settings "spark.history.store.path $TEST_DIR/small"
  start_history "$LOGS"
  wait_for 'it is said' 30 says /ui/api/logs 'disk is full'
  assert_matches "$(get /api/v1/applications/app-1/jobs)" "can't be read: .*$TEST_DIR/small/.* can't be used: database or disk is full"
  mount -o remount,size=64m "$TEST_DIR/small"
  wait_for 'it is read' 60 says /api/v1/applications/app-1/jobs '"jobId"'
  if says /ui/api/logs 'disk is full'; then get /ui/api/logs >&2; return 1; fi
}

@test "two servers on one folder and one store: each with its own indexes" {
  cp "$GOLDEN" "$LOGS/$REAL"
  settings "spark.history.store.path $TEST_DIR/store"
  start_history "$LOGS"
  first=$url
  EMBERLOOM_DATA=$TEST_DIR/data2
  mkdir -m 700 "$EMBERLOOM_DATA"
  start_history "$LOGS"
  [ "$first" != "$url" ]
  assert_contains "$(get /api/v1/applications/$REAL/jobs)" SUCCEEDED
  url=$first
  assert_contains "$(get /api/v1/applications/$REAL/jobs)" SUCCEEDED
  assert_equal "$(ls "$TEST_DIR/store")" "$(printf '1\n2')"
}

@test "a folder that is not there, a port that is taken, a setting that is wrong: refused with what to do" {
  run "$BIN/start-history-server.sh" "$TEST_DIR/nothing"
  [ "$status" -eq 1 ]
  assert_contains "$output" 'there is no such folder'
  assert_contains "$output" 'exit code 78'
  start_history "$LOGS"
  port=${url##*:}
  settings "spark.history.ui.port $port"
  EMBERLOOM_DATA=$TEST_DIR/data2 run "$BIN/start-history-server.sh" "$LOGS"
  [ "$status" -eq 1 ]
  assert_contains "$output" "can't listen at 127.0.0.1:$port"
  settings 'spark.history.fs.update.interval soon'
  EMBERLOOM_DATA=$TEST_DIR/data2 run "$BIN/start-history-server.sh" "$LOGS"
  assert_contains "$output" 'expected a time such as'
}

@test "an application of ours: in the list while it runs and after it, with its jobs" {
  start_history "$LOGS"
  submit --master 'local[2]' --conf spark.eventLog.enabled=true --conf "spark.eventLog.dir=file:$LOGS" "$APPS/shuffling.ts" 20000 2 >/dev/null 2>"$TEST_DIR/err"
  wait_for 'it is listed as completed' 20 says '/api/v1/applications?status=completed' '"name" : "shuffling"'
  id=$(get /api/v1/applications | sed -n 's/.*"id" : "\([^"]*\)".*/\1/p' | head -1)
  jobs=$(get "/api/v1/applications/$id/jobs")
  assert_contains "$jobs" '"status" : "SUCCEEDED"'
  if grep -qE '"status" : "(RUNNING|FAILED|UNKNOWN)"' <<<"$jobs"; then echo "$jobs" >&2; return 1; fi
  if grep -q 'no event that can be read' <<<"$(get /ui/api/logs)"; then get /ui/api/logs >&2; return 1; fi
}

@test "emberloom history list and compare" {
  made_log "$LOGS/app-1" 2 20
  made_log "$TEST_DIR/app-2" 3 40
  sed -e 's/"App ID":"app-1"/"App ID":"app-2"/' "$TEST_DIR/app-2" >"$LOGS/app-2"
  start_history "$LOGS"
  run -0 --separate-stderr "$BIN/emberloom" history list --url "$url"
  assert_matches "$output" '^app-1 +made +tester .*completed$'
  assert_equal "${#lines[@]}" 3
  run -0 --separate-stderr "$BIN/emberloom" history compare app-1 app-2 --url "$url"
  assert_matches "$output" '^tasks +40 +120 +\+200 %$'
  assert_contains "$output" 'only in the second'
  run --separate-stderr "$BIN/emberloom" history compare app-1 app-9 --url "$url"
  assert_status 1
  assert_contains "$stderr" 'no such app: app-9'
  run --separate-stderr "$BIN/emberloom" history list --url http://127.0.0.1:1
  assert_status 69
}

@test "the cleaner removes old logs with their indexes, and nothing else" {
  for n in 1 2 3; do
    made_log "$TEST_DIR/made" 1 5
    sed -e "s/\"App ID\":\"app-1\"/\"App ID\":\"app-$n\"/" "$TEST_DIR/made" >"$LOGS/app-$n"
  done
  touch -d '10 days ago' "$LOGS/app-1"
  touch -d '2 days ago' "$LOGS/app-2"
  echo keep >"$LOGS/notes.txt"
  touch -d '90 days ago' "$LOGS/notes.txt"
  settings 'spark.history.fs.cleaner.enabled true' 'spark.history.fs.cleaner.maxAge 7d' 'spark.history.fs.cleaner.maxNum 1' 'spark.history.fs.cleaner.interval 1s'
  start_history "$LOGS"
  only_one() { [ "$(ls "$LOGS" | tr '\n' ' ')" = 'app-3 notes.txt ' ]; }
  wait_for 'only the newest is left' 20 only_one
  assert_equal "$(get /api/v1/applications | grep -c '"id"')" 1
}

@test "a long application's log is compacted, the page keeps what was read before, and a kill -9 costs nothing" {
  made_log "$TEST_DIR/made" 5 200
  folder=$LOGS/eventlog_v2_app-1
  mkdir "$folder"
  : >"$folder/appstatus_app-1"
  awk -v folder="$folder" '{ file = folder "/events_" part + 1 "_app-1"; print >file } /"SparkListenerJobEnd"/ && part < 4 { close(file); part++ }' "$TEST_DIR/made"
  cp -r "$folder" "$TEST_DIR/copy"
  settings 'spark.history.fs.eventLog.rolling.maxFilesToRetain 2'
  start_history "$LOGS"
  compacted() { [ "$(ls "$folder" | tr '\n' ' ')" = 'appstatus_app-1 events_3_app-1.compact events_4_app-1 events_5_app-1 ' ]; }
  wait_for 'it is compacted' 20 compacted
  if grep -q SparkListenerTaskEnd "$folder/events_3_app-1.compact"; then return 1; fi
  wait_for 'what was read stays' 20 says /api/v1/applications/app-1/jobs '"jobId" : 0'
  # As after a kill between the new file's rename and the old ones' removal, and in the midst of writing.
  kill -9 "$(history_pid)"
  wait_for 'it is dead' 10 gone "$(history_pid)"
  cp "$TEST_DIR/copy/events_2_app-1" "$folder/"
  echo half >"$folder/.compacting-$(uname -n)-999999999"
  start_history "$LOGS"
  wait_for 'what was left is removed' 20 compacted
  wait_for 'nothing else is left' 10 eval '[ "$(ls -A "$folder" | wc -l)" = 4 ]'
  assert_contains "$(get /api/v1/applications/app-1/jobs)" '"jobId" : 4'
  settings 'spark.history.fs.eventLog.rolling.compaction.score.threshold 2'
  EMBERLOOM_DATA=$TEST_DIR/data2 run "$BIN/start-history-server.sh" "$LOGS"
  assert_contains "$output" 'a number from 0 to 1'
}
