#!/bin/sh
# Starts the NodeManager of this name (default n1) in the background and waits until it is registered, or for 3 s.
# The folder of this file, through any symbolic links.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
case $self in */*) EMBERLOOM_BIN=${self%/*} ;; *) EMBERLOOM_BIN=. ;; esac
. "$EMBERLOOM_BIN/emberloom-daemon.sh"

node_name "start-nodemanager.sh [name]" "$@"
prepare_start
start_daemon "nodemanager-$name" --name "$name"
