# Scheduling inside an application with real processes: copies of slow tasks, pools, cancellation, exclusion, barrier stages.
load helpers

setup() { new_data; }
teardown() { stop_everything; }

@test "speculation: a task that hangs gets a copy on another executor; results and saved files are those of one attempt" {
  run --separate-stderr submit --master 'local-cluster[2,1,512]' --conf spark.speculation=true --conf spark.speculation.quantile=0.5 \
    "$APPS/straggler.ts" "$TEST_DIR/out"
  assert_status 0
  assert_equal "$output" "$(printf 'sum 780\nlines 40')"
  assert_contains "$stderr" 'as speculatable because it ran more than'
  assert_equal "$(ls "$TEST_DIR/out" | tr '\n' ' ')" '_SUCCESS part-00000 part-00001 part-00002 part-00003 '
}
