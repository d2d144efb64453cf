#!/usr/bin/env bats
# The daemon scripts by themselves, with stand-in daemons of a few lines: messages, pid files, logs, exit codes. What the real
# daemons do under these scripts is in cluster tests.

load helpers

setup() {
  ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
  HOME_DIR="$BATS_TEST_TMPDIR/a home"
  mkdir -p "$HOME_DIR/bin" "$HOME_DIR/dist" "$HOME_DIR/conf"
  cp "$ROOT"/bin/*.sh "$HOME_DIR/bin/"
  export EMBERLOOM_DATA="$BATS_TEST_TMPDIR/the data"
  export SPARK_NODE=${SPARK_NODE:-$ROOT/node_modules/node/bin/node}
  export EMBERLOOM_IDENT_STRING=tester
  unset EMBERLOOM_NODES EMBERLOOM_CONF_DIR SPARK_CONF_DIR SPARK_NO_DAEMONIZE SPARK_LOG_MAX_FILES HADOOP_STOP_TIMEOUT
  BIN="$HOME_DIR/bin"
  RM_PID="$EMBERLOOM_DATA/pids/emberloom-tester-resourcemanager.pid"
  RM_LOG="$EMBERLOOM_DATA/logs/emberloom-tester-resourcemanager-$(uname -n).log"
  daemon resourcemanager "$READY"
  daemon nodemanager "$READY"
}

teardown() {
  for file in "$EMBERLOOM_DATA/pids"/*.pid; do
    [ -f "$file" ] || continue
    read -r pid <"$file"
    case $pid in '' | *[!0-9]*) continue ;; esac
    case $(tr '\000' ' ' <"/proc/$pid/cmdline" 2>/dev/null) in *"$HOME_DIR"*) kill -9 "$pid" ;; esac
  done
}

READY='console.log("argv", process.argv.slice(2).join(" ")); require("fs").writeSync(3, "READY unix:/x\n"); require("fs").closeSync(3); setInterval(() => {}, 1e6);'

daemon() { printf '%s\n' "$2" >"$HOME_DIR/dist/$1.cjs"; }

@test "start, status, stop of one daemon, in the words of Spark and Hadoop" {
  run -0 "$BIN/start-resourcemanager.sh"
  [ "$output" = "starting resourcemanager, logging to $RM_LOG" ]
  pid=$(cat "$RM_PID")
  kill -0 "$pid"
  run -1 "$BIN/start-resourcemanager.sh"
  [ "$output" = "resourcemanager is running as process $pid.  Stop it first." ]
  run -3 "$BIN/status-all.sh"
  [ "${lines[0]}" = "resourcemanager is running as process $pid." ]
  [ "${lines[1]}" = "nodemanager is not running." ]
  run -0 "$BIN/stop-resourcemanager.sh"
  [ "$output" = "stopping resourcemanager" ]
  [ ! -e "$RM_PID" ]
  [ -z "$(tr -d '\000' 2>/dev/null <"/proc/$pid/cmdline")" ] # gone, or dead and not yet waited for
  run -0 "$BIN/stop-resourcemanager.sh"
  [ "$output" = "no resourcemanager to stop" ]
  run -3 "$BIN/status-all.sh"
  [ "${lines[0]}" = "resourcemanager is not running." ]
}

@test "the daemon gets its folder, its settings and its name, and lives in a session of its own" {
  run -0 "$BIN/start-nodemanager.sh" left
  log="$EMBERLOOM_DATA/logs/emberloom-tester-nodemanager-left-$(uname -n).log"
  pid=$(cat "$EMBERLOOM_DATA/pids/emberloom-tester-nodemanager-left.pid")
  [ "$(cat "$log")" = "argv --data $EMBERLOOM_DATA --conf $HOME_DIR/conf/emberloom.yaml --name left" ]
  [ "$(ps -o sid= -p "$pid" | tr -d ' ')" = "$pid" ]
  [ "$(stat -c %a "$log")" = 600 ]
  run -0 "$BIN/stop-nodemanager.sh" --name left
  [ "$output" = "stopping nodemanager-left" ]
}

@test "start-all and stop-all: several nodes by number or by name, twice without harm" {
  run -0 "$BIN/start-all.sh" --nodes 3
  run -0 "$BIN/status-all.sh"
  [ "${#lines[@]}" = 4 ]
  before=$(cat "$EMBERLOOM_DATA/pids"/*.pid)
  run -0 "$BIN/start-all.sh" --nodes=3
  [[ "$output" == *"resourcemanager is running as process"* ]]
  [ "$(cat "$EMBERLOOM_DATA/pids"/*.pid)" = "$before" ]
  run -0 "$BIN/stop-all.sh"
  [ "${lines[-1]}" = "stopping resourcemanager" ]
  [ -z "$(ls "$EMBERLOOM_DATA/pids")" ]
  run -0 "$BIN/stop-all.sh"
  [ "${lines[0]}" = "no nodemanager to stop" ]
  [ "${lines[1]}" = "no resourcemanager to stop" ]
  EMBERLOOM_NODES="left right" run -0 "$BIN/start-all.sh"
  run -0 "$BIN/status-all.sh"
  [[ "$output" == *"nodemanager-left is running"*"nodemanager-right is running"* ]]
  run -0 "$BIN/stop-all.sh"
  printf '# the nodes\nup\ndown # slow\n' >"$HOME_DIR/conf/nodes"
  run -0 "$BIN/start-all.sh"
  run -0 "$BIN/status-all.sh"
  [ "${#lines[@]}" = 3 ]
  [[ "$output" == *"nodemanager-down is running"*"nodemanager-up is running"* ]]
  run -0 "$BIN/stop-all.sh"
}

@test "a daemon that dies at its start: the reason, the end of its log, exit code 1, at once" {
  daemon resourcemanager 'for (let i = 1; i <= 30; i++) console.log("line " + i); console.error("ERROR it is broken"); process.exit(73);'
  # At once: the limit is longer than anybody's patience.
  EMBERLOOM_START_TIMEOUT=100000 run -1 timeout 120 "$BIN/start-resourcemanager.sh"
  [[ "$output" == *"failed to launch: "*"resourcemanager.cjs"*"(exit code 73)"* ]]
  [[ "$output" == *"  line 30"* ]]
  [[ "$output" == *"  ERROR it is broken"* ]]
  [[ "$output" != *"line 20"* ]]
  [[ "$output" == *"full log in $RM_LOG" ]]
  [ ! -e "$RM_PID" ]
  run -1 "$BIN/start-all.sh"
  [ ! -e "$EMBERLOOM_DATA/pids/emberloom-tester-nodemanager-n1.pid" ]
}

@test "a daemon that never gets ready is ended after the limit" {
  daemon resourcemanager 'setInterval(() => {}, 1e6)'
  EMBERLOOM_START_TIMEOUT=1 run -1 "$BIN/start-resourcemanager.sh"
  [[ "$output" == *"resourcemanager was not ready within 1 s; it is stopped."* ]]
  [ ! -e "$RM_PID" ]
}

@test "a daemon that ignores SIGTERM is killed, with a warning" {
  daemon resourcemanager "process.on('SIGTERM', () => {}); $READY"
  run -0 "$BIN/start-resourcemanager.sh"
  pid=$(cat "$RM_PID")
  HADOOP_STOP_TIMEOUT=1 run -0 "$BIN/stop-resourcemanager.sh"
  [ "${lines[1]}" = "WARNING: resourcemanager did not stop gracefully after 1 seconds: Trying to kill with kill -9" ]
  [ ! -e "$RM_PID" ]
}

@test "a stale pid file: of nobody, of a stranger, empty, garbage" {
  mkdir -p "$EMBERLOOM_DATA/pids"
  sleep 600 3>&- &
  stranger=$!
  for text in "$stranger" 4194304 "" "rm -rf /" "-1"; do
    echo "$text" >"$RM_PID"
    run -1 "$BIN/status-all.sh"
    [[ "${lines[0]}" == "resourcemanager is dead, but its pid file $RM_PID is there." ]]
    run -0 "$BIN/start-resourcemanager.sh"
    [ "$(cat "$RM_PID")" != "$text" ]
    run -0 "$BIN/stop-resourcemanager.sh"
  done
  echo "$stranger" >"$RM_PID"
  run -0 "$BIN/stop-resourcemanager.sh"
  [ "$output" = "no resourcemanager to stop" ]
  kill -0 "$stranger"
  kill "$stranger"
}

is_gone() { ! [ -e "/proc/$1/exe" ]; }

@test "kill -9 of a daemon: status says dead, start goes on" {
  run -0 "$BIN/start-resourcemanager.sh"
  kill -9 "$(cat "$RM_PID")"
  wait_for 'the daemon is gone' 5 is_gone "$(cat "$RM_PID")"
  run -1 "$BIN/status-all.sh"
  run -0 "$BIN/start-resourcemanager.sh"
  run -0 "$BIN/stop-resourcemanager.sh"
}

@test "logs are rotated, five are kept" {
  for n in 1 2 3 4 5 6 7; do
    daemon resourcemanager "console.log('start $n'); process.exit(1)"
    run -1 "$BIN/start-resourcemanager.sh"
  done
  [ "$(cat "$RM_LOG")" = "start 7" ]
  [ "$(cat "$RM_LOG.1")" = "start 6" ]
  [ "$(cat "$RM_LOG.5")" = "start 2" ]
  [ ! -e "$RM_LOG.6" ]
}

@test "two starts at once: one starts, the other says that it runs" {
  daemon resourcemanager "setTimeout(() => { $READY }, 300)"
  "$BIN/start-resourcemanager.sh" >"$BATS_TEST_TMPDIR/one" 2>&1 3>&- &
  one=$!
  "$BIN/start-resourcemanager.sh" >"$BATS_TEST_TMPDIR/two" 2>&1 3>&- &
  two=$!
  codes=""
  wait "$one" && codes="${codes}0" || codes="${codes}1"
  wait "$two" && codes="${codes}0" || codes="${codes}1"
  [ "$codes" = 01 ] || [ "$codes" = 10 ]
  cat "$BATS_TEST_TMPDIR/one" "$BATS_TEST_TMPDIR/two" | grep -q "Stop it first"
  run -0 "$BIN/stop-resourcemanager.sh"
}

@test "a stop in the middle of a start waits for it, and stops what it started" {
  # Before it is what it will be, a daemon is a shell, for as long as this one reads its pipe.
  mkfifo "$BATS_TEST_TMPDIR/pipe"
  printf '#!/bin/sh\nread -r _ <"%s"\nexec "%s" "$@"\n' "$BATS_TEST_TMPDIR/pipe" "$SPARK_NODE" >"$BATS_TEST_TMPDIR/slow node"
  chmod +x "$BATS_TEST_TMPDIR/slow node"
  SPARK_NODE="$BATS_TEST_TMPDIR/slow node" "$BIN/start-resourcemanager.sh" >"$BATS_TEST_TMPDIR/one" 2>&1 3>&- &
  one=$!
  wait_for 'it is on its way' 20 test -s "$RM_PID"
  "$BIN/stop-resourcemanager.sh" >"$BATS_TEST_TMPDIR/two" 2>&1 3>&- &
  two=$!
  looks=0
  read_once() { ((++looks > 10)) || [ -s "$BATS_TEST_TMPDIR/two" ]; } # it says nothing before it knows
  wait_for 'it has had its chance' 20 read_once
  [ ! -s "$BATS_TEST_TMPDIR/two" ]
  echo >"$BATS_TEST_TMPDIR/pipe"
  wait "$one"
  wait "$two"
  assert_equal "$(cat "$BATS_TEST_TMPDIR/two")" 'stopping resourcemanager'
  [ ! -e "$RM_PID" ]
  run -3 "$BIN/status-all.sh"
}

@test "a lock that a killed start left behind is no obstacle" {
  mkdir -p "$RM_PID.lock"
  run -0 "$BIN/start-resourcemanager.sh"
  run -0 "$BIN/stop-resourcemanager.sh"
  mkdir -p "$RM_PID.lock"
  echo 4194304 >"$RM_PID.lock/pid"
  run -0 "$BIN/start-resourcemanager.sh"
  run -0 "$BIN/stop-resourcemanager.sh"
}

@test "from another folder, through a symbolic link, with a relative data folder" {
  mkdir -p "$BATS_TEST_TMPDIR/else where"
  ln -s "$BIN/start-resourcemanager.sh" "$BATS_TEST_TMPDIR/else where/up"
  cd "$BATS_TEST_TMPDIR/else where"
  EMBERLOOM_DATA=here run -0 ./up
  [ -f "here/pids/emberloom-tester-resourcemanager.pid" ]
  EMBERLOOM_DATA=here run -0 "$BIN/stop-resourcemanager.sh"
}

@test "a folder under another name is the same cluster" {
  run -0 "$BIN/start-resourcemanager.sh"
  ln -s "$EMBERLOOM_DATA" "$BATS_TEST_TMPDIR/link"
  for name in "$BATS_TEST_TMPDIR/link" "$BATS_TEST_TMPDIR//the data/" "$BATS_TEST_TMPDIR/../${BATS_TEST_TMPDIR##*/}/the data"; do
    EMBERLOOM_DATA=$name run -1 "$BIN/start-resourcemanager.sh"
    [ "$output" = "resourcemanager is running as process $(cat "$RM_PID").  Stop it first." ]
  done
  EMBERLOOM_DATA=$BATS_TEST_TMPDIR/link run -0 "$BIN/stop-resourcemanager.sh"
  [ "$output" = "stopping resourcemanager" ]
}

@test "two data folders are two clusters" {
  run -0 "$BIN/start-resourcemanager.sh"
  EMBERLOOM_DATA="$BATS_TEST_TMPDIR/other" run -3 "$BIN/status-all.sh"
  EMBERLOOM_DATA="$BATS_TEST_TMPDIR/other" run -0 "$BIN/start-resourcemanager.sh"
  EMBERLOOM_DATA="$BATS_TEST_TMPDIR/other" run -0 "$BIN/stop-all.sh"
  kill -0 "$(cat "$RM_PID")"
  run -0 "$BIN/stop-all.sh"
}

@test "bad arguments and a folder that can't be written" {
  run -1 "$BIN/start-all.sh" --nodes 0
  run -1 "$BIN/start-all.sh" --nodes x
  run -1 "$BIN/start-all.sh" --bogus
  [ "$output" = "Usage: start-all.sh [--nodes N]" ]
  run -1 "$BIN/start-nodemanager.sh" "../x"
  [[ "$output" == *"is no name for a NodeManager"* ]]
  run -1 "$BIN/start-resourcemanager.sh" extra
  touch "$BATS_TEST_TMPDIR/a file"
  EMBERLOOM_DATA="$BATS_TEST_TMPDIR/a file/b" run -1 "$BIN/start-resourcemanager.sh"
  [ "$output" = "failed to launch: resourcemanager: $BATS_TEST_TMPDIR/a file/b can't be written: Not a directory" ]
}

@test "somebody else's folder: who it belongs to, not that nothing runs" {
  [ "$(id -u)" -eq 0 ] || skip 'only root can become somebody else'
  local open
  open=$(mktemp -d /tmp/el.XXXXXX) # the folders of bats are closed to others too
  mkdir "$open/bin" && cp "$BIN"/*.sh "$open/bin/" && mkdir -m 700 "$open/data" && chmod 755 "$open"
  for script in start-all.sh stop-all.sh status-all.sh; do
    EMBERLOOM_DATA=$open/data run setpriv --reuid=65534 --regid=65534 --clear-groups "$open/bin/$script"
    echo "$script: $status $output" >>"$BATS_TEST_TMPDIR/said"
  done
  rm -r "$open"
  [ "$(sort -u "$BATS_TEST_TMPDIR/said")" = "$(printf "%s-all.sh: 1 $open/data can't be read: it belongs to root.\n" start status stop)" ]
}

# --- the real daemons

real() {
  BIN="$ROOT/bin"
  export EMBERLOOM_SKIP_SETUP=1 EMBERLOOM_CONF_DIR="$BATS_TEST_TMPDIR/conf"
  EMBERLOOM_DATA=$(mktemp -d /tmp/el.XXXXXX) # short: sockets take 107 bytes
  HOME_DIR=$EMBERLOOM_DATA                   # what teardown looks for
  mkdir "$EMBERLOOM_CONF_DIR"
  echo 'emberloom.executor.prestart: 0' >"$EMBERLOOM_CONF_DIR/emberloom.yaml"
}

@test "a real cluster of two nodes: up, twice, and down without a trace" {
  real
  run -0 "$BIN/start-all.sh" --nodes 2
  pids=$(cat "$EMBERLOOM_DATA"/pids/*.pid)
  # Where root runs the NodeManagers other users' containers must get through the folders; nobody but their owner can list them.
  if [ "$(id -u)" = 0 ]; then folders='711 711'; else folders='700 700'; fi
  assert_equal "$(stat -c %a "$EMBERLOOM_DATA" "$EMBERLOOM_DATA/run" "$EMBERLOOM_DATA/secret" "$EMBERLOOM_DATA/run/nm-n1.sock" | xargs)" "$folders 600 600"
  run -0 "$BIN/start-all.sh" --nodes 2
  [ "$(cat "$EMBERLOOM_DATA"/pids/*.pid)" = "$pids" ]
  grep -q "Registered with the ResourceManager" "$EMBERLOOM_DATA"/logs/*nodemanager-n2*.log
  run -0 "$BIN/stop-all.sh"
  for pid in $pids; do [ -z "$(tr -d '\000' 2>/dev/null <"/proc/$pid/cmdline")" ]; done
  [ -z "$(ls "$EMBERLOOM_DATA/run" "$EMBERLOOM_DATA/pids" | grep -v :)" ]
  rm -rf "$EMBERLOOM_DATA"
}

@test "a NodeManager that hangs is killed, and its containers with it" {
  real
  run -0 "$BIN/start-all.sh" --nodes 1
  id=$(timeout 60 "$BIN/emberloom" run --detach --memory 128m --env "D=$EMBERLOOM_DATA" -- sh -c 'echo $$ >"$D/instance"; exec sleep 600' 2>"$BATS_TEST_TMPDIR/err" </dev/null)
  wait_for 'its instance runs' 60 test -s "$EMBERLOOM_DATA/instance"
  instance=$(cat "$EMBERLOOM_DATA/instance")
  kill -STOP "$(cat "$EMBERLOOM_DATA"/pids/*nodemanager-n1.pid)"
  HADOOP_STOP_TIMEOUT=1 run -0 "$BIN/stop-all.sh"
  assert_contains "$output" 'nodemanager-n1 did not stop gracefully'
  wait_for 'its instance is gone' 10 is_gone "$instance"
  rm -rf "$EMBERLOOM_DATA"
}

@test "a setting that does not exist: the start says which, where and what was meant" {
  real
  echo 'yarn.nodemanager.resource.memory-mbs: 100' >>"$EMBERLOOM_CONF_DIR/emberloom.yaml"
  run -1 "$BIN/start-all.sh"
  [[ "$output" == *"failed to launch: "*"exit code 78"* ]]
  [[ "$output" == *"emberloom.yaml:2: unknown setting yarn.nodemanager.resource.memory-mbs. Did you mean yarn.nodemanager.resource.memory-mb?"* ]]
  rm -rf "$EMBERLOOM_DATA"
}

@test "a socket that somebody serves is not taken away; one that nobody serves is" {
  real
  mkdir -m 700 "$EMBERLOOM_DATA/run"
  "$SPARK_NODE" -e 'require("net").createServer().listen(process.argv[1])' "$EMBERLOOM_DATA/run/nm-n1.sock" 3>&- &
  other=$!
  wait_for 'the socket is there' 20 test -S "$EMBERLOOM_DATA/run/nm-n1.sock"
  run -1 "$BIN/start-all.sh"
  [[ "$output" == *"nm-n1.sock is in use"* ]]
  kill -9 "$other"
  wait "$other" || true
  [ -S "$EMBERLOOM_DATA/run/nm-n1.sock" ]
  run -0 "$BIN/start-all.sh"
  run -0 "$BIN/stop-all.sh"
  rm -rf "$EMBERLOOM_DATA"
}

@test "socket files that somebody removes while the daemons run: both are reached again, what runs is not disturbed, and the logs say so" {
  real
  run -0 "$BIN/start-all.sh"
  timeout -k 5 60 "$BIN/emberloom" run --memory 64m -- sh -c "until [ -e '$EMBERLOOM_DATA/go' ]; do sleep 0.1; done; echo went on" </dev/null >"$EMBERLOOM_DATA/out" 2>&1 3>&- &
  runs=$!
  wait_for 'the container runs' 20 grep -q 'Instance 0 runs' "$EMBERLOOM_DATA/out"
  rm "$EMBERLOOM_DATA"/run/*.sock
  wait_for 'the ResourceManager is there' 20 test -S "$EMBERLOOM_DATA/run/rm.sock"
  wait_for 'the NodeManager is there' 20 test -S "$EMBERLOOM_DATA/run/nm-n1.sock"
  wait_for 'its shuffle service is there' 20 test -S "$EMBERLOOM_DATA/run/nm-n1-s.sock"
  run -0 "$BIN/emberloom" doctor
  [[ "$output" == *"3 of 3 ways are open"* ]]
  touch "$EMBERLOOM_DATA/go"
  wait "$runs"
  grep -q 'went on' "$EMBERLOOM_DATA/out"
  grep -q 'WARN.*Somebody removed the socket file .*/rm.sock; listening there anew' "$EMBERLOOM_DATA"/logs/*resourcemanager*.log
  [ "$(grep -c 'Somebody removed the socket file' "$EMBERLOOM_DATA"/logs/*nodemanager-n1*.log)" = 2 ]
  run -0 "$BIN/stop-all.sh"
  [ -z "$(ls "$EMBERLOOM_DATA"/run/*.sock* 2>/dev/null)" ]
  rm -rf "$EMBERLOOM_DATA"
}

@test "a NodeManager without a ResourceManager starts, waits for it, and finds it" {
  real
  run -0 "$BIN/start-nodemanager.sh"
  log=$(ls "$EMBERLOOM_DATA"/logs/*nodemanager-n1*.log)
  [ "$(grep -c "No connection to the ResourceManager" "$log")" = 1 ]
  run -0 "$BIN/start-resourcemanager.sh"
  wait_for 'the node has found it' 20 grep -q "Registered with the ResourceManager" "$log"
  run -0 "$BIN/stop-all.sh"
  rm -rf "$EMBERLOOM_DATA"
}
