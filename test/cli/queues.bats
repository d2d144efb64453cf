# Queues, node labels and countable resources in a real cluster: what operators give is what applications get, and mistakes are told.
load helpers

setup() { new_data; }
teardown() { stop_everything; }

@test "labels, limits and countable resources by rmadmin and file" {
  write_conf 'yarn.nodemanager.resource-type.yarn.io/gpu: 1'
  start_cluster 2
  local file=$EMBERLOOM_CONF_DIR/capacity-scheduler.yaml q=yarn.scheduler.capacity.root

  run --separate-stderr "$BIN/yarn" rmadmin -addToClusterNodeLabels 'big(exclusive=true),spare(exclusive=false)'
  [ "$status" -eq 0 ]
  local node
  node=$("$BIN/yarn" node -list 2>/dev/null | awk '/nm2/ { print $1 }')
  run --separate-stderr "$BIN/yarn" rmadmin -replaceLabelsOnNode "$node=big"
  [ "$status" -eq 0 ]
  run --separate-stderr "$BIN/yarn" cluster --list-node-labels
  [ "$output" = 'Node Labels: <big:exclusivity=true>,<spare:exclusivity=false>' ]
  run --separate-stderr "$BIN/yarn" node -status "$node"
  assert_contains "$output" 'Node-Labels : big'
  run --separate-stderr "$BIN/yarn" rmadmin -replaceLabelsOnNode "$node=bigg"
  [ "$status" -ne 0 ]
  assert_contains "$stderr" 'Did you mean big?'
  run --separate-stderr "$BIN/yarn" rmadmin -removeFromClusterNodeLabels big
  [ "$status" -ne 0 ]
  assert_contains "$stderr" 'replace it there first'

  printf '%s\n' "$q.queues: default, lab" "$q.default: { capacity: 1w, accessible-node-labels: '' }" "$q.lab: { capacity: 3w }" \
    "$q.accessible-node-labels.big.capacity: 100" "$q.lab.accessible-node-labels.big.capacity: 100" >"$file"
  run --separate-stderr "$BIN/yarn" rmadmin -refreshQueues
  [ "$status" -eq 0 ]
  run --separate-stderr "$BIN/yarn" queue -status lab
  assert_contains "$output" 'Capacity : 75'

  run --separate-stderr timeout 60 "$BIN/emberloom" run --queue lab --node-label big --memory 64m -- hostname
  [ "$status" -eq 0 ]
  run --separate-stderr timeout 60 "$BIN/emberloom" run --queue default --node-label big --memory 64m -- hostname
  [ "$status" -ne 0 ]
  assert_contains "$stderr" 'queue root.default has no access to nodes with label big'

  # Both survive the ResourceManager.
  kill -9 "$(daemon_pid resourcemanager)"
  timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
  wait_for 'both nodes are back' 15 nodes_running 2
  run --separate-stderr "$BIN/yarn" cluster --list-node-labels
  [ "$output" = 'Node Labels: <big:exclusivity=true>,<spare:exclusivity=false>' ]
}


queues_below_users() {
  curl -sS "$(cat "$EMBERLOOM_DATA/run/rm-http")/ws/v1/cluster/scheduler" | grep -oE '"queuePath":"root\.users\.[^"]*"' | sort -u | cut -d'"' -f4 | xargs
}
below_users_are() { [ "$(queues_below_users)" = "$1" ]; }
runs_in() { "$BIN/yarn" application -list -appStates RUNNING 2>/dev/null | grep -q "root\.users\.$1"; }

@test "users' queues are made for their applications, outlive the ResourceManager, and go when nobody uses them" {
  printf 'yarn.scheduler.capacity.%s\n' 'root.queues: default, users' 'root.default.capacity: 1w' 'root.users.capacity: 3w' \
    'root.users.auto-queue-creation-v2.enabled: true' 'root.users.auto-queue-creation-v2.leaf-template.capacity: 2w' \
    'auto-queue-creation-v2.queue-expiration-time: 1' 'queue-mappings: "u:%user:root.users.%user"' >"$EMBERLOOM_CONF_DIR/capacity-scheduler.yaml"
  start_cluster 1
  below_users_are ''

  local wait="until [ -e $TEST_DIR/go ]; do sleep 0.1; done"
  HADOOP_USER_NAME=ada timeout 90 "$BIN/emberloom" run --memory 64m -- sh -c "$wait" >"$TEST_DIR/ada" 2>&1 3>&- &
  local ada=$!
  HADOOP_USER_NAME=bob timeout 90 "$BIN/emberloom" run --memory 64m --queue root.users.staff.bob -- sh -c "$wait" >"$TEST_DIR/bob" 2>&1 3>&- &
  local bob=$!
  wait_for 'both run' 30 runs_in ada
  wait_for 'both run' 30 runs_in staff.bob
  below_users_are 'root.users.ada root.users.staff root.users.staff.bob'
  run --separate-stderr "$BIN/yarn" queue -status root.users.ada
  [ "$status" -eq 0 ]
  assert_contains "$output" 'Queue Path : root.users.ada'
  run --separate-stderr timeout 30 "$BIN/emberloom" run --queue root.users.a.b.c -- true
  [ "$status" -ne 0 ]
  assert_contains "$stderr" 'auto-queue-creation-v2.maximum-queue-depth'

  kill -9 "$(daemon_pid resourcemanager)"
  timeout 30 "$BIN/start-resourcemanager.sh" </dev/null
  below_users_are 'root.users.ada root.users.staff root.users.staff.bob'
  run --separate-stderr "$BIN/yarn" rmadmin -refreshQueues
  [ "$status" -eq 0 ]
  below_users_are 'root.users.ada root.users.staff root.users.staff.bob'

  touch "$TEST_DIR/go"
  wait "$ada"
  wait "$bob"
  # A driver that the ResourceManager starts, in a queue that it makes for it.
  HADOOP_USER_NAME=cid run --separate-stderr submit_cluster "$APPS/ok.ts"
  assert_status 0
  run --separate-stderr "$BIN/yarn" application -status "$(app_id "$stderr")"
  assert_contains "$output" 'root.users.cid'
  wait_for 'nobody uses them' 20 below_users_are ''
  run --separate-stderr "$BIN/yarn" queue -status root.users.ada
  [ "$status" -ne 0 ]
}
