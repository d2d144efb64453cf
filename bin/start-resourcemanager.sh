#!/bin/sh
# Starts the ResourceManager in the background and waits until it answers. Exit code 1 with the end of its log when it does not.
# The folder of this file, through any symbolic links.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
case $self in */*) EMBERLOOM_BIN=${self%/*} ;; *) EMBERLOOM_BIN=. ;; esac
. "$EMBERLOOM_BIN/emberloom-daemon.sh"

# --id: which of several (yarn.resourcemanager.ha.rm-ids); docs/OPERATING.md.
rm_daemon "start-resourcemanager.sh [--id rm1]" "$@"
prepare_start
start_daemon "$daemon_name" ${rm_id:+--id "$rm_id"}
