# The operator's guide is true: its settings are set and its commands are run as they are written there, on a cluster of one host with two
# ResourceManagers. Each must succeed; who writes a new one with something to fill in says here with what. What needs several hosts: hosts.bats.
load helpers

setup_file() {
  new_data
  # The settings of "Two ResourceManagers" are those of the page.
  write_conf 'emberloom.executor.prestart: 0' 'yarn.nodemanager.resource.memory-mb: 2048'
  sed -n 's/^    \(yarn.resourcemanager.ha\.[a-z-]*: .*\)/\1/p' "$ROOT/docs/OPERATING.md" >>"$EMBERLOOM_CONF_DIR/emberloom.yaml"
  printf '%s\n' 'yarn.scheduler.capacity.root:' '  queues: default, etl' '  default: { capacity: 50 }' '  etl: { capacity: 50, user-limit-factor: 2 }' >"$EMBERLOOM_CONF_DIR/capacity-scheduler.yaml"
  printf 'n1\nn2\n' >"$EMBERLOOM_CONF_DIR/nodes"
  printf '#!/bin/sh\necho works\n' >"$TEST_DIR/work.sh"
  chmod +x "$TEST_DIR/work.sh"
  cd "$TEST_DIR"
  timeout 60 "$BIN/start-all.sh" </dev/null
  wait_for 'both nodes are registered' 20 nodes_running 2
}
teardown() { note_failure; }
teardown_file() { stop_everything; }

# an_application: one that runs, in $id, with $attempt, $container and the node that it is on
an_application() {
  [ -z "${id:-}" ] || ! app_in_state "$id" RUNNING || return 0
  id=$(timeout 40 "$BIN/emberloom" run --detach --name etl-1 --queue etl --memory 64m -- sleep 600 </dev/null 2>/dev/null)
  wait_for 'it runs' 30 app_in_state "$id" RUNNING
  has_container() { container=$(timeout 20 "$BIN/emberloom" container list "$id" --json 2>/dev/null | grep -oE 'container_(e[0-9]+_)?[0-9_]+_00000[2-9]' | head -1) && [ -n "$container" ]; }
  wait_for 'its instance runs' 30 has_container
  attempt=$(yarn applicationattempt -list "$id" 2>/dev/null | grep -oE 'appattempt_[0-9_]+' | head -1)
}
rm1_is_active() { [ "$(yarn rmadmin -getServiceState rm1 2>/dev/null)" = active ]; }
make_rm1_active() {
  rm1_is_active || yarn rmadmin -transitionToStandby rm2 >/dev/null
  wait_for 'rm1 is active' 20 rm1_is_active
}

# filled_in 'command': what is run of it; nothing: not here
filled_in() {
  case "$1" in
    # Of other hosts, of other tests, or a name without its arguments.
    *'user@'* | 'emberloom run' | 'emberloom … --json' | *' recommission' | 'yarn rmadmin -refreshNodes -g') ;;
    # A store that is in use is not repaired: store-faults.bats.
    'emberloom resourcemanager repair') ;;
    'emberloom user add NAME' | 'emberloom user revoke NAME') echo "${1/NAME/ann}" ;;
    'emberloom user '*' alice'*) echo "${1/alice/ann}" ;;
    'bin/start-nodemanager.sh <name>') echo 'bin/start-nodemanager.sh n2' ;;
    'yarn application -status') echo "$1 $id" ;;
    'emberloom application status --json') echo "emberloom application status $id --json" ;;
    'yarn application -appId ID '*) sed "s/ID/$id/; s/SECONDS/3600/; s/QUEUE/etl/; s/ N\$/ 3/" <<<"$1" ;;
    'yarn container -status') echo "$1 $container" ;;
    'yarn container -list <attempt>' | 'yarn applicationattempt -fail <attempt>') echo "${1/<attempt>/$attempt}" ;;
    'yarn container -signal <id> '*) echo "${1/<id>/$container}" ;;
    'emberloom container list <application>') echo "${1/<application>/$id}" ;;
    'yarn logs -applicationId '*) sed "s/…/$id/; s/ \[-follow\]//; s/[][]//g" <<<"$1" ;;
    'yarn logs') echo "$1 -applicationId $id" ;;
    'yarn node -status <id>') echo "yarn node -status $node" ;;
    'yarn rmadmin -updateNodeResource <node> <MB> <vcores>') echo "yarn rmadmin -updateNodeResource $node 2048 4" ;;
    'yarn rmadmin -replaceLabelsOnNode '*) echo "$1" ;;
    'yarn queue -status') echo "$1 etl" ;;
    'yarn top') echo 'yarn top -once' ;;
    'yarn rmadmin -transitionToStandby') echo "$1 rm1" ;;
    'emberloom node decommission') echo "$1 $spare" ;;
    *) echo "$1" ;;
  esac
}
# What the sentence around it takes for granted.
prepare() {
  case "$1" in
    *-transitionToStandby* | *'-failover rm1 rm2' | *'-transitionToActive rm1') make_rm1_active ;;
    # Nodes register with the ResourceManager that took over just before.
    'emberloom node decommission') wait_for 'both nodes are registered' 20 nodes_running 2 ;;
    'bin/start-resourcemanager.sh --id '*) timeout 30 "$BIN/stop-resourcemanager.sh" --id "${1##* }" </dev/null ;;
    'bin/start-nodemanager.sh '*) timeout 30 "$BIN/stop-nodemanager.sh" n2 </dev/null ;;
    *'<attempt>'* | *'<id>'* | *ID* | *-status* | *' container '* | *" logs"* | *' application '*) an_application ;;
  esac
}

# all_of page: every command of the page succeeds
all_of() {
  local said command failed='' ran=0
  node=$(yarn node -list 2>/dev/null | grep -oE '^ *[^ ]+:n1' | tr -d ' ')
  spare=${node%:n1}:n2
  cd "$TEST_DIR"
  while IFS= read -r said <&9; do
    prepare "$said"
    command=$(filled_in "$said")
    [ -n "$command" ] || continue
    # In a shell, as its reader does: with its quotes.
    run timeout -k 5 60 bash -c "PATH='$BIN':\$PATH; cd '$TEST_DIR'; ${command/#bin\//}" </dev/null
    ran=$((ran + 1))
    [ "$status" -eq 0 ] || failed+="$command (written: $said): exit code $status: $output"$'\n'
  done 9< <("$NODE" "$HELPERS/guide-commands.ts" "$ROOT/docs/$1")
  if [ -n "$failed" ]; then
    printf 'of docs/%s:\n%s' "$1" "$failed" >&2
    return 1
  fi
  [ "$ran" -ge "$2" ]
}

@test "every command of SECURITY.md that one host can run succeeds" { all_of SECURITY.md 4; }

@test "every command of OPERATING.md that one host can run succeeds" { all_of OPERATING.md 40; }
