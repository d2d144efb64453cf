# emberloom run: any command as an application, with its output, its exit code, restarts, files, and its end.
load helpers

setup_file() {
  new_data
  start_cluster 2
}
teardown_file() { stop_everything; }
teardown() {
  note_failure
  end_applications
}

run_command() { timeout -k 5 40 "$BIN/emberloom" run "$@" </dev/null; }
state_of() { timeout 20 "$BIN/emberloom" application list --tag "$1" --json | "$NODE" -e 'console.log(JSON.parse(require("fs").readFileSync(0)).map((a) => a.state + " " + a.finalStatus).join())'; }
in_state() { [ "$(state_of "$1")" = "$2" ]; }

@test "three instances: their lines with their numbers, both streams, files, environment, and an application that succeeded" {
  echo 'from a file' >"$TEST_DIR/data.txt"
  export GREETING=hello
  run --separate-stderr run_command --num 3 --memory 256m --name three --tag t3 --files "$TEST_DIR/data.txt#in.txt" --env GREETING --env "TO=the world" -- \
    sh -c 'echo "$GREETING $TO $EMBERLOOM_RUN_INDEX of $EMBERLOOM_RUN_NUM: $(cat in.txt)"; echo oops >&2'
  assert_status 0
  assert_equal "$(sort <<<"$output")" $'[0] hello the world 0 of 3: from a file\n[1] hello the world 1 of 3: from a file\n[2] hello the world 2 of 3: from a file'
  assert_contains "$stderr" '[2] oops'
  assert_equal "$(state_of t3)" 'FINISHED SUCCEEDED'
  run --separate-stderr yarn application -list -appStates FINISHED -appTypes COMMAND -appTags t3
  assert_matches "$output" '	 +three	 +COMMAND	'
  # What was staged for it goes with it.
  wait_for 'the staged file is gone' 10 bash -c "! ls '$TEST_DIR'/data/staging/*/files/in.txt 2>/dev/null"
}

@test "the exit code is the command's; the application failed, and says of which instance" {
  run --separate-stderr run_command --num 2 --tag t-fail --no-prefix -- sh -c 'echo no end of line | tr -d "\n"; [ "$EMBERLOOM_RUN_INDEX" = 0 ] || exit 7'
  assert_status 7
  assert_equal "$output" $'no end of line\nno end of line'
  assert_contains "$stderr" 'emberloom run: instance 1 ended with exit status 7'
  assert_equal "$(state_of t-fail)" 'FINISHED FAILED'
  run -127 --separate-stderr run_command -- /no/such/command
  run --separate-stderr run_command --json --no-prefix -- sh -c 'echo seen; exit 3'
  assert_status 3
  assert_equal "$("$NODE" -p 'JSON.parse(process.argv[1]).exitCode' "$output")" 3
  assert_contains "$stderr" seen
}

@test "on-failure starts an instance again until it succeeds, or --max-restarts is reached" {
  mkdir "$TEST_DIR/tries"
  run --separate-stderr run_command --restart-policy on-failure --memory 128m --env "D=$TEST_DIR/tries" -- \
    sh -c 'n=$(ls "$D" | wc -l); touch "$D/$n"; echo "try $n"; [ "$n" -ge 1 ]'
  assert_status 0
  assert_equal "$output" $'[0] try 0\n[0] try 1'
  assert_contains "$stderr" 'Instance 0 ended with exit status 1; it is started again'
  run --separate-stderr run_command --restart-policy on-failure --max-restarts 1 -- sh -c 'echo once more; exit 4'
  assert_status 4
  assert_equal "$(grep -c 'once more' <<<"$output")" 2
}

@test "above its memory it is ended, and the reason with its numbers is shown" {
  run --separate-stderr run_command --memory 128m -- "$NODE" -e 'const a = []; setInterval(() => a.push(Buffer.alloc(16 << 20, 1)), 10)'
  assert_status 1
  assert_matches "$stderr" 'Current usage: [0-9.]+ [MG]B of 128 MB physical memory used'
  assert_contains "$stderr" 'emberloom run: --memory'
}

@test "Ctrl-C ends all instances and the application" {
  setsid "$BIN/emberloom" run --num 2 --tag t-int -- sh -c 'echo up; exec sleep 600' >"$TEST_DIR/int.out" 2>"$TEST_DIR/int.err" </dev/null &
  local pid=$! code=0
  wait_for 'both are up' 20 bash -c "[ \$(grep -c up '$TEST_DIR/int.out') -eq 2 ]"
  kill -INT "$(pgrep -s "$pid" -f cli.cjs)"
  wait "$pid" || code=$?
  assert_equal "$code" 130
  wait_for 'it is killed' 10 in_state t-int 'KILLED KILLED'
  wait_for 'no instance is left' 10 bash -c "! pgrep -f '^sleep 600$' -a | grep -q . || [ -z \"\$(for p in \$(pgrep -x sleep); do readlink /proc/\$p/cwd; done | grep '$TEST_DIR')\" ]"
}

@test "detached: its id at once, a container looks after it, logs and kill as for any application" {
  run --separate-stderr run_command --detach --num 2 --memory 128m --tag t-det --restart-policy always -- sh -c 'echo "detached $EMBERLOOM_RUN_INDEX"; exec sleep 600'
  assert_status 0
  assert_matches "$output" '^application_[0-9]+_[0-9]{4}$'
  local id=$output
  wait_for 'it runs' 20 in_state t-det 'RUNNING UNDEFINED'
  wait_for 'both have written' 20 bash -c "[ \$(timeout 20 '$BIN/yarn' logs -applicationId $id -log_files stdout 2>/dev/null | grep -c '^detached') -eq 2 ]"
  # Of those that are ended from outside, `always` starts another.
  kill -9 "$(for p in $(pgrep -x sleep); do readlink "/proc/$p/cwd" | grep -q "$id" && echo "$p"; done | head -1)"
  wait_for 'a third has written' 20 bash -c "[ \$(timeout 20 '$BIN/yarn' logs -applicationId $id -log_files stdout 2>/dev/null | grep -c '^detached') -eq 3 ]"
  run --separate-stderr yarn application -kill "$id"
  assert_status 0
  assert_equal "$(state_of t-det)" 'KILLED KILLED'
}

@test "what can't be is refused before anything runs" {
  run --separate-stderr run_command --num 2
  assert_status 2
  assert_contains "$stderr" 'there is no command'
  run --separate-stderr run_command --memory much -- true
  assert_status 2
  run --separate-stderr run_command --env 1X=2 -- true
  assert_status 2
  run --separate-stderr run_command --queue defualt -- true
  assert_contains "$stderr" 'Did you mean default?'
  [ "$status" -ne 0 ]
  run --separate-stderr run_command --node-label no-such-label -- true
  [ "$status" -ne 0 ]
  assert_contains "$stderr" 'no-such-label'
  run --separate-stderr run_command --files /no/such/file -- true
  assert_status 1
  run --separate-stderr run_command --memory 100g -- true
  [ "$status" -ne 0 ]
  assert_contains "$stderr" 'RESOURCE_TOO_LARGE'
}
