# The CPU flame graph of a task that has long been running: the user's functions with file, line and share, though V8 had put them into the engine's
# loops; a loop that never ends; the setting that refuses it.
load helpers

setup() {
  new_data
  cat >"$TEST_DIR/shares.ts" <<'PROGRAM'
import { SparkSession } from 'emberloom';
const spark = SparkSession.builder().appName('shares').getOrCreate();
const sc = spark.sparkContext;
const heavy = (x: number): number => {
  let s = x;
  for (let i = 0; i < 70; i++) s = (s * 31 + i) % 1_000_003;
  return s;
};
const light = (x: number): number => {
  let s = x;
  for (let i = 0; i < 30; i++) s = (s * 31 + i) % 1_000_003;
  return s;
};
const endless = (x: number): number => {
  let s = x;
  for (let i = 0; i >= 0; i = (i + 1) & 0xffff) s = (s * 31 + i) % 1_000_003;
  return s;
};
if (process.argv[2] === 'endless') await sc.parallelize([1], 1).map(endless).count();
else await sc.range(0, 1e12, 1, 1).map(heavy).map(light).filter((x) => x < 0).count();
PROGRAM
}

teardown() { stop_everything; }

# start_job argument args...: the program in the background
start_job() {
  local argument=$1
  shift
  "$BIN/spark-submit" --conf spark.ui.port=0 "$@" "$TEST_DIR/shares.ts" "$argument" >"$TEST_DIR/log" 2>&1 </dev/null 3>&- &
}
page_of() { grep -oE 'started at http://[a-z0-9.]+:[0-9]+' "$TEST_DIR/log" | head -1 | sed 's/started at //'; }
get() { curl -sf --max-time 30 "$@"; }
task_runs() {
  local url id
  url=$(page_of)
  [ -n "$url" ] || return 1
  id=$(get "$url/api/v1/applications" | jq -r '.[0].id')
  [ "$(get "$url/api/v1/applications/$id/jobs/0" | jq -r .numActiveTasks)" = 1 ]
}
# own_samples pattern: samples of stacks whose innermost frame matches. By the environment: of -v some awks take the backslashes away.
own_samples() { leaf=$1 awk '/^slot/ { n = split($0, frames, ";"); if (frames[n] ~ ENVIRON["leaf"]) sum += $NF } END { print sum + 0 }' "$TEST_DIR/folded"; }

@test "two functions with 70 and 30 % of an executor's CPU are shown with that, in the middle of their task" {
  start_cluster 1
  start_job shares --master yarn --num-executors 1 --executor-memory 512m
  wait_for "the task runs" 30 task_runs
  # A loaded machine gives few samples in a time, and few samples give no share.
  touch "$TEST_DIR/folded"
  while [ "$(own_samples .)" -lt 800 ]; do get "$(page_of)/ui/api/executors/1/profile?seconds=2" >>"$TEST_DIR/folded"; done
  head -1 "$TEST_DIR/folded" | grep -qE '^# slots=1 samples=[1-9][0-9]* idle=[0-9]+ intervalUs=[1-9][0-9]* silent=;$'
  local heavy light all
  heavy=$(own_samples '^heavy \(shares\.ts:4\)')
  light=$(own_samples '^light \(shares\.ts:9\)')
  all=$(own_samples .)
  echo "heavy $heavy, light $light of $all samples"
  [ $((100 * heavy / all)) -ge 60 ] && [ $((100 * heavy / all)) -le 80 ]
  [ $((100 * light / all)) -ge 20 ] && [ $((100 * light / all)) -le 40 ]
}

@test "a loop that never ends is named, in the flame graph and in the thread dump" {
  start_job endless --master 'local[1]'
  wait_for "the task runs" 30 task_runs
  get "$(page_of)/ui/api/executors/driver/profile?seconds=1" >"$TEST_DIR/folded"
  [ $((100 * $(own_samples '^endless \(shares\.ts:14\)') / $(own_samples .))) -ge 80 ]
  local id
  id=$(get "$(page_of)/api/v1/applications" | jq -r '.[0].id')
  get "$(page_of)/api/v1/applications/$id/executors/driver/threads" | grep -q 'at endless (shares.ts:14)'
}

@test "spark.ui.threadDump.flamegraphEnabled=false" {
  start_job endless --master 'local[1]' --conf spark.ui.threadDump.flamegraphEnabled=false
  wait_for "the task runs" 30 task_runs
  [ "$(curl -s --max-time 20 -w ' %{http_code}' "$(page_of)/ui/api/executors/driver/profile?seconds=1")" = 'spark.ui.threadDump.flamegraphEnabled is false. 403' ]
}
