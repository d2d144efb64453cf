#!/bin/sh
# Replaces the cluster's secret while everything runs: on this host, on those of the entries in conf/nodes, and on those that are named here
# ([user@]host: submitters, a second ResourceManager). Afterwards both secrets are good; issue users' secrets anew (emberloom user add NAME), then
# --finish takes the old one away. May be run again wherever it was broken off. Steps: src/cli/secret-steps.ts.
# The folder of this file, through any symbolic links.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
case $self in */*) EMBERLOOM_BIN=${self%/*} ;; *) EMBERLOOM_BIN=. ;; esac
. "$EMBERLOOM_BIN/emberloom-daemon.sh"
. "$EMBERLOOM_BIN/emberloom-hosts.sh"

finish=
case $1 in --finish) finish=yes; shift ;; esac
case $1 in -*) usage "rotate-secret.sh [--finish] [[user@]host...]" ;; esac
# Each host once, however many NodeManagers it has.
entries=$(for name in $(remote_nodes); do check_entry "$name"; echo "all@${name#*@}"; done; for name; do echo "all@$name"; done)
entries=$(printf '%s\n' "$entries" | sort -u)

# everywhere <step>: on this host last, so that it says how far all are. Exits where one host has not done it.
everywhere() {
  failed=
  for entry in $entries; do
    if [ "$1" = stage ]; then host_input=$data/secret.next on_host "$entry" emberloom secret step stage --stdin
    else on_host "$entry" emberloom secret step "$1"
    fi || failed="$failed ${entry##*@}"
  done
  [ -z "$failed" ] && return
  echo "$1 was not done on:$failed. $2" >&2
  exit 1
}
here() { EMBERLOOM_DATA=$data "$EMBERLOOM_BIN/emberloom" secret step "$1" || exit; }

if [ -n "$finish" ]; then
  everywhere finish 'The old secret is still good there, and here. Run this again.'
  here finish
  exit
fi
here stage
everywhere stage 'No host uses the new secret yet. Run this again, or remove secret.next on all hosts.'
everywhere switch 'Both secrets are good everywhere. Run this again.'
here switch
echo "Both secrets are good now. Issue users' secrets anew (emberloom user list, emberloom user add NAME), then: rotate-secret.sh --finish"
