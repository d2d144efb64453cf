# Shuffle files that outlive who wrote them, and shuffle files that break. All nodes of these tests are on this host, so readers are told not to
# read files of other executors directly (spark.shuffle.readHostLocalDisk=false): every block comes from an executor or from the shuffle service.
load helpers

setup() { new_data; }
teardown() {
  [ -z "$small_disk" ] || umount -l "$small_disk" 2>/dev/null || true
  stop_everything
}

# begin options...: the counted shuffle, up to where its map outputs are written and read once
begin() {
  timeout -k 5 "${LIMIT:-120}" "$BIN/spark-submit" --master yarn --num-executors 2 --executor-memory 512m \
    --conf spark.shuffle.readHostLocalDisk=false "$@" "$APPS/shuffle-counted.ts" "$TEST_DIR" \
    </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'the first half is done' 60 test -e "$TEST_DIR/shuffled"
}
with_service() { begin --conf spark.shuffle.service.enabled=true "$@"; }
map_tasks() { sed -n 's/^maps //p' "$TEST_DIR/out"; }
jobs_started() { [ "$(grep -c 'Starting job: ' "$TEST_DIR/err")" -ge "$1" ]; }
nobody_of() { local p; for p in $1; do alive "$p" && return 1; done; return 0; }
executors_beside() { [ "$(container_pids executor | grep -cvxF "$1")" -ge 2 ]; }

kill_executors() {
  local before
  before=$(container_pids executor)
  # shellcheck disable=SC2086 # pids
  kill -9 $before
  wait_for 'they are gone' 10 nobody_of "$before"
  wait_for 'others have come' 30 executors_beside "$before"
}

@test "with the shuffle service no map task runs again when all executors were killed with -9" {
  start_cluster 2
  with_service
  kill_executors
  go_on
  assert_equal "$(map_tasks)" 4
  wait_for 'all containers have ended' 20 no_containers
  [ -z "$(find "$EMBERLOOM_DATA/local" -path '*appcache*' -type f)" ]
  wait_for 'the services have forgotten the application' 10 services_know_nothing
}
services_know_nothing() { [ -z "$(find "$EMBERLOOM_DATA"/state/nm-*/shuffle -type f)" ]; }

@test "without the shuffle service the same loss costs the map tasks: the test above can fail" {
  start_cluster 2
  begin
  kill_executors
  go_on
  [ "$(map_tasks)" -gt 4 ]
}

@test "a NodeManager that is killed and started again between map and reduce still serves, for executors that are gone too" {
  start_cluster 1
  with_service
  kill -9 "$(daemon_pid nodemanager nm1)"
  start_node nm1
  wait_for 'the node is there again' 20 nodes_running 1
  kill_executors
  go_on
  assert_equal "$(map_tasks)" 4
}

@test "an application that wants the shuffle service where there is none fails and says so" {
  write_conf 'yarn.nodemanager.aux-services: ""'
  start_cluster 1
  run --separate-stderr submit_yarn --conf spark.shuffle.service.enabled=true "$APPS/ok.ts"
  assert_status 1
  assert_contains "$stderr" 'The auxService:spark_shuffle does not exist'
}

@test "a file that was spoilt is found by its checksum, the message names the disk, and only its map task runs again" {
  local file
  start_cluster 2
  with_service
  file=$(find "$EMBERLOOM_DATA/local" -name 'shuffle_*.data' | sort | head -1)
  printf '\377' | dd of="$file" bs=1 seek=40 conv=notrunc status=none
  go_on
  assert_equal "$(map_tasks)" 5
  assert_contains "$(cat "$TEST_DIR/err")" DISK_ISSUE
}

@test "a file that was deleted costs its map task and no other" {
  start_cluster 2
  with_service
  rm "$(find "$EMBERLOOM_DATA/local" -name 'shuffle_*.data' | sort | head -1)"
  go_on
  assert_equal "$(map_tasks)" 5
  assert_contains "$(cat "$TEST_DIR/err")" ENOENT
}

@test "a NodeManager that is away while blocks are read: readers wait for it" {
  start_cluster 1
  with_service --conf spark.shuffle.io.retryWait=200ms --conf spark.shuffle.io.maxRetries=100
  kill -9 "$(daemon_pid nodemanager nm1)"
  touch "$TEST_DIR/go"
  wait_for 'the second half has begun' 20 jobs_started 2
  start_node nm1
  go_on
  assert_equal "$(map_tasks)" 4
}

# SHUFFLE_MB (default 20; `npm run test:soak` takes 4000): data of each operation, with memory for hardly any of it.
@test "more data than memory through every wide operation, and the known answers" {
  local kind mb=${SHUFFLE_MB:-20} fraction=0.02
  ((mb < 1000)) || fraction=0.6
  start_cluster 1
  for kind in reduceByKey groupByKey join cogroup sortByKey sortWithin distinct; do
    LIMIT=$((60 + mb)) run --separate-stderr submit --master yarn --num-executors 1 --executor-cores 2 --executor-memory 512m \
      --conf spark.memory.fraction=$fraction "$APPS/large-shuffle.ts" $kind $((mb * 10000)) 100 $((mb * 1000)) $((4 + mb / 250))
    assert_status 0
    assert_contains "$output" "$kind ok"
  done
}

@test "compressed shuffle and spill files give the same answers" {
  local codec
  start_cluster 1
  for codec in zstd lz4; do
    run --separate-stderr submit_yarn --conf spark.shuffle.compress=true --conf spark.shuffle.spill.compress=true --conf spark.io.compression.codec=$codec \
      --conf spark.shuffle.readHostLocalDisk=false --conf spark.memory.fraction=0.02 "$APPS/large-shuffle.ts" groupByKey 100000 100 10000 4
    assert_status 0
    assert_contains "$output" 'groupByKey ok bytes 10000000'
  done
}

@test "a full disk among the local dirs: what does not fit goes to the other one, and the job ends well" {
  small_disk=$TEST_DIR/disk
  mkdir "$small_disk" "$TEST_DIR/large"
  mount -t tmpfs -o size=4m,mode=755 tmpfs "$small_disk" 2>/dev/null || { small_disk=; skip 'mounting a tmpfs is not permitted here'; }
  write_conf "yarn.nodemanager.local-dirs: $small_disk,$TEST_DIR/large"
  start_cluster 1
  run --separate-stderr submit_yarn --conf spark.task.maxFailures=1 "$APPS/large-shuffle.ts" sortByKey 400000 100 1000 4
  assert_status 0
  assert_contains "$output" 'sortByKey ok bytes 40000000'
  [[ $stderr != *LOCAL_DISK* ]]
}
