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
