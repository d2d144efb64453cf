# Queues that get their share back from others, with two real programs; the fair scheduler from YARN's allocations file; and what an
# operator changes of an application that runs: its queue, its priority, its lifetime; how long one may wait.
load helpers
load dynamic-program

setup() { new_data; }
teardown() { stop_everything; }

# begin_in queue executors conf...: test/fixtures/apps/dynamic.ts in the background, led by order and answered
begin_in() {
  local queue=$1 executors=$2 args=() setting
  shift 2
  for setting in "$@"; do args+=(--conf "$setting"); done
  : >"$TEST_DIR/err"
  timeout -k 5 90 "$BIN/spark-submit" --master yarn --queue "$queue" --num-executors "$executors" --executor-memory 512m "${args[@]}" \
    "$APPS/dynamic.ts" "$TEST_DIR" </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
}
registered() { [ "$(grep -c 'Registered executor' "$1")" -ge "$2" ]; }
was_taken_from() { [ "$(app_field "$1" 'Aggregate Resource Preempted' | cut -d' ' -f1)" != 0 ]; }

@test "a queue gets its share back from a program of another one, which ends with the right answer all the same" {
  local other code=0
  cat >"$TEST_DIR/conf/capacity-scheduler.yaml" <<'YAML'
yarn.scheduler.capacity.root:
  queues: a, b
  a: { capacity: 50, user-limit-factor: 2 }
  b: { capacity: 50, user-limit-factor: 2 }
YAML
  write_conf 'yarn.nodemanager.resource.memory-mb: 8192' 'yarn.nodemanager.resource.cpu-vcores: 16' 'emberloom.executor.prestart: 0' \
    'yarn.resourcemanager.scheduler.monitor.enable: true' \
    'yarn.resourcemanager.monitor.capacity.preemption.monitoring_interval: 100' \
    'yarn.resourcemanager.monitor.capacity.preemption.max_wait_before_kill: 500' \
    'yarn.resourcemanager.monitor.capacity.preemption.total_preemption_per_round: 1' \
    'yarn.resourcemanager.monitor.capacity.preemption.natural_termination_factor: 1'
  start_cluster 1
  begin_in a 9
  wait_for 'the first program has the whole node' 30 registered "$TEST_DIR/err" 9
  order gated 9
  all_began() { [ "$(find "$TEST_DIR" -maxdepth 1 -name 'began-*' | wc -l)" -eq 9 ]; }
  wait_for 'all its executors have a task' 30 all_began
  mkdir "$TEST_DIR/two"
  timeout -k 5 90 "$BIN/spark-submit" --master yarn --queue b --num-executors 4 --executor-memory 512m \
    "$APPS/dynamic.ts" "$TEST_DIR/two" </dev/null >"$TEST_DIR/two/out" 2>"$TEST_DIR/two/err" 3>&- &
  other=$!
  wait_for 'the second program has its share' 30 registered "$TEST_DIR/two/err" 4
  assert_matches "$(cat "$TEST_DIR/err")" 'Container preempted by the ResourceManager for queue root\.b, where an application waits for 896 MB and 1 vcore'
  assert_matches "$(cat "$TEST_DIR/err")" 'queue root\.a used 8064 MB and 9 vcores, its guaranteed capacity is 4096 MB and 8 vcores; it was asked back'
  wait_for 'the report counts what was taken' 20 was_taken_from "$(app_id "$(cat "$TEST_DIR/err")")"
  # What it has left does all of its tasks, those of lost executors once more.
  touch "$TEST_DIR/go"
  answered 36
  ended
  echo end >"$TEST_DIR/two/order.part"
  mv "$TEST_DIR/two/order.part" "$TEST_DIR/two/order"
  wait "$other" || code=$?
  assert_equal "$code" 0
}

@test "the fair scheduler by YARN's allocations file: queues of users, a bad file refused with its line, applications changed while they run" {
  local first second
  cat >"$TEST_DIR/conf/fair-scheduler.xml" <<'XML'
<?xml version="1.0"?>
<allocations>
  <queue name="etl"><weight>2.0</weight><maxResources>1000 mb, 4 vcores</maxResources></queue>
  <queue name="adhoc"><maximumApplicationLifetime>300</maximumApplicationLifetime></queue>
</allocations>
XML
  write_conf 'yarn.resourcemanager.scheduler.class: org.apache.hadoop.yarn.server.resourcemanager.scheduler.fair.FairScheduler' \
    'emberloom.executor.prestart: 0' 'yarn.cluster.max-application-priority: 10'
  start_cluster 1
  begin_in default 1
  wait_for 'its executor runs' 30 registered "$TEST_DIR/err" 1
  first=$(app_id "$(cat "$TEST_DIR/err")")
  assert_equal "$(app_field "$first" Queue)" "root.$(id -un | tr . _)"
  sed -i 's/<weight>/<wieght>/' "$TEST_DIR/conf/fair-scheduler.xml"
  run --separate-stderr yarn rmadmin -refreshQueues
  [ "$status" -ne 0 ]
  assert_matches "$stderr" 'fair-scheduler.xml:3: '
  sed -i 's/<wieght>/<weight>/' "$TEST_DIR/conf/fair-scheduler.xml"
  yarn rmadmin -refreshQueues

  run --separate-stderr yarn queue -status etl
  assert_contains "$output" 'Scheduler Name : FairScheduler'
  run --separate-stderr yarn application -appId "$first" -changeQueue etl
  assert_status 0
  assert_equal "$output" "Moving application $first to queue etl
Successfully completed move."
  assert_equal "$(app_field "$first" Queue)" root.etl
  run --separate-stderr yarn application -appId "$first" -changeQueue etk
  [ "$status" -ne 0 ]
  run --separate-stderr yarn application -appId "$first" -updatePriority 99
  assert_contains "$output" "to cluster max priority 10"
  assert_equal "$(app_field "$first" 'Application Priority')" 10
  order tasks 4 1
  answered 6

  # The queue has room for one executor, and the first program has it.
  LIMIT=30 run --separate-stderr submit_yarn --queue etl --conf spark.emberloom.maxQueueWait=1s "$APPS/ok.ts"
  [ "$status" -ne 0 ]
  assert_matches "$stderr" 'waited 1 s in queue root.etl for its first container'
  second=$(app_id "$stderr")
  assert_matches "$(app_field "$second" State)" FAILED
  assert_matches "$(yarn application -status "$second")" \
    'waited 1 s in queue root.etl for its first container and got none; its own limit is 1 s .*queue root.etl is at its maximum'

  run --separate-stderr yarn application -appId "$first" -updateLifetime 1
  assert_status 0
  assert_matches "$output" 'Successfully updated LIFETIME of an application .* New expiry time is 20[0-9-]+T[0-9:.]+[+-][0-9]{4}'
  wait_for 'its lifetime is over' 15 app_in_state "$first" KILLED
  assert_equal "$(app_field "$first" Diagnostics)" 'Application is killed by ResourceManager as it has exceeded the lifetime period.'
}
