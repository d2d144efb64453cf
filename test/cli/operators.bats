# What operators do with yarn: find and end by name, user, tag; signals; sizes of nodes and which may be here; who is active; why something
# waits and what would let it run; logs that are packed, rolled and followed.
load helpers

setup_file() {
  new_data
  export EXCLUDE=$TEST_DIR/excluded
  echo '# nobody' >"$EXCLUDE"
  write_conf "yarn.resourcemanager.nodes.exclude-path: $EXCLUDE" 'emberloom.container.log.roll-bytes: 20k' 'emberloom.container.log.roll-keep: 2' \
    'yarn.nodemanager.resource.memory-mb: 2048' 'yarn.nodemanager.resource.cpu-vcores: 4'
  start_cluster 2
}
teardown_file() { stop_everything; }
teardown() {
  note_failure
  end_applications
}

detached() { timeout -k 5 30 "$BIN/emberloom" run --detach --memory 128m "$@" </dev/null; }
instance_of() { yarn container -list "${1/application/appattempt}_000001" 2>/dev/null | grep -oE 'container_[0-9a-z_]+' | grep -v '_000001$' | head -1; }
has_instance() { [ -n "$(instance_of "$1")" ]; }
node_in_state() { yarn node -list -all 2>/dev/null | grep -qE "$1.*$2"; }

@test "find and end by name, user, tag: never all for want of a filter" {
  local a b c
  a=$(detached --name etl-one --tag night -- sleep 600)
  b=$(detached --name etl-two --tag night -- sleep 600)
  c=$(detached --name other --tag day -- sleep 600)
  run --separate-stderr yarn application -list -appName 'etl-*'
  assert_matches "${lines[0]}" '\):2$'
  run --separate-stderr yarn application -list -appName 'etl.*'
  assert_matches "${lines[0]}" '\):0$'
  run --separate-stderr yarn application -list -user "$(id -un)" -appTags day
  assert_matches "${lines[0]}" '\):1$'
  run --separate-stderr yarn application -list -user nobody-else
  assert_matches "${lines[0]}" '\):0$'
  run --separate-stderr yarn application -kill
  assert_status 1
  assert_contains "$stderr" '-kill takes application ids, or one of'
  run --separate-stderr yarn application -kill -appName 'etl-*' -appTags night
  assert_status 0
  assert_contains "$output" "Killing application $a"
  assert_contains "$output" "Killing application $b"
  app_in_state "$a" KILLED
  run --separate-stderr timeout 30 "$BIN/emberloom" application list --name oth* --state RUNNING --state ACCEPTED --json
  assert_contains "$output" "$c"
  run --separate-stderr timeout 30 "$BIN/emberloom" application kill --tag day --json
  assert_status 0
  app_in_state "$c" KILLED
  run --separate-stderr yarn application -kill -user nobody-else
  assert_equal "$output" 'No application matches'
}

@test "container -signal: the processes get it, and their exit status says so" {
  local id container
  id=$(detached --name signalled --restart-policy never -- sh -c 'trap "echo told; exit 5" TERM; echo up; while :; do sleep 0.1; done')
  wait_for 'it runs' 20 has_instance "$id"
  container=$(instance_of "$id")
  wait_for 'it is up' 20 bash -c "timeout 20 '$BIN/yarn' logs -containerId $container -log_files stdout 2>/dev/null | grep -q ^up"
  run --separate-stderr yarn container -signal "$container" NONSENSE
  assert_status 1
  # A shell does not wait for it, and does not get it: it goes on.
  run --separate-stderr yarn container -signal "$container" OUTPUT_THREAD_DUMP
  assert_status 0
  wait_for 'its node says that there is none' 20 grep -qs "No thread dump of $container" "$EMBERLOOM_DATA"/logs/*nodemanager*
  app_in_state "$id" RUNNING
  run --separate-stderr yarn container -signal "$container" GRACEFUL_SHUTDOWN
  assert_status 0
  assert_equal "$output" "Signalling container $container"
  wait_for 'it has ended' 20 app_in_state "$id" FINISHED
  assert_matches "$(yarn logs -applicationId "$id" -log_files stdout)" '^told$'
  run --separate-stderr yarn container -signal "$container" FORCEFUL_SHUTDOWN
  assert_status 255
}

@test "container -signal OUTPUT_THREAD_DUMP: an executor's stdout says in which line of the program its slots are" {
  local id executor
  submit_cluster --num-executors 1 --conf spark.yarn.submit.waitAppCompletion=false "$APPS/never-ends.ts" task 2>"$TEST_DIR/d.err"
  id=$(app_id "$(cat "$TEST_DIR/d.err")")
  executor_works() { yarn logs -applicationId "$id" -am -1 -log_files stdout 2>/dev/null | grep -q 'it begins'; }
  wait_for 'its task runs' 60 executor_works
  executor=$(yarn container -list "${id/application/appattempt}_000001" | grep -o 'container_[0-9_]*' | sort -u | grep -v '_000001$' | head -1)
  dumped() {
    yarn container -signal "$executor" >/dev/null
    yarn logs -containerId "$executor" -log_files stdout >"$TEST_DIR/dump" 2>/dev/null
    grep -q 'at .*never-ends.ts:1[0-9]' "$TEST_DIR/dump"
  }
  wait_for 'the dump has the line of the task' 60 dumped
  assert_matches "$(cat "$TEST_DIR/dump")" '^Full thread dump of executor 1 '
  app_in_state "$id" RUNNING
  yarn application -kill "$id"
}

@test "why an application waits, and what would let it run: -status, JSON, and after the node's size has changed it runs" {
  local node id
  node=$(yarn node -list | awk '/nm1/{print $1}')
  timeout -k 5 60 "$BIN/emberloom" run --num 3 --memory 1500m --name waits --tag waits -- sleep 600 >"$TEST_DIR/w.out" 2>"$TEST_DIR/w.err" </dev/null &
  wait_for 'one waits' 20 file_has "$TEST_DIR/w.err" 'Waiting for 1 container .*no node has room' # more of them, while the one before still ends
  assert_matches "$(cat "$TEST_DIR/w.err")" 'Waiting for 1 container of 1[0-9]+ MB and 1 vcore: no node has room; .* It fits when [0-9]+ MB more become free'
  id=$(grep -oE 'application_[0-9]+_[0-9]+' "$TEST_DIR/w.err" | head -1)
  assert_contains "$(app_field "$id" Diagnostics)" 'It fits when'
  assert_equal "$(timeout 20 "$BIN/emberloom" application status "$id" --json | "$NODE" -p 'JSON.parse(require("fs").readFileSync(0)).application.waiting[0].obstacle')" NO_ROOM
  run --separate-stderr yarn rmadmin -updateNodeResource "$node" 6000 4
  assert_status 0
  assert_contains "$(yarn node -status "$node")" 'Memory-Capacity : 6000MB'
  all_run() { [ "$(grep -c 'Instance . runs' "$TEST_DIR/w.err")" -eq 3 ]; }
  wait_for 'all three run' 20 all_run
  assert_equal "$(yarn application -status "$id" | grep -c 'It fits')" 0
  run --separate-stderr yarn rmadmin -updateNodeResource "$node" much 4
  assert_status 1
  run --separate-stderr yarn rmadmin -updateNodeResource nowhere:1 100 4
  assert_status 255
  yarn application -kill "$id"
}

@test "top, once: YARN's lines, with what is true" {
  run --separate-stderr yarn top -once -cols 200
  assert_status 0
  assert_matches "${lines[0]}" '^YARN top - [0-9:]{8}, up 0d, 0:[0-9]{2}, [0-9]+ active users, queue\(s\): root$'
  assert_contains "${lines[1]}" 'NodeManager(s): 2 total, 2 active'
  assert_matches "$output" '  APPLICATIONID USER +TYPE +QUEUE PRIOR'
  run --separate-stderr yarn top -delay never
  assert_status 1
}

@test "groups of users, and that there is only one ResourceManager" {
  run --separate-stderr yarn rmadmin -getGroups root
  assert_status 0
  assert_matches "$output" '^root : .*root'
  run --separate-stderr yarn rmadmin -getServiceState rm1
  assert_status 78
  assert_contains "$stderr" 'there is one ResourceManager'
}

@test "a long run's output is rolled: the last of it, and so many files before" {
  local id
  # At one stroke: the look at its size may come at any time.
  id=$(detached --name talks -- sh -c 'seq -f "line %g of a talkative program" 0 2999 >all; cat all; sleep 600')
  wait_for 'it was rolled' 30 bash -c "timeout 20 '$BIN/yarn' logs -applicationId $id -show_container_log_info 2>/dev/null | grep -q 'stdout\\.1'"
  assert_contains "$(yarn logs -applicationId "$id" -log_files stdout.1 -size -60)" 'line 2999 of'
  yarn application -kill "$id"
}

@test "logs of an ended application are packed, listed by node, bounded, followed to the end, and outlive their node" {
  local id
  timeout -k 5 40 "$BIN/emberloom" run --num 2 --tag packed --memory 128m -- sh -c 'echo "part $EMBERLOOM_RUN_INDEX"' >/dev/null 2>"$TEST_DIR/p.err" </dev/null
  id=$(app_id "$(cat "$TEST_DIR/p.err")")
  wait_for 'both nodes have packed' 15 bash -c "[ \$(find '$EMBERLOOM_DATA/app-logs/$id' -name '*.logs' 2>/dev/null | wc -l) -ge 1 ] && ! find '$EMBERLOOM_DATA/userlogs' -path '*$id*' | grep -q ."
  run --separate-stderr yarn logs -applicationId "$id" -list_nodes
  assert_status 0
  assert_matches "$output" '_nm[12]$'
  run --separate-stderr yarn logs -applicationId "$id" -log_files stdout
  assert_contains "$output" 'LogAggregationType: AGGREGATED'
  assert_equal "$(grep -c '^part [01]$' <<<"$output")" 2
  run --separate-stderr yarn logs -applicationId "$id" -follow -log_files stdout
  assert_equal "$(sed 's/.*: //' <<<"$output" | sort)" $'part 0\npart 1'
  run --separate-stderr yarn logs -applicationId "$id" -size_limit_mb 0
  assert_status 1
  assert_contains "$stderr" 'more than the limit of 0 MB'
  for node in nm1 nm2; do kill -9 "$(daemon_pid nodemanager $node)"; done
  run --separate-stderr yarn logs -applicationId "$id" -log_files stdout
  assert_status 0
  assert_equal "$(grep -c '^part [01]$' <<<"$output")" 2
  start_node nm1
  start_node nm2
  wait_for 'both are back' 20 nodes_running 2
}

@test "a node's size by order holds over restarts of its NodeManager and of the ResourceManager; one that drains stays when it is off the list again" {
  local node id
  node=$(yarn node -list | awk '/nm2/{print $1}')
  run --separate-stderr yarn rmadmin -updateNodeResource "$node" 3000 5
  assert_status 0
  kill -9 "$(daemon_pid nodemanager nm2)" "$(daemon_pid resourcemanager)"
  timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
  start_node nm2
  wait_for 'both nodes are there' 20 nodes_running 2
  assert_matches "$(yarn node -status "$node")" 'Memory-Capacity : 3000MB'
  yarn rmadmin -updateNodeResource "$node" 2048 4 >/dev/null
  assert_matches "$(yarn node -status "$node")" 'Memory-Capacity : 2048MB'

  id=$(detached --num 6 -- sleep 600)
  wait_for 'all its containers run' 30 containers_of "$id" 7
  echo "$node" >"$EXCLUDE"
  run --separate-stderr yarn rmadmin -refreshNodes -g 600 -server
  assert_status 0
  node_in_state "$node" DECOMMISSIONING
  echo '# nobody' >"$EXCLUDE"
  run --separate-stderr yarn rmadmin -refreshNodes
  assert_status 0
  node_in_state "$node" RUNNING

  # By an operator: the list does not touch it.
  "$BIN/emberloom" node decommission "$node" >/dev/null
  run --separate-stderr yarn rmadmin -refreshNodes
  node_in_state "$node" DECOMMISSIONING
  run --separate-stderr "$BIN/emberloom" node recommission "$node"
  assert_status 0
  assert_contains "$output" "$node is RUNNING"
  run --separate-stderr "$BIN/emberloom" node recommission "$node"
  assert_status 1
  assert_contains "$stderr" 'NODE_NOT_LEAVING'
  yarn application -kill "$id" >/dev/null 2>&1
  wait_for 'nothing runs' 20 no_containers
}
containers_of() { [ "$(yarn container -list "${1/application/appattempt}_000001" 2>/dev/null | grep -c '^container_.*RUNNING')" -ge "$2" ]; }

# Last: it takes a node away.
@test "refreshNodes takes out who is excluded, waits for its work with -g, and it is refused when it comes again" {
  local node
  node=$(yarn node -list | awk '/nm2/{print $1}')
  echo "$node # broken fan" >"$EXCLUDE"
  run --separate-stderr yarn rmadmin -refreshNodes -g 20
  assert_status 0
  node_in_state "$node" DECOMMISSIONED
  wait_for 'its NodeManager has ended' 10 bash -c "! timeout 20 '$BIN/yarn' --daemon status nodemanager nm2"
  run start_node nm2
  assert_contains "$(cat "$TEST_DIR"/data/logs/*nodemanager*nm2*)" 'exclude-path'
  mv "$EXCLUDE" "$EXCLUDE.away"
  run --separate-stderr yarn rmadmin -refreshNodes
  assert_status 78
  assert_contains "$stderr" 'NODES_FILE_UNREADABLE'
}
