# yarn and emberloom against a real cluster: lists, reports, logs, kill, queues, daemons. How texts look to the letter is held by
# test/unit/cli/render/yarn.test.ts; here it is that they say what is true, and which exit codes there are.
load helpers

setup_file() {
  new_data
  start_cluster 2
  # One application that has finished and one that runs, for all tests.
  submit_cluster --name finished-one --conf spark.yarn.tags=nightly,etl "$BATS_TEST_DIRNAME/../fixtures/apps/ok.ts" 2>"$TEST_DIR/done.err"
  app_id "$(cat "$TEST_DIR/done.err")" >"$TEST_DIR/done"
  submit_cluster --name running-one --conf spark.yarn.submit.waitAppCompletion=false "$BATS_TEST_DIRNAME/../fixtures/apps/never-ends.ts" idle 2>"$TEST_DIR/live.err"
  app_id "$(cat "$TEST_DIR/live.err")" >"$TEST_DIR/live"
  wait_for 'the second runs' 30 app_in_state "$(cat "$TEST_DIR/live")" RUNNING
}
teardown_file() { stop_everything; }
setup() {
  DONE=$(cat "$TEST_DIR/done")
  LIVE=$(cat "$TEST_DIR/live")
}

@test "application -list: live ones, and filters by state, type and tag" {
  run --separate-stderr yarn application -list
  assert_status 0
  assert_matches "$output" '^Total number of applications \(application-types: \[\], states: \[SUBMITTED, ACCEPTED, RUNNING\] and tags: \[\]\):1$'
  assert_matches "$output" "^$LIVE	 +running-one	 +SPARK	.*	 +RUNNING	 +UNDEFINED	"
  run --separate-stderr yarn application -list -appStates ALL
  assert_contains "${lines[0]}" '):2'
  assert_matches "$output" "^$DONE	.*	 +FINISHED	 +SUCCEEDED	 +100%	 +N/A$"
  run --separate-stderr yarn app -list -appStates FINISHED,KILLED -appTypes SPARK -appTags nightly
  assert_contains "${lines[0]}" '(application-types: [SPARK], states: [FINISHED, KILLED] and tags: [nightly]):1'
  run --separate-stderr yarn application -list -appStates FINISHED -appTags other
  assert_contains "${lines[0]}" '):0'
  run --separate-stderr yarn application -list -appStates RUNING
  assert_status 255
  assert_contains "$stderr" 'Did you mean RUNNING?'
}

@test "application -status, of one that ended, one that runs, and one that there is not" {
  run --separate-stderr yarn application -status "$DONE"
  assert_status 0
  for line in "	Application-Id : $DONE" '	Application-Name : finished-one' '	State : FINISHED' '	Final-State : SUCCEEDED'; do assert_contains "$output" "$line"; done
  run --separate-stderr yarn application -status "$LIVE"
  assert_contains "$output" '	State : RUNNING'
  assert_contains "$output" '	Queue : root.default'
  run --separate-stderr yarn application -status application_1000000000000_0001
  assert_status 255
  assert_equal "$output" "Application with id 'application_1000000000000_0001' doesn't exist in RM or Timeline Server."
  run --separate-stderr yarn application -status nonsense
  assert_status 1
}

@test "attempts and containers of the running one" {
  local attempt=${LIVE/application/appattempt}_000001 container
  run --separate-stderr yarn applicationattempt -list "$LIVE"
  assert_status 0
  assert_matches "$output" "^$attempt	 +RUNNING	container_"
  run --separate-stderr yarn applicationattempt -status "$attempt"
  assert_contains "$output" '	State : RUNNING'
  run --separate-stderr yarn applicationattempt -fail "${DONE/application/appattempt}_000001"
  assert_status 0
  assert_equal "$output" "Application attempt ${DONE/application/appattempt}_000001 has already finished"
  run --separate-stderr yarn applicationattempt -fail appattempt_1000000000000_0001_000001
  assert_status 255
  run --separate-stderr yarn container -list "$attempt"
  assert_status 0
  assert_contains "${lines[0]}" 'Total number of containers :'
  container=$(grep -oE '^container_[0-9a-z_]+_000001' <<<"$output")
  run --separate-stderr yarn container -status "$container"
  assert_status 0
  assert_contains "$output" '	State : RUNNING'
  run --separate-stderr yarn container -status "${container%1}9"
  assert_status 255
}

@test "node -list and -status" {
  run --separate-stderr yarn node -list
  assert_status 0
  assert_equal "${lines[0]}" 'Total Nodes:2'
  local node
  node=$(awk '/RUNNING/{print $1; exit}' <<<"$output")
  run --separate-stderr yarn node -status "$node"
  assert_status 0
  assert_contains "$output" "	Node-Id : $node"
  assert_contains "$output" '	Memory-Capacity : 8192MB'
  run --separate-stderr yarn node -list -all -showDetails
  assert_contains "$output" '	Configured Resources : <memory:8192, vCores:8>'
  run --separate-stderr yarn node -status nowhere:1
  assert_status 255
}

@test "queue -list and -status, by name and path, and a name that is nearly right" {
  run --separate-stderr yarn queue -list all
  assert_status 0
  assert_matches "$output" '\| +root\.default +\| RUNNING \|'
  for name in default root.default; do
    run --separate-stderr yarn queue -status $name
    assert_status 0
    assert_contains "$output" 'Queue Path : root.default'
    assert_matches "$output" $'^\tCurrent Capacity : [0-9]*\\.[0-9]{2}%$'
  done
  run --separate-stderr yarn queue -status defualt
  assert_status 255
  assert_contains "$stderr" 'Did you mean default?'
}

@test "logs of an ended and of a running application, by container, name, size, driver, and into files" {
  run --separate-stderr yarn logs -applicationId "$DONE"
  assert_status 0
  assert_matches "$output" '^Container: container_[0-9_]+ on '
  assert_contains "$output" 'LogType:stderr'
  assert_contains "$(driver_stdout "$DONE")" 'sum 10'
  run --separate-stderr yarn logs -applicationId "$DONE" -am 1 -log_files stdout -size -5
  assert_status 0
  assert_equal "$(grep -c '^Container: ' <<<"$output")" 1
  run --separate-stderr yarn logs -applicationId "$LIVE" -log_files stderr
  assert_status 0
  assert_contains "$output" 'This log file belongs to a running container'
  run --separate-stderr yarn logs -applicationId "$DONE" -show_application_log_info
  assert_equal "${lines[0]}" 'Application State: Completed.'
  run --separate-stderr yarn logs -applicationId "$DONE" -log_files_pattern 'std.*' -out "$TEST_DIR/logs"
  assert_status 0
  assert_contains "$(cat "$TEST_DIR"/logs/*/*_000001/stdout)" 'sum 10'
  touch "$TEST_DIR/a-file"
  run --separate-stderr yarn logs -applicationId "$DONE" -out "$TEST_DIR/a-file"
  assert_status 1
  assert_matches "$stderr" "^Error: -out: $TEST_DIR/a-file/.* can't be written: ENOTDIR"
  run --separate-stderr yarn logs -applicationId "$DONE" -log_files nope
  assert_status 255
  assert_contains "$stderr" 'There are: stderr, stdout'
  run --separate-stderr yarn logs -applicationId application_1000000000000_9999
  assert_status 255
  assert_contains "$stderr" 'Could not locate application logs for application_1000000000000_9999'
}

@test "rmadmin -refreshQueues takes a new tree and refuses a bad one whole" {
  local file=$EMBERLOOM_CONF_DIR/capacity-scheduler.yaml
  cp "$file" "$TEST_DIR/queues"
  printf '%s\n' 'yarn.scheduler.capacity.root.queues: default, batch' 'yarn.scheduler.capacity.root.default.capacity: 70' 'yarn.scheduler.capacity.root.batch.capacity: 30' >"$file"
  run --separate-stderr yarn rmadmin -refreshQueues
  assert_status 0
  run --separate-stderr yarn queue -status batch
  assert_status 0
  assert_contains "$output" '	Capacity : 30.00%'
  printf '%s\n' 'yarn.scheduler.capacity.root.queues: default, batch' 'yarn.scheduler.capacity.root.default.capacity: 70' 'yarn.scheduler.capacity.root.batch.capacity: 90' >"$file"
  run --separate-stderr yarn rmadmin -refreshQueues
  assert_status 78
  assert_contains "$stderr" 'capacity-scheduler.yaml:'
  run --separate-stderr yarn queue -status batch
  assert_contains "$output" '	Capacity : 30.00%'
  cp "$TEST_DIR/queues" "$file"
  run --separate-stderr yarn rmadmin -refreshQueues
}

@test "wrong options: a sentence, the usage, exit 1; help and version exit 0" {
  run --separate-stderr yarn application -bogus
  assert_status 1
  assert_contains "$stderr" 'Unrecognized option: -bogus'
  run --separate-stderr yarn application
  assert_status 1
  run --separate-stderr yarn nods
  assert_status 1
  assert_contains "$stderr" 'Did you mean node?'
  for command in application applicationattempt container node queue logs rmadmin; do
    run --separate-stderr yarn $command -help
    assert_status 0
    assert_contains "$output" 'usage:'
  done
  run --separate-stderr yarn version
  assert_status 0
}

@test "a reader that leaves early is no failure; output that can't be written is one" {
  for command in 'yarn application -list -appStates ALL' 'emberloom application list --json' "spark-submit --master yarn --status $DONE"; do
    # shellcheck disable=SC2086 # the command is several words
    run bash -c "timeout 30 '$BIN'/$command | true; exit \${PIPESTATUS[0]}"
    assert_status 0
    [ -z "$output" ]
    run bash -c "timeout 30 '$BIN'/$command >/dev/full"
    assert_status 1
    assert_equal "$output" "Error: stdout can't be written: ENOSPC: no space left on device, write"
  done
}

@test "yarn --daemon status has Hadoop's exit codes" {
  run --separate-stderr yarn --daemon status resourcemanager
  assert_status 0
  run --separate-stderr yarn --daemon status nodemanager nm2
  assert_status 0
  run --separate-stderr yarn --daemon status nodemanager nm7
  assert_status 3
}

@test "emberloom: the same cluster, as JSON, with help, suggestions, and errors as data" {
  run --separate-stderr timeout 30 "$BIN/emberloom" application list --state RUNNING --json
  assert_status 0
  assert_equal "$("$NODE" -p 'JSON.parse(process.argv[1]).map((a) => a.applicationId).join()' "$output")" "$LIVE"
  run --separate-stderr timeout 30 "$BIN/emberloom" node list
  assert_contains "$output" 'Total Nodes:2'
  run --separate-stderr timeout 30 "$BIN/emberloom" queue status --json
  assert_equal "$("$NODE" -p 'JSON.parse(process.argv[1])[0].path' "$output")" root
  run --separate-stderr timeout 30 "$BIN/emberloom" application status application_1000000000000_0001 --json
  assert_status 255
  assert_equal "$("$NODE" -p 'JSON.parse(process.argv[1]).error.code' "$output")" APPLICATION_UNKNOWN
  run --separate-stderr timeout 30 "$BIN/emberloom" cluster status --json
  assert_status 0
  assert_equal "$("$NODE" -p 'JSON.parse(process.argv[1]).applications.map((a) => `${a.queue} ${a.count} ${a.state}`).sort().join()' "$output")" 'root.default 1 FINISHED,root.default 1 RUNNING'
  run --separate-stderr timeout 30 "$BIN/emberloom" label change --add 'big(exclusive=false)' --json
  assert_equal "$("$NODE" -p 'JSON.stringify(JSON.parse(process.argv[1]).labels)' "$output")" '[{"name":"big","exclusive":false,"nodes":0}]'
  run --separate-stderr timeout 30 "$BIN/emberloom" label change --remove big
  assert_status 0
  assert_equal "$(timeout 30 "$BIN/emberloom" label list)" 'There are no node labels'
  assert_contains "$(timeout 30 "$BIN/emberloom" user groups root --json)" '"root"'
  run --separate-stderr timeout 30 "$BIN/emberloom" cluster refresh groups
  assert_status 0
  run --separate-stderr timeout 30 "$BIN/emberloom" attempt fail nonsense
  assert_status 1
  run --separate-stderr timeout 30 "$BIN/emberloom" application lsit
  assert_status 2
  assert_contains "$stderr" 'Did you mean'
  run --separate-stderr timeout 30 "$BIN/emberloom" application logs "$DONE" --file stdout
  assert_status 0
  assert_contains "$output" 'sum 10'
}

@test "every example in emberloom's help is a command that there is" {
  local topics examples example
  examples=$(for topic in 'attempt fail' 'cluster status' 'cluster refresh' 'label list' 'user groups' 'application change' 'container list' 'container signal' 'node refresh' 'node resize' 'application list' 'application status' 'application kill' 'application logs' 'node list' 'node decommission' 'queue status' 'queue refresh' 'resourcemanager start' 'nodemanager stop'; do
    timeout 30 "$BIN/emberloom" $topic --help | sed -n 's/^ *\$ emberloom \(.*[a-z0-9]\)$/\1/p' | grep -v '\['
  done)
  [ "$(wc -l <<<"$examples")" -ge 10 ]
  while IFS= read -r example; do
    # shellcheck disable=SC2086 # a command line
    timeout 30 "$BIN/emberloom" $example --help >/dev/null || { echo "no such command: $example" >&2; return 1; }
  done <<<"$examples"
}

# Last: it ends the application that the others look at.
@test "application -kill waits for the end; again it says so" {
  run --separate-stderr yarn application -kill "$LIVE"
  assert_status 0
  assert_equal "$output" "Killing application $LIVE"
  assert_contains "$stderr" "Killed application $LIVE"
  assert_equal "$(app_field "$LIVE" Final-State)" KILLED
  run --separate-stderr yarn application -kill "$LIVE"
  assert_status 0
  assert_contains "$output" "Application $LIVE has already finished"
  run --separate-stderr yarn application -kill application_1000000000000_0001
  assert_status 255
  wait_for 'its containers have ended' 15 no_containers
}
