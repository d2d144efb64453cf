# Four hosts on one machine: network namespaces with names of their own, joined by a bridge, and each with a data folder and a temporary
# folder that the others don't see (the same path, another folder behind it). h1 has the ResourceManager,
# h2 and h3 have NodeManagers, h4 only submits.
load helpers

setup_file() {
  local n
  [ "$(id -u)" = 0 ] || skip 'network namespaces need root'
  command -v ip >/dev/null || skip 'ip (iproute2) is not installed'
  new_data
  export NET=el${TEST_DIR##*.} # of the folder's name, which nobody else has
  ip netns add "${NET}t" 2>/dev/null && ip netns del "${NET}t" && ip link add "${NET}b" type bridge 2>/dev/null && unshare --uts --mount true 2>/dev/null ||
    skip 'this machine allows no network namespaces, bridges or mounts'
  ip link set "${NET}b" up
  for n in 1 2 3 4; do
    ip netns add "${NET}h$n"
    ip link add "${NET}v$n" type veth peer name eth0 netns "${NET}h$n"
    ip link set "${NET}v$n" master "${NET}b" up
    ip netns exec "${NET}h$n" ip link set lo up
    ip netns exec "${NET}h$n" ip addr add "10.88.7.$n/24" dev eth0
    ip netns exec "${NET}h$n" ip link set eth0 up
  done
  write_conf 'yarn.resourcemanager.address: 10.88.7.1:8032' 'yarn.nodemanager.resource.memory-mb: 3000' 'emberloom.executor.prestart: 0' \
    'yarn.nm.liveness-monitor.expiry-interval-ms: 2000' 'yarn.resourcemanager.nodemanagers.heartbeat-interval-ms: 300'
  for n in 1 2 3 4; do mkdir -m 700 "$TEST_DIR/h$n" "$TEST_DIR/tmp$n"; done
  # What ssh does: a shell on that host. It gets no variable of ours but by the command.
  cat >"$TEST_DIR/ssh" <<SH
#!/bin/sh
host=\$1 && shift
exec env -u EMBERLOOM_DATA -u EMBERLOOM_CONF_DIR ip netns exec "${NET}\${host#root@}" unshare --uts --mount sh -c '
  echo "\$0" >/proc/sys/kernel/hostname
  mount --bind "$TEST_DIR/\$0" "$TEST_DIR/data" && mount --bind "$TEST_DIR/tmp\${0#h}" "$TEST_DIR/tmp" && exec sh -c "\$1"' "\${host#root@}" "\$*"
SH
  chmod +x "$TEST_DIR/ssh"
  export EMBERLOOM_SSH_COMMAND=$TEST_DIR/ssh
  printf 'n2@h2 n3@root@h3\n' >"$TEST_DIR/conf/nodes"
  make_job
}

teardown() { note_failure; }

teardown_file() {
  local n
  [ -n "${TEST_DIR:-}" ] || return 0
  [ ! -e "$TEST_DIR/failed" ] || tail -n 40 "$TEST_DIR"/h?/logs/* >&2
  BATS_TEST_NAME='' stop_everything
  for n in 1 2 3 4; do ip netns del "${NET}h$n" 2>/dev/null || true; done
  ip link del "${NET}b" 2>/dev/null || true # skipped, it was never made
}

# on h1 command…: there, with this test's folders
on() {
  local host=$1
  shift
  "$TEST_DIR/ssh" "$host" "cd $PWD && EMBERLOOM_SKIP_SETUP=1 EMBERLOOM_SSH_COMMAND=$EMBERLOOM_SSH_COMMAND EMBERLOOM_DATA=$TEST_DIR/data EMBERLOOM_CONF_DIR=$TEST_DIR/conf timeout -k 5 60 $(printf '%q ' "$@")"
}
submit_on() { on "$1" "$BIN/spark-submit" --master yarn --num-executors 2 --executor-memory 512m "${@:2}"; }
state_of() { on h1 "$BIN/yarn" node -list -all 2>/dev/null | awk -v node="$1" '$1 == node { print $2 }'; }
is_state() { [ "$(state_of "$1")" = "$2" ]; }
logs_have() { [[ $(on h4 "$BIN/yarn" logs -applicationId "$1" -log_files stdout 2>/dev/null) == *"$2"* ]]; }
link() { ip link set "${NET}v$1" "$2"; }

# A program of two files, with a package that has packages, a file and an archive.
make_job() {
  local job=$TEST_DIR/tmp4/job
  mkdir -p "$job/lib" "$job/node_modules/left/node_modules/inner" "$job/node_modules/right" "$job/node_modules/unused"
  echo '{ "name": "job", "type": "module" }' >"$job/package.json"
  echo '{ "name": "left", "version": "1.0.0", "main": "i.js", "dependencies": { "inner": "*", "right": "*" } }' >"$job/node_modules/left/package.json"
  echo 'exports.pad = (s) => require("inner").mark + s + require("right").mark' >"$job/node_modules/left/i.js"
  echo '{ "name": "inner", "main": "i.js" }' >"$job/node_modules/left/node_modules/inner/package.json"
  echo 'exports.mark = "<"' >"$job/node_modules/left/node_modules/inner/i.js"
  echo '{ "name": "right", "main": "i.js" }' >"$job/node_modules/right/package.json"
  echo 'exports.mark = ">"' >"$job/node_modules/right/i.js"
  echo '{ "name": "unused" }' >"$job/node_modules/unused/package.json"
  echo 3 >"$job/factor.txt"
  mkdir "$job/more" && echo 5 >"$job/more/five" && tar -C "$job/more" -czf "$job/more.tgz" five
  echo 'export const word = (n: number): string => ["alpha", "beta", "gamma", "delta"][n % 4]!;' >"$job/lib/words.ts"
  cat >"$job/job.ts" <<'TS'
import { existsSync, readFileSync } from 'node:fs';
import { SparkFiles, SparkSession, StorageLevels } from 'emberloom';
import left from 'left';
import { word } from './lib/words.ts';

const spark = SparkSession.builder().appName('job').getOrCreate();
const sc = spark.sparkContext;
const offset = sc.broadcast(Array.from({ length: 50_000 }, () => 1));
const pairs = sc
  .range(0, 40_000, 1, 8)
  .map((i): [string, number] => [left.pad(word(i)), Number(readFileSync(SparkFiles.get('factor.txt'), 'utf8')) + offset.value[i]!])
  .persist(StorageLevels.MEMORY_ONLY_2);
const counts = (await pairs.reduceByKey((a, b) => a + b, 4).collect()).sort();
const five = await sc.range(0, 2, 1, 2).map(() => readFileSync('more.tgz/five', 'utf8').trim()).distinct().collect();
const where = await pairs.mapPartitions(function* () { yield process.env.NM_HOST!; }).distinct().collect();
const [stored] = sc.getRDDStorageInfo();
console.log(JSON.stringify({ counts, five, where: where.sort(), copies: stored?.numCachedPartitions, seen: existsSync(process.argv[2] ?? '-') }));
await spark.stop();
TS
}
ANSWER='"counts":[["<alpha>",40000],["<beta>",40000],["<delta>",40000],["<gamma>",40000]],"five":["5"]'

@test "start-all starts nodes of other hosts by ssh, twice without harm; status-all tells of them" {
  on h1 "$BIN/start-resourcemanager.sh"
  for n in 2 3 4; do cp -p "$TEST_DIR/h1/secret" "$TEST_DIR/h$n/secret"; done
  run -0 on h1 "$BIN/start-all.sh"
  assert_contains "$output" 'h2: starting nodemanager-n2'
  assert_contains "$output" 'h3: starting nodemanager-n3'
  run -0 on h1 "$BIN/start-all.sh"
  assert_contains "$output" 'h3: nodemanager-n3 is running as process'
  run -0 on h1 "$BIN/status-all.sh"
  assert_matches "$output" '^h2: nodemanager-n2 is running as process [0-9]+'
  wait_for 'h2 is RUNNING' 15 is_state h2:n2 RUNNING
  wait_for 'h3 is RUNNING' 15 is_state h3:n3 RUNNING
}

@test "client mode on a host without daemons: program, packages, files, broadcast, shuffle and copies of blocks cross between hosts" {
  cd "$TEST_DIR"
  run -0 --separate-stderr on h4 sh -c "cd $TEST_DIR/tmp/job && exec $BIN/spark-submit --master yarn --num-executors 2 --executor-memory 512m \
    --conf spark.scheduler.minRegisteredResourcesRatio=1 --files factor.txt --archives more.tgz job.ts"
  assert_contains "$output" "$ANSWER"
  assert_contains "$output" '"where":["h2","h3"],"copies":8'
  # It came over the wire: both nodes have it in their caches, and none had the submitter's folder.
  for n in 2 3; do [ "$(find "$TEST_DIR/h$n/local/n$n/filecache" -path '*/left/i.js' | wc -l)" = 1 ]; done
  [ -z "$(find "$TEST_DIR"/h[23]/local -path '*/unused/package.json')" ]
  nothing_staged() { [ -z "$(find "$TEST_DIR/h1/staging" -mindepth 1)" ]; }
  wait_for 'what was staged is removed' 10 nothing_staged # it is no part of the end that the submitter waits for
}

@test "cluster mode: the submitter has gone, the driver runs on another host, shuffle services serve, logs are read from there" {
  cd "$TEST_DIR"
  # Nothing of it is in a cache yet.
  echo 7 >"$TEST_DIR/tmp4/job/factor.txt" && echo '// once more' >>"$TEST_DIR/tmp4/job/job.ts"
  run -0 --separate-stderr on h4 sh -c "cd $TEST_DIR/tmp/job && exec $BIN/spark-submit --master yarn --deploy-mode cluster --num-executors 2 --executor-memory 1200m \
    --conf spark.yarn.submit.waitAppCompletion=false --conf spark.shuffle.service.enabled=true --conf spark.scheduler.minRegisteredResourcesRatio=1 --files factor.txt --archives more.tgz job.ts $TEST_DIR/tmp/job/job.ts"
  id=$(app_id "$stderr")
  wait_for "$id has ended" 30 sh -c "'$TEST_DIR/ssh' h1 'EMBERLOOM_DATA=$TEST_DIR/data EMBERLOOM_CONF_DIR=$TEST_DIR/conf $BIN/yarn application -status $id' 2>/dev/null | grep -q 'Final-State : SUCCEEDED'"
  # The application has ended a moment before its containers have, and their logs are packed.
  wait_for 'the logs of the driver are told' 10 logs_have "$id" "${ANSWER//40000/80000}"
  run -0 on h4 "$BIN/yarn" logs -applicationId "$id" -log_files stdout
  assert_contains "$output" '"seen":false'
  # Executors of this size fit once into a node; map outputs were fetched from the shuffle services of both hosts.
  for n in 2 3; do grep -q "Registered executor [12] of $id" "$TEST_DIR/h$n"/logs/*nodemanager*.log; done
}

@test "emberloom run: a file of the submitter's reaches commands on other hosts" {
  cd "$TEST_DIR"
  echo 11 >"$TEST_DIR/tmp4/job/factor.txt"
  run -0 --separate-stderr on h4 "$BIN/emberloom" run --num 2 --memory 1600m --files "$TEST_DIR/tmp/job/factor.txt" -- sh -c 'echo "$(cat factor.txt) on $NM_HOST"'
  assert_contains "$output" '11 on h2'
  assert_contains "$output" '11 on h3'
}

@test "doctor: all ways are open; then it says which name, port, secret or route is wrong, and on which host" {
  cd "$TEST_DIR"
  run -0 on h1 "$BIN/emberloom" doctor
  assert_contains "$output" '9 of 9 ways are open; 2 of 2 nodes were asked.'
  run -1 on h1 "$BIN/emberloom" doctor --rm 10.88.7.1:9
  assert_contains "$output" "This host can't reach the ResourceManager at tls:10.88.7.1:9: nobody listens there (ECONNREFUSED)"
  run -1 on h1 env RES_OPTIONS='timeout:1 attempts:1' "$BIN/emberloom" doctor --rm no-such-host.invalid:8032
  assert_contains "$output" 'the name no-such-host.invalid is not known there'
  printf '%064d\n' 7 >"$TEST_DIR/h4/secret"
  run -1 on h4 "$BIN/emberloom" doctor
  cp -p "$TEST_DIR/h1/secret" "$TEST_DIR/h4/secret"
  assert_contains "$output" 'the proof of identity failed. The two hosts have different secrets'
  ip netns exec "${NET}h2" ip route add unreachable 10.88.7.3/32
  run -1 on h1 "$BIN/emberloom" doctor
  ip netns exec "${NET}h2" ip route del unreachable 10.88.7.3/32
  assert_contains "$output" "h2:n2 can't reach the NodeManager h3:n3 at tls:10.88.7.3:"
  assert_contains "$output" 'no answer (EHOSTUNREACH)'
}

secret_of() { cat "$TEST_DIR/$1/secret"; }
# Everybody has the newest secret, and nobody another one beside it.
only_new() { for n in 1 2 3 4; do [ "$(secret_of h$n)" = "$1" ] && ! ls "$TEST_DIR/h$n"/secret.* 2>/dev/null || return; done; }

@test "the cluster's secret is replaced while a job runs: no node is lost, the job ends right, and the old one opens nothing, not even what stands" {
  cd "$TEST_DIR"
  local old new stolen
  old=$(secret_of h1)
  cp "$TEST_DIR/h1/secret" "$TEST_DIR/stolen"
  submit_on h4 --conf spark.scheduler.minRegisteredResourcesRatio=1 "$APPS/shuffle-twice.ts" "$TEST_DIR" >"$TEST_DIR/out" 2>"$TEST_DIR/err" &
  pid=$!
  wait_for 'the shuffle is written' 30 test -e "$TEST_DIR/shuffled"
  # Somebody has stolen the old one and holds a connection that he made with it.
  on h4 "$NODE" "$HELPERS/hold-connection.ts" tls:10.88.7.1:8032 "$TEST_DIR/stolen" "$TEST_DIR" 3>&- &
  stolen=$!
  wait_for 'it stands' 20 test -e "$TEST_DIR/stands"
  run -0 on h1 "$BIN/rotate-secret.sh" h4
  assert_contains "$output" 'h3: switch: done'
  assert_contains "$output" 'h4: switch: done'
  assert_contains "$output" 'Both secrets are good now'
  new=$(secret_of h1)
  [ "$new" != "$old" ]
  run ! grep -rlF -e "$new" -e "$old" "$TEST_DIR"/h?/logs
  # One host is away: nothing is finished, and it says which.
  printf 'n2@h2 n3@h3 n9@no-such-host\n' >"$TEST_DIR/conf/nodes"
  run -1 on h1 "$BIN/rotate-secret.sh" --finish h4
  assert_contains "$output" 'finish was not done on: no-such-host'
  [ -e "$TEST_DIR/h1/secret.previous" ]
  [ ! -e "$TEST_DIR/cut" ]
  printf 'n2@h2 n3@root@h3\n' >"$TEST_DIR/conf/nodes"
  run -0 on h1 "$BIN/rotate-secret.sh" --finish h4
  only_new "$new"
  wait_for 'the stolen connection is cut' 10 test -e "$TEST_DIR/cut"
  wait $stolen
  printf '%s\n' "$old" >"$TEST_DIR/h4/secret"
  run -1 on h4 "$BIN/emberloom" doctor
  assert_contains "$output" 'the proof of identity failed'
  printf '%s\n' "$new" >"$TEST_DIR/h4/secret"
  go_on
  is_state h2:n2 RUNNING
  is_state h3:n3 RUNNING
  run ! grep -h 'LOST' "$TEST_DIR"/h1/logs/*resourcemanager*.log
  run -0 --separate-stderr submit_on h4 --conf spark.scheduler.minRegisteredResourcesRatio=1 "$ROOT/examples/pi.ts" 4
  assert_contains "$output" 'Pi is roughly 3.1'
  rm -f "$TEST_DIR/shuffled" "$TEST_DIR/go"
}

@test "a second host with a node's name is turned away while the first lives, and told why; the first goes on" {
  run ! on h4 sh -c "echo h3 >/proc/sys/kernel/hostname && SPARK_NO_DAEMONIZE=1 exec $BIN/start-nodemanager.sh n3"
  assert_contains "$output" 'a node of that name is connected from 10.88.7.3, this is 10.88.7.4'
  is_state h3:n3 RUNNING
  grep -q 'OPERATION=Register Node	TARGET=ResourceTrackerService	RESULT=FAILURE' "$TEST_DIR/h1/logs/rm-audit.log"
}

@test "a node tries for the doctor only what is of the cluster" {
  run -0 on h1 "$NODE" "$HELPERS/ask-reach.ts" tls:10.88.7.1:8032 "$TEST_DIR/data/secret" h2:n2 h3:n3 \
    tls:10.88.7.1:8032,tls:10.88.7.4:22,tcp:169.254.169.254:80 tls:10.88.7.3:22,tcp:10.0.0.1:8080,unix:/run/x.sock
  assert_equal "$output" 'reached,reached,stranger,stranger,stranger,stranger,stranger'
}

@test "a clock that is an hour ahead on one host: jobs end right there, logs are read, and the doctor names it" {
  cd "$TEST_DIR"
  local shift=$TEST_DIR/conf/an-hour-ahead.cjs
  echo 'const now = Date.now; Date.now = () => now() + 3_600_000;' >"$shift"
  on h3 "$BIN/stop-nodemanager.sh" n3
  on h3 env "NODE_OPTIONS=--require=$shift" "$BIN/start-nodemanager.sh" n3
  wait_for 'h3 is RUNNING' 15 is_state h3:n3 RUNNING
  run -1 on h1 "$BIN/emberloom" doctor
  assert_matches "$output" 'The clock of h3:n3 is 3(599|600)\.[0-9] s ahead'
  run -0 --separate-stderr on h4 "$BIN/emberloom" run --num 2 --memory 1600m -- sh -c 'echo "on $NM_HOST"'
  assert_contains "$output" 'on h2'
  assert_contains "$output" 'on h3'
  on h3 "$BIN/stop-nodemanager.sh" n3
  on h3 "$BIN/start-nodemanager.sh" n3
  wait_for 'h3 is RUNNING' 15 is_state h3:n3 RUNNING
}

@test "frames that are smaller on the way than on the hosts: what is large crosses, too" {
  cd "$TEST_DIR"
  ip netns exec "${NET}h2" ip link set eth0 mtu 600
  echo 13 >"$TEST_DIR/tmp4/job/factor.txt"
  run -0 --separate-stderr on h4 sh -c "cd $TEST_DIR/tmp/job && exec $BIN/spark-submit --master yarn --num-executors 2 --executor-memory 512m \
    --conf spark.scheduler.minRegisteredResourcesRatio=1 --files factor.txt --archives more.tgz job.ts"
  assert_contains "$output" '"<alpha>",140000'
  ip netns exec "${NET}h2" ip link set eth0 mtu 1500
}

@test "a host that is cut off in the middle of a job: the job ends right without it, the node is LOST, and back when it is healed" {
  cd "$TEST_DIR"
  submit_on h4 --conf spark.scheduler.minRegisteredResourcesRatio=1 --conf spark.network.timeout=3s --conf spark.executor.heartbeatInterval=500ms \
    "$APPS/shuffle-twice.ts" "$TEST_DIR" >"$TEST_DIR/out" 2>"$TEST_DIR/err" &
  pid=$!
  wait_for 'the shuffle is written' 30 test -e "$TEST_DIR/shuffled"
  link 3 down
  wait_for 'h3 is LOST' 15 is_state h3:n3 LOST
  go_on
  link 3 up
  wait_for 'h3 is RUNNING again' 30 is_state h3:n3 RUNNING
  run -0 --separate-stderr submit_on h4 --conf spark.scheduler.minRegisteredResourcesRatio=1 "$ROOT/examples/pi.ts" 4
  assert_contains "$output" 'Pi is roughly 3.1'
}

@test "stop-all stops nodes of other hosts, and says which host it could not log in to" {
  printf 'n2@h2 n3@h3 n9@no-such-host\n' >"$TEST_DIR/conf/nodes"
  run -1 on h1 "$BIN/stop-all.sh"
  assert_contains "$output" 'h2: stopping nodemanager-n2'
  assert_contains "$output" 'h3: stopping nodemanager-n3'
  assert_contains "$output" 'stopping resourcemanager'
  wait_for 'nothing runs' 10 nothing_runs
}

@test "certificates of the operator's are shown and checked by all; who has none is told so" {
  cd "$TEST_DIR"
  "$NODE" --input-type=module -e "
    import { writeFileSync } from 'node:fs';
    const { key, cert } = (await import('$ROOT/src/platform/self-signed.ts')).makeSelfSigned();
    writeFileSync('$TEST_DIR/conf/host.key', key, { mode: 0o600 });
    writeFileSync('$TEST_DIR/conf/host.pem', cert);"
  cp "$TEST_DIR/conf/emberloom.yaml" "$TEST_DIR/without.yaml"
  printf 'emberloom.tls.cert: %s/host.pem\nemberloom.tls.key: %s/host.key\nemberloom.tls.ca: %s/host.pem\n' "$TEST_DIR/conf" "$TEST_DIR/conf" "$TEST_DIR/conf" >>"$TEST_DIR/conf/emberloom.yaml"
  printf 'n2@h2 n3@h3\n' >"$TEST_DIR/conf/nodes"
  on h1 "$BIN/start-all.sh"
  run -0 --separate-stderr on h4 "$BIN/spark-submit" --master yarn --deploy-mode cluster --num-executors 2 --executor-memory 512m "$ROOT/examples/pi.ts" 4
  cp "$TEST_DIR/without.yaml" "$TEST_DIR/conf/emberloom.yaml"
  run ! on h4 "$BIN/yarn" node -list
  assert_contains "$output" 'RM_UNREACHABLE'
  on h1 "$BIN/stop-all.sh"
}
