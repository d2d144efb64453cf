# The state store of the ResourceManager on a disk that fills up, damaged, read-only, and of a newer version: it refuses with the reason, loses
# nothing, goes on when it can, and is never silently empty. No NodeManager is needed: applications wait for their driver.
load helpers

setup() { new_data; }
teardown() {
  [ -z "$small_disk" ] || umount -l "$small_disk" 2>/dev/null || true
  stop_everything
}

start_rm() { timeout 30 "$BIN/start-resourcemanager.sh" </dev/null; }
stop_rm() { timeout 30 "$BIN/stop-resourcemanager.sh" </dev/null; }
log_has() { grep -qs "$1" "$EMBERLOOM_DATA"/logs/*resourcemanager*.log; }
# submit_waiting: an application that waits, and its id in $id
submit_waiting() {
  run --separate-stderr submit_cluster --conf spark.yarn.submit.waitAppCompletion=false "$ROOT/examples/pi.ts"
  id=$(app_id "$stderr")
}
reserve_kept() { [ -s "$EMBERLOOM_DATA/state/reserve" ]; }
# Two or more: a submission is several commits, and a copy may come between them.
two_backups_alone() { [ "$(ls "$EMBERLOOM_DATA/state/backups" | sed 's/[0-9]//g' | sort -u)" = rm-TZ.sqlite ] && [ "$(ls "$EMBERLOOM_DATA/state/backups" | wc -l)" -ge 2 ]; }
a_backup() { [ -n "$(find "$EMBERLOOM_DATA/state/backups" -name '*.sqlite' 2>/dev/null)" ]; }
# in_store 'javascript with db': on the store that nobody has open
in_store() { (cd "$ROOT" && "$NODE" -e "const db = new (require('better-sqlite3'))('$EMBERLOOM_DATA/state/rm.sqlite'); $1; db.close()"); }

@test "a full disk: new work is refused with the reason, what is known can be ended and is remembered, and with room it goes on" {
  small_disk=$EMBERLOOM_DATA/state
  mkdir -m 700 "$small_disk"
  mount -t tmpfs -o size=16m,mode=700 tmpfs "$small_disk" 2>/dev/null || { small_disk=; skip 'a disk of its own needs root'; }
  write_conf 'emberloom.resourcemanager.state-store.reserve: 2m' 'emberloom.resourcemanager.state-store.backup-interval-ms: 0'
  start_rm
  submit_waiting
  assert_status 0
  local first=$id
  wait_for 'room is kept' 10 reserve_kept
  dd if=/dev/zero of="$small_disk/filler" bs=4k 2>/dev/null || true
  # Room for a few commits may be left in pages that are there; after them the kept room is given free.
  for ((tries = 0; tries < 40; tries++)); do
    submit_waiting
    [ "$status" -eq 0 ] || break
    local last=$id
  done
  assert_status 1
  assert_contains "$stderr" 'takes no new work'
  assert_contains "$stderr" 'Make room on that disk'
  run yarn application -kill "$first"
  assert_status 0
  assert_contains "$(yarn application -status "$first" 2>/dev/null)" 'State : KILLED'
  rm "$small_disk/filler"
  wait_for 'there is room again' 10 log_has 'There is room for the state store again'
  submit_waiting
  assert_status 0
  kill -9 "$(daemon_pid resourcemanager)"
  start_rm
  assert_contains "$(yarn application -status "$first" 2>/dev/null)" 'State : KILLED'
  assert_contains "$(yarn application -status "$id" 2>/dev/null)" 'State : ACCEPTED'
  [ -z "${last:-}" ] || assert_contains "$(yarn application -status "$last" 2>/dev/null)" 'State : ACCEPTED'
}

@test "a damaged store is refused and named; repair makes a whole one of a backup and what can be read, and ids go on higher" {
  write_conf 'emberloom.resourcemanager.state-store.backup-interval-ms: 100'
  start_rm
  submit_waiting
  local first=$id
  wait_for 'a backup is there' 10 a_backup
  submit_waiting
  local second=$id
  stop_rm
  in_store 'db.pragma("wal_checkpoint(TRUNCATE)")'
  local root
  root=$(cd "$ROOT" && "$NODE" -p "new (require('better-sqlite3'))('$EMBERLOOM_DATA/state/rm.sqlite').prepare(\"SELECT rootpage FROM sqlite_schema WHERE name = 'attempts'\").pluck().get()")
  dd if=/dev/urandom of="$EMBERLOOM_DATA/state/rm.sqlite" bs=4096 seek=$((root - 1)) count=1 conv=notrunc 2>/dev/null
  run --separate-stderr start_rm
  assert_status 1
  assert_contains "$stderr" 'is damaged'
  assert_contains "$stderr" 'attempts'
  assert_contains "$stderr" 'emberloom resourcemanager repair'
  run "$BIN/emberloom" resourcemanager repair
  assert_status 0
  assert_contains "$output" 'began with the backup'
  assert_contains "$output" 'applications: 2 rows'
  start_rm
  assert_contains "$(yarn application -status "$first" 2>/dev/null)" 'State : ACCEPTED'
  assert_contains "$(yarn application -status "$second" 2>/dev/null)" 'State : ACCEPTED'
  submit_waiting
  [ "${id##*_}" -gt 100000 ]
  stop_rm
  run "$BIN/emberloom" resourcemanager repair
  assert_contains "$output" 'whole; nothing was done'
}

@test "a store that is gone, or empty, while there are backups of it: refused, and repair makes it of the newest" {
  write_conf 'emberloom.resourcemanager.state-store.backup-interval-ms: 100'
  local file=$EMBERLOOM_DATA/state/rm.sqlite first
  start_rm
  submit_waiting
  first=$id
  wait_for 'a backup is there' 10 a_backup
  submit_waiting
  wait_for 'another backup is there, and nothing that making it left' 10 two_backups_alone
  stop_rm
  rm "$file"
  for gone in missing empty; do
    [ $gone = missing ] || : >"$file"
    run --separate-stderr start_rm
    assert_status 1
    assert_contains "$stderr" 'it is gone or empty, though there are backups of it'
    assert_contains "$stderr" 'emberloom resourcemanager repair makes a new one from the backup'
  done
  run "$BIN/emberloom" resourcemanager repair
  assert_status 0
  assert_contains "$output" 'began with the backup'
  start_rm
  assert_contains "$(yarn application -status "$first" 2>/dev/null)" 'State : ACCEPTED'
  submit_waiting
  [ "${id##*_}" -gt 100000 ]
  stop_rm
  # Who means it begins anew.
  rm -r "$file"* "$EMBERLOOM_DATA/state/backups"
  run "$BIN/emberloom" resourcemanager repair
  assert_status 73
  assert_contains "$output" 'there is no state store, and no good backup of one'
  start_rm
}

@test "a store of a newer version, and one that can't be written, are said at the start" {
  start_rm
  stop_rm
  in_store 'db.pragma("user_version = 999")'
  run --separate-stderr start_rm
  assert_status 1
  assert_contains "$stderr" 'newer version of Emberloom'
  in_store 'db.pragma("user_version = 3")'
  mount --bind "$EMBERLOOM_DATA/state" "$EMBERLOOM_DATA/state" 2>/dev/null || skip 'a read-only disk needs root'
  small_disk=$EMBERLOOM_DATA/state
  mount -o remount,bind,ro "$small_disk"
  run --separate-stderr start_rm
  assert_status 1
  assert_matches "$stderr" 'read-only|readonly'
}
