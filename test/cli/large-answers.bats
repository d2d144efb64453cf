# Results that are together larger than what the driver puts together at once, and larger than spark.driver.maxResultSize.
load helpers

setup() {
  new_data
  cat >"$TEST_DIR/large.ts" <<'PROGRAM'
import { SparkSession } from 'emberloom';
const [tasks, mib] = process.argv.slice(2).map(Number) as [number, number];
const sc = SparkSession.builder().getOrCreate().sparkContext;
const rows = await sc.range(0, tasks, 1, tasks).map((n) => String(n % 10).repeat(mib << 20)).collect();
console.log(rows.map((row) => `${row[0]}:${row.length >> 20}`).join(' '));
await sc.stop();
PROGRAM
}
teardown() { stop_everything; }

@test "large results of many slots at once arrive whole and in order" {
  run --separate-stderr submit --master 'local-cluster[2,2,512]' "$TEST_DIR/large.ts" 5 40
  assert_status 0
  assert_equal "$output" '0:40 1:40 2:40 3:40 4:40'
}

@test "results that are together above spark.driver.maxResultSize end the job with Spark's sentence" {
  run --separate-stderr submit --master 'local-cluster[2,2,512]' --conf spark.driver.maxResultSize=100m "$TEST_DIR/large.ts" 6 40
  assert_status 1
  assert_matches "$stderr" 'Total size of serialized results of [3-6] tasks \((120|160|200|240)\.0 MiB\) is bigger than spark\.driver\.maxResultSize \(100\.0 MiB\)'
  assert_contains "$(tail -1 <<<"$stderr")" 'spark-submit: [RESULT_TOO_LARGE] Total size'
}

@test "an executor killed before its results were fetched: TaskResultLost, its tasks run again, and the answer is the same" {
  cat >"$TEST_DIR/lost.ts" <<'PROGRAM'
import { SparkSession } from 'emberloom';
const sc = SparkSession.builder().getOrCreate().sparkContext;
const [pid] = await sc.range(0, 1, 1, 1).map(() => process.pid).collect();
const lost: string[] = [];
let killed = false;
let waited = 0;
sc.addSparkListener({
  onTaskGettingResult: () => {
    if (!killed) process.kill(pid!, 'SIGKILL'); // the driver has only begun to ask
    killed = true;
    waited++;
  },
  onTaskEnd: ({ task }) => {
    if (task.reason.tag === 'TaskResultLost') lost.push(String(task.gettingResultAtMs > 0));
  },
});
const rows = await sc.range(0, 4, 1, 4).map((n) => String(n).repeat(20 << 20)).collect();
console.log(rows.map((row) => `${row[0]}:${row.length >> 20}`).join(' '), [...new Set(lost)].join(), waited > 4);
await sc.stop();
PROGRAM
  run --separate-stderr submit --master 'local-cluster[1,2,512]' "$TEST_DIR/lost.ts"
  assert_status 0
  assert_equal "$output" '0:20 1:20 2:20 3:20 true true'
  assert_contains "$stderr" 'TaskResultLost (result lost from block manager): taskresult_'
}

@test "local masters keep the same limits" {
  run --separate-stderr submit --master 'local[2]' --conf spark.driver.maxResultSize=20m "$TEST_DIR/large.ts" 6 8
  assert_status 1
  assert_contains "$(tail -1 <<<"$stderr")" 'spark-submit: [RESULT_TOO_LARGE] Total size of serialized results of 3 tasks (24.0 MiB)'
  run --separate-stderr submit --master 'local[2]' --conf spark.task.maxDirectResultSize=100m "$TEST_DIR/large.ts" 3 8
  assert_status 0
  assert_equal "$output" '0:8 1:8 2:8'
}
