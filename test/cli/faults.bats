# Things that break while jobs run. Each test ends in a bounded time, and where a job can go on, its answer is the one without the fault.
# FAULT_ROUNDS (default 2; `npm run test:soak` takes 30) and FAULT_SEED (default 1) set the rounds of kills.
load helpers

FAULT_ROUNDS=${FAULT_ROUNDS:-2}
FAULT_SEED=${FAULT_SEED:-1}

setup() { new_data; }
teardown() {
  [ -z "$small_disk" ] || umount -l "$small_disk" 2>/dev/null || true
  stop_everything
}

# begin submit-arguments...: spark-submit in the background: $pid, its streams in out and err of $TEST_DIR
begin() {
  : >"$TEST_DIR/out"
  : >"$TEST_DIR/err"
  timeout -k 5 "${LIMIT:-120}" "$BIN/spark-submit" --master yarn --num-executors 2 --executor-memory 512m "$@" </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
}
# ended code: waits for it; both streams are shown when the code is another
ended() {
  local code=0
  wait "$pid" || code=$?
  [ "$code" -eq "$1" ] && return
  printf 'expected exit code %s, got %s\n--- stdout:\n%s\n--- stderr:\n%s\n' "$1" "$code" "$(cat "$TEST_DIR/out")" "$(tail -60 "$TEST_DIR/err")" >&2
  return 1
}
executors_run() { [ "$(container_pids executor | wc -l)" -ge "$1" ]; }
random_instant() { sleep "$(printf '%d.%03d' $((RANDOM % $1 / 1000)) $((RANDOM % 1000)))"; }

# The answer of the shuffling job, from a run in which nothing breaks.
undisturbed_answer() { submit --master 'local[2]' "$APPS/shuffling.ts" "$@" 2>/dev/null; }

@test "kill -9 of executors, NodeManagers and the ResourceManager at random instants of a shuffling job: the answer is always the same" {
  local round victim mode answer id
  write_conf 'yarn.resourcemanager.am.max-attempts: 4'
  start_cluster 2
  answer=$(undisturbed_answer 400000 14)
  assert_contains "$answer" done
  for ((round = 0; round < FAULT_ROUNDS; round++)); do
    RANDOM=$((FAULT_SEED * 1000 + round))
    case $((round % 3)) in 0) victim=executor ;; 1) victim=nodemanager ;; 2) victim=resourcemanager ;; esac
    mode=client
    ((round % 2 == 1)) && mode=cluster
    echo "round $round: $victim in $mode mode; again with FAULT_SEED=$FAULT_SEED FAULT_ROUNDS=$((round + 1))" >&2
    begin --deploy-mode $mode "$APPS/shuffling.ts" 400000 14
    wait_for 'an executor runs' 30 executors_run 1
    random_instant 3000
    if [ $victim = executor ]; then
      kill -9 "$(container_pids executor | shuf -n 1 --random-source=<(yes "$RANDOM"))" 2>/dev/null || true
    elif [ $victim = nodemanager ]; then
      kill -9 "$(daemon_pid nodemanager "nm$((RANDOM % 2 + 1))")"
      random_instant 1000
      for node in nm1 nm2; do daemon_pid nodemanager $node >/dev/null || start_node $node; done
    else
      kill -9 "$(daemon_pid resourcemanager)"
      random_instant 1000
      timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
    fi
    ended 0
    wait_for 'both nodes are there again' 20 nodes_running 2
    id=$(app_id "$(cat "$TEST_DIR/err")")
    if [ $mode = client ]; then
      assert_equal "$(cat "$TEST_DIR/out")" "$answer"
    else
      assert_equal "$(driver_stdout "$id")" "$answer"
    fi
    wait_for 'all containers of the round have ended' 20 no_containers
  done
}

@test "a NodeManager that stays dead: the node is lost, and the job goes on with the other one" {
  write_conf 'yarn.nm.liveness-monitor.expiry-interval-ms: 3000'
  start_cluster 2
  answer=$(undisturbed_answer 400000 3)
  begin "$APPS/shuffling.ts" 400000 3
  wait_for 'executors run' 30 executors_run 2
  kill -9 "$(daemon_pid nodemanager nm2)"
  ended 0
  assert_equal "$(cat "$TEST_DIR/out")" "$answer"
  wait_for 'the node counts as lost' 15 node_is_lost
  wait_for 'no container is left behind' 20 no_containers
}
node_is_lost() { yarn node -list -all 2>/dev/null | grep -q LOST; }

@test "a ResourceManager that stands still for longer than anybody may be silent disturbs nothing" {
  write_conf 'yarn.nm.liveness-monitor.expiry-interval-ms: 3000' 'yarn.am.liveness-monitor.expiry-interval-ms: 3000'
  start_cluster 1
  begin "$APPS/shuffle-twice.ts" "$TEST_DIR"
  wait_for 'the first half is done' 30 test -e "$TEST_DIR/shuffled"
  before=$(container_pids executor)
  rm=$(daemon_pid resourcemanager)
  kill -STOP "$rm"
  wait_for 'the node has given up waiting for an answer' 20 file_has "$(echo "$EMBERLOOM_DATA"/logs/*nodemanager*.log)" 'No connection to the ResourceManager'
  kill -CONT "$rm"
  wait_for 'it has noticed' 10 file_has "$(echo "$EMBERLOOM_DATA"/logs/*resourcemanager*.log)" 'The clock moved by [0-9]+ ms'
  wait_for 'the node is there again' 20 nodes_running 1
  wait_for 'the driver is there again' 20 driver_is_back
  assert_equal "$(container_pids executor)" "$before"
  touch "$TEST_DIR/go"
  ended 0
  if grep -q 'to LOST' "$EMBERLOOM_DATA"/logs/*resourcemanager*.log; then echo 'a node was lost' >&2; return 1; fi
  wait_for 'its containers have ended' 20 no_containers
}
# Either it never lost its connection, or it has made it again.
driver_is_back() { ! grep -q 'Lost the connection to the ResourceManager' "$TEST_DIR/err" || grep -q 'Registered with the ResourceManager again' "$TEST_DIR/err"; }

@test "a NodeManager that stands still until it is lost, and goes on: the answer is the same, and none of its containers stays" {
  write_conf 'yarn.nm.liveness-monitor.expiry-interval-ms: 2000'
  start_cluster 2
  answer=$(undisturbed_answer 400000 8)
  begin "$APPS/shuffling.ts" 400000 8
  wait_for 'executors run' 30 executors_run 2
  node=$(daemon_pid nodemanager nm2)
  kill -STOP "$node"
  wait_for 'the node counts as lost' 15 node_is_lost
  kill -CONT "$node"
  wait_for 'both nodes are there' 20 nodes_running 2
  ended 0
  assert_equal "$(cat "$TEST_DIR/out")" "$answer"
  wait_for 'no container is left behind' 20 no_containers
}

@test "more applications at once than the cluster has room for drivers: all come to their end" {
  write_conf 'yarn.nodemanager.resource.memory-mb: 4096' 'yarn.nodemanager.resource.cpu-vcores: 4'
  start_cluster 1
  local i pids=()
  for ((i = 0; i < 10; i++)); do
    LIMIT=120 submit --master yarn --deploy-mode cluster --driver-memory 512m --num-executors 1 --executor-memory 512m "$APPS/ok.ts" >/dev/null 2>"$TEST_DIR/err.$i" 3>&- &
    pids+=($!)
  done
  for i in "${pids[@]}"; do wait "$i"; done
  wait_for 'no container is left behind' 20 no_containers
}

@test "kill -9 of the ResourceManager does not disturb containers: their pids stay the same" {
  start_cluster 1
  begin "$APPS/shuffle-twice.ts" "$TEST_DIR"
  wait_for 'the first half is done' 30 test -e "$TEST_DIR/shuffled"
  before=$(container_pids executor)
  kill -9 "$(daemon_pid resourcemanager)"
  timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
  wait_for 'the node is there again' 20 nodes_running 1
  id=$(app_id "$(cat "$TEST_DIR/err")")
  wait_for 'the application runs, for the new ResourceManager too' 20 app_in_state "$id" RUNNING
  assert_equal "$(container_pids executor)" "$before"
  touch "$TEST_DIR/go"
  ended 0
  assert_equal "$(sed -n 's/^second //p' "$TEST_DIR/out")" "$(sed -n 's/^first //p' "$TEST_DIR/out")"
  assert_equal "$(app_field "$id" Final-State)" SUCCEEDED
}

@test "kill -9 of a NodeManager does not disturb containers: started again, it takes them back" {
  start_cluster 1
  begin "$APPS/shuffle-twice.ts" "$TEST_DIR"
  wait_for 'the first half is done' 30 test -e "$TEST_DIR/shuffled"
  before=$(container_pids executor)
  kill -9 "$(daemon_pid nodemanager nm1)"
  start_node nm1
  wait_for 'the node is there again' 20 nodes_running 1
  assert_equal "$(container_pids executor)" "$before"
  touch "$TEST_DIR/go"
  ended 0
  assert_equal "$(sed -n 's/^second //p' "$TEST_DIR/out")" "$(sed -n 's/^first //p' "$TEST_DIR/out")"
  wait_for 'its containers have ended' 20 no_containers
}

@test "kill -9 of the driver in client mode: its executors end, and the application does not stay" {
  write_conf 'yarn.am.liveness-monitor.expiry-interval-ms: 2000'
  start_cluster 1
  begin "$APPS/never-ends.ts" task
  wait_for 'tasks run' 30 file_has "$TEST_DIR/out" 'it begins'
  id=$(app_id "$(cat "$TEST_DIR/err")")
  kill -9 "$(pgrep -P "$pid" || echo "$pid")"
  wait "$pid" || true
  wait_for 'its executors have ended' 10 no_containers
  wait_for 'the application has ended' 15 app_in_state "$id" 'FAILED|KILLED|FINISHED'
}

@test "kill -9 of the driver in cluster mode: another attempt gives the same answer" {
  start_cluster 1
  answer=$(undisturbed_answer 400000 3)
  begin --deploy-mode cluster --conf spark.yarn.maxAppAttempts=2 "$APPS/shuffling.ts" 400000 3 "$TEST_DIR"
  wait_for 'the first round is done' 60 test -e "$TEST_DIR/begun"
  kill -9 "$(container_pids driver)"
  touch "$TEST_DIR/go"
  ended 0
  id=$(app_id "$(cat "$TEST_DIR/err")")
  assert_contains "$(yarn logs -applicationId "$id" -log_files stdout 2>/dev/null)" "$answer"
  assert_matches "$(yarn applicationattempt -list "$id" 2>/dev/null)" 'appattempt_.*_000002'
}

@test "a driver in cluster mode that hangs (SIGSTOP) loses its attempt: another one gives the same answer, nothing of the first stays" {
  write_conf 'yarn.am.liveness-monitor.silence-interval-ms: 2000'
  start_cluster 1
  answer=$(undisturbed_answer 400000 3)
  begin --deploy-mode cluster --conf spark.yarn.maxAppAttempts=2 "$APPS/shuffling.ts" 400000 3 "$TEST_DIR"
  wait_for 'the first round is done' 60 test -e "$TEST_DIR/begun"
  kill -STOP "$(container_pids driver)"
  touch "$TEST_DIR/go"
  ended 0
  id=$(app_id "$(cat "$TEST_DIR/err")")
  assert_contains "$(yarn logs -applicationId "$id" -log_files stdout 2>/dev/null)" "$answer"
  assert_matches "$(yarn applicationattempt -list "$id" 2>/dev/null)" 'appattempt_.*_000002'
  wait_for 'no container is left behind' 20 no_containers
}

@test "a driver in client mode that hangs (SIGSTOP) fails its application, and says why when it goes on" {
  write_conf 'yarn.am.liveness-monitor.silence-interval-ms: 2000'
  start_cluster 1
  begin "$APPS/shuffle-twice.ts" "$TEST_DIR"
  wait_for 'the first half is done' 30 test -e "$TEST_DIR/shuffled"
  id=$(app_id "$(cat "$TEST_DIR/err")")
  driver=$(pgrep -P "$pid")
  kill -STOP "$driver"
  wait_for 'the application has failed' 20 app_in_state "$id" FAILED
  wait_for 'its executors have ended' 20 no_containers
  kill -CONT "$driver"
  touch "$TEST_DIR/go"
  ended 1
  assert_contains "$(cat "$TEST_DIR/err")" 'said nothing for 2000 ms'
}

# FAULT_COMMITS (default 2 5; a soak takes more): after which commits of its life, its first being the beginning of the epoch.
@test "the ResourceManager dies right after a commit and tells nobody of it, every other time with the NodeManager, which comes back first: the answer is the same" {
  local commit answer mode rm id died=0
  write_conf 'yarn.resourcemanager.am.max-attempts: 4'
  start_cluster 1
  answer=$(undisturbed_answer 200000 2)
  for commit in ${FAULT_COMMITS:-2 5}; do
    timeout 30 "$BIN/stop-resourcemanager.sh" </dev/null
    KILL_AT=$commit NODE_OPTIONS="--require $HELPERS/kill-at-commit.cjs" timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
    rm=$(daemon_pid resourcemanager)
    wait_for 'the node is there' 20 nodes_running 1
    mode=client
    ((commit % 2 == 1)) && mode=cluster
    echo "commit $commit in $mode mode; again with FAULT_COMMITS=$commit" >&2
    begin --deploy-mode $mode "$APPS/shuffling.ts" 200000 2
    wait_for 'it has died, or there are not so many commits' 60 died_or_ended "$rm"
    if gone "$rm"; then
      died=$((died + 1))
      if ((died % 2 == 1)); then
        kill -9 "$(daemon_pid nodemanager nm1)"
        start_node nm1 3>&- &
      fi
      timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
    fi
    ended 0
    wait_for 'the node is there again' 20 nodes_running 1
    id=$(app_id "$(cat "$TEST_DIR/err")")
    # In cluster mode the commit may have been the grant of the driver's container, which no node has heard of then: a second attempt, that uses up none.
    if [ $mode = client ]; then assert_equal "$(cat "$TEST_DIR/out")" "$answer"; else assert_contains "$(yarn logs -applicationId "$id" -log_files stdout 2>/dev/null)" "$answer"; fi
    wait_for 'all containers of the round have ended' 20 no_containers
  done
  [ "$died" -gt 0 ]
}
died_or_ended() { gone "$1" || gone "$pid"; }

@test "drivers that fail less often than the validity interval says never use up their attempts; a second failure within it does" {
  local id attempt
  start_cluster 1
  begin --deploy-mode cluster --conf spark.yarn.maxAppAttempts=2 --conf spark.yarn.am.attemptFailuresValidityInterval=2s "$APPS/never-ends.ts" task
  id=
  for attempt in 1 2 3; do
    wait_for "driver $attempt runs" 40 attempt_runs "$attempt"
    sleep 2.1 # the failure before is older than the interval then: that is what is tested
    kill -9 "$(container_pids driver)"
  done
  wait_for 'the fourth driver runs' 40 attempt_runs 4
  kill "$pid" 2>/dev/null || true
  wait "$pid" || true
  yarn application -kill "$(app_id "$(cat "$TEST_DIR/err")")" >/dev/null 2>&1
  wait_for 'nothing runs' 20 no_containers

  begin --deploy-mode cluster --conf spark.yarn.maxAppAttempts=2 --conf spark.yarn.am.attemptFailuresValidityInterval=1h "$APPS/never-ends.ts" task
  for attempt in 1 2; do
    wait_for "driver $attempt runs" 40 attempt_runs "$attempt"
    kill -9 "$(container_pids driver)"
  done
  ended 1
  assert_contains "$(yarn application -status "$(app_id "$(cat "$TEST_DIR/err")")" 2>/dev/null)" 'failed 2 times'
}
attempt_runs() {
  local id
  id=$(app_id "$(cat "$TEST_DIR/err")")
  [ -n "$id" ] && yarn applicationattempt -list "$id" 2>/dev/null | grep -E "_00000$1.*RUNNING" >/dev/null
}

@test "kill -9 of the ResourceManager between a submitter's first word and its submit: the submit waits for it and goes on" {
  start_cluster 1
  begin "$APPS/waits-then-counts.ts" "$TEST_DIR"
  wait_for 'the program has begun' 30 test -e "$TEST_DIR/began"
  kill -9 "$(daemon_pid resourcemanager)"
  touch "$TEST_DIR/go"
  wait_for 'the submitter waits' 20 grep -q 'Waiting for the ResourceManager' "$TEST_DIR/err"
  timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
  ended 0
  assert_equal "$(cat "$TEST_DIR/out")" 'count 1000'
}

# damage_and_read flip|cut|remove one|all master: the job between its two readings of a shuffle, whose files are damaged then
damage_and_read() {
  local damage=$1 which=$2 file n=0
  rm -f "$TEST_DIR/go" "$TEST_DIR/shuffled"
  begin --master "$3" --conf spark.local.dir="$TEST_DIR/tmp" "$APPS/shuffle-twice.ts" "$TEST_DIR"
  wait_for 'the shuffle is written' 30 test -e "$TEST_DIR/shuffled"
  while IFS= read -r file; do
    n=$((n + 1))
    case $damage in
      flip) printf 'XXXXXXXX' | dd of="$file" bs=1 seek=$(($(stat -c %s "$file") / 2)) conv=notrunc status=none ;;
      cut) truncate -s $(($(stat -c %s "$file") / 2)) "$file" ;;
      remove) rm "$file" ;;
    esac
    [ "$which" = all ] || break
  done < <(find "$TEST_DIR/data/local" "$TEST_DIR/tmp" -type f -path '*shuffle*' ! -name '*.index' -size +0 2>/dev/null | sort)
  [ "$n" -gt 0 ] || { echo 'no shuffle file was found' >&2; find "$TEST_DIR/data/local" "$TEST_DIR/tmp" >&2; return 1; }
  touch "$TEST_DIR/go"
  ended 0
  assert_matches "$(cat "$TEST_DIR/out")" '^first [0-9]+'
  assert_equal "$(sed -n 's/^second //p' "$TEST_DIR/out")" "$(sed -n 's/^first //p' "$TEST_DIR/out")"
  assert_matches "$(cat "$TEST_DIR/err")" 'FetchFailed'
}

@test "a shuffle file that was damaged, cut or removed is noticed, and made again" {
  start_cluster 1
  for damage in flip cut remove; do
    damage_and_read $damage one yarn
    damage_and_read $damage one 'local[2]'
  done
}

@test "all files of a shuffle damaged or removed at once: they are made again too" {
  start_cluster 1
  for damage in flip remove; do
    damage_and_read $damage all yarn
    damage_and_read $damage all 'local[2]'
  done
}

# A disk of 16 MB at $small_disk, for the test that calls this.
mount_small_disk() {
  small_disk=$TEST_DIR/disk
  mkdir "$small_disk"
  mount -t tmpfs -o size=16m,mode=755 tmpfs "$small_disk" 2>/dev/null || { small_disk=; skip 'mounting a tmpfs is not permitted here'; }
}

@test "a full disk under the local dirs ends the job with the path and the reason, and the cluster goes on" {
  mount_small_disk
  write_conf "yarn.nodemanager.local-dirs: $small_disk"
  start_cluster 1
  mkdir "$TEST_DIR/events"
  LIMIT=60 begin --conf spark.eventLog.enabled=true --conf spark.eventLog.compress=false --conf "spark.eventLog.dir=file:$TEST_DIR/events" "$APPS/fills-disk.ts"
  ended 1
  reason="Writing $small_disk/.* failed: .*[Nn]o space left"
  assert_matches "$(cat "$TEST_DIR/err")" "$reason"
  assert_matches "$(yarn application -status "$(app_id "$(cat "$TEST_DIR/err")")" 2>&1)" "$reason"
  assert_matches "$(grep -rh SparkListenerStageCompleted "$TEST_DIR/events" | jq -r '."Stage Info"."Failure Reason" // empty')" "$reason"
  wait_for 'all containers have ended' 20 no_containers
  run --separate-stderr submit_yarn "$APPS/ok.ts"
  assert_status 0
  assert_contains "$output" 'sum 10'
}

@test "the local dirs fail under a node: the container that was to begin ends with -101, its node is UNHEALTHY at once, and the job goes on when they are back" {
  write_conf "yarn.nodemanager.local-dirs: $TEST_DIR/disk/local" 'yarn.nodemanager.disk-health-checker.interval-ms: 4000'
  start_cluster 1
  unhealthy() { yarn node -list -states UNHEALTHY 2>/dev/null | grep -q UNHEALTHY; }
  mv "$TEST_DIR/disk" "$TEST_DIR/disk.away"
  touch "$TEST_DIR/disk" # as a disk that is not mounted any more: no folder can be made there
  timeout 60 "$BIN/emberloom" run --name late -- echo hi </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'the node is not well' 20 unhealthy
  assert_contains "$(yarn node -status "$(yarn node -list -all 2>/dev/null | grep -oE '[^ ]+:nm1')" 2>/dev/null)" '1/1 local-dirs unusable'
  assert_matches "$(cat "$EMBERLOOM_DATA"/logs/*nodemanager*.log)" 'Container container_.* ended with -101'
  rm "$TEST_DIR/disk" && mv "$TEST_DIR/disk.away" "$TEST_DIR/disk"
  local code=0
  wait "$pid" || code=$?
  assert_equal "$code" 0
  assert_equal "$(cat "$TEST_DIR/out")" '[0] hi'
}

@test "a full disk under spark.local.dir ends a local job with the path and the reason, and leaves nothing there" {
  mount_small_disk
  run --separate-stderr submit --master 'local[2]' --conf spark.local.dir="$small_disk" "$APPS/fills-disk.ts"
  assert_status 1
  assert_matches "$stderr" "Writing $small_disk/.* failed: .*[Nn]o space left"
  [ -z "$(find "$small_disk" -type f)" ]
}

@test "two users' jobs at once: each under its own name, each with its own answer" {
  start_cluster 2
  local alice bob
  HADOOP_USER_NAME=alice submit_yarn "$APPS/shuffling.ts" 100000 2 >"$TEST_DIR/alice" 2>"$TEST_DIR/alice.err" 3>&- &
  alice=$!
  HADOOP_USER_NAME=bob submit_yarn "$APPS/shuffling.ts" 120000 2 >"$TEST_DIR/bob" 2>"$TEST_DIR/bob.err" 3>&- &
  bob=$!
  wait $alice
  wait $bob
  assert_equal "$(cat "$TEST_DIR/alice")" "$(undisturbed_answer 100000 2)"
  assert_equal "$(cat "$TEST_DIR/bob")" "$(undisturbed_answer 120000 2)"
  run --separate-stderr yarn application -list -appStates FINISHED
  assert_matches "$output" "$(app_id "$(cat "$TEST_DIR/alice.err")").*alice"
  assert_matches "$output" "$(app_id "$(cat "$TEST_DIR/bob.err")").*bob"

  HADOOP_USER_NAME=alice run --separate-stderr submit_cluster "$APPS/ok.ts"
  assert_status 0
  assert_contains "$(driver_stdout "$(app_id "$stderr")")" 'for alice'
}

@test "garbage, oversized and unproven frames to every socket: all are turned away, and the job goes on" {
  start_cluster 1
  begin "$APPS/shuffle-twice.ts" "$TEST_DIR"
  wait_for 'the first half is done' 30 test -e "$TEST_DIR/shuffled"
  run timeout 120 "$NODE" "$HELPERS/attack-sockets.ts" "$TEST_DIR" "$FAULT_SEED"
  assert_status 0
  assert_contains "$output" 'rm.sock'
  assert_contains "$output" 'nm-nm1.sock'
  [ "$(grep -c attacks <<<"$output")" -ge 3 ]
  touch "$TEST_DIR/go"
  ended 0
  assert_equal "$(sed -n 's/^second //p' "$TEST_DIR/out")" "$(sed -n 's/^first //p' "$TEST_DIR/out")"
  nodes_running 1
  # Who does not have the secret gets no further with a command either.
  cp -r "$EMBERLOOM_CONF_DIR" "$TEST_DIR/conf2"
  mkdir -m 700 "$TEST_DIR/stranger"
  echo 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff >"$TEST_DIR/stranger/secret"
  chmod 600 "$TEST_DIR/stranger/secret"
  echo "yarn.resourcemanager.address: unix:$EMBERLOOM_DATA/run/rm.sock" >>"$TEST_DIR/conf2/emberloom.yaml"
  EMBERLOOM_DATA=$TEST_DIR/stranger EMBERLOOM_CONF_DIR=$TEST_DIR/conf2 run yarn application -list
  [ "$status" -ne 0 ]
  assert_contains "$output" 'refused the proof of identity'
}

@test "the socket of a local job is closed to strangers, and is gone afterwards" {
  begin --master 'local[2]' "$APPS/shuffle-twice.ts" "$TEST_DIR"
  wait_for 'the first half is done' 30 test -e "$TEST_DIR/shuffled"
  if [ -n "$(awk -v d="$TEST_DIR/" 'index($8, d) == 1 && $4 == "00010000"' /proc/net/unix)" ]; then
    run timeout 60 "$NODE" "$HELPERS/attack-sockets.ts" "$TEST_DIR"
    assert_status 0
  fi
  touch "$TEST_DIR/go"
  ended 0
  [ -z "$(find "$TEST_DIR" -type s)" ]
  [ -z "$(find "$TEST_DIR/tmp" -type f)" ]
}

@test "kill -9 of a local program leaves a folder that the next program sweeps away" {
  begin --master 'local[2]' "$APPS/shuffle-twice.ts" "$TEST_DIR"
  wait_for 'the first half is done' 30 test -e "$TEST_DIR/shuffled"
  kill -9 "$(pgrep -P "$pid")"
  wait "$pid" || true
  [ -n "$(find "$TEST_DIR/tmp" -type f -name '*.data')" ]
  submit --master 'local[2]' "$APPS/ok.ts" 2>/dev/null
  [ -z "$(find "$TEST_DIR/tmp" -mindepth 1 -name 'emberloom-*')" ]
}

@test "a stale pid file, of a dead process and of a stranger's, does not keep a daemon from starting" {
  start_cluster 1
  local pidfile file
  kill -9 "$(daemon_pid resourcemanager)"
  timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
  wait_for 'the node is there again' 20 nodes_running 1
  timeout 30 "$BIN/stop-all.sh" </dev/null
  timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
  pidfile=$(find "$EMBERLOOM_DATA/pids" -name '*resourcemanager*.pid')
  file=$(cat "$pidfile")
  timeout 30 "$BIN/stop-resourcemanager.sh" </dev/null
  echo $$ >"$pidfile" # alive, and none of ours
  timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
  [ "$(daemon_pid resourcemanager)" != "$file" ]
  alive $$
  yarn application -list >/dev/null
}

@test "a second ResourceManager on the same socket, and a port in use: refused with the address, the first one goes on" {
  start_cluster 1
  run --separate-stderr timeout 20 "$NODE" "$ROOT/dist/resourcemanager.cjs" --data "$EMBERLOOM_DATA" --conf "$EMBERLOOM_CONF_DIR/emberloom.yaml"
  assert_status 73
  assert_matches "$output$stderr" 'rm\.sock is in use'
  nodes_running 1

  "$NODE" -e 'require("net").createServer().listen(0, "127.0.0.1", function () { console.log(this.address().port) })' "$TEST_DIR/" >"$TEST_DIR/port" 3>&- &
  wait_for 'a port is taken' 10 test -s "$TEST_DIR/port"
  mkdir "$TEST_DIR/data2" && chmod 700 "$TEST_DIR/data2"
  write_conf "yarn.resourcemanager.address: tcp:127.0.0.1:$(cat "$TEST_DIR/port")"
  EMBERLOOM_DATA=$TEST_DIR/data2 run timeout 30 "$BIN/start-resourcemanager.sh"
  [ "$status" -ne 0 ]
  assert_matches "$output" "127\.0\.0\.1:$(cat "$TEST_DIR/port") is in use"
}

@test "everything that was started ends with stop-all, and nothing is left of the applications" {
  start_cluster 2
  submit_yarn "$APPS/ok.ts" >/dev/null 2>&1
  begin "$APPS/never-ends.ts" task
  wait_for 'tasks run' 30 file_has "$TEST_DIR/out" 'it begins'
  timeout 60 "$BIN/stop-all.sh" </dev/null
  # The driver may wait for its ResourceManager, which can come back; its user does not.
  kill "$pid" 2>/dev/null || true
  if wait "$pid"; then echo 'a job that was cut off counts as done' >&2; return 1; fi
  wait_for 'no process is left' 20 nothing_runs
  [ -z "$(find "$EMBERLOOM_DATA/local" -path '*appcache/application_*' -type f)" ]
  [ -z "$(find "$EMBERLOOM_DATA/staging" -mindepth 1 2>/dev/null)" ]
}
