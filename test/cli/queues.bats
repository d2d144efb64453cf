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
