# Each fault of the chaos runner (test/chaos/) by itself, over and over from a seed: the answer of every round is that of an undisturbed run,
# in bounded time, with nothing left behind. `npm test` mixes them in a few rounds; `npm run test:soak` takes CHAOS_ROUNDS=50 of each.
load helpers

FAULT_SEED=${FAULT_SEED:-1}

chaos() { env -u EMBERLOOM_SKIP_SETUP "$NODE" "$ROOT/test/chaos/main.ts" --seed "$FAULT_SEED" "$@"; }
each() {
  [ -n "${CHAOS_ROUNDS:-}" ] || skip 'npm run test:soak runs 50 rounds of each fault'
  run chaos --minutes 60 --rounds "$CHAOS_ROUNDS" --faults "$1"
  assert_status 0
  assert_contains "$output" "$CHAOS_ROUNDS rounds from seed $FAULT_SEED, all with their answer"
}

@test "a few rounds with faults mixed from a seed give the answers of undisturbed runs" {
  run chaos --minutes 3 --rounds 2
  assert_status 0
  assert_matches "$output" 'chaos: [12] rounds from seed [0-9]+, all with their answer'
}

@test "an executor that is killed" { each executor-killed; }
@test "an executor that hangs" { each executor-hung; }
@test "executors that are slow" { each executor-slow; }
@test "the driver of cluster mode is killed" { each driver-killed; }
@test "the driver of cluster mode hangs" { each driver-hung; }
@test "the driver of client mode is killed" { each client-driver-killed; }
@test "a NodeManager, and its shuffle service, is killed and started again" { each nodemanager-killed; }
@test "a NodeManager hangs" { each nodemanager-hung; }
@test "the ResourceManager is killed and started again" { each resourcemanager-killed; }
@test "the link between driver and executors flaps, stands still, is slow, ends at one end, is away for long" { each link-driver-executor; }
@test "the links between executors, likewise" { each link-executor-executor; }
@test "the links to the shuffle services, likewise" { each link-executor-service; }
@test "the links between drivers and NodeManagers, likewise" { each link-driver-nodemanager; }
@test "the links between NodeManagers and the ResourceManager, likewise" { each link-nodemanager-resourcemanager; }
@test "the links of drivers and submitters to the ResourceManager, likewise" { each link-driver-resourcemanager; }
@test "a shuffle file has a wrong byte" { each shuffle-file-flipped; }
@test "a shuffle file is cut" { each shuffle-file-cut; }
@test "a shuffle file is removed" { each shuffle-file-removed; }
@test "a local disk is full" { each disk-full; }
