# What a driver and its executors promise a program, with real processes: large values, concurrent jobs, endings that leave nothing behind.
load helpers

setup() { new_data; }
teardown() { stop_everything; }

# nothing_left: no file of a context is left in the temporary folder
nothing_left() { assert_equal "$(ls -A "$TEST_DIR/tmp")" ""; }

@test "results and partitions larger than a frame arrive; above spark.driver.maxResultSize the job ends and the next one runs" {
  run --separate-stderr submit --master 'local[2]' --conf spark.driver.maxResultSize=128m "$APPS/large-results.ts"
  assert_status 0
  assert_equal "$output" "$(printf 'collected 80\nsent 70\nrefused RESULT_TOO_LARGE\nafter 4')"
  nothing_left
}

@test "an executor that hangs is lost after spark.network.timeout, its container ends, and another one finishes the job" {
  start_cluster 1
  submit --master yarn --num-executors 1 --executor-memory 512m --conf spark.network.timeout=3s --conf spark.executor.heartbeatInterval=500ms \
    "$APPS/shuffling.ts" 200000 12 >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'an executor is registered' 30 file_has "$TEST_DIR/err" 'Registered executor .* with ID 1,'
  kill -STOP "$(container_pids executor | head -1)"
  wait "$pid"
  assert_equal "$(cat "$TEST_DIR/out")" "$(submit --master 'local[2]' "$APPS/shuffling.ts" 200000 12 2>/dev/null)"
  assert_contains "$(cat "$TEST_DIR/err")" 'Executor heartbeat timed out'
  wait_for 'no container is left' 20 no_containers
  assert_equal "$(find "$TEST_DIR/data/run" -name 'd-*')" ""
  nothing_left
}
