# What operators of YARN ask for in vain, on a real cluster with default settings wherever that is the point. The list, and where the rest of it is
# shown: finding and ending by name, user, tag, and rolling logs (operators.bats); log links during and after the run (pages.bats);
# preempted by whom and why (preemption.bats).
load helpers

setup_file() {
  new_data
  mkdir "$TEST_DIR/disk"
  mount -t tmpfs -o size=8m,mode=777 tmpfs "$TEST_DIR/disk" 2>/dev/null || rmdir "$TEST_DIR/disk"
  : >"$TEST_DIR/excluded"
  cat >"$TEST_DIR/conf/capacity-scheduler.yaml" <<'YAML'
yarn.scheduler.capacity.root:
  queues: default, brief
  default: { capacity: 90, maximum-capacity: 100, user-limit-factor: 4 }
  brief: { capacity: 10, maximum-capacity: 20 }
emberloom.scheduler.root.brief.maximum-queue-wait: 1s
YAML
  write_conf 'yarn.nodemanager.resource.memory-mb: 2048' 'emberloom.executor.prestart: 0' "yarn.resourcemanager.nodes.exclude-path: $TEST_DIR/excluded" \
    "yarn.nodemanager.local-dirs: $TEST_DIR/local$([ ! -d "$TEST_DIR/disk" ] || echo ",$TEST_DIR/disk/local")" \
    'yarn.nodemanager.disk-health-checker.min-healthy-disks: 1' 'yarn.nodemanager.disk-health-checker.interval-ms: 200'
  start_cluster 1
}
teardown_file() {
  umount -l "$TEST_DIR/disk" 2>/dev/null || true
  stop_everything
}
teardown() { note_failure; }

rm_url() { cat "$EMBERLOOM_DATA/run/rm-http"; }
run_command() { timeout -k 5 60 "$BIN/emberloom" run "$@" </dev/null; }

@test "memory limits are enforced by default, by the resident memory of the whole tree; the reason names process, use, limit and setting" {
  # The shell is small; its child's child is not.
  run --separate-stderr run_command --memory 128m -- sh -c "sh -c '\"$NODE\" -e \"globalThis.b = Buffer.alloc(300e6, 1); setInterval(() => {}, 1000)\"; true' & wait"
  assert_status 1
  assert_matches "$stderr" "beyond the 'PHYSICAL' memory limit. Current usage: [0-9.]+ MB of 128 MB physical memory used"
  assert_matches "$stderr" 'The largest process of it is [0-9]+ \(node\) with [0-9.]+ MB'
  assert_matches "$stderr" '--memory|spark\.executor\.memory'
}

@test "virtual memory is never a reason" {
  run --separate-stderr run_command --memory 256m --no-prefix -- "$NODE" -e '
    globalThis.kept = Array.from({ length: 5 }, () => new ArrayBuffer(4e9));
    const vm = () => Number(/VmSize:\s+(\d+)/.exec(require("fs").readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
    setTimeout(() => console.log("virtual", vm() > 15000), 4000)'
  assert_status 0
  assert_equal "$output" 'virtual true'
}

@test "a wait in the queue ends: the queue's limit, and the application's own" {
  run --separate-stderr run_command --queue brief --memory 2000m -- true
  assert_status 1
  assert_matches "$stderr" 'waited 1 s in queue root\.brief for its first container and got none; .*emberloom\.scheduler\.root\.brief\.maximum-queue-wait'
  "$BIN/emberloom" run --detach --memory 1700m --tag holds -- sleep 600 </dev/null >/dev/null 2>&1
  LIMIT=40 run --separate-stderr submit_yarn --deploy-mode cluster --conf spark.emberloom.maxQueueWait=1s --driver-memory 1g "$APPS/ok.ts"
  assert_status 1
  assert_matches "$output$stderr" 'waited 1 s in queue root\.default .*its own limit is 1 s \(spark\.emberloom\.maxQueueWait\)'
  yarn application -kill -appTags holds >/dev/null 2>&1
}

@test "a mistake in a node label is told at the submission, with the labels that there are" {
  yarn rmadmin -addToClusterNodeLabels 'big(exclusive=true)'
  run --separate-stderr run_command --node-label bigg -- true
  assert_status 1
  assert_contains "$stderr" 'bigg'
  assert_contains "$stderr" 'big'
  assert_equal "$(timeout 20 "$BIN/yarn" application -list -appStates ALL 2>/dev/null | grep -c bigg)" 0
}

@test "an unknown queue or a made-up id is refused at once over REST, where YARN says 202" {
  local body answer id
  id=application_$(date +%s)000_4711
  body='{"application-id":"%s","application-name":"x","queue":"%s","am-container-spec":{"commands":{"command":"true"}},"resource":{"memory":64,"vCores":1}}'
  post() { curl -sS --max-time 10 -w '\n%{http_code}' -H 'content-type: application/json' -H 'x-xsrf-header: 1' -d "$1" "$(rm_url)/ws/v1/cluster/apps?user.name=$(id -un)"; }
  # shellcheck disable=SC2059 # the format is the body
  answer=$(post "$(printf "$body" "$id" default)")
  assert_matches "$answer" '^400$'
  assert_contains "$answer" 'was not handed out'
  id=$(curl -sS -X POST -H 'x-xsrf-header: 1' "$(rm_url)/ws/v1/cluster/apps/new-application?user.name=$(id -un)" | grep -oE 'application_[0-9]+_[0-9]+')
  # shellcheck disable=SC2059
  answer=$(post "$(printf "$body" "$id" defualt)")
  assert_matches "$answer" '^400$'
  assert_contains "$answer" 'unknown queue: defualt'
}

@test "a node that is not well says the disk's reason: which folder, how full, which threshold" {
  [ -d "$TEST_DIR/disk" ] || skip 'a disk of its own needs root'
  dd if=/dev/zero of="$TEST_DIR/disk/filler" bs=64k 2>/dev/null || true
  report_is() { yarn node -status "$(yarn node -list -all 2>/dev/null | awk '/nm1/{print $1}')" 2>/dev/null | grep -qE "$1"; }
  wait_for 'it says so' 30 report_is "Health-Report : .*1/2 local-dirs unusable: \[ $TEST_DIR/disk/local : used space (99|100)\.[0-9] % above threshold of 98 %"
  assert_contains "$(yarn node -list -all 2>/dev/null)" UNHEALTHY
  rm "$TEST_DIR/disk/filler"
  wait_for 'it is well again' 30 nodes_running 1
}

@test "a node that is drained waits for its work: the command ends by itself, with success, and then the node is out" {
  local node pid code=0
  node=$(yarn node -list | awk '/nm1/{print $1}')
  run_command --memory 64m --tag drained --no-prefix -- sh -c "echo begun; while [ ! -e '$TEST_DIR/go' ]; do sleep 0.1; done; touch '$TEST_DIR/ended'; echo ended" >"$TEST_DIR/d.out" 2>"$TEST_DIR/d.err" 3>&- &
  pid=$!
  wait_for 'it has begun' 30 file_has "$TEST_DIR/d.out" begun
  echo "$node" >"$TEST_DIR/excluded"
  timeout 60 "$BIN/yarn" rmadmin -refreshNodes -g 600 </dev/null >"$TEST_DIR/r.out" 2>&1 3>&- &
  draining() { yarn node -list -all 2>/dev/null | grep -q DECOMMISSIONING; }
  wait_for 'it drains' 30 draining
  touch "$TEST_DIR/go"
  wait "$pid" || code=$?
  assert_equal "$code" 0
  [ -e "$TEST_DIR/ended" ]
  # Its NodeManager leaves when what it wrote last has been read.
  assert_equal "$(cat "$TEST_DIR/d.out")" $'begun\nended'
  out() { yarn node -list -all 2>/dev/null | grep -q DECOMMISSIONED; }
  wait_for 'it is out' 30 out
}
