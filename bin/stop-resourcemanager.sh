#!/bin/sh
# Stops the ResourceManager. Containers run on: NodeManagers and drivers find the next one.
# The folder of this file, through any symbolic links.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
case $self in */*) EMBERLOOM_BIN=${self%/*} ;; *) EMBERLOOM_BIN=. ;; esac
. "$EMBERLOOM_BIN/emberloom-daemon.sh"

rm_daemon "stop-resourcemanager.sh [--id rm1]" "$@"
stop_daemon "$daemon_name"
