# Dynamic allocation on a running cluster: executors come while tasks wait and go when they are idle, none that runs tasks or holds what is
# needed goes, killed ones are replaced. The program does one step after another as the test says (test/fixtures/apps/dynamic.ts).
load helpers
load dynamic-program

setup() { new_data; }
teardown() { stop_everything; }

# begin conf...: the program in the background: $pid, its streams in out and err of $TEST_DIR. Backlog 200 ms, idle 1 s.
begin() {
  local args=() setting
  for setting in spark.dynamicAllocation.enabled=true spark.dynamicAllocation.schedulerBacklogTimeout=200ms \
    spark.dynamicAllocation.executorIdleTimeout=1s "$@"; do args+=(--conf "$setting"); done
  : >"$TEST_DIR/err"
  timeout -k 5 "${LIMIT:-120}" "$BIN/spark-submit" --master yarn --executor-memory 512m "${args[@]}" ${MORE:-} "$APPS/dynamic.ts" "$TEST_DIR" \
    </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
}
executors() { container_pids executor | wc -l; }
executors_are() { [ "$(executors)" -eq "$1" ]; }

@test "executors come with the backlog, go when idle down to none, and come again" {
  start_cluster
  begin
  order tasks 6 1500
  wait_for 'several executors run' 20 log_has 'Registered executor .* with ID 3,'
  answered 15
  wait_for 'all are given back' 20 executors_are 0
  order tasks 2 10
  answered 1
  wait_for 'all are given back again' 20 executors_are 0
  ended
  assert_contains "$(cat "$TEST_DIR/err")" 'Using initial executors = 0, max of spark.dynamicAllocation.initialExecutors, spark.dynamicAllocation.minExecutors and spark.executor.instances'
  assert_contains "$(cat "$TEST_DIR/err")" 'INFO ExecutorAllocationManager: Requesting 1 new executor because tasks are backlogged (new desired total will be 1 for resource profile id: 0)'
  assert_contains "$(cat "$TEST_DIR/err")" 'INFO ExecutorAllocationManager: Requesting 2 new executors because tasks are backlogged (new desired total will be 3 for resource profile id: 0)'
  assert_matches "$(cat "$TEST_DIR/err")" 'INFO ExecutorAllocationManager: Executors [0-9,]+ removed due to idle timeout\.'
  assert_matches "$(cat "$TEST_DIR/err")" 'INFO ExecutorMonitor: New executor 1 has registered \(new total is 1\)'
  # Nobody was lost: what was given back is no failure, and no task ran twice.
  if grep -E 'ERROR|Lost (executor|task)' "$TEST_DIR/err"; then return 1; fi
}

@test "never fewer than the minimum, never more than the maximum, and --num-executors is the number at the start" {
  start_cluster
  MORE='--num-executors 3' begin spark.dynamicAllocation.minExecutors=2 spark.dynamicAllocation.maxExecutors=4
  wait_for 'the initial executors run' 20 log_has 'Registered executor .* with ID 3,'
  order gated 30
  wait_for 'as many as may be run' 20 executors_are 4
  touch "$TEST_DIR/go"
  answered 435
  wait_for 'the minimum is left' 20 executors_are 2
  ended
  if grep -E 'desired total will be ([5-9]|[1-9][0-9])' "$TEST_DIR/err"; then return 1; fi
}

@test "--num-executors 0 is for dynamic allocation only; settings that can't go together are refused with Spark's sentence" {
  start_cluster
  run --separate-stderr submit --master yarn --num-executors 0 "$APPS/ok.ts"
  assert_status 1
  assert_contains "$stderr" 'Number of executors must be a positive number'
  MORE='--num-executors 0' begin
  order tasks 2 10
  answered 1
  ended
  run --separate-stderr submit --master yarn --conf spark.dynamicAllocation.enabled=true --conf spark.dynamicAllocation.shuffleTracking.enabled=false "$APPS/ok.ts"
  assert_contains "$stderr" 'Dynamic allocation of executors requires one of the following conditions: 1) enabling external shuffle service through spark.shuffle.service.enabled.'
  [ "$status" -ne 0 ]
  run --separate-stderr submit --master yarn --conf spark.dynamicAllocation.enabled=true --conf spark.dynamicAllocation.maxExecutors=1 --conf spark.dynamicAllocation.minExecutors=2 "$APPS/ok.ts"
  assert_contains "$stderr" 'spark.dynamicAllocation.minExecutors (2) must be less than or equal to spark.dynamicAllocation.maxExecutors (1)!'
  [ "$status" -ne 0 ]
  run --separate-stderr submit --master 'local[2]' --conf spark.dynamicAllocation.enabled=true "$APPS/ok.ts"
  assert_status 0
}

@test "an executor that runs a task stays, however long; the idle one beside it goes" {
  start_cluster
  begin spark.dynamicAllocation.initialExecutors=2
  wait_for 'both run' 20 log_has 'Registered executor .* with ID 2,'
  order gated 1
  wait_for 'the idle one is given back' 20 executors_are 1
  touch "$TEST_DIR/go"
  answered 0
  wait_for 'the other one follows' 10 executors_are 0
  ended
}

@test "an executor with cached partitions stays as long as they are cached, and none is computed again" {
  start_cluster
  begin spark.dynamicAllocation.initialExecutors=1
  order cache 2
  answered 4950
  order tasks 8 300
  answered 28
  wait_for 'those without cached partitions are given back' 10 log_has 'removed due to idle timeout'
  [ "$(executors)" -ge 1 ]
  order count
  answered '4950 computed 100'
  order unpersist
  answered unpersisted
  wait_for 'then it goes as well' 20 executors_are 0
  order count
  answered '4950 computed 200'
  ended
}

@test "map outputs outlive idle executors: with shuffle tracking and with the shuffle service none is computed again" {
  write_conf 'yarn.nodemanager.aux-services: spark_shuffle'
  start_cluster
  local service
  for service in false true; do
    begin spark.shuffle.service.enabled=$service
    order shuffle
    answered 10
    wait_for 'all executors are given back' 20 executors_are 0
    order again
    answered '499500 map tasks 4'
    ended
  done
}

@test "kill -9 under dynamic allocation: the tasks run again, and another takes its place while there is work" {
  start_cluster
  begin spark.dynamicAllocation.maxExecutors=2
  order gated 4
  wait_for 'two run' 20 executors_are 2
  local victim
  victim=$(container_pids executor | head -1)
  kill -9 "$victim"
  wait_for 'two run again' 20 two_without "$victim"
  touch "$TEST_DIR/go"
  answered 6
  wait_for 'all are given back' 20 executors_are 0
  assert_matches "$(cat "$TEST_DIR/err")" 'Lost executor [0-9]+ on .*137'
  ended
}
two_without() { executors_are 2 && ! container_pids executor | grep -qx "$1"; }

@test "decommissioning by signal and by a node that is taken out: tasks end where they run, others take over, nothing is lost" {
  write_conf "emberloom.executor.prestart: 0"
  start_cluster 2
  MORE='--num-executors 2' begin spark.dynamicAllocation.enabled=false spark.decommission.enabled=true spark.storage.decommission.enabled=true
  wait_for 'both run' 20 log_has 'Registered executor .* with ID 2,'
  order gated 2
  wait_for 'both have a task' 20 test -s "$TEST_DIR/began-1" -a -s "$TEST_DIR/began-0"
  local first
  first=$(pid_of_executor 1)
  kill -PWR "$first"
  wait_for 'it is being sent away' 20 log_has 'Decommission executors: 1$|Decommission executors: 1 '
  wait_for 'another has taken its place' 20 log_has 'Registered executor .* with ID 3,'
  alive "$first" # its task goes on
  touch "$TEST_DIR/go"
  answered 1
  wait_for 'it has ended' 20 gone "$first"
  # Now the node of executor 2.
  rm "$TEST_DIR/go" "$TEST_DIR/began-0" "$TEST_DIR/began-1"
  local node
  node=$(node_of_executor 2)
  order gated 2
  wait_for 'both have a task' 20 test -s "$TEST_DIR/began-1" -a -s "$TEST_DIR/began-0"
  "$BIN/emberloom" node decommission "$node" --timeout 60
  wait_for 'its executors are sent away' 20 log_has 'its node is being taken out of the cluster|Decommission executors: 2'
  touch "$TEST_DIR/go"
  answered 1
  wait_for 'the node is empty and out' 30 node_is_out "$node"
  order tasks 4 10
  answered 6
  ended
  assert_contains "$(cat "$TEST_DIR/err")" 'is decommissioned'
  if grep -E 'Lost task|ERROR' "$TEST_DIR/err"; then return 1; fi
}
node_of_executor() { tr '\0' '\n' <"/proc/$(pid_of_executor "$1")/environ" | sed -n 's/^NM_NODE_ID=//p'; }
node_is_out() { yarn node -list -all 2>/dev/null | grep -F "$1" | grep -qw DECOMMISSIONED; }

@test "a decommissioned executor hands on its cached partitions, as objects and as bytes: none is computed again" {
  start_cluster
  local level
  for level in MEMORY_ONLY MEMORY_AND_DISK_SER; do
    MORE='--num-executors 2' begin spark.dynamicAllocation.enabled=false spark.decommission.enabled=true spark.storage.decommission.enabled=true
    wait_for 'both run' 20 log_has 'Registered executor .* with ID 2,'
    order cache 4 $level
    answered 4950
    kill -PWR "$(pid_of_executor 1)"
    wait_for 'it has handed on what it had' 20 log_has 'Executor 1 has handed on [1-9][0-9]* blocks'
    wait_for 'it has ended' 20 log_has 'Executor 1 on .* is decommissioned'
    order count
    answered '4950 computed 100'
    ended
    rm -f "$TEST_DIR/answer"
  done
}

@test "sc.requestExecutors, requestTotalExecutors and killExecutors change the number by hand" {
  start_cluster
  MORE='--num-executors 1' begin spark.dynamicAllocation.enabled=false
  wait_for 'one runs' 20 executors_are 1
  order request 2
  answered true
  wait_for 'the second runs' 20 log_has 'Registered executor .* with ID 2,'
  wait_for 'the third runs' 20 log_has 'Registered executor .* with ID 3,'
  order kill 2
  answered true
  wait_for 'two are left' 20 executors_are 2
  order total 1
  answered true
  order kill 3
  answered true
  wait_for 'one is left' 20 executors_are 1
  order kill 77
  answered false
  order tasks 4 10
  answered 6
  ended
  assert_contains "$(cat "$TEST_DIR/err")" 'Requesting to kill executor(s) 2'
  assert_contains "$(cat "$TEST_DIR/err")" 'Executor(s) to kill do not exist: 77'
}

@test "a stage that asks for larger executors gets them; those of the stage before idle out" {
  start_cluster
  begin
  order profile 4
  all_began() { [ -e "$TEST_DIR/began-0" ] && [ -e "$TEST_DIR/began-1" ] && [ -e "$TEST_DIR/began-2" ] && [ -e "$TEST_DIR/began-3" ]; }
  wait_for 'all tasks of the second stage run' 40 all_began
  wait_for 'only the larger executors are left' 20 executors_are 2
  local large
  large=$(grep -oE 'Registered executor \([^,]+, pid [0-9]+\) with ID [0-9]+, ResourceProfileId 1' "$TEST_DIR/err" | grep -oE 'pid [0-9]+' | cut -d' ' -f2 | sort)
  assert_equal "$(for began in "$TEST_DIR"/began-*; do echo "$(cat "$began")"; done | sort -u)" "$large"
  touch "$TEST_DIR/go"
  answered '4 rows of 2 executors'
  wait_for 'all are given back' 20 executors_are 0
  ended
  assert_matches "$(cat "$TEST_DIR/err")" 'INFO ResourceProfileManager: Added ResourceProfile id: 1'
  assert_matches "$(cat "$TEST_DIR/err")" 'Will request [0-9] executor container\(s\) for ResourceProfile Id: 0, each with 1 core\(s\) and 896 MB memory'
  assert_matches "$(cat "$TEST_DIR/err")" 'Will request 1 executor container\(s\) for ResourceProfile Id: 1, each with 2 core\(s\) and 1084 MB memory'
  assert_matches "$(cat "$TEST_DIR/err")" 'new desired total will be 1 for resource profile id: 1'
  assert_matches "$(cat "$TEST_DIR/err")" 'Adding task set 1\.0 with 4 tasks resource profile 1'
  if grep -E 'ERROR|Lost (executor|task)' "$TEST_DIR/err"; then return 1; fi
}

@test "without dynamic allocation only tasks can ask for more: on the executors that are there" {
  start_cluster
  MORE='--num-executors 1 --executor-cores 3' begin spark.dynamicAllocation.enabled=false
  order taskProfile 4 2
  answered 0 # two of three cores: one at a time
  order profile 2
  answered 'failed: withResources: ResourceProfiles are only supported on YARN and Kubernetes and Standalone with dynamic allocation enabled.'
  ended
  assert_matches "$(cat "$TEST_DIR/err")" 'Adding task set 0\.0 with 4 tasks resource profile 1'
}
