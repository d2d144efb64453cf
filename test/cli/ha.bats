# Two ResourceManagers on one state store: one is active, the other takes over within seconds while a job runs, and one that was stopped and
# goes on says nothing more. Whoever connects finds the active one.
load helpers

setup() {
  new_data
  write_conf 'yarn.resourcemanager.ha.enabled: true' 'emberloom.executor.prestart: 0'
}
teardown() { stop_everything; }

start_rm() { timeout 30 "$BIN/start-resourcemanager.sh" --id "$1" </dev/null; }
rm_pid() { cat "$EMBERLOOM_DATA"/pids/*-resourcemanager-"$1".pid; }
rm_log() { cat "$EMBERLOOM_DATA"/logs/*-resourcemanager-"$1"-*.log; }
state_of() { yarn rmadmin -getServiceState "$1" 2>/dev/null; }
is_state() { [ "$(state_of "$1")" = "$2" ]; }
# How long it takes is said and not tested: a busy machine is no defect of ours. On a quiet one it is 0.1 to 0.4 s after kill -9, 2.7 s after SIGSTOP.
now_ms() { date +%s%3N; }
# node_registered_at epoch: the NodeManager has registered with the ResourceManager of that epoch
node_registered_at() { grep -qs "Registered with the ResourceManager (epoch $1)" "$EMBERLOOM_DATA"/logs/*nodemanager*.log; }

@test "the active one is killed, then stopped for a while: a job goes on, the standby is found within seconds, and a stopped one stands by when it goes on" {
  start_rm rm1
  start_rm rm2
  start_node nm1
  wait_for 'the node is registered' 15 nodes_running 1
  assert_equal "$(state_of rm1)" active
  assert_equal "$(state_of rm2)" standby
  run yarn rmadmin -checkHealth rm2
  assert_status 0

  # HTTP of the standby leads to the active one.
  local one two
  one=$(cat "$EMBERLOOM_DATA/run/rm-http-rm1")
  two=$(cat "$EMBERLOOM_DATA/run/rm-http-rm2")
  assert_contains "$(curl -si "$two/cluster/apps?x=1")" "This is standby RM. Redirecting to the current active RM: $one/cluster/apps?x=1"
  assert_contains "$(curl -si "$two/cluster/apps?x=1" | tr -d '\r')" "location: $one/cluster/apps?x=1"
  assert_contains "$(curl -s "$two/ws/v1/cluster/info")" '"haState":"STANDBY"'

  run yarn rmadmin -transitionToActive rm2
  assert_status 255
  assert_contains "$output" 'rm1 is the active one'

  timeout -k 5 120 "$BIN/spark-submit" --master yarn --deploy-mode cluster --num-executors 2 --executor-memory 512m "$ROOT/examples/pi.ts" 2000 </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  local job=$! id
  wait_for 'the job runs' 30 file_has "$TEST_DIR/err" 'state: RUNNING'
  id=$(app_id "$(cat "$TEST_DIR/err")")

  # kill -9: the process is seen to be gone.
  local from took
  from=$(now_ms)
  kill -9 "$(rm_pid rm1)"
  wait_for 'rm2 is active and has the node' 30 node_registered_at 1
  took=$(($(now_ms) - from))
  echo "# after kill -9: $took ms" >&3
  start_rm rm1
  assert_equal "$(state_of rm1)" standby

  # SIGSTOP: its connections stay and it does not answer.
  from=$(now_ms)
  kill -STOP "$(rm_pid rm2)"
  wait_for 'rm1 is active and has the node' 30 node_registered_at 2
  took=$(($(now_ms) - from))
  echo "# after SIGSTOP: $took ms" >&3
  run yarn node -list
  assert_status 0
  kill -CONT "$(rm_pid rm2)"
  wait_for 'the stopped one stands by' 10 is_state rm2 standby
  assert_contains "$(rm_log rm2)" 'This ResourceManager is not the active one any more: rm1 has the state store since epoch 2'

  wait $job
  assert_contains "$(driver_stdout "$id")" 'Pi is roughly 3.1'
  # Nobody and nothing of it had to begin again.
  assert_equal "$(yarn applicationattempt -list "$id" 2>/dev/null | grep -c appattempt_)" 1
  assert_contains "$(yarn application -status "$id" 2>/dev/null)" 'Final-State : SUCCEEDED'
}

@test "by order, and both gone: states change, the store has everything, clients and nodes come back by themselves" {
  start_rm rm1
  start_rm rm2
  start_node nm1
  wait_for 'the node is registered' 15 nodes_running 1
  run yarn rmadmin -transitionToStandby rm1
  assert_status 0
  wait_for 'rm2 is active' 10 is_state rm2 active
  assert_equal "$(state_of rm1)" standby
  wait_for 'the node has found it' 10 node_registered_at 1
  run yarn rmadmin -getAllServiceState
  assert_matches "$output" 'rm-rm1.sock +standby'
  assert_matches "$output" 'rm-rm2.sock +active'
  run --separate-stderr submit_cluster --conf spark.yarn.submit.waitAppCompletion=false "$ROOT/examples/pi.ts" 5
  assert_status 0
  local id
  id=$(app_id "$stderr")
  kill -9 "$(rm_pid rm1)" "$(rm_pid rm2)"
  run yarn rmadmin -getAllServiceState
  assert_status 255
  assert_contains "$output" 'Failed to connect'
  start_rm rm2
  wait_for 'the application ends well' 30 app_in_state "$id" FINISHED
  assert_contains "$(yarn application -status "$id" 2>/dev/null)" 'Final-State : SUCCEEDED'
  run --separate-stderr start_rm rm3
  assert_status 1
  assert_contains "$stderr" 'one of yarn.resourcemanager.ha.rm-ids: rm1, rm2'
}

@test "a takeover goes by the files as they are then, not as they were at its start; one that is bad then stops nobody" {
  queues() {
    printf '%s\n' 'yarn.scheduler.capacity.root.queues: default, later' "yarn.scheduler.capacity.root.default.capacity: $1" \
      'yarn.scheduler.capacity.root.later.capacity: 60' >"$TEST_DIR/conf/capacity-scheduler.yaml"
  }
  standby_said() { [ "$(rm_log rm2 | grep -c "$2")" = "$1" ]; }
  start_rm rm1
  start_rm rm2
  start_node nm1
  wait_for 'the node is registered' 15 nodes_running 1
  queues 50
  wait_for 'the standby has seen what is wrong' 10 standby_said 1 'A takeover would go by what was read before'
  queues 40
  wait_for 'and that it is mended' 10 standby_said 1 'What a takeover goes by can be read again'
  queues 30
  wait_for 'and wrong again' 10 standby_said 2 'A takeover would go by what was read before'
  kill -9 "$(rm_pid rm1)"
  wait_for 'rm2 has the node' 30 node_registered_at 1
  run yarn queue -status later
  assert_matches "$output" 'Capacity : 60'
  run --separate-stderr submit_yarn --queue later "$ROOT/examples/pi.ts" 5
  assert_status 0
}

@test "start-all starts both and stop-all ends both; -failover hands over at once, and refuses what can't be" {
  write_conf 'yarn.resourcemanager.ha.enabled: true' 'yarn.resourcemanager.ha.rm-ids: rm1,rm2' 'emberloom.executor.prestart: 0'
  run timeout 60 "$BIN/start-all.sh" --nodes 1
  assert_status 0
  run timeout 60 "$BIN/start-all.sh" --nodes 1
  assert_status 0
  assert_contains "$output" 'resourcemanager-rm2 is running as process'
  wait_for 'the node is registered' 15 nodes_running 1
  assert_equal "$(state_of rm1) $(state_of rm2)" 'active standby'
  # That one stands by is nothing that is wrong.
  run timeout 30 "$BIN/emberloom" doctor
  assert_status 0
  assert_contains "$output" '5 of 5 ways are open'
  run --separate-stderr yarn rmadmin -failover rm2 rm1
  assert_status 255
  assert_contains "$stderr" 'Failover failed: rm2 is standby, not active'
  run --separate-stderr yarn rmadmin -failover rm1 rm3
  assert_status 255
  assert_contains "$stderr" "Unable to determine service address for service 'rm3'"
  run --separate-stderr yarn rmadmin -failover rm1 rm2
  assert_status 0
  assert_contains "$output" 'Failover from rm1 to rm2 successful'
  assert_equal "$(state_of rm1) $(state_of rm2)" 'standby active'
  wait_for 'the node has found it' 10 node_registered_at 1
  # To one that is not there nobody hands over.
  kill -9 "$(rm_pid rm1)"
  run --separate-stderr yarn rmadmin -failover rm2 rm1
  [ "$status" -ne 0 ]
  assert_equal "$(state_of rm2)" active
  run timeout 60 "$BIN/stop-all.sh"
  assert_status 0
  wait_for 'no process is left' 20 nothing_runs
  # What they kept on the disk for themselves they find again, and not one more with each start.
  assert_equal "$(ls "$EMBERLOOM_DATA/state" | grep reserve | tr '\n' ' ')" 'reserve-rm1 reserve-rm2 '
  # A fault in the settings is told, and nothing is started.
  write_conf 'yarn.resourcemanager.ha.enabled: true' 'yarn.resourcemanager.ha.rm-ids: rm1,rm1'
  run timeout 60 "$BIN/start-all.sh" --nodes 1
  assert_status 1
  assert_contains "$output" 'yarn.resourcemanager.ha.rm-ids'
  nothing_runs
}
