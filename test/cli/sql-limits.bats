# SQL over more than its memory, over skewed and exploding joins, cancelled, and without room on the disk: each query has its answer, or ends in an error
# that says what to do; no process ends in the middle. The queries: test/fixtures/apps/sql-limits.ts.
load helpers

setup() { new_data; }
teardown() {
  [ -z "${small_disk:-}" ] || umount -l "$small_disk" 2>/dev/null || true
  stop_everything
}

LOCAL=(--master 'local[2]' --driver-memory 128m)
CLUSTER=(--master 'local-cluster[2,1,256]' --conf spark.emberloom.sql.collapseBytes=-1 --conf spark.sql.shuffle.partitions=4)

@test "800,000 groups, a sort, a skewed join and a cross join in 128 MB: spilled, with the right answers, and nothing is left" {
  run --separate-stderr submit "${LOCAL[@]}" "$APPS/sql-limits.ts" groups sort skew cross
  assert_status 0
  assert_equal "$output" 'groups: 800000 1600000 2
sort: 400000 rows, 0 out of order
skew: 1000000 5500000
cross: 20000000 11998'
  [ -z "$(find "$TEST_DIR/tmp" -type f)" ]
}

@test "the same in stages on executors of 256 MB" {
  LIMIT=150 run --separate-stderr submit "${CLUSTER[@]}" "$APPS/sql-limits.ts" groups sort skew cross
  assert_status 0
  assert_equal "$output" 'groups: 800000 1600000 2
sort: 400000 rows, 0 out of order
skew: 1000000 5500000
cross: 20000000 11998'
}

@test "a join that explodes is refused above spark.driver.maxResultSize, and a list that no memory holds in the words of the kernel" {
  local too_large='^exploding: .*Total size of serialized results of 1 tasks \([0-9.]+ MiB\) is bigger than spark\.driver\.maxResultSize \([48]\.0 MiB\)'
  # As rows, 4 MiB take 30 MB of the heap of 128; what 8 take is refused for the heap's sake.
  run --separate-stderr submit "${LOCAL[@]}" --conf spark.driver.maxResultSize=4m "$APPS/sql-limits.ts" exploding held
  assert_status 0
  assert_matches "$output" "$too_large"
  assert_contains "$output" 'held: [KERNEL_OUT_OF_MEMORY] The memory of the query is not enough'
  run --separate-stderr submit "${CLUSTER[@]}" --conf spark.driver.maxResultSize=8m --conf spark.task.maxFailures=1 "$APPS/sql-limits.ts" exploding skew
  assert_status 0
  assert_matches "$output" "$too_large"
  assert_contains "$output" 'skew: 1000000 5500000'
}

@test "rows that the heap of the driver does not hold are refused before it ends" {
  run --separate-stderr submit "${LOCAL[@]}" --conf spark.driver.maxResultSize=0 "$APPS/sql-limits.ts" exploding skew
  assert_status 0
  assert_contains "$output" 'exploding: [DRIVER_OUT_OF_MEMORY] The rows of the result do not fit in the heap of the driver'
  assert_contains "$output" 'skew: 1000000 5500000'
}

@test "a query is cancelled with its job group, on local masters and in stages; the session goes on" {
  run --separate-stderr submit "${LOCAL[@]}" "$APPS/sql-limits.ts" group
  assert_equal "$output" 'group: [OPERATION_CANCELED] Operation has been canceled. SQLSTATE: HY008; then 1'
  run --separate-stderr submit "${CLUSTER[@]}" "$APPS/sql-limits.ts" 'group of a job'
  assert_matches "$output" '^group of a job: .*Job [0-9]+ cancelled part of cancelled job group slow; then 1$'
}

@test "Ctrl-C ends a query that computes for hours at once" {
  "$BIN/spark-submit" "${LOCAL[@]}" "$APPS/sql-limits.ts" endless </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'the query has begun' 30 test -e "$TEST_DIR/begun"
  kill -INT "$pid"
  wait_for 'the program has ended' 10 gone "$pid"
  [ -z "$(find "$TEST_DIR/tmp" -type f)" ]
}

@test "Ctrl-C ends a query of which the kernel has only begun to plan, with the code of a signal" {
  local code=0
  "$BIN/spark-submit" "${LOCAL[@]}" "$APPS/sql-limits.ts" planned </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'the query has begun' 60 test -e "$TEST_DIR/begun"
  kill -INT "$pid"
  wait_for 'the program has ended' 10 gone "$pid"
  wait "$pid" || code=$?
  [ "$code" -eq 130 ]
  assert_contains "$(cat "$TEST_DIR/err")" 'stopping with exitCode 130'
  [ -z "$(find "$TEST_DIR/tmp" -type f)" ]
}

@test "a disk that fills up under a sort ends the query with the reason, and the session goes on" {
  small_disk=$TEST_DIR/disk
  mkdir "$small_disk"
  mount -t tmpfs -o size=16m,mode=755 tmpfs "$small_disk" 2>/dev/null || { small_disk=; skip 'mounting a tmpfs is not permitted here'; }
  run --separate-stderr submit "${LOCAL[@]}" --conf spark.local.dir="$small_disk" "$APPS/sql-limits.ts" "large sort" skew
  assert_status 0
  assert_matches "$output" '^large sort: \[KERNEL_OUT_OF_DISK\] The query spills more than the disk holds'
  assert_contains "$output" 'skew: 1000000 5500000'
}

@test "a table on a disk that gets full is as it was, and the error says where there is no room; a read-only warehouse says so" {
  small_disk=$TEST_DIR/disk
  mkdir "$small_disk"
  mount -t tmpfs -o size=16m,mode=755 tmpfs "$small_disk" 2>/dev/null || { small_disk=; skip 'mounting a tmpfs is not permitted here'; }
  run --separate-stderr submit "${CLUSTER[@]}" "$APPS/sql-limits.ts" 'full disk'
  assert_status 0
  assert_matches "$output" '^full disk: \[TASK_WRITE_FAILED\] Task failed while writing rows to file:.*/disk/table\. .*No space left on device; nothing of it is visible\. Make room on that disk, or write to another\. SQLSTATE: 58030; there are 10000 10000$'
  [ ! -e "$small_disk/table/_temporary" ]
  mount -o remount,ro "$small_disk"
  run submit "${LOCAL[@]}" --conf spark.sql.warehouse.dir="$small_disk/warehouse" "$APPS/sql-limits.ts" catalogue
  assert_contains "$output" "catalogue: [CATALOG_UNUSABLE] The catalogue of the warehouse, file:$small_disk/warehouse/.catalog/catalog.sqlite, cannot be used: "
  assert_contains "$output" 'Let this user write the file and its folder, or choose another warehouse (spark.sql.warehouse.dir).'
}
