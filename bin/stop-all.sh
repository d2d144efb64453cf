#!/bin/sh
# Stops all NodeManagers of this data folder and, by ssh, those of other hosts that conf/nodes names, with their containers, then the ResourceManager, or all of them.
# The folder of this file, through any symbolic links.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
case $self in */*) EMBERLOOM_BIN=${self%/*} ;; *) EMBERLOOM_BIN=. ;; esac
. "$EMBERLOOM_BIN/emberloom-daemon.sh"
. "$EMBERLOOM_BIN/emberloom-hosts.sh"

[ $# -eq 0 ] || usage "stop-all.sh"
waiting=
for name in $(known_nodes); do
  stop_daemon "nodemanager-$name" &
  waiting="$waiting $!"
done
for name in $(remote_nodes); do
  check_entry "$name"
  on_host "$name" stop-nodemanager.sh "${name%%@*}" &
  waiting="$waiting $!"
done
[ -z "$waiting" ] && echo "no nodemanager to stop"
failed=0
for pid in $waiting; do wait "$pid" || failed=1; done
# At once: none takes over from another that ends before it.
several=$(known_rms)
waiting=
for name in $several; do
  stop_daemon "$name" &
  waiting="$waiting $!"
done
for pid in $waiting; do wait "$pid" || failed=1; done
[ -n "$several" ] && ! [ -f "$(pid_file resourcemanager)" ] || stop_daemon resourcemanager
exit "$failed"
