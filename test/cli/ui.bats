# The driver's page server: REST and metrics of running applications, ports, refusals, kills, `emberloom top`, --summary.
load helpers

setup() {
  new_data
  cat >"$TEST_DIR/waits.ts" <<'PROGRAM'
import { existsSync } from 'node:fs';
import { SparkSession } from 'emberloom';
const [go] = process.argv.slice(2);
const spark = SparkSession.builder().appName('waits').getOrCreate();
const sc = spark.sparkContext;
console.log(await sc.parallelize([1, 2, 3, 4], 2).map((x) => [x % 2, x] as [number, number]).reduceByKey((a, b) => a + b).count());
const untilTold = (x: number): number => {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(go!)) Atomics.wait(nap, 0, 0, 20);
  return x;
};
console.log(await sc.parallelize([1, 2], 2).map(untilTold).count());
await spark.stop();
PROGRAM
}

teardown() { stop_everything; }

# start_waiting log args...: the program in the background; its pid in $!
start_waiting() {
  local log=$1
  shift
  "$BIN/spark-submit" "$@" "$TEST_DIR/waits.ts" "$TEST_DIR/go" >"$log" 2>&1 </dev/null 3>&- &
}
page_of() { grep -oE 'started at http://[a-z0-9.]+:[0-9]+' "$1" | head -1 | sed 's/started at //'; }
has_page() { [ -n "$(page_of "$1")" ]; }
get() { curl -sf --max-time 20 "$@"; }
status_of() { curl -s -o /dev/null -w '%{http_code}' --max-time 20 "$@"; }
runs_job_1() { [ "$(get "$1/api/v1/applications/$2/jobs/1" | jq -r .numActiveTasks)" = 2 ]; }

@test "a local application: REST, metrics, refusals, threads, and a kill from the page" {
  start_waiting "$TEST_DIR/log" --master 'local[2]' --conf spark.ui.port=0
  local pid=$! url id
  wait_for "the page listens" 30 has_page "$TEST_DIR/log"
  url=$(page_of "$TEST_DIR/log")
  id=$(get "$url/api/v1/applications" | jq -r '.[0].id')
  [[ $id == local-* ]]
  wait_for "the second job runs" 30 runs_job_1 "$url" "$id"
  [ "$(get "$url/api/v1/applications/$id/jobs?status=succeeded" | jq -r '.[0].numCompletedTasks')" = 4 ]
  [ "$(get "$url/api/v1/applications/$id/executors" | jq -r '.[0].activeTasks')" = 2 ]
  [[ $(get "$url/api/v1/applications/$id/executors" | jq -r '.[0].hostPort') =~ ^.+:[1-9][0-9]*$ ]]
  get "$url/metrics/executors/prometheus" | grep -q '^# TYPE metrics_executor_activeTasks gauge$'
  get "$url/metrics/prometheus" | grep -q "^metrics_${id/-/_}_driver_DAGScheduler_job_activeJobs_Value{type=\"gauges\"} 1\$"
  [ "$(get "$url/api/v1/applications/$id/executors/driver/threads" | jq -r 'map(select(.threadName | test("for task"))) | length')" = 2 ]
  [ "$(status_of "$url/api/v1/applications/none")" = 404 ]
  [ "$(status_of -H 'Host: evil.example' "$url/api/v1/version")" = 403 ]
  [ "$(status_of "$url/jobs/job/kill/?id=1")" = 405 ]
  [ "$(status_of -X POST -H 'Origin: http://evil.example' "$url/jobs/job/kill/?id=1")" = 403 ]
  [ "$(status_of -X POST "$url/jobs/job/kill/?id=1")" = 302 ]
  wait_for "the program has ended" 30 gone "$pid"
  grep -q 'JOB_CANCELLED.*killed via the Web UI' "$TEST_DIR/log"
}

@test "two applications at once take two ports, and go on without a page when none is free" {
  local port at
  start_waiting "$TEST_DIR/one" --master 'local[2]' --conf spark.ui.port=0
  wait_for "the first listens" 30 has_page "$TEST_DIR/one"
  at=$(page_of "$TEST_DIR/one")
  port=${at##*:}
  # Somebody else's may be next to it: the second one goes on until one is free.
  start_waiting "$TEST_DIR/two" --master 'local[2]' --conf "spark.ui.port=$port" --conf spark.port.maxRetries=16
  wait_for "the second listens" 30 has_page "$TEST_DIR/two"
  grep -q "WARN Utils: Service 'SparkUI' could not bind on port $port. Attempting port $((port + 1))." "$TEST_DIR/two"
  at=$(page_of "$TEST_DIR/two")
  [ "${at##*:}" -gt "$port" ]
  # The first one still has it, so the third has none.
  touch "$TEST_DIR/third"
  run --separate-stderr submit --master 'local[2]' --conf "spark.ui.port=$port" --conf spark.port.maxRetries=0 "$TEST_DIR/waits.ts" "$TEST_DIR/third"
  [ "$status" -eq 0 ]
  [ "$output" = $'2\n2' ]
  assert_contains "$stderr" 'The application goes on without it.'
}

@test "spark.ui.enabled=false: no page; --summary says where the time went" {
  touch "$TEST_DIR/go"
  run --separate-stderr submit --master 'local[2]' --summary --conf spark.ui.enabled=false "$TEST_DIR/waits.ts" "$TEST_DIR/go"
  [ "$status" -eq 0 ]
  [ "$output" = $'2\n2' ]
  [[ $stderr != *SparkUI* ]]
  grep -qE '^waits \(local-[0-9]+\): .* 2 jobs, 3 stages, 6 tasks$' <<<"$stderr"
  grep -q '^Time of the slots' <<<"$stderr"
  grep -q '^Advice: ' <<<"$stderr"
}

@test "client and cluster mode: the report's tracking URL is the page; top shows both" {
  start_cluster 1
  start_waiting "$TEST_DIR/client" --master yarn --num-executors 1 --executor-memory 512m --executor-cores 2 --conf spark.ui.port=0
  start_waiting "$TEST_DIR/cluster" --master yarn --deploy-mode cluster --driver-memory 512m --num-executors 1 --executor-memory 512m --executor-cores 2
  local log id url
  for log in client cluster; do
    wait_for "$log mode has an id" 30 file_has "$TEST_DIR/$log" 'application_[0-9]+_[0-9]+'
    id=$(app_id "$(cat "$TEST_DIR/$log")")
    wait_for "$log mode's page is known" 30 has_tracking_url "$id"
    url=$(app_field "$id" Tracking-URL)
    wait_for "$log mode's second job runs" 30 runs_job_1 "$url" "$id"
    [ "$(get "$url/api/v1/applications" | jq -r '.[0].id')" = "$id" ]
    [ "$(get "$url/api/v1/applications/$id/executors" | jq -c '[.[] | select(.hostPort | test(":[1-9][0-9]*$")) | [.id, .totalCores]] | sort')" = '[["1",2],["driver",0]]' ]
    get "$url/api/v1/applications/$id/executors/1/threads" | grep -q 'waits.ts'
    get "$url/ui/api/executors/1/profile?seconds=1" >"$TEST_DIR/$log.folded"
  done
  run timeout 30 "$BIN/emberloom" top --once </dev/null
  [ "$status" -eq 0 ]
  [ "$(grep -c '^application_.*  waits' <<<"$output")" = 2 ]
  grep -qE '^  1 +.* 2 +2 +' <<<"$output"
  [ "$(timeout 30 "$BIN/emberloom" top --json </dev/null | jq '[.[].executors[] | select(.id == "1").activeTasks] | add')" = 4 ]
  touch "$TEST_DIR/go"
  wait_for 'both have ended' 60 nothing_runs_but_daemons
}
has_tracking_url() { [[ $(app_field "$1" Tracking-URL) == http* ]]; }
nothing_runs_but_daemons() { [ "$(yarn application -list 2>/dev/null | grep -c '^application_')" = 0 ]; }
