#!/bin/sh
# Stops the NodeManager of this name (default n1), with its containers.
# The folder of this file, through any symbolic links.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
case $self in */*) EMBERLOOM_BIN=${self%/*} ;; *) EMBERLOOM_BIN=. ;; esac
. "$EMBERLOOM_BIN/emberloom-daemon.sh"

node_name "stop-nodemanager.sh [name]" "$@"
stop_daemon "nodemanager-$name"
