# Sourced by start-*.sh, stop-*.sh and status-all.sh, which set EMBERLOOM_BIN (this folder) first: everything about daemons in the
# background. A daemon is named `resourcemanager` (of several
# `resourcemanager-<id>`), `nodemanager-<name>`, or `history`. POSIX sh.
# Source of the conventions: Spark's spark-daemon.sh and Hadoop's hadoop-functions.sh (messages, pid and log files, exit codes).
. "$EMBERLOOM_BIN/load-spark-env.sh"
. "$EMBERLOOM_BIN/emberloom-launch.sh"

home=$(cd "$EMBERLOOM_BIN/.." && pwd -P) || exit 1
EMBERLOOM_HOME=$home
export EMBERLOOM_HOME
data=${EMBERLOOM_DATA:-$HOME/.local/state/emberloom}
case $data in /*) ;; *) data=$PWD/$data ;; esac
data=${data%/}
conf_dir=${EMBERLOOM_CONF_DIR:-${SPARK_CONF_DIR:-$home/conf}}
ident=${EMBERLOOM_IDENT_STRING:-${SPARK_IDENT_STRING:-${USER:-$(id -un)}}}
host=$(uname -n)
log_files=${SPARK_LOG_MAX_FILES:-5}
start_limit=${EMBERLOOM_START_TIMEOUT:-60}
stop_limit=${HADOOP_STOP_TIMEOUT:-5}

# Without it every daemon would look as if it did not run.
if [ -d "$data" ] && ! { [ -r "$data" ] && [ -x "$data" ]; }; then
  echo "$data can't be read: it belongs to $(ls -ld "$data" | awk '{ print $3 }')." >&2
  exit 1
fi

# Daemons of Spark's have its names, in its folders if they are set; YARN's have ours.
pid_file() {
  case $1 in
    history) printf '%s/spark-%s-%s-1.pid' "${SPARK_PID_DIR:-$data/pids}" "$ident" "$(title "$1")" ;;
    *) printf '%s/pids/emberloom-%s-%s.pid' "$data" "$ident" "$1" ;;
  esac
}
log_file() {
  case $1 in
    history) printf '%s/spark-%s-%s-1-%s.out' "${SPARK_LOG_DIR:-$data/logs}" "$ident" "$(title "$1")" "$host" ;;
    *) printf '%s/logs/emberloom-%s-%s-%s.log' "$data" "$ident" "$1" "$host" ;;
  esac
}
# What messages call it.
title() {
  case $1 in
    history) echo org.apache.spark.deploy.history.HistoryServer ;;
    *) echo "$1" ;;
  esac
}

# pid_of <daemon>: prints the pid and succeeds when the daemon runs. Exit code 1: the pid file names nobody, or a process that got
# the number later; 3: no pid file.
pid_of() {
  pid_path=$(pid_file "$1")
  [ -f "$pid_path" ] || return 3
  read -r pid_found <"$pid_path" || pid_found=
  case $pid_found in '' | *[!0-9]*) return 1 ;; esac
  kill -0 "$pid_found" 2>/dev/null || return 1
  if [ -r "/proc/$pid_found/cmdline" ]; then
    # A dead process that nobody has waited for yet has an empty command line. One folder may have several names (links, `//`, `..`):
    # a daemon that was started under another one is the same daemon.
    case $(tr '\000' ' ' <"/proc/$pid_found/cmdline") in
      *"${1%%-*}.cjs --data $data "*) ;;
      *"${1%%-*}.cjs --data "*) [ "$(tr '\000' '\n' <"/proc/$pid_found/cmdline" | sed -n '/^--data$/{n;p;q;}')" -ef "$data" ] || return 1 ;;
      *) return 1 ;;
    esac
  fi
  echo "$pid_found"
}

# dying <pid>: it was killed with -9 and is not gone yet (a busy machine takes a while to take its memory apart).
dying() {
  grep -qsE '^(State:[[:space:]]*[ZX]|S(ig|hd)Pnd:[[:space:]]*[0-9a-f]*[13579bdf][0-9a-f]{2}$)' "/proc/$1/status" /proc/"$1"/task/*/status
}

rotate_log() {
  [ -f "$1" ] || return 0
  n=$log_files
  while [ "$n" -gt 1 ]; do
    [ -f "$1.$((n - 1))" ] && mv -f "$1.$((n - 1))" "$1.$n"
    n=$((n - 1))
  done
  mv -f "$1" "$1.1"
}

# Two starts of one daemon at once: the second waits, then finds it running.
lock_daemon() {
  lock=$(pid_file "$1").lock
  waits=0
  while ! mkdir "$lock" 2>/dev/null; do
    [ -w "$(dirname "$lock")" ] || return 1
    owner=$(cat "$lock/pid" 2>/dev/null)
    waits=$((waits + 1))
    # Its owner died, or died before it could write its name.
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null || [ -z "$owner" ] && [ "$waits" -gt 20 ]; then rm -rf "$lock"; waits=0; continue; fi
    sleep 0.1
  done
  echo $$ >"$lock/pid"
}

# start_daemon <daemon> [arguments of its program]. Exit code 1 when it runs already or did not get ready.
start_daemon() {
  daemon=$1
  shift
  if ! fault=$( (umask 077 && LC_ALL=C mkdir -p "$data/pids" "$data/logs" "$data/run" "$(dirname "$(pid_file "$daemon")")" "$(dirname "$(log_file "$daemon")")") 2>&1); then
    fault=${fault%%
*}
    echo "failed to launch: $(title "$daemon"): $data can't be written: ${fault##*: }" >&2
    return 1
  fi
  lock_daemon "$daemon" || { echo "failed to launch: $(title "$daemon"): $(dirname "$lock") can't be written" >&2; return 1; }
  start_locked "$@"
  started=$?
  rm -rf "$lock"
  return "$started"
}

start_locked() {
  tries=0
  while running=$(pid_of "$daemon") && dying "$running" && [ "$tries" -lt 100 ]; do
    tries=$((tries + 1))
    sleep 0.05
  done
  if running=$(pid_of "$daemon"); then
    case $daemon in history) is= ;; *) is='is ' ;; esac # Spark's words, and Hadoop's
    echo "$(title "$daemon") ${is}running as process $running.  Stop it first." >&2
    return 1
  fi
  bundle=$home/dist/${daemon%%-*}.cjs
  # A fork costs more the more memory the parent has; a NodeManager forks all the time and makes little garbage (measured: 11 MB less).
  # Large answers of a history server are garbage at once: they need not make its heap grow.
  case $daemon in
    nodemanager-*) daemon_options=--max-semi-space-size=1 ;;
    history) daemon_options=--max-semi-space-size=4 ;;
    *) daemon_options= ;;
  esac
  log=$(log_file "$daemon")
  if [ -n "$SPARK_NO_DAEMONIZE" ]; then
    rm -rf "$lock"
    exec "$emberloom_node" $daemon_options "$bundle" --data "$data" --conf "$conf_dir/emberloom.yaml" "$@"
  fi
  rotate_log "$log"
  echo "starting $(title "$daemon"), logging to $log"
  ready=$data/run/.ready-$daemon-$$
  rm -f "$ready"
  mkfifo "$ready" || return 1
  # Opening the pipe waits for its reader below. A daemon that dies closes it: nothing is waited for that will not come.
  (
    umask 077
    exec $detach nice -n "${SPARK_NICENESS:-0}" "$emberloom_node" $daemon_options "$bundle" --data "$data" --conf "$conf_dir/emberloom.yaml" "$@" 3>"$ready" >>"$log" 2>&1 </dev/null
  ) &
  pid=$!
  echo "$pid" >"$(pid_file "$daemon")"
  answer=$(timeout "$start_limit" head -n 1 "$ready")
  rm -f "$ready"
  # A log begins with its start: what of YARN's files has no effect is told where it is seen.
  grep -h 'no effect here' "$log" | sed 's/^.* WARN [^:]*: //' >&2
  case $answer in
    READY*' http://'* | READY*' https://'*) [ "$daemon" = history ] || echo "$(title "$daemon") answers at ${answer##* }"; return 0 ;;
    READY*) return 0 ;;
  esac
  if kill -0 "$pid" 2>/dev/null; then
    echo "$(title "$daemon") was not ready within $start_limit s; it is stopped." >&2
    kill -9 "$pid" 2>/dev/null
  fi
  wait "$pid" 2>/dev/null
  code=$?
  rm -f "$(pid_file "$daemon")"
  {
    echo "failed to launch: $emberloom_node $bundle --data $data${*:+ $*} (exit code $code)"
    tail -n 10 "$log" | sed 's/^/  /'
    echo "full log in $log"
  } >&2
  return 1
}

# stop_daemon <daemon>: SIGTERM, after the limit SIGKILL. Not running is no fault: what was asked for is so. A start that is at work is waited
# for: its daemon has no name of its own yet, would count as none, and lose its pid file.
stop_daemon() {
  lock_daemon "$1" && unlock=$lock || unlock=
  stop_locked "$1"
  [ -z "$unlock" ] || rm -rf "$unlock"
}

stop_locked() {
  path=$(pid_file "$1")
  if ! pid=$(pid_of "$1"); then
    echo "no $(title "$1") to stop"
    rm -f "$path"
    return 0
  fi
  echo "stopping $(title "$1")"
  kill "$pid" 2>/dev/null
  if ! gone_within "$1" "$stop_limit"; then
    echo "WARNING: $(title "$1") did not stop gracefully after $stop_limit seconds: Trying to kill with kill -9" >&2
    kill -9 "$pid" 2>/dev/null
    gone_within "$1" 10 # a busy machine takes a while to take its memory apart
    case $1 in nodemanager-*) end_containers "${1#nodemanager-}" ;; esac
  fi
  rm -f "$path"
}

# gone_within <daemon> <seconds>
gone_within() {
  turns=$(($2 * 20))
  while pid_of "$1" >/dev/null; do
    [ "$turns" -gt 0 ] || return 1
    turns=$((turns - 1))
    sleep 0.05
  done
}

# A NodeManager that had to be killed could not end its containers. Each start wrote its pid (src/nodemanager/service/start-claim.ts); the
# wrapper's command line (launch-command.ts) names a folder of that NodeManager's.
end_containers() {
  for file in "$data/state/nm-$1/containers"/*/pid.*; do
    [ -f "$file" ] || continue
    read -r group <"$file" || continue
    case $(tr '\000' ' ' <"/proc/$group/cmdline" 2>/dev/null) in
      "/bin/sh -c set -C; "*"/state/nm-$1/"*) kill -s KILL -- "-$group" 2>/dev/null ;;
    esac
  done
}

# status_daemon <daemon>: 0 running, 1 dead with a pid file, 3 not running. Source: Hadoop's hadoop_status_daemon.
status_daemon() {
  running=$(pid_of "$1")
  state=$?
  case $state in
    0) echo "$1 is running as process $running." ;;
    1) echo "$1 is dead, but its pid file $(pid_file "$1") is there." ;;
    *) echo "$1 is not running." ;;
  esac
  return "$state"
}

# The NodeManagers that have a pid file.
known_nodes() {
  for file in "$data/pids/emberloom-$ident-nodemanager-"*.pid; do
    [ -f "$file" ] || continue
    file=${file##*"emberloom-$ident-nodemanager-"}
    echo "${file%.pid}"
  done
}

# The ResourceManagers of several that have a pid file.
known_rms() {
  for file in "$data/pids/emberloom-$ident-resourcemanager-"*.pid; do
    [ -f "$file" ] || continue
    file=${file##*"emberloom-$ident-"}
    echo "${file%.pid}"
  done
}

# The ResourceManagers that the settings name, where there are several. Exit code 1: the settings can't be read, and the output says why.
listed_rms() {
  grep -qs 'ha' "$conf_dir/emberloom.yaml" || return 0
  "$emberloom_node" "$home/dist/resourcemanager.cjs" --data "$data" --conf "$conf_dir/emberloom.yaml" --list-ids || return 1
}

# rm_daemon <usage> [--id id]: sets daemon_name, and rm_id when there are several
rm_daemon() {
  said=$1
  shift
  rm_id=
  case ${1-} in
    --id) rm_id=${2-}; [ $# -eq 2 ] || usage "$said" ;;
    --id=*) rm_id=${1#*=}; [ $# -eq 1 ] || usage "$said" ;;
    *) [ $# -eq 0 ] || usage "$said" ;;
  esac
  case $rm_id in *[!A-Za-z0-9_-]*) usage "$said" ;; esac
  [ $# -eq 0 ] || [ -n "$rm_id" ] || usage "$said"
  daemon_name=resourcemanager${rm_id:+-$rm_id}
}

# node_name <usage> [name | --name name]: sets name
node_name() {
  said=$1
  shift
  case $1 in
    --name) shift; [ $# -eq 1 ] || usage "$said" ;;
    --name=*) [ $# -eq 1 ] || usage "$said"; set -- "${1#*=}" ;;
  esac
  [ $# -le 1 ] || usage "$said"
  name=${1-n1}
  check_node_name "$name"
}

check_node_name() {
  case $1 in
    '' | [!A-Za-z0-9]* | *[!A-Za-z0-9_.-]*) echo "$1 is no name for a NodeManager: letters, digits, _ . - (at most 32)." >&2; exit 1 ;;
  esac
}

usage() {
  echo "Usage: $1" >&2
  exit 1
}

# Packages and bundles are there and fresh; which Node.js; how to leave the terminal's session.
prepare_start() {
  emberloom_fresh || "$EMBERLOOM_BIN/emberloom-setup" || exit 1
  emberloom_find_node
  detach=
  command -v setsid >/dev/null 2>&1 && detach=setsid
}
