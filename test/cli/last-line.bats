# The last line that is printed when a program fails is its first error, with file and line, in every deploy mode.
load helpers

setup_file() {
  new_data
  start_cluster 1
}
teardown_file() { stop_everything; }
teardown() { note_failure; }

ERROR='RangeError: no number: three (bad-record.ts:7:34), task 2 in stage 0.0 failed 4 times'
last_line() { tail -1 <<<"$stderr"; }

@test "a stage that fails for good after four attempts: locally and in client mode" {
  for how in 'submit --master local[2,4]' submit_yarn; do
    # shellcheck disable=SC2086 # the command is several words
    run --separate-stderr $how "$APPS/bad-record.ts"
    assert_status 1
    assert_equal "$(last_line)" "spark-submit: $ERROR"
    # what tools read is still there, and comes first
    assert_contains "$stderr" 'Exception in thread "main" [JOB_ABORTED] Job aborted due to stage failure: Task 2 in stage 0.0 failed 4 times, most recent failure:'
  done
}

@test "in cluster mode: the submitter's last line, and the first of the application's diagnostics" {
  run --separate-stderr submit_cluster "$APPS/bad-record.ts"
  assert_status 1
  assert_equal "$(last_line)" "spark-submit: $ERROR"
  local id
  id=$(app_id "$stderr")
  assert_contains "$stderr" "Exception in thread \"main\" org.apache.spark.SparkException: Application $id finished with failed status"
  assert_contains "$(yarn application -status "$id" 2>&1)" "Diagnostics : User class threw exception: $ERROR"
  # Airflow takes the last match as the application's id
  assert_equal "$(grep -oE 'application[0-9_]+' <<<"$stderr" | tail -1)" "$id"
}

@test "a program that throws, one that can't be read, and one that calls its own end" {
  run --separate-stderr submit --master 'local[2]' "$APPS/throws.ts"
  assert_equal "$(last_line)" 'spark-submit: Error: thrown by the program (throws.ts:7:7)'
  run --separate-stderr submit --master 'local[2]' "$APPS/throws.ts" early
  assert_matches "$(last_line)" '^spark-submit: Error: thrown before there was a context \(throws\.ts:4:[0-9]+\)$'
  run --separate-stderr submit --master 'local[2]' "$APPS/syntax-error.ts"
  assert_matches "$(last_line)" '^spark-submit: SyntaxError: .* \(syntax-error\.ts:3\)$'
  run --separate-stderr submit --master 'local[2]' "$APPS/exits.ts"
  assert_status 3
  ! grep -q '^spark-submit: ' <<<"$stderr"
}
