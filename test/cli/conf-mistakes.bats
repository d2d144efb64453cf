# Every kind of mistake in conf/: a daemon does not start on it, says file, line and what was meant, and nothing runs afterwards. Files that
# were written for YARN are taken, and what of them has no effect is named.
load helpers

setup() { new_data; }
teardown() { stop_everything; }

rm_refuses() {
  run timeout 20 "$NODE" "$ROOT/dist/resourcemanager.cjs" --data "$EMBERLOOM_DATA" --conf "$EMBERLOOM_CONF_DIR/emberloom.yaml"
  assert_matches "$status" '^(73|78)$'
  assert_contains "$output" "$1"
  [ "$(grep -c ERROR <<<"$output")" -eq 1 ]
}

@test "emberloom.yaml: names, values, addresses, files, and YAML that is none" {
  local line said
  while IFS='|' read -r line said; do
    printf 'yarn.resourcemanager.webapp.address: localhost:0\n%b\n' "$line" >"$TEST_DIR/conf/emberloom.yaml"
    rm_refuses "$said"
  done <<'CASES'
yarn.acl.enabel: true|emberloom.yaml:2: unknown setting yarn.acl.enabel. Did you mean yarn.acl.enable?
yarn.acl.enable: maybe|emberloom.yaml:2: yarn.acl.enable is "maybe"; expected true or false
yarn.resourcemanager.max-completed-applications: -3|expected a whole number, 0 or more
yarn.nm.liveness-monitor.expiry-interval-ms: 0|expected a time such as 500ms, 10s or 2min, 1 or more
yarn.nm.liveness-monitor.expiry-interval-ms: 10 parsecs|expected a time
yarn.acl.enable: true\nyarn.acl.enable: false|Map keys must be unique at line 3
yarn.acl.enable: [|emberloom.yaml can't be read
- a|emberloom.yaml can't be read
yarn.resourcemanager.address: nowhere.invalid:port|expected host:port
yarn.resourcemanager.address: nowhere.invalid:8032|Nothing can listen at tls:nowhere.invalid:8032
yarn.resourcemanager.scheduler.class: best|expected one of capacity
yarn.resourcemanager.nodes.exclude-path: /no/such|The list of nodes /no/such can't be read
emberloom.tls.cert: /no/such.pem|emberloom.tls.cert is set and emberloom.tls.key is not
yarn.resourcemanager.ha.enabled: true|expected one of yarn.resourcemanager.ha.rm-ids
yarn.scheduler.minimum-allocation-mb: 4096\nyarn.scheduler.maximum-allocation-mb: 1024|yarn.scheduler.maximum-allocation-mb is "1024"; expected at least yarn.scheduler.minimum-allocation-mb, 4096
CASES
  for line in localhost localhost:99999 localhost:x; do
    echo "yarn.resourcemanager.webapp.address: $line" >"$TEST_DIR/conf/emberloom.yaml"
    rm_refuses "webapp.address of the ResourceManager is \"$line\"; expected host:port"
  done
  nothing_runs
}

@test "capacity-scheduler.yaml and fair-scheduler.xml: the line, and what is wrong with it" {
  local lines said q=yarn.scheduler.capacity.root
  while IFS='|' read -r lines said; do
    printf '%b\n' "${lines//Q./$q.}" >"$TEST_DIR/conf/capacity-scheduler.yaml"
    rm_refuses "$said"
  done <<'CASES'
Q.queues: a, b\nQ.a.capacity: 50\nQ.b.capacity: 40|capacity-scheduler.yaml:1: the capacities of the children of root add up to 90, not 100.
Q.queues: a, b\nQ.a.capacity: 50|capacity-scheduler.yaml:1: queue root.b has no yarn.scheduler.capacity.root.b.capacity.
Q.queues: a\nQ.a.capacity: 100\nQ.a.stat: STOPPED|did you mean yarn.scheduler.capacity.root.a.state?
Q.queues: a\nQ.a.capacity: 100\nQ.a.state: HALTED|capacity-scheduler.yaml:3: yarn.scheduler.capacity.root.a.state is "HALTED"
Q.queues: a\nQ.a.capacity: 100\nQ.a.capacity: 100|capacity-scheduler.yaml:3: Map keys must be unique.
Q.queues: a\nQ.a.capacity: hundred|expected a percentage from 0 to 100
Q.queues: a\nQ.a.capacity: 100\nQ.a.maximum-capacity: 120|capacity-scheduler.yaml:3: yarn.scheduler.capacity.root.a.maximum-capacity is 120
Q.queues: a\nQ.a.capacity: 100\nQ.b.capacity: 20|capacity-scheduler.yaml:3: unknown property yarn.scheduler.capacity.root.b.capacity
Q.queues: a, a\nQ.a.capacity: 100|names a queue twice
Q.queues: a\nQ.a.capacity: 100\nQ.z.acl_submit_applications: ann|there is no queue root.z
Q.queues: a\n\tQ.a.capacity: 100|Tabs are not allowed
|names no queue
CASES
  write_conf 'yarn.resourcemanager.scheduler.class: fair'
  echo '<allocations>
<queue name="a"><weigth>2</weigth></queue></allocations>' >"$TEST_DIR/conf/fair-scheduler.xml"
  rm_refuses 'fair-scheduler.xml:2: unknown element <weigth>; did you mean <weight>?'
  nothing_runs
}

@test "YARN's own files: yarn-site.xml and capacity-scheduler.xml hold, what has no effect is named on the terminal and in the log" {
  rm "$TEST_DIR/conf/capacity-scheduler.yaml"
  sed -i '/resource.memory-mb/d' "$TEST_DIR/conf/emberloom.yaml"
  cat >"$TEST_DIR/conf/yarn-site.xml" <<'XML'
<?xml version="1.0"?>
<?xml-stylesheet type="text/xsl" href="configuration.xsl"?>
<configuration>
  <property><name>yarn.nodemanager.resource.memory-mb</name><value>3000</value></property>
  <property><name>yarn.nodemanager.vmem-check-enabled</name><value>true</value></property>
  <property><name>yarn.nodemanager.resource.percentage-physical-cpu-limti</name><value>90</value></property>
</configuration>
XML
  cat >"$TEST_DIR/conf/capacity-scheduler.xml" <<'XML'
<configuration>
  <property><name>yarn.scheduler.capacity.resource-calculator</name><value>org.apache.hadoop.yarn.util.resource.DefaultResourceCalculator</value></property>
  <property><name>yarn.scheduler.capacity.root.queues</name><value>etl,adhoc</value></property>
  <property><name>yarn.scheduler.capacity.root.etl.capacity</name><value>70</value></property>
  <property><name>yarn.scheduler.capacity.root.adhoc.capacity</name><value>30</value></property>
  <property><name>yarn.scheduler.capacity.per-node-heartbeat.multiple-assignments-enabled</name><value>true</value></property>
</configuration>
XML
  run --separate-stderr timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
  assert_status 0
  assert_contains "$stderr" 'yarn-site.xml: 2 properties have no effect here: yarn.nodemanager.vmem-check-enabled (line 5), yarn.nodemanager.resource.percentage-physical-cpu-limti (line 6)'
  assert_contains "$stderr" 'capacity-scheduler.xml: 2 properties have no effect here: yarn.scheduler.capacity.resource-calculator (line 2), yarn.scheduler.capacity.per-node-heartbeat.multiple-assignments-enabled (line 6)'
  grep -q 'WARN.*no effect here' "$TEST_DIR"/data/logs/*resourcemanager*.log
  start_node nm1 2>/dev/null
  wait_for 'the node is registered' 30 nodes_running 1
  assert_contains "$(yarn queue -status adhoc 2>/dev/null)" 'Capacity : 30'
  assert_contains "$(yarn node -status "$(yarn node -list 2>/dev/null | awk '/nm1/{print $1}')")" 'Memory-Capacity : 3000MB'
  sed -i 's/>70</>60</' "$TEST_DIR/conf/capacity-scheduler.xml"
  run --separate-stderr yarn rmadmin -refreshQueues
  assert_status 78
  assert_contains "$stderr" 'capacity-scheduler.xml:3: the capacities of the children of root add up to 90'
  assert_contains "$(yarn queue -status etl 2>/dev/null)" 'Capacity : 70'
}

@test "a queue that is removed under running applications: refused with the reason, they run on; stopped and drained it may go" {
  local q=yarn.scheduler.capacity.root id
  three() { printf '%s\n' "$q.queues: default, etl" "$q.default.capacity: 60" "$q.etl: { capacity: 40, state: $1 }" >"$TEST_DIR/conf/capacity-scheduler.yaml"; }
  two() { printf '%s\n' "$q.queues: default" "$q.default.capacity: 100" >"$TEST_DIR/conf/capacity-scheduler.yaml"; }
  three RUNNING
  start_cluster 1
  id=$(timeout 30 "$BIN/emberloom" run --detach --queue etl --memory 64m -- sleep 600 </dev/null 2>/dev/null)
  wait_for 'it runs' 30 app_in_state "$id" RUNNING
  two
  run --separate-stderr yarn rmadmin -refreshQueues
  assert_status 78
  assert_contains "$stderr" 'root.etl'
  assert_contains "$stderr" 'application'
  app_in_state "$id" RUNNING
  assert_contains "$(yarn queue -status etl 2>/dev/null)" 'State : RUNNING'
  # A ResourceManager that starts on such a file does not lose it either: it goes on in another queue, and the log says so.
  kill -9 "$(daemon_pid resourcemanager)"
  timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
  wait_for 'it runs on' 30 app_in_state "$id" RUNNING
  grep -q "WARN.*$id goes on in queue root.default: its queue root.etl is not in the file" "$TEST_DIR"/data/logs/*resourcemanager*.log
  three RUNNING
  yarn rmadmin -refreshQueues
  yarn application -appId "$id" -changeQueue etl
  three STOPPED
  yarn rmadmin -refreshQueues
  assert_contains "$(yarn queue -status etl 2>/dev/null)" 'State : DRAINING'
  run --separate-stderr timeout 30 "$BIN/emberloom" run --queue etl --memory 64m -- true </dev/null
  assert_status 1
  yarn application -kill "$id"
  stopped() { yarn queue -status etl 2>/dev/null | grep -q 'State : STOPPED'; }
  wait_for 'it is drained' 30 stopped
  two
  yarn rmadmin -refreshQueues
}
