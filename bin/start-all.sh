#!/bin/sh
# Starts the ResourceManager (all that yarn.resourcemanager.ha.rm-ids names, where there are several) on this machine, and NodeManagers here and, by ssh, on other hosts; what runs already stays as it is.
# Exit code 0: all run.
# The folder of this file, through any symbolic links.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
case $self in */*) EMBERLOOM_BIN=${self%/*} ;; *) EMBERLOOM_BIN=. ;; esac
. "$EMBERLOOM_BIN/emberloom-daemon.sh"
. "$EMBERLOOM_BIN/emberloom-hosts.sh"

# Which nodes: --nodes N (n1 … nN), else EMBERLOOM_NODES, else those in conf/nodes (names, or name@host), else n1.
nodes=$(listed_nodes)
nodes=${nodes:-n1}
while [ $# -gt 0 ]; do
  case $1 in
    --nodes) count=${2-}; shift ;;
    --nodes=*) count=${1#*=} ;;
    *) usage "start-all.sh [--nodes N]" ;;
  esac
  case $count in '' | *[!0-9]* | 0) usage "start-all.sh [--nodes N]" ;; esac
  nodes=
  n=1
  while [ "$n" -le "$count" ]; do nodes="$nodes n$n"; n=$((n + 1)); done
  shift
done
for name in $nodes; do check_entry "$name"; done
prepare_start

up() {
  running=$(pid_of "$1") && { echo "$1 is running as process $running."; return 0; }
  start_daemon "$@"
}

up_there() {
  on_host "$1" status-all.sh --node "${1%%@*}" 2>/dev/null | grep 'is running as process' || on_host "$1" start-nodemanager.sh "${1%%@*}"
}

rms=$(listed_rms) || { printf '%s\n' "$rms" >&2; exit 1; }
[ -n "$rms" ] || up resourcemanager || exit 1
for id in $rms; do up "resourcemanager-$id" --id "$id" || exit 1; done
waiting=
for name in $nodes; do
  case $name in
    *@*) (up_there "$name") & ;;
    *) (up "nodemanager-$name" --name "$name") & ;;
  esac
  waiting="$waiting $!"
done
failed=0
for pid in $waiting; do wait "$pid" || failed=1; done
exit "$failed"
