# Containers that run as the user who submitted them, by a NodeManager that root started. Makes accounts, so it runs as root and is skipped
# otherwise; it takes them away again.
load helpers

USERS=(elta eltb)

setup_file() {
  [ "$(id -u)" -eq 0 ] || skip 'only root can make accounts and start processes of other users'
  command -v useradd setpriv getent >/dev/null || skip 'useradd, setpriv or getent is missing'
  new_data
  chmod 711 "$TEST_DIR"
  chmod 1777 "$TEST_DIR/tmp"
  local user
  for user in "${USERS[@]}"; do
    ! getent passwd "$user" >/dev/null || skip "there is an account $user already"
  done
  echo "${USERS[@]}" >"$TEST_DIR/made"
  for user in "${USERS[@]}"; do useradd --create-home --home-dir "$TEST_DIR/$user" --shell /bin/sh "$user"; done
  groupadd eltgroup
  usermod -aG eltgroup elta
  useradd --system --no-create-home eltsys
  chmod 755 "$TEST_DIR/conf"
  write_conf 'yarn.nodemanager.container-executor.class: LinuxContainerExecutor' 'emberloom.users.open-sockets: true' 'banned.users: eltb'
  chmod 644 "$TEST_DIR"/conf/*
  start_cluster 1
  "$BIN/emberloom" user add elta >"$TEST_DIR/added"
}
teardown_file() {
  [ -n "${TEST_DIR:-}" ] && [ -e "$TEST_DIR/made" ] || return 0
  local user dir=$TEST_DIR
  for user in "${USERS[@]}" eltsys; do userdel "$user" 2>/dev/null || true; done
  groupdel eltgroup 2>/dev/null || true
  rm -rf "/tmp/emberloom-$(stat -c %u "$dir/elta")"
  stop_everything
}
teardown() { note_failure; }

# as_elta command...: with her rights, her home, and nothing of root's
as_elta() {
  setpriv --reuid=elta --regid=elta --init-groups env -i PATH="$PATH" HOME="$TEST_DIR/elta" EMBERLOOM_DATA="$EMBERLOOM_DATA" \
    EMBERLOOM_CONF_DIR="$EMBERLOOM_CONF_DIR" TMPDIR=/tmp EMBERLOOM_SKIP_SETUP=1 timeout -k 5 60 "$@" </dev/null
}

@test "her secret is in her home, hers alone; the cluster's is out of her reach" {
  assert_contains "$(cat "$TEST_DIR/added")" "$TEST_DIR/elta/.config/emberloom/user-secret"
  assert_equal "$(stat -c '%U %a' "$TEST_DIR/elta/.config/emberloom/user-secret")" 'elta 600'
  run ! as_elta cat "$EMBERLOOM_DATA/secret"
  run ! as_elta ls "$EMBERLOOM_DATA/state" "$EMBERLOOM_DATA/logs"
}

@test "her container runs with her user, group and groups, in a folder of hers, with her home and nothing of root's" {
  run --separate-stderr as_elta "$BIN/emberloom" run -- sh -c 'id -un; id -gn; id -Gn; stat -c %U:%a .; echo $HOME; cat "$EMBERLOOM_CONTAINER_TOKENS" | head -c 1; stat -c %U:%a "$EMBERLOOM_CONTAINER_TOKENS"; touch mine && echo wrote; cat '"$EMBERLOOM_DATA"'/secret; ls '"$EMBERLOOM_DATA"'/local/nm1; true'
  assert_status 0
  output=${output//'[0] '/}
  mapfile -t lines <<<"$output"
  assert_equal "${lines[0]} ${lines[1]}" 'elta elta'
  assert_contains "${lines[2]}" eltgroup
  assert_equal "${lines[3]}" elta:700
  assert_equal "${lines[4]}" "$TEST_DIR/elta"
  assert_equal "${lines[5]}" '{elta:400'
  assert_equal "${lines[6]}" wrote
  assert_equal "${#lines[@]}" 7
}

@test "what a user puts into the environment does nothing with root's rights" {
  cat >"$TEST_DIR/elta/evil.sh" <<SH
id -un >>"$TEST_DIR/elta/ran"
SH
  chown elta "$TEST_DIR/elta/evil.sh"
  install -o elta -m 666 /dev/null "$TEST_DIR/elta/ran"
  run --separate-stderr as_elta "$BIN/emberloom" run --env "ENV=$TEST_DIR/elta/evil.sh" --env "BASH_ENV=$TEST_DIR/elta/evil.sh" --env 'X=$(id -un >>'"$TEST_DIR/elta/ran"')' -- bash -c 'echo "$X"'
  assert_status 0
  assert_contains "$output" '$(id -un'
  run ! grep -q root "$TEST_DIR/elta/ran"
}

@test "accounts that are not, of the system, banned: a clear refusal that names the setting" {
  local user
  for user in 'nosuchuser:there is no account nosuchuser on this node' 'eltsys:below min.user.id 1000' 'eltb:banned.users names eltb'; do
    HADOOP_USER_NAME=${user%%:*} run --separate-stderr timeout 60 "$BIN/emberloom" run -- true
    [ "$status" -ne 0 ]
    assert_contains "$output$stderr" "${user#*:}"
  done
}

@test "a Spark program of hers in cluster mode: driver and executors are hers, and its files go at its end" {
  cp "$APPS/shuffling.ts" "$TEST_DIR/elta/" && chown elta "$TEST_DIR/elta/shuffling.ts"
  run --separate-stderr as_elta "$BIN/spark-submit" --master yarn --deploy-mode cluster --num-executors 1 --executor-memory 512m \
    --conf spark.shuffle.service.enabled=true "$TEST_DIR/elta/shuffling.ts" 2000 2
  assert_status 0
  local id
  id=$(app_id "$stderr")
  run --separate-stderr as_elta "$BIN/yarn" logs -applicationId "$id" -log_files stderr
  assert_status 0
  gone_from_cache() { [ -z "$(find "$EMBERLOOM_DATA/local" -path '*appcache/application_*' 2>/dev/null)" ]; }
  wait_for 'her files are gone' 20 gone_from_cache
  nothing_private() { [ -z "$(find "$EMBERLOOM_DATA/local/nm1/nmPrivate" -mindepth 1)" ]; }
  wait_for 'tokens and scripts are gone' 20 nothing_private
}

@test "in client mode the driver is her own process, and its executors hers too" {
  run --separate-stderr as_elta "$BIN/spark-submit" --master yarn --num-executors 1 --executor-memory 512m "$TEST_DIR/elta/shuffling.ts" 2000 2
  assert_status 0
}

@test "a link that she puts in place of her folder is removed, not followed" {
  mkdir "$TEST_DIR/precious" && touch "$TEST_DIR/precious/file"
  run --separate-stderr as_elta "$BIN/emberloom" run -- sh -c 'd=$PWD; cd ..; mv "$d" "$d.old"; ln -s '"$TEST_DIR/precious"' "$d"; ln -s '"$TEST_DIR/precious"' link'
  assert_status 0
  gone_from_cache() { [ -z "$(find "$EMBERLOOM_DATA/local" -path '*appcache/application_*' 2>/dev/null)" ]; }
  wait_for 'her files are gone' 20 gone_from_cache
  [ -e "$TEST_DIR/precious/file" ]
}
