# Why an application waits, on a real cluster: each reason is made to happen, its sentence is the same on the command line, in REST and on the
# page, and then the very thing that it proposes is done: the application runs.
load helpers

setup_file() {
  new_data
  echo ok >"$TEST_DIR/health"
  printf '#!/bin/sh\ncat %s/health\n' "$TEST_DIR" >"$TEST_DIR/health.sh"
  chmod +x "$TEST_DIR/health.sh"
  : >"$TEST_DIR/excluded"
  queues 'etl: { capacity: 50, maximum-capacity: 50, user-limit-factor: 2 }' 'one: { capacity: 25, maximum-capacity: 100, user-limit-factor: 1 }' \
    'am: { capacity: 25, maximum-capacity: 100, user-limit-factor: 8, maximum-am-resource-percent: 0.1 }'
  write_conf 'yarn.nodemanager.resource.memory-mb: 2048' 'yarn.nodemanager.resource.cpu-vcores: 16' 'emberloom.executor.prestart: 0' \
    'yarn.scheduler.maximum-allocation-mb: 16384' "yarn.nodemanager.health-checker.script.path: $TEST_DIR/health.sh" \
    'yarn.nodemanager.health-checker.interval-ms: 200' "yarn.resourcemanager.nodes.exclude-path: $TEST_DIR/excluded"
  timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
}
teardown_file() { stop_everything; }
teardown() {
  note_failure
  local id
  for id in $(timeout 20 "$BIN/yarn" application -list 2>/dev/null | grep -oE '^application_[0-9_]+'); do yarn application -kill "$id" >/dev/null 2>&1 || true; done
}

# queues 'name: { … }' …: capacity-scheduler.yaml anew
queues() {
  local names=() queue
  for queue in "$@"; do names+=("${queue%%:*}"); done
  {
    echo 'yarn.scheduler.capacity.root:'
    echo "  queues: $(IFS=,; echo "${names[*]}")"
    printf '  %s\n' "$@"
  } >"$EMBERLOOM_CONF_DIR/capacity-scheduler.yaml"
}
rm_url() { cat "$EMBERLOOM_DATA/run/rm-http"; }
ask() { curl -sS --max-time 10 "$(rm_url)$1"; }
js() { "$NODE" -p "const v=JSON.parse(require('fs').readFileSync(0)); $1"; }
node_id() { yarn node -list -all 2>/dev/null | awk "/_$1|$1/{print \$1; exit}"; }

# start_run NAME arguments: emberloom run in the background, its words in NAME.err, its id in $id
start_run() {
  local name=$1
  shift
  timeout -k 5 120 "$BIN/emberloom" run --name "$name" "$@" -- sleep 600 >"$TEST_DIR/$name.out" 2>"$TEST_DIR/$name.err" </dev/null 3>&- &
  has_id() { grep -qsE 'application_[0-9]+_[0-9]+' "$TEST_DIR/$name.err"; }
  wait_for "$name is submitted" 30 has_id
  id=$(app_id "$(cat "$TEST_DIR/$name.err")")
}
diagnostics_of() { app_field "$1" Diagnostics; }
says() { diagnostics_of "$1" | grep -qF -- "$2"; }
status_of() { timeout 20 "$BIN/emberloom" application status "$1" --json; }
runs_whole() { status_of "$1" 2>/dev/null | js '(v.application.waiting ?? []).length === 0 && v.application.state === "RUNNING"' | grep -q true; }

# waits_because ID OBSTACLE 'because' 'what would let it run': the command line's sentence, and the same in JSON, REST, on the page and for activities
waits_because() {
  local cli rest page
  wait_for "$1 waits because $3" 30 says "$1" "$3"
  cli=$(diagnostics_of "$1")
  assert_contains "$cli" "$4"
  rest=$(ask "/ws/v1/cluster/apps/$1?user.name=$(id -un)" | js v.app.diagnostics)
  assert_equal "$rest" "$cli"
  page=$(ask "/ui-api/apps/$1?user.name=$(id -un)")
  assert_equal "$(js v.waits[0].obstacle <<<"$page")" "$2"
  assert_contains "$cli" "$(js v.waits[0].because <<<"$page")"
  assert_contains "$cli" "$(js v.waits[0].wouldLetItRun <<<"$page")"
  assert_equal "$(timeout 20 "$BIN/emberloom" application status "$1" --json | js v.application.waiting[0].obstacle)" "$2"
  activities_say "$1"
}
# Rounds are recorded once somebody has asked.
activities_say() {
  agree() {
    local because
    because=$(status_of "$1" | js v.application.waiting[0].because)
    [ -n "$because" ] && ask /ws/v1/cluster/scheduler/activities | grep -qF -- ": $because." &&
      ask "/ws/v1/cluster/scheduler/app-activities/$1" | grep -qF -- ": $because."
  }
  wait_for "the scheduler's activities say why $1 waits" 20 agree "$1"
}

@test "no nodes, and larger than any node: a node that starts, and one that gets as large as it says" {
  local large
  start_run large --queue one --memory 3000m
  large=$id
  start_run lonely --queue etl --memory 512m
  waits_because "$id" NO_NODES 'no node has registered with the ResourceManager' 'It fits when a NodeManager with 512 MB and 1 vcore starts.'
  start_node nm1
  wait_for 'it runs' 30 runs_whole "$id"
  waits_because "$large" TOO_LARGE 'it asks for more than the largest node has (2048 MB and 16 vcores)' 'It fits when a node with at least 3000 MB and 1 vcore joins'
  yarn application -kill "$id"
  # Where there are nodes, none of which is ever large enough, nobody need wait.
  run --separate-stderr timeout 30 "$BIN/emberloom" run --queue one --memory 3001m -- true </dev/null
  assert_status 1
  assert_contains "$stderr" '2048 MB'
  yarn rmadmin -updateNodeResource "$(node_id nm1)" 3000 16
  wait_for 'it runs' 30 runs_whole "$large"
  yarn application -kill "$large"
  yarn rmadmin -updateNodeResource "$(node_id nm1)" 2048 16
}

@test "the queue is at its maximum: raised as it says" {
  local percent
  start_run full --queue etl --num 3 --memory 400m
  waits_because "$id" QUEUE_FULL 'queue root.etl is at its maximum-capacity 50 % (800 of 1024 MB' 'It fits when 176 MB in use by queue root.etl become free, or when'
  percent=$(diagnostics_of "$id" | grep -oE 'raised to [0-9]+ %' | grep -oE '[0-9]+')
  sed -i "s/etl: .*/etl: { capacity: 50, maximum-capacity: $percent, user-limit-factor: 2 }/" "$EMBERLOOM_CONF_DIR/capacity-scheduler.yaml"
  yarn rmadmin -refreshQueues
  wait_for 'it runs' 30 runs_whole "$id"
}

@test "one user has what he may have: a larger user-limit-factor" {
  start_run greedy --queue one --num 3 --memory 400m
  waits_because "$id" USER_LIMIT "user $(id -un) has what one user may have in queue root.one (800 of 512 MB" 'or with a larger user-limit-factor or minimum-user-limit-percent of root.one'
  sed -i 's/user-limit-factor: 1 /user-limit-factor: 4 /' "$EMBERLOOM_CONF_DIR/capacity-scheduler.yaml"
  yarn rmadmin -refreshQueues
  wait_for 'it runs' 30 runs_whole "$id"
}

@test "as many drivers as may run: the share raised as it says" {
  local first share
  first=$(timeout 40 "$BIN/emberloom" run --detach --queue am --memory 64m --name first -- sleep 600 </dev/null 2>/dev/null)
  wait_for 'the first runs' 30 app_in_state "$first" RUNNING
  id=$(timeout 40 "$BIN/emberloom" run --detach --queue am --memory 64m --name second -- sleep 600 </dev/null 2>/dev/null)
  waits_because "$id" AM_SHARE 'as many drivers as it may: they use 256 of' "It fits when one of them ends, or when root.am's maximum-am-resource-percent is raised to"
  share=$(diagnostics_of "$id" | grep -oE 'raised to [0-9.]+' | grep -oE '[0-9.]*[0-9]')
  sed -i "s/maximum-am-resource-percent: 0.1/maximum-am-resource-percent: $share/" "$EMBERLOOM_CONF_DIR/capacity-scheduler.yaml"
  yarn rmadmin -refreshQueues
  wait_for 'it runs' 30 app_in_state "$id" RUNNING
}

@test "a label without nodes: a node that gets the label" {
  yarn rmadmin -addToClusterNodeLabels 'gpu(exclusive=true)'
  sed -i 's/^  queues: .*/&\n  accessible-node-labels.gpu.capacity: 100\n  etl.accessible-node-labels: gpu\n  etl.accessible-node-labels.gpu.capacity: 100/' "$EMBERLOOM_CONF_DIR/capacity-scheduler.yaml"
  yarn rmadmin -refreshQueues
  start_run labelled --queue etl --memory 256m --node-label gpu
  waits_because "$id" NO_NODES 'no node with label gpu is in the cluster' 'It fits when a node with 256 MB and 1 vcore and label gpu joins'
  yarn rmadmin -replaceLabelsOnNode "$(node_id nm1)=gpu"
  wait_for 'it runs' 30 runs_whole "$id"
  yarn rmadmin -replaceLabelsOnNode "$(node_id nm1)="
}

@test "no node has room: so much is freed as it says" {
  local holder
  start_run holder --queue one --num 3 --memory 600m
  holder=$id
  wait_for 'it holds the node' 30 runs_whole "$holder"
  start_run roomless --queue etl --memory 500m
  waits_because "$id" NO_ROOM 'no node has room; the most that one node has free is 248 MB and 13 vcores' 'It fits when 252 MB more become free on that node, or when another joins.'
  yarn application -kill "$holder"
  wait_for 'it runs' 30 runs_whole "$id"
}

@test "a queue that drains: what waits in it says what it waits for as ever, and runs; what is new is refused until the queue runs again" {
  local holder draining
  start_run holder --queue one --memory 1500m
  holder=$id
  wait_for 'it holds the node' 30 runs_whole "$holder"
  start_run draining --queue etl --memory 700m
  draining=$id
  wait_for 'it waits' 30 says "$draining" 'no node has room'
  sed -i 's/etl: { /etl: { state: STOPPED, /' "$EMBERLOOM_CONF_DIR/capacity-scheduler.yaml"
  yarn rmadmin -refreshQueues
  assert_contains "$(yarn queue -status etl 2>/dev/null)" 'State : DRAINING'
  waits_because "$draining" NO_ROOM 'no node has room; the most that one node has free is 548 MB' 'It fits when 152 MB more become free on that node'
  run --separate-stderr timeout 30 "$BIN/emberloom" run --queue etl --memory 64m -- true </dev/null
  assert_status 1
  assert_contains "$stderr" 'root.etl is STOPPED'
  yarn application -kill "$holder"
  wait_for 'it runs' 30 runs_whole "$draining"
  yarn application -kill "$draining"
  is_stopped() { yarn queue -status etl 2>/dev/null | grep -q 'State : STOPPED'; }
  wait_for 'it has drained' 20 is_stopped
  sed -i 's/state: STOPPED, //' "$EMBERLOOM_CONF_DIR/capacity-scheduler.yaml"
  yarn rmadmin -refreshQueues
  start_run again --queue etl --memory 64m
  wait_for 'it runs' 30 runs_whole "$id"
}

@test "the only node is not well: well again, it runs" {
  echo 'ERROR fan is broken' >"$TEST_DIR/health"
  unhealthy() { yarn node -list -all 2>/dev/null | grep -q UNHEALTHY; }
  wait_for 'the node is unhealthy' 30 unhealthy
  start_run sick --queue etl --memory 256m
  waits_because "$id" NO_ROOM 'no node takes containers now' 'It fits when a node is healthy again, or another joins.'
  echo ok >"$TEST_DIR/health"
  wait_for 'it runs' 30 runs_whole "$id"
}

@test "the only node is taken out: another joins" {
  node_id nm1 >"$TEST_DIR/excluded"
  yarn rmadmin -refreshNodes
  start_run left --queue etl --memory 256m
  waits_because "$id" NO_NODES 'no node' 'It fits when'
  : >"$TEST_DIR/excluded"
  yarn rmadmin -refreshNodes
  start_node nm2
  wait_for 'it runs' 30 runs_whole "$id"
}

@test "one of lower priority: the one above it first, then its own" {
  local holder low
  start_run holding --queue one --num 1 --memory 1900m
  holder=$id
  wait_for 'it holds the node' 30 runs_whole "$holder"
  start_run low --queue one --memory 1000m --priority 1
  low=$id
  wait_for 'it waits' 30 says "$low" 'Waiting for'
  start_run high --queue one --memory 1500m --priority 9
  wait_for 'it waits, too' 30 says "$id" 'Waiting for'
  yarn application -kill "$holder"
  wait_for 'the higher one runs' 30 runs_whole "$id"
  waits_because "$low" NO_ROOM 'no node has room' 'It fits when 452 MB more become free on that node'
  yarn application -kill "$id"
  wait_for 'the lower one runs' 30 runs_whole "$low"
}

@test "more applications than the queue may have, a stopped queue: refused at once with the numbers" {
  sed -i 's/etl: { /etl: { maximum-applications: 1, /; s/one: { /one: { state: STOPPED, /' "$EMBERLOOM_CONF_DIR/capacity-scheduler.yaml"
  yarn rmadmin -refreshQueues
  start_run single --queue etl --memory 64m
  run --separate-stderr timeout 30 "$BIN/emberloom" run --queue etl --memory 64m -- true </dev/null
  assert_status 1
  assert_matches "$stderr" 'queue root.etl has 1 applications already, and its maximum is 1'
  run --separate-stderr timeout 30 "$BIN/emberloom" run --queue one --memory 64m -- true </dev/null
  assert_status 1
  assert_matches "$stderr" 'root.one is STOPPED'
}
