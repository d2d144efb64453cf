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
