#!/bin/sh
# Stops all NodeManagers of this data folder, with their containers, then the ResourceManager.
# The folder of this file, through any symbolic links.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
case $self in */*) EMBERLOOM_BIN=${self%/*} ;; *) EMBERLOOM_BIN=. ;; esac
. "$EMBERLOOM_BIN/emberloom-daemon.sh"

[ $# -eq 0 ] || usage "stop-all.sh"
waiting=
for name in $(known_nodes); do
  stop_daemon "nodemanager-$name" &
  waiting="$waiting $!"
done
[ -z "$waiting" ] && echo "no nodemanager to stop"
for pid in $waiting; do wait "$pid"; done
several=$(known_rms)
for name in $several; do stop_daemon "$name"; done
[ -n "$several" ] && ! [ -f "$(pid_file resourcemanager)" ] || stop_daemon resourcemanager
