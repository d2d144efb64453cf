# Push-based shuffle: services merge what executors push, and reduce tasks read that. All nodes are on this host, so readers are told not to read files of
# others directly: what is read comes from a service. The driver waits for all pushes (minShuffleSizeToWait=0), so nothing here depends on time.
load helpers

setup() { new_data; }
teardown() { stop_everything; }

# begin executors options...: the program up to where its map outputs are merged and read once
begin() {
  local executors=$1
  shift
  timeout -k 5 "${LIMIT:-120}" "$BIN/spark-submit" --master yarn --num-executors "$executors" --executor-memory 512m \
    --conf spark.shuffle.readHostLocalDisk=false --conf spark.shuffle.service.enabled=true \
    --conf spark.shuffle.push.enabled=true --conf spark.shuffle.push.minShuffleSizeToWait=0 \
    --conf spark.eventLog.enabled=true --conf spark.eventLog.dir="$TEST_DIR/events" --conf spark.eventLog.compress=false \
    "$@" "$APPS/pushed.ts" "$TEST_DIR" "$executors" </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'the first half is done' 60 test -e "$TEST_DIR/shuffled"
}
map_tasks() { said maps; }
# reads NAME [of PART]: that figure of shuffle reads of each reduce task, in the event log of the application that has ended
task_ends() { cat "$TEST_DIR"/events/* | grep '"SparkListenerTaskEnd"'; }
reads() { task_ends | grep '"ResultTask"' | sed -nE "s/.*\"$1\":([0-9]+).*/\1/p" | sort -n | uniq -c | sed -E 's/^ +//; s/ /×/'; }
map_task_ends() { task_ends | grep -c '"ShuffleMapTask"'; }
merged_blocks() { grep -oE 'Merge of shuffle 0 is finalized: [0-9]+ blocks' "$TEST_DIR/err" | grep -oE '[0-9]+ blocks'; }
known_answer() {
  run --separate-stderr submit --master 'local[2]' "$APPS/pushed.ts" "$TEST_DIR" 0
  assert_status 0
  sed -n 's/^first //p' <<<"$output"
}

@test "three services merge every block, readers get the same answer in few reads, and map outputs that are deleted are not missed" {
  touch "$TEST_DIR/go"
  local known
  known=$(known_answer)
  rm "$TEST_DIR/go" "$TEST_DIR/shuffled"
  mkdir "$TEST_DIR/events"
  start_cluster 3
  begin 3
  assert_equal "$(said first)" "$known"
  assert_equal "$(merged_blocks)" '72 blocks'
  find "$EMBERLOOM_DATA/local" -name 'shuffle_0_*.data*' ! -name '*_merged_*' -delete
  go_on
  assert_equal "$(map_tasks)" 12
  # Two reads of six partitions: each task reads one chunk, which is the only block that it gets, instead of twelve.
  assert_equal "$(reads 'Remote Blocks Fetched')" '12×1'
  assert_equal "$(reads 'Merged Remote Chunks Fetched')" '12×1'
  assert_equal "$(reads 'Merged Remote Blocks Fetched')" '12×12'
  assert_equal "$(reads 'Merged Fetch Fallback Count')" '12×0'
  assert_contains "$(cat "$TEST_DIR"/events/*)" '"Shuffle Push Enabled":true,"Shuffle Push Mergers Count":3'
}
