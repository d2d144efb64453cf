#!/bin/sh
# Which daemons of this data folder run and, by ssh, the NodeManagers of other hosts that conf/nodes names; --node NAME: only that one, here.
# Exit code 0: all that were started; 1: one is dead, or its host did not answer; 3: one was never started or stopped.
# The folder of this file, through any symbolic links.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
case $self in */*) EMBERLOOM_BIN=${self%/*} ;; *) EMBERLOOM_BIN=. ;; esac
. "$EMBERLOOM_BIN/emberloom-daemon.sh"
. "$EMBERLOOM_BIN/emberloom-hosts.sh"

[ $# -eq 2 ] && [ "$1" = --node ] && { check_node_name "$2"; status_daemon "nodemanager-$2"; exit; }
[ $# -eq 0 ] || usage "status-all.sh [--node NAME]"
worst=0
for name in $(known_rms); do
  status_daemon "$name"
  code=$?
  if [ "$code" = 1 ]; then worst=1; elif [ "$worst" = 0 ]; then worst=$code; fi
done
if [ -z "$name" ] || [ -f "$(pid_file resourcemanager)" ]; then
  status_daemon resourcemanager
  worst=$?
fi
nodes=$(known_nodes)
others=$(remote_nodes)
[ -z "$nodes$others" ] && { echo "nodemanager is not running."; [ "$worst" = 1 ] || worst=3; }
for name in $nodes; do
  status_daemon "nodemanager-$name"
  code=$?
  if [ "$code" = 1 ]; then worst=1; elif [ "$worst" = 0 ]; then worst=$code; fi
done
for name in $others; do
  check_entry "$name"
  on_host "$name" status-all.sh --node "${name%%@*}"
  case $? in 0) ;; 3) [ "$worst" = 1 ] || worst=3 ;; *) worst=1 ;; esac
done
exit "$worst"
