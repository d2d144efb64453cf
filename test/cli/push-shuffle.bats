# Push-based shuffle: services merge what executors push, and reduce tasks read that. All nodes are on this host, so readers are told not to read files of
# others directly: what is read comes from a service. The driver waits for all pushes (minShuffleSizeToWait=0), so nothing here depends on time.
load helpers

setup() { new_data; }
teardown() { stop_everything; }

# launch gate executors options...: the program in the background; gate: a word, and it waits for the file `begin` when its executors are there
launch() {
  local gate=$1 executors=$2
  shift 2
  mkdir "$TEST_DIR/events"
  # shellcheck disable=SC2086 # no gate is no argument
  timeout -k 5 "${LIMIT:-120}" "$BIN/spark-submit" --master yarn --num-executors "$executors" --executor-memory 512m \
    --conf spark.shuffle.readHostLocalDisk=false --conf spark.shuffle.service.enabled=true \
    --conf spark.shuffle.push.enabled=true --conf spark.shuffle.push.minShuffleSizeToWait=0 \
    --conf spark.eventLog.enabled=true --conf spark.eventLog.dir="$TEST_DIR/events" --conf spark.eventLog.compress=false \
    "$@" "$APPS/pushed.ts" "$TEST_DIR" "$executors" $gate </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
}
# begin executors options...: the program up to where its map outputs are merged and read once
begin() {
  launch '' "$@"
  first_half
}
first_half() {
  wait_for 'the first half is done' 60 test -e "$TEST_DIR/shuffled"
  assert_equal "$(said first)" "$(known_answer)"
}
map_tasks() { said maps; }
# reads NAME: how many have which value of that figure of shuffle reads of each reduce task, in the event log of the application that has ended
events() { cat "$TEST_DIR"/events/*/events_*; }
task_ends() { events | grep '"SparkListenerTaskEnd"'; }
reads() { task_ends | grep '"ResultTask"' | sed -nE "s/.*\"$1\":([0-9]+).*/\1/p" | sort -n | uniq -c | sed -E 's/^ +//; s/ /×/' | paste -sd' '; }
map_task_ends() { task_ends | grep -c '"ShuffleMapTask"'; }
merged_blocks() { grep -oE 'Merge of shuffle 0 is finalized: [0-9]+ blocks' "$TEST_DIR/err" | grep -oE '[0-9]+ blocks'; }
# What the program computes, without any shuffle: the rows of each key in their order.
known_answer() {
  "$NODE" -e 'let answer = 0;
    for (let key = 0; key < 97; key++) {
      let hash = 0;
      for (let i = key; i < 24_000; i += 97) hash = (hash * 31 + i) % 1_000_003;
      answer = (answer + key * 13 + hash * 7) % 1_000_003;
    }
    console.log(answer)'
}

@test "three services merge every block, readers get the same answer in few reads, and map outputs that are deleted are not missed" {
  start_cluster 3
  begin 3
  assert_equal "$(merged_blocks)" '72 blocks'
  find "$EMBERLOOM_DATA/local" -name 'shuffle_0_*.data*' ! -name '*_merged_*' -delete
  go_on
  assert_equal "$(map_tasks)" 12
  # Two reads of six partitions: each task reads one chunk, which is the only block that it gets, instead of twelve.
  assert_equal "$(reads 'Remote Blocks Fetched')" '12×1'
  assert_equal "$(reads 'Merged Remote Chunks Fetched')" '12×1'
  assert_equal "$(reads 'Merged Remote Blocks Fetched')" '12×12'
  assert_equal "$(reads 'Merged Fetch Fallback Count')" '12×0'
  assert_contains "$(events)" '"Shuffle Push Enabled":true,"Shuffle Push Mergers Count":3'
}

@test "an executor that is killed with -9, with its map outputs gone too: what services have merged of it is read, no map task runs again" {
  local before killed
  start_cluster 2
  begin 2
  before=$(container_pids executor)
  killed=$(head -1 <<<"$before")
  kill -9 "$killed"
  wait_for 'it is gone' 10 gone "$killed"
  find "$EMBERLOOM_DATA/local" -name 'shuffle_0_*.data*' ! -name '*_merged_*' -delete
  go_on
  assert_equal "$(map_tasks)" 12
  assert_equal "$(map_task_ends)" 12
  assert_equal "$(reads 'Merged Fetch Fallback Count')" '12×0'
}

@test "a damaged chunk and a missing index: the blocks of those partitions are read from the map outputs, and the figures say so" {
  local files
  start_cluster 2
  begin 2
  mapfile -t files < <(find "$EMBERLOOM_DATA/local" -name 'shuffle_0_merged_*.data' | sort)
  assert_equal "${#files[@]}" 6
  printf '\377\377\377' | dd of="${files[0]}" bs=1 seek=40 conv=notrunc status=none
  rm "${files[1]}.index"
  go_on
  assert_equal "$(map_task_ends)" 12
  assert_equal "$(reads 'Corrupt Merged Block Chunks')" '11×0 1×1'
  assert_equal "$(reads 'Merged Fetch Fallback Count')" '10×0 2×1'
}

@test "a merging NodeManager that is killed with -9 before anything is pushed to it: its partitions are read from the map outputs" {
  start_cluster 3
  launch gate 3 --conf spark.shuffle.io.maxRetries=40 --conf spark.shuffle.io.retryWait=500ms
  wait_for 'the executors are there' 60 test -e "$TEST_DIR/here"
  kill -9 "$(daemon_pid nodemanager nm3)"
  touch "$TEST_DIR/begin"
  wait_for 'the driver goes on without it' 60 file_has "$TEST_DIR/err" 'What .*nm-nm3-s.sock merged of shuffle 0 .* is not used'
  # It serves map outputs as well, which readers wait for.
  start_node nm3
  first_half
  assert_equal "$(merged_blocks)" '48 blocks'
  go_on
  assert_equal "$(map_task_ends)" 12
  assert_equal "$(reads 'Merged Remote Blocks Fetched')" '8×12'
}

@test "a merging NodeManager that is killed with -9 after the merge: readers fall back, and the answer is right" {
  start_cluster 3
  begin 3 --conf spark.shuffle.io.maxRetries=40 --conf spark.shuffle.io.retryWait=500ms
  kill -9 "$(daemon_pid nodemanager nm2)"
  touch "$TEST_DIR/go"
  wait_for 'the second half has begun' 30 jobs_started 2
  start_node nm2
  go_on
  assert_equal "$(map_task_ends)" 12
}
jobs_started() { [ "$(grep -c 'Starting job: ' "$TEST_DIR/err")" -ge "$1" ]; }

@test "enabled without the shuffle service: a warning, and the job is right without it" {
  start_cluster 1
  begin 1 --conf spark.shuffle.service.enabled=false
  go_on
  assert_contains "$(cat "$TEST_DIR/err")" 'Push-based shuffle is enabled and not used'
  assert_equal "$(reads 'Merged Remote Chunks Fetched')" ''
  assert_equal "$(map_task_ends)" 12
}
