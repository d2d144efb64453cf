# Cached partitions when executors die, memory is too small or files are damaged. Both nodes are on this host.
load helpers

setup() { new_data; }
teardown() { stop_everything; }

# begin level rows characters [conf...]: the cached program up to where everything is cached
begin() {
  timeout -k 5 "${LIMIT:-120}" "$BIN/spark-submit" --master yarn --num-executors 2 --executor-memory 512m \
    --conf spark.scheduler.minRegisteredResourcesRatio=1 "${@:4}" "$APPS/cached.ts" "$1" "$2" "$3" "$TEST_DIR" </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'everything is cached' "${LIMIT:-60}" test -e "$TEST_DIR/cached"
}
executors_beside() { [ "$(container_pids executor | grep -cvxF "$1")" -ge 2 ]; }
# kill_one: one executor, with -9; returns when another works in its place
kill_one() {
  local victim
  victim=$(container_pids executor | head -1)
  kill -9 "$victim"
  wait_for 'it is gone' 10 gone "$victim"
  wait_for 'another has come' 30 executors_beside "$victim"
  wait_for 'the driver knows' 15 file_has "$TEST_DIR/err" 'Lost executor'
}

@test "MEMORY_ONLY: what a killed executor held is computed again, and no more" {
  start_cluster 2
  begin MEMORY_ONLY 80000 100
  kill_one
  go_on
  [ "$(said computed)" -gt 8 ]
  [ "$(said computed)" -lt 16 ]
}

@test "MEMORY_ONLY_SER_2, MEMORY_AND_DISK_2 and DISK_ONLY_2: the copies of a killed executor's blocks are read, nothing is computed again" {
  local level
  start_cluster 2
  for level in MEMORY_ONLY_SER_2 MEMORY_AND_DISK_2 DISK_ONLY_2; do
    rm -f "$TEST_DIR/cached" "$TEST_DIR/go"
    begin $level 80000 100
    kill_one
    go_on
    assert_equal "$level computed $(said computed)" "$level computed 8"
  done
}

@test "spark.scheduler.minRegisteredResourcesRatio: the first job waits for all executors, or for its longest time" {
  write_conf 'emberloom.executor.prestart: 0' 'yarn.nodemanager.resource.memory-mb: 1024'
  start_cluster 1
  timeout -k 5 60 "$BIN/spark-submit" --master yarn --num-executors 2 --executor-memory 512m --conf spark.scheduler.minRegisteredResourcesRatio=1 \
    "$APPS/cached.ts" MEMORY_ONLY_2 8000 100 - </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'one executor is there' 20 file_has "$TEST_DIR/err" 'Registered executor'
  sleep 0.5 # nothing may happen in it
  run ! file_has "$TEST_DIR/err" 'Adding task set'
  start_node nm2
  wait "$pid"
  file_has "$TEST_DIR/err" 'SchedulerBackend is ready for scheduling beginning after reached minRegisteredResourcesRatio: 1'
  run yarn logs -applicationId "$(app_id "$(cat "$TEST_DIR/err")")"
  assert_contains "$output" 'LogType:stderr'
  [[ $output != *'replicated to only'* ]]
  assert_equal "$(grep -c '^storage 8 ' "$TEST_DIR/out")" 1

  run "$BIN/spark-submit" --master yarn --num-executors 9 --executor-memory 512m --conf spark.scheduler.minRegisteredResourcesRatio=1 \
    --conf spark.scheduler.maxRegisteredResourcesWaitingTime=100ms "$APPS/cached.ts" MEMORY_ONLY 80 10
  assert_equal "$status" 0
  assert_contains "$output" 'beginning after waiting maxRegisteredResourcesWaitingTime: 100(ms)'
  run "$BIN/spark-submit" --master yarn --conf spark.scheduler.minRegisteredResourcesRatio=2 "$APPS/cached.ts" MEMORY_ONLY 80 10
  assert_contains "$output" 'a number from 0 to 1'
}

@test "DISK_ONLY: an executor's damaged and deleted files are computed again, with a warning" {
  local files
  start_cluster 2
  begin DISK_ONLY 80000 100
  files=$(find "$EMBERLOOM_DATA/local" -path '*/blocks/*' -name 'rdd_*' | sort)
  assert_equal "$(wc -l <<<"$files")" 8
  printf 'X' | dd of="$(sed -n 1p <<<"$files")" bs=1 seek=5000 conv=notrunc status=none
  rm "$(sed -n 2p <<<"$files")"
  truncate -s 900 "$(sed -n 3p <<<"$files")"
  go_on
  assert_equal "$(said computed)" 11
  wait_for 'all containers have ended' 20 no_containers
  assert_contains "$(yarn logs -applicationId "$(app_id "$(cat "$TEST_DIR/err")")")" "can't be read and is computed again"
  [ -z "$(find "$EMBERLOOM_DATA/local" -path '*/blocks/*' -name 'rdd_*')" ]
}

@test "a cache of more than 1 GB on two executors of 512 MB finishes, right, with every executor alive" {
  start_cluster 2
  LIMIT=240
  begin MEMORY_AND_DISK 200000 6000
  go_on
  read -r _ memory disk <<<"$(said storage)"
  assert_equal "$(said computed)" 8
  [ $((memory + disk)) -gt 1000000000 ]
  run ! file_has "$TEST_DIR/err" 'Lost executor'
}

@test "MEMORY_ONLY and MEMORY_ONLY_SER that do not fit are computed again, right, with every executor alive" {
  local level
  start_cluster 2
  for level in MEMORY_ONLY MEMORY_ONLY_SER; do
    rm -f "$TEST_DIR/cached" "$TEST_DIR/go"
    begin $level 30000 6000 --conf spark.memory.fraction=0.1 # 180 MB, and room for a part of them; real pressure has the test above
    go_on
    [ "$(said computed)" -gt 8 ]
    run ! file_has "$TEST_DIR/err" 'Lost executor'
  done
}

@test "shuffle files, cached blocks and broadcasts that the program can not reach any more are cleaned; what it can is not" {
  start_cluster 2
  timeout -k 5 120 "$BIN/spark-submit" --master yarn --num-executors 2 --executor-memory 512m "$APPS/cleaned.ts" "$TEST_DIR" \
    </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'the shuffle is done' 60 test -e "$TEST_DIR/shuffled"
  wait_for 'the shuffle is cleaned' 30 file_has "$TEST_DIR/err" 'ContextCleaner: Cleaned shuffle 0'
  wait_for 'the RDD is cleaned' 30 file_has "$TEST_DIR/err" 'ContextCleaner: Cleaned RDD'
  wait_for 'the broadcast is cleaned' 30 file_has "$TEST_DIR/err" 'ContextCleaner: Cleaned broadcast'
  assert_equal "$(find "$EMBERLOOM_DATA/local" -name 'shuffle_*' -o -name 'rdd_*')" ""
  touch "$TEST_DIR/go"
  wait "$pid"
  assert_contains "$(cat "$TEST_DIR/out")" 'groups 7 persistent 2'
  assert_contains "$(cat "$TEST_DIR/out")" 'cached 1'
  assert_contains "$(cat "$TEST_DIR/out")" 'sum 999000 computed 1000'
}

@test "a reliable checkpoint survives every executor; its lineage is not computed again" {
  start_cluster 2
  timeout -k 5 120 "$BIN/spark-submit" --master yarn --num-executors 2 --executor-memory 512m "$APPS/checkpointed.ts" "$TEST_DIR" \
    </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'the checkpoint is there' 60 test -e "$TEST_DIR/checkpointed"
  kill_one
  touch "$TEST_DIR/go"
  wait "$pid"
  assert_equal "$(said second)" "$(said first)"
  assert_equal "$(said again)" 0
  [ -n "$(find "$TEST_DIR/checkpoints" -path '*/rdd-*/part-00000')" ]
}

@test "a broadcast of 30 MB goes from executor to executor: the driver serves it about once, whoever is killed" {
  local victim served
  start_cluster 2
  timeout -k 5 120 "$BIN/spark-submit" --master yarn --num-executors 3 --executor-memory 512m "$APPS/broadcasts.ts" "$TEST_DIR" \
    </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'three executors have it' 60 test -e "$TEST_DIR/first"
  kill_one
  touch "$TEST_DIR/go"
  wait_for 'the next one is on its way' 60 test -e "$TEST_DIR/second"
  victim=$(container_pids executor | tail -1)
  kill -9 "$victim"
  wait "$pid"
  assert_equal "$(said executors) $(said right)" '4 true'
  served=$(sed -n 's/.*Destroyed Broadcast(0): .* the driver served \([0-9]*\) bytes.*/\1/p' "$TEST_DIR/err")
  [ "$served" -ge "$(said size)" ]
  [ "$served" -lt $((2 * $(said size))) ]
}
