#!/bin/sh
# Starts the history server in the background and waits until it answers. Exit code 1 with the end of its log when it does not.
#
#   start-history-server.sh [--properties-file FILE] [LOG FOLDER]
# The folder of this file, through any symbolic links.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
case $self in */*) EMBERLOOM_BIN=${self%/*} ;; *) EMBERLOOM_BIN=. ;; esac
. "$EMBERLOOM_BIN/emberloom-daemon.sh"

said='start-history-server.sh [--properties-file FILE] [LOG FOLDER]'
file=
folder=
while [ $# -gt 0 ]; do
  case $1 in
    --properties-file) [ $# -ge 2 ] || usage "$said"; file=$2; shift ;;
    --properties-file=*) file=${1#*=} ;;
    -*) usage "$said" ;;
    *) [ -z "$folder" ] || usage "$said"; folder=$1 ;;
  esac
  shift
done
case $file in '' | /*) ;; *) file=$PWD/$file ;; esac
case $folder in '' | /* | *:*) ;; *) folder=$PWD/$folder ;; esac
prepare_start
start_daemon history ${file:+--properties-file "$file"} ${folder:+"$folder"}
