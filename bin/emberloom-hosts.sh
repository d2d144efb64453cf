# Sourced by start-all.sh, stop-all.sh, status-all.sh and rotate-secret.sh after emberloom-daemon.sh: NodeManagers on other hosts, by ssh. POSIX sh.
#
# An entry of conf/nodes or EMBERLOOM_NODES is a name (a NodeManager on this machine) or name@[user@]host (on that one). Over there the
# installation lies where it lies here, or in EMBERLOOM_REMOTE_HOME; EMBERLOOM_DATA and EMBERLOOM_CONF_DIR are passed on when they are set
# (EMBERLOOM_REMOTE_DATA and EMBERLOOM_REMOTE_CONF_DIR instead, if those are; empty: nothing is passed on).
# EMBERLOOM_SSH_COMMAND destination command… runs a command over there; default: ssh without questions, with EMBERLOOM_SSH_OPTS.
# Source of the manner: Spark's workers.sh and Hadoop's workers file.

# Entries, one a line: EMBERLOOM_NODES, else conf/nodes.
listed_nodes() {
  if [ -n "$EMBERLOOM_NODES" ]; then printf '%s\n' $EMBERLOOM_NODES
  elif [ -f "$conf_dir/nodes" ]; then sed 's/#.*//' "$conf_dir/nodes" | tr -s ' \t' '\n\n' | sed '/^$/d'
  fi
}
local_nodes() { listed_nodes | sed '/@/d'; }
remote_nodes() { listed_nodes | sed -n '/@/p'; }

# check_entry <entry>: exits when it is none.
check_entry() {
  check_node_name "${1%%@*}"
  case $1 in
    *@ | *@-* | *@@*) echo "$1 is no entry for a NodeManager of another host: name@host or name@user@host." >&2; exit 1 ;;
  esac
}

quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }

# on_host <entry> <script of bin/> [arguments]: runs it there; every line of output begins with the host. Its exit code. host_input: a file that it reads.
on_host() {
  there=${1#*@}
  script=$2
  shift 2
  command="cd $(quoted "${EMBERLOOM_REMOTE_HOME:-$home}") &&"
  passed=${EMBERLOOM_REMOTE_DATA-$EMBERLOOM_DATA}
  [ -n "$passed" ] && command="$command EMBERLOOM_DATA=$(quoted "$passed")"
  passed=${EMBERLOOM_REMOTE_CONF_DIR-$EMBERLOOM_CONF_DIR}
  [ -n "$passed" ] && command="$command EMBERLOOM_CONF_DIR=$(quoted "$passed")"
  command="$command bin/$script"
  for argument in "$@"; do command="$command $(quoted "$argument")"; done
  said=$(${EMBERLOOM_SSH_COMMAND:-ssh -o BatchMode=yes -o ConnectTimeout=10 $EMBERLOOM_SSH_OPTS} "$there" "$command" <"${host_input:-/dev/null}" 2>&1)
  code=$?
  [ -n "$said" ] && printf '%s\n' "$said" | sed "s/^/${there##*@}: /"
  case $code in
    255) echo "${there##*@}: nothing was done there: ssh could not log in without a question. Try: ssh $there true" >&2 ;;
    127) echo "${there##*@}: a command was not found: ssh here, or the installation in ${EMBERLOOM_REMOTE_HOME:-$home} there (EMBERLOOM_REMOTE_HOME)." >&2 ;;
  esac
  return "$code"
}
