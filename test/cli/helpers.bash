# What all shell tests share: a folder of their own, a cluster in one call, waiting for a condition, ending by pid.
# Every file loads it with `load helpers`. Nothing here sleeps for a time that it hopes is enough: wait_for polls a condition.
bats_require_minimum_version 1.5.0

ROOT=${EMBERLOOM_TEST_HOME:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
BIN=$ROOT/bin
NODE=$ROOT/node_modules/node/bin/node
APPS=$BATS_TEST_DIRNAME/../fixtures/apps
HELPERS=$(cd "$BATS_TEST_DIRNAME/../helpers" && pwd)
# setup_suite has installed and built; a launcher must not do it again in the middle of a test.
export EMBERLOOM_SKIP_SETUP=1
# What the developer's own shell has set must not decide a test.
unset SPARK_HOME SPARK_CONF_DIR EMBERLOOM_HOME MASTER DEPLOY_MODE HADOOP_USER_NAME SPARK_USER SPARK_LOCAL_DIRS SPARK_DRIVER_MEMORY SPARK_EXECUTOR_MEMORY NODE_OPTIONS SPARK_NODE

# new_data: TEST_DIR with data/, conf/ and tmp/, and the environment that points there. The path is short: Unix sockets take 107 bytes.
new_data() {
  TEST_DIR=$(mktemp -d /tmp/el.XXXXXX)
  mkdir "$TEST_DIR/data" "$TEST_DIR/conf" "$TEST_DIR/tmp"
  chmod 700 "$TEST_DIR/data"
  cp "$ROOT"/conf/capacity-scheduler.yaml "$TEST_DIR/conf/" 2>/dev/null || true
  write_conf
  export TEST_DIR EMBERLOOM_DATA=$TEST_DIR/data EMBERLOOM_CONF_DIR=$TEST_DIR/conf TMPDIR=$TEST_DIR/tmp
}

# write_conf ['name: value' ...]: conf/emberloom.yaml with what tests want by default, and more; a name given replaces the default.
write_conf() {
  local -A settings=(
    [yarn.nodemanager.resource.memory-mb]=8192
    [yarn.nodemanager.resource.cpu-vcores]=8
    [yarn.nm.liveness-monitor.expiry-interval-ms]=10000
    [emberloom.executor.prestart]=1
    [hadoop.http.authentication.type]=simple
    [yarn.nodemanager.container-executor.class]=DefaultContainerExecutor
    [yarn.resourcemanager.webapp.address]=localhost:0
    [yarn.nodemanager.webapp.address]=localhost:0
  )
  local line
  for line in "$@"; do settings[${line%%: *}]=${line#*: }; done
  for line in "${!settings[@]}"; do echo "$line: ${settings[$line]}"; done | sort >"$TEST_DIR/conf/emberloom.yaml"
}

# start_cluster [nodes]: a ResourceManager and nm1, nm2, …; returns when all have registered.
start_cluster() {
  local nodes=${1:-1} i
  timeout 30 "$BIN/start-resourcemanager.sh" </dev/null || return
  for ((i = 1; i <= nodes; i++)); do start_node "nm$i" || return; done
  wait_for "$nodes nodes are registered" 15 nodes_running "$nodes"
}

start_node() { timeout 30 "$BIN/start-nodemanager.sh" "$1" </dev/null; }
nodes_running() { [ "$(timeout 10 "$BIN/yarn" node -list 2>/dev/null | grep -cw RUNNING)" -eq "$1" ]; }

# stop_everything: ends each process of this test by its pid, and shows the logs when the test has failed.
stop_everything() {
  local pid pids tries
  [ -n "$TEST_DIR" ] || return 0
  for ((tries = 0; tries < 100; tries++)); do
    pids=$(pids_of_test)
    [ -z "$pids" ] && break
    for pid in $pids; do kill -9 "$pid" 2>/dev/null; done
    sleep 0.02
  done
  # In teardown bats knows whether the test passed; in teardown_file the tests' own teardown has noted it (note_failure).
  [ -z "${BATS_TEST_NAME:-}" ] || note_failure
  if [ -e "$TEST_DIR/failed" ]; then show_logs; else rm -rf "$TEST_DIR"; fi
}

# For the teardown of files whose tests share a cluster: a failure keeps its folder and shows its logs at the end.
note_failure() { [ "${BATS_TEST_COMPLETED:-}" = 1 ] || touch "$TEST_DIR/failed"; }

# end_applications: for those files, too: a test that failed leaves its applications to no other, which would miss their room
end_applications() {
  local id
  [ "${BATS_TEST_COMPLETED:-}" != 1 ] || return 0
  for id in $(yarn application -list 2>/dev/null | grep -oE '^application_[0-9]+_[0-9]+'); do yarn application -kill "$id" >/dev/null 2>&1 || true; done
}

# The processes that have this test's folder in their environment, arguments or working folder: daemons, drivers, executors, commands.
pids_of_test() {
  local nodes
  # Only what runs Node.js: bats, timeout and the shells of the test itself carry the folder too.
  nodes=$(find /proc -maxdepth 2 -path '/proc/[0-9]*/exe' -lname '*/node' 2>/dev/null | sed 's|/exe$||')
  [ -n "$nodes" ] || return 0
  # shellcheck disable=SC2086 # one word a process
  {
    grep -lsaF "$TEST_DIR/" $(printf '%s/environ %s/cmdline ' $(for p in $nodes; do echo "$p" "$p"; done))
    find $(printf '%s/cwd ' $nodes) -maxdepth 0 -lname "$TEST_DIR/*" 2>/dev/null
  } | cut -d/ -f3 | sort -un
}

show_logs() {
  local log
  echo "# logs of $TEST_DIR (kept)" >&2
  for log in "$TEST_DIR"/data/logs/*; do
    [ -f "$log" ] && { echo "--- $log"; tail -n 25 "$log"; } >&2
  done
  while IFS= read -r log; do
    [ -s "$log" ] && { echo "--- $log"; tail -n 15 "$log"; } >&2
  done < <(find "$TEST_DIR/data/userlogs" -type f 2>/dev/null | head -20)
  return 0
}

# wait_for 'what' seconds command...: polls every 20 ms until the command succeeds; fails, with what was waited for, at the deadline.
wait_for() {
  local what=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@"; do
    if ((SECONDS > deadline)); then
      echo "waited in vain until: $what ($*)" >&2
      return 1
    fi
    sleep 0.02
  done
}

alive() { kill -0 "$1" 2>/dev/null; }
gone() { ! kill -0 "$1" 2>/dev/null; }
file_has() { grep -qsE -- "$2" "$1"; }
no_containers() { [ -z "$(container_pids)" ]; }
nothing_runs() { [ -z "$(pids_of_test)" ]; }

# submit args...: spark-submit in client mode on the test's cluster, bounded; `run --separate-stderr submit …` gives $output and $stderr.
submit() { timeout -k 5 "${LIMIT:-60}" "$BIN/spark-submit" "$@" </dev/null; }
submit_yarn() { submit --master yarn --num-executors 2 --executor-memory 512m "$@"; }
submit_cluster() { submit_yarn --deploy-mode cluster "$@"; }
yarn() { timeout -k 5 30 "$BIN/yarn" "$@" </dev/null; }

# For programs of two halves, which wait for the file `go` in between and say `first ANSWER` and `second ANSWER`: $pid, out and err of $TEST_DIR.
said() { sed -n "s/^$1 //p" "$TEST_DIR/out"; }
# go_on: the second half; its answer must be the first's
go_on() {
  local code=0
  touch "$TEST_DIR/go"
  wait "$pid" || code=$?
  if [ $code -ne 0 ]; then
    printf 'exit code %s\n' $code >&2
    tail -60 "$TEST_DIR/err" >&2
    return 1
  fi
  assert_equal "$(said second)" "$(said first)"
}

# The id that spark-submit printed on stderr (text as argument).
app_id() { grep -oE 'application_[0-9]+_[0-9]+' <<<"$1" | head -1; }
app_in_state() { yarn application -status "$1" 2>/dev/null | grep -qE "^[[:space:]]*State : $2"; }
app_field() { yarn application -status "$1" 2>/dev/null | sed -n "s/^[[:space:]]*$2 : //p" | head -1; }

# What the program printed in cluster mode: stdout of its first container.
driver_stdout() {
  yarn logs -applicationId "$1" -log_files stdout 2>/dev/null |
    awk '/^Container: /{mine = ($2 ~ /_01_000001$/)} /^End of LogType/{on = 0} on && mine{print} /^LogContents:/{on = 1}'
}

# Pids of running containers: their working folder is the container's. [of a kind: executor, driver]
container_pids() {
  local p
  for p in $(pids_of_test); do
    [[ $(readlink "/proc/$p/cwd" 2>/dev/null) == */container_* ]] || continue
    [ -z "${1:-}" ] || [[ $(arguments_of "$p") == *"$1.cjs"* ]] || continue
    echo "$p"
  done
}

arguments_of() { tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null; }

# daemon_pid resourcemanager | daemon_pid nodemanager nm1
daemon_pid() {
  local p args
  for p in $(pids_of_test); do
    args=$(arguments_of "$p")
    [[ $args == *"$1.cjs"* ]] || continue
    [ -z "${2:-}" ] || [[ $args == *"--name $2 "* || $args == *"--name=$2 "* ]] || continue
    echo "$p"
    return
  done
  return 1
}

# assert_contains "$text" "part": with both shown when it does not hold
assert_contains() {
  [[ $1 == *"$2"* ]] && return
  printf 'expected to find: %s\n--- in:\n%s\n' "$2" "$1" >&2
  return 1
}
assert_matches() {
  grep -qE -- "$2" <<<"$1" && return
  printf 'expected to match: %s\n--- in:\n%s\n' "$2" "$1" >&2
  return 1
}
assert_equal() {
  [ "$1" = "$2" ] && return
  printf 'expected: %s\n but got: %s\n' "$2" "$1" >&2
  return 1
}
# assert_status n: the exit code of the last `run`, with both streams shown when it is another
assert_status() {
  [ "$status" -eq "$1" ] && return
  printf 'expected exit code %s, got %s\n--- stdout:\n%s\n--- stderr:\n%s\n' "$1" "$status" "$output" "${stderr:-}" >&2
  return 1
}
