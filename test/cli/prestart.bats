# Executors that are started ahead (emberloom.executor.prestart): taken by one application each, of the user for whom they were started, and
# nothing that an application leaves in one (environment, secrets, globals, files, sockets, timers) is there for the next application.
load helpers

setup() { new_data; }
teardown() { stop_everything; }

idle_pids() {
  local p
  for p in $(pids_of_test); do
    [[ $(arguments_of "$p") == *executor.cjs*--prestarted* ]] || continue
    [[ $(readlink "/proc/$p/cwd") == */container_* ]] || echo "$p"
  done
}
idle_are() { [ "$(idle_pids | wc -l)" -eq "$1" ]; }
pids_in() { grep -oE '"pid":[0-9]+' <<<"$1" | cut -d: -f2 | sort -u; }
all_gone() { local p; for p in $1; do alive "$p" && return 1; done; return 0; }
# traces WORD: the application that leaves WORD behind, with WORD in its executors' environment, too
traces() { submit --master yarn --executor-memory 1g --num-executors 2 --conf "spark.executorEnv.MARK=mark-$1" "$APPS/leaves-traces.ts" "$1" "$TEST_DIR"; }

@test "each is taken by one application and ends with it; nothing of it is there for the next" {
  local ahead first second p
  write_conf 'emberloom.executor.prestart: 2'
  start_cluster
  wait_for 'two are started ahead' 20 idle_are 2
  ahead=$(idle_pids)
  # What an idle one has: nothing but the NodeManager's few variables.
  for p in $ahead; do
    if tr '\0' '\n' <"/proc/$p/environ" | grep -vE '^(PATH|HOME|LANG|LC_ALL|LC_CTYPE|TZ|SHELL|TMPDIR|EMBERLOOM_HOME|SPARK_HOME|EMBERLOOM_EXECUTOR_CORES|PWD)='; then return 1; fi
    if grep -q "$(cat "$EMBERLOOM_DATA/secret")" "/proc/$p/environ" "/proc/$p/cmdline"; then return 1; fi
  done
  run --separate-stderr traces first
  assert_status 0
  first=$output
  assert_equal "$(pids_in "$first" | wc -l)" 2
  for p in $(pids_in "$first"); do grep -qx "$p" <<<"$ahead" || { echo "$p was not started ahead: $ahead" >&2; return 1; }; done
  # The task sees its container's environment, whole, and the idle process's own is still without it.
  assert_contains "$first" '"MARK":"mark-first"'
  assert_matches "$first" '"CONTAINER_ID":"container_'
  assert_matches "$first" '"PWD":"[^"]*/container_[^"]*"'
  wait_for 'its executors are gone' 20 all_gone "$(pids_in "$first")"
  wait_for 'two others are started ahead' 20 idle_are 2
  ahead=$(idle_pids)
  run --separate-stderr traces second
  assert_status 0
  second=$output
  for p in $(pids_in "$second"); do
    grep -qx "$p" <<<"$ahead"
    if grep -qx "$p" <<<"$(pids_in "$first")"; then return 1; fi
  done
  assert_contains "$second" '"MARK":"mark-second"'
  assert_contains "$second" '"sockets":false'
  if grep -E 'first|trace' <<<"$second"; then return 1; fi
}

@test "the environment that a task sees is the same in one that was started ahead and in one that was not" {
  local cold ahead
  write_conf 'emberloom.executor.prestart: 0'
  start_cluster
  run --separate-stderr traces same
  assert_status 0
  cold=$(names_in "$output")
  stop_cluster
  write_conf 'emberloom.executor.prestart: 2'
  start_cluster
  wait_for 'two are started ahead' 20 idle_are 2
  ahead=$(idle_pids)
  rm -f "$TEST_DIR"/open-* "$TEST_DIR"/here-* "$TEST_DIR"/*.sock
  run --separate-stderr traces same
  assert_status 0
  grep -qx "$(pids_in "$output" | head -1)" <<<"$ahead"
  assert_equal "$(names_in "$output")" "$cold"
}
stop_cluster() { timeout 30 "$BIN/stop-all.sh" </dev/null >/dev/null 2>&1; wait_for 'nothing runs' 20 nothing_runs; }
names_in() { "$NODE" -e 'for (const line of process.argv[1].trim().split("\n")) console.log(Object.keys(JSON.parse(line).env).join(" "))' "$1" | sort -u; }

@test "another user's application takes none of them, and has his own the next time" {
  local mine pids p
  write_conf 'emberloom.executor.prestart: 2'
  start_cluster
  wait_for 'two are started ahead' 20 idle_are 2
  mine=$(idle_pids)
  HADOOP_USER_NAME=bob run --separate-stderr traces first
  assert_status 0
  for p in $(pids_in "$output"); do if grep -qx "$p" <<<"$mine"; then return 1; fi; done
  wait_for 'those that were not his have made room' 20 all_gone "$mine"
  wait_for 'two are started for him' 20 idle_are 2
  pids=$(idle_pids)
  HADOOP_USER_NAME=bob run --separate-stderr traces second
  assert_status 0
  grep -qx "$(pids_in "$output" | head -1)" <<<"$pids"
}
