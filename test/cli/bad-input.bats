# Wrong options, wrong programs, wrong files: each ends in a bounded time, with Spark's exit code and a sentence that says what to do.
load helpers

setup_file() {
  new_data
  start_cluster 1
}
teardown_file() { stop_everything; }
# After every one of these the cluster is as it was; what one leaves behind must not fail the next ones.
teardown() {
  note_failure
  [ -z "${pid:-}" ] || gone_or_zombie "$pid" || kill -9 "$pid"
  wait_for 'all containers have ended' 15 no_containers || { kill -9 $(container_pids); return 1; }
}

# ends_with code text: what the last `run` must have given, on stderr; and no stack of our own
ends_with() {
  assert_status "$1"
  assert_contains "$stderr" "$2"
  if grep -qE '^ +at .*/(src|dist)/' <<<"$stderr"; then
    printf 'a stack of the engine was shown:\n%s\n' "$stderr" >&2
    return 1
  fi
}

@test "unknown option" {
  run --separate-stderr submit --bogus "$APPS/ok.ts"
  ends_with 1 'Unrecognized option: --bogus'
}

@test "memory 0, 12x, a negative one, for driver and executor" {
  for memory in 0 12x -1g ''; do
    for side in driver executor; do
      run --separate-stderr submit --master 'local[2]' --$side-memory "$memory" "$APPS/ok.ts"
      assert_status 1
      assert_matches "$stderr" '[Mm]emory'
      [ -z "$output" ]
    done
  done
}

@test "more memory than any node has: refused before anything starts, with both numbers" {
  run --separate-stderr submit_yarn --executor-memory 100g "$APPS/ok.ts"
  assert_status 1
  assert_matches "$stderr" '(102400|112640) MB.*8192 MB'
  run --separate-stderr submit_cluster --driver-memory 100g "$APPS/ok.ts"
  assert_status 1
  assert_matches "$stderr" 'Required AM memory \(102400\+10240 MB\) is above the max threshold \(8192 MB\)'
}

@test "more cores than any node has" {
  run --separate-stderr submit_yarn --executor-cores 64 "$APPS/ok.ts"
  assert_status 1
  assert_matches "$stderr" '64'
  [ -z "$output" ]
}

@test "unknown queue: the text names the queue, and the ones that exist" {
  for mode in client cluster; do
    run --separate-stderr submit_yarn --deploy-mode $mode --queue nowhere "$APPS/ok.ts"
    ends_with 1 'unknown queue: nowhere'
    assert_contains "$stderr" 'default'
  done
}

@test "missing program, missing --files, missing --archives, missing properties file" {
  run --separate-stderr submit "$TEST_DIR/nowhere.ts"
  assert_matches "$status" '^(1|2)$'
  assert_contains "$stderr" "$TEST_DIR/nowhere.ts"
  run --separate-stderr submit_cluster "$TEST_DIR/nowhere.ts"
  assert_status 1
  assert_contains "$stderr" "$TEST_DIR/nowhere.ts"
  for option in --files --archives; do
    for master in 'local[2]' yarn; do
      run --separate-stderr submit --master "$master" $option "$TEST_DIR/nowhere.zip" "$APPS/ok.ts"
      ends_with 1 "$TEST_DIR/nowhere.zip"
      [ -z "$output" ]
    done
  done
  run --separate-stderr submit --properties-file "$TEST_DIR/nowhere.conf" "$APPS/ok.ts"
  ends_with 1 "nowhere.conf"
}

@test "a program with a syntax error: file and line are named" {
  for mode in client cluster; do
    run --separate-stderr submit_yarn --deploy-mode $mode "$APPS/syntax-error.ts"
    assert_status 1
    if [ $mode = client ]; then
      assert_matches "$stderr" 'syntax-error\.ts:3'
    else
      assert_contains "$(yarn logs -applicationId "$(app_id "$stderr")" 2>&1)" 'syntax-error.ts:3'
    fi
  done
}

@test "a program that throws: exit 1, its own message and line, in client and in cluster mode" {
  run --separate-stderr submit --master 'local[2]' "$APPS/throws.ts"
  ends_with 1 'thrown by the program'
  assert_contains "$stderr" 'throws.ts:7'
  run --separate-stderr submit_yarn "$APPS/throws.ts"
  ends_with 1 'thrown by the program'
  wait_for 'the application counts as failed' 10 app_in_state "$(app_id "$stderr")" 'FINISHED|FAILED'
  assert_equal "$(app_field "$(app_id "$stderr")" Final-State)" FAILED

  run --separate-stderr submit_cluster "$APPS/throws.ts"
  assert_status 1
  assert_contains "$stderr" "Application $(app_id "$stderr") finished with failed status"
  assert_contains "$(yarn application -status "$(app_id "$stderr")" 2>&1)" 'thrown by the program'
}

@test "a program that throws before it has a context: one attempt's code is 13 in YARN's words, spark-submit's is 1" {
  run --separate-stderr submit_cluster "$APPS/throws.ts" early
  assert_status 1
  assert_contains "$(yarn application -status "$(app_id "$stderr")" 2>&1)" 'thrown before there was a context'
}

@test "a program that calls process.exit(3): 3 in local and client mode, 1 in cluster mode with the 3 in the diagnostics" {
  run --separate-stderr submit --master 'local[2]' "$APPS/exits.ts"
  assert_status 3
  run --separate-stderr submit_yarn "$APPS/exits.ts"
  assert_status 3
  run --separate-stderr submit_cluster "$APPS/exits.ts"
  assert_status 1
  assert_contains "$(yarn application -status "$(app_id "$stderr")" 2>&1)" 'User application exited with 3'
}

@test "a program that calls process.exit(0) has succeeded, in every mode" {
  run --separate-stderr submit --master 'local[2]' "$APPS/exits.ts" 0
  assert_status 0
  run --separate-stderr submit_yarn "$APPS/exits.ts" 0
  assert_status 0
  assert_equal "$(app_field "$(app_id "$stderr")" Final-State)" SUCCEEDED
  run --separate-stderr submit_cluster "$APPS/exits.ts" 0
  assert_status 0
}

# begin options... program [arguments]: in the background; $pid, and files out and err in $TEST_DIR
begin() {
  : >"$TEST_DIR/out"
  : >"$TEST_DIR/err"
  "$BIN/spark-submit" "$@" </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
}
# ended_with code: waits for what was begun
ended_with() {
  local code=0
  wait_for 'spark-submit has ended' 20 gone_or_zombie "$pid"
  wait "$pid" || code=$?
  assert_equal "$code" "$1"
}
gone_or_zombie() { gone "$1" || grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"; }

# In a program that is stuck in its own loop signals have their default effect, once this was seen. SIGHUP (1) tells: Node.js itself does not catch it.
seen_to_be_stuck() { (((0x$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status") & 1) == 0)); }

# stopped_by_signals task|idle|driver: SIGINT gives 130, SIGTERM 143, and nothing stays behind
stopped_by_signals() {
  local signal
  for signal in INT:130 TERM:143; do
    begin --master yarn --num-executors 1 --executor-memory 256m "$APPS/never-ends.ts" "$1"
    wait_for 'the program is there' 20 file_has "$TEST_DIR/out" 'it begins'
    [ "$1" != driver ] || wait_for 'it is seen to be stuck' 20 seen_to_be_stuck "$pid"
    # Node.js restores the signals that a shell ignores for what it starts in the background.
    kill -s "${signal%:*}" "$pid"
    ended_with "${signal#*:}"
    wait_for 'its containers have ended' 15 no_containers
  done
}

@test "tasks that never end: Ctrl-C gives 130, SIGTERM 143, and nothing stays behind" { stopped_by_signals task; }

@test "a program that waits for ever: Ctrl-C gives 130, SIGTERM 143, and nothing stays behind" { stopped_by_signals idle; }

@test "a program that never leaves its own loop: Ctrl-C gives 130, SIGTERM 143, and nothing stays behind" { stopped_by_signals driver; }

@test "a local program that never leaves its own loop: Ctrl-C ends it" {
  begin --master 'local[2]' "$APPS/never-ends.ts" driver
  wait_for 'the program is there' 20 file_has "$TEST_DIR/out" 'it begins'
  wait_for 'it is seen to be stuck' 20 seen_to_be_stuck "$pid"
  kill -s INT "$pid"
  ended_with 130
}

@test "a local program that gets stuck later: the first Ctrl-C may come too early to be heard, the second ends it" {
  begin --master 'local[2]' "$APPS/never-ends.ts" later
  wait_for 'the program is there' 20 file_has "$TEST_DIR/out" 'it begins'
  kill -s INT "$pid"
  wait_for 'it is seen to be stuck' 20 seen_to_be_stuck_or_gone "$pid"
  kill -s INT "$pid" 2>/dev/null || true
  ended_with 130
}
seen_to_be_stuck_or_gone() { gone_or_zombie "$1" || seen_to_be_stuck "$1"; }

@test "a program that never ends: yarn application -kill ends it, in client and cluster mode" {
  local id
  begin --master yarn --num-executors 1 --executor-memory 256m "$APPS/never-ends.ts" task
  wait_for 'the program is there' 20 file_has "$TEST_DIR/out" 'it begins'
  id=$(app_id "$(cat "$TEST_DIR/err")")
  run yarn application -kill "$id"
  assert_equal "$status" 0
  ended_with 1
  assert_matches "$(cat "$TEST_DIR/err")" "Application $id is killed|$id.*[Kk]illed"
  assert_equal "$(app_field "$id" State)" KILLED

  begin --master yarn --deploy-mode cluster --num-executors 1 --executor-memory 256m "$APPS/never-ends.ts" driver
  wait_for 'the application runs' 20 file_has "$TEST_DIR/err" 'state: RUNNING'
  id=$(app_id "$(cat "$TEST_DIR/err")")
  run yarn application -kill "$id"
  assert_equal "$status" 0
  ended_with 1
  assert_contains "$(cat "$TEST_DIR/err")" "Application $id is killed"
}

@test "spark-submit --kill and --status take an application id" {
  begin --master yarn --deploy-mode cluster --num-executors 1 --executor-memory 256m "$APPS/never-ends.ts" idle
  wait_for 'the application runs' 20 file_has "$TEST_DIR/err" 'state: RUNNING'
  local id
  id=$(app_id "$(cat "$TEST_DIR/err")")
  run --separate-stderr submit --master yarn --status "$id"
  assert_status 0
  assert_contains "$output$stderr" RUNNING
  run --separate-stderr submit --master yarn --kill "$id"
  assert_status 0
  ended_with 1
}

@test "a driver in cluster mode that leaks to its limit: the reason is in the diagnostics" {
  run --separate-stderr submit_cluster --conf spark.yarn.maxAppAttempts=1 --driver-memory 128m "$APPS/leaks.ts" driver native
  assert_status 1
  assert_matches "$(yarn application -status "$(app_id "$stderr")" 2>&1)" "beyond the 'PHYSICAL' memory limit\. Current usage: .* of 512 MB physical memory used"
  run --separate-stderr submit_cluster --conf spark.yarn.maxAppAttempts=1 --driver-memory 128m "$APPS/leaks.ts" driver heap
  assert_status 1
  assert_matches "$(yarn application -status "$(app_id "$stderr")" 2>&1)" '[Mm]emory|heap'
}

@test "a driver in client mode that leaks to its limit ends, and its executors with it" {
  run --separate-stderr submit_yarn --driver-memory 128m "$APPS/leaks.ts" driver heap
  [ "$status" -ne 0 ]
  assert_matches "$stderr" '[Mm]emory|heap'
}

@test "a task that leaks heap: the job ends with what ran out, in local mode and on the cluster" {
  run --separate-stderr submit --master 'local[2]' --driver-memory 192m "$APPS/leaks.ts" task heap
  assert_status 1
  assert_matches "$stderr" 'ran out of its heap|out of memory'
  LIMIT=90 run --separate-stderr submit_yarn --executor-memory 256m --conf spark.task.maxFailures=2 "$APPS/leaks.ts" task heap
  assert_status 1
  assert_contains "$stderr" 'ran out of its heap'
  assert_contains "$stderr" '--executor-memory'
}

@test "a task that leaks memory outside the heap: the NodeManager kills its container, and the submitter reads why" {
  LIMIT=90 run --separate-stderr submit_yarn --conf spark.executor.memoryOverhead=64m --executor-memory 192m --conf spark.task.maxFailures=2 "$APPS/leaks.ts" task native
  [ "$status" -ne 0 ]
  assert_matches "$stderr" "beyond the 'PHYSICAL' memory limit\. Current usage: .* of 256 MB physical memory used"
}

@test "a function that captures a socket: refused at the user's line, with the way to it" {
  for master in 'local[2]' yarn; do
    run --separate-stderr submit --master "$master" "$APPS/captures-socket.ts"
    assert_status 1
    assert_contains "$stderr" 'Task not serializable'
    assert_matches "$stderr" 'captures-socket\.ts:8'
    assert_contains "$stderr" 'connection'
    assert_contains "$stderr" 'Socket'
    [ -z "$output" ]
  done
}

@test "a record that throws: the job fails with the user's error, file and line" {
  for master in 'local[2]' yarn; do
    run --separate-stderr submit --master "$master" "$APPS/bad-record.ts"
    assert_status 1
    assert_contains "$stderr" 'Job aborted due to stage failure'
    assert_contains "$stderr" 'RangeError: no number: three'
    assert_matches "$stderr" 'bad-record\.ts:6'
    [ -z "$output" ]
  done
}

@test "an archive with ../, an absolute path, or a link that leaves it is refused, and nothing is written outside" {
  local evil=$TEST_DIR/evil archive
  mkdir -p "$evil"
  "$NODE" "$HELPERS/evil-archives.ts" "$evil" "$TEST_DIR/escaped"
  for archive in "$evil"/bad-*; do
    run --separate-stderr submit_yarn --archives "$archive#data" "$APPS/reads-archive.ts"
    [ "$status" -ne 0 ] || { echo "$archive was taken" >&2; return 1; }
    assert_matches "$stderr" 'outside its folder'
    [ -z "$output" ]
    run --separate-stderr submit --master 'local[2]' --archives "$archive#data" "$APPS/reads-archive.ts"
    [ "$status" -ne 0 ] || { echo "$archive was taken locally" >&2; return 1; }
    assert_matches "$stderr" 'outside its folder'
    [ -z "$(find "$TEST_DIR" /tmp -maxdepth 1 -name 'escaped*')" ]
    [ -z "$(find "$TEST_DIR/data" -name 'escaped*')" ]
  done
}

@test "an archive with links that stay inside is unpacked, in every format" {
  local good=$TEST_DIR/good archive
  mkdir -p "$good"
  "$NODE" "$HELPERS/evil-archives.ts" "$good" "$TEST_DIR/escaped"
  for archive in "$good"/good*; do
    run --separate-stderr submit --master 'local[2]' --archives "$archive#data" "$APPS/reads-archive.ts" data link.txt driver
    assert_status 0
    assert_equal "$output" $'driver: hello from the archive\ntask: hello from the archive'
    # As in Spark, the driver of client mode runs in the shell's folder and has no copy of its own.
    run --separate-stderr submit_yarn --archives "$archive#data" "$APPS/reads-archive.ts" data link.txt
    assert_status 0
    assert_equal "$output" 'task: hello from the archive'
    run --separate-stderr submit_cluster --archives "$archive#data" "$APPS/reads-archive.ts" data link.txt driver
    assert_status 0
    assert_equal "$(driver_stdout "$(app_id "$stderr")")" $'driver: hello from the archive\ntask: hello from the archive'
  done
}

@test "no ResourceManager: a sentence with the address, and what to do, at once" {
  EMBERLOOM_DATA=$TEST_DIR/nobody LIMIT=20 run --separate-stderr submit_yarn "$APPS/ok.ts"
  ends_with 1 'No ResourceManager answers'
  assert_contains "$stderr" 'start-all.sh'
  EMBERLOOM_DATA=$TEST_DIR/nobody run yarn application -list
  [ "$status" -ne 0 ]
  assert_contains "$output" 'No ResourceManager answers'
}

@test "a mistake in emberloom.yaml is named by every client, in the same words" {
  mkdir -p "$TEST_DIR/conf-typo"
  echo 'yarn.resourcemanager.adress: tcp:127.0.0.1:1' >"$TEST_DIR/conf-typo/emberloom.yaml"
  export EMBERLOOM_CONF_DIR=$TEST_DIR/conf-typo
  for command in submit_yarn submit_cluster; do
    run --separate-stderr $command "$APPS/ok.ts"
    ends_with 1 'conf-typo/emberloom.yaml:1: unknown setting yarn.resourcemanager.adress.'
    assert_contains "$stderr" 'Did you mean yarn.resourcemanager.address?'
  done
  run --separate-stderr yarn node -list
  assert_status 78
  assert_contains "$stderr" 'Did you mean yarn.resourcemanager.address?'
  echo 'yarn.resourcemanager.address: tcp:127.0.0.1:1' >"$TEST_DIR/conf-typo/emberloom.yaml"
  for command in submit_yarn submit_cluster; do
    run --separate-stderr $command "$APPS/ok.ts"
    ends_with 1 'No ResourceManager answers at tcp:127.0.0.1:1 (the connection was refused).'
  done
}
