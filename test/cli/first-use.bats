# A fresh clone: the first command installs and builds by itself, says so, and does what it was asked for.
load helpers

setup_file() {
  git -C "$BATS_TEST_DIRNAME" rev-parse --git-dir >/dev/null 2>&1 || skip 'not a git checkout: there is nothing to clone'
  new_data
  mkdir "$TEST_DIR/clone"
  # What a clone of the next commit would have: tracked files as they are now, and new ones that are not ignored.
  (cd "$ROOT" && git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do [ -e "$file" ] && printf '%s\0' "$file"; done) |
    tar -C "$ROOT" --null -T - -cf - | tar -C "$TEST_DIR/clone" -xf -
}
teardown() { note_failure; }
teardown_file() { stop_everything; }

@test "the README's first command works at once in a fresh clone, also when two start together" {
  cd "$TEST_DIR/clone"
  unset EMBERLOOM_SKIP_SETUP EMBERLOOM_CONF_DIR
  timeout 300 ./bin/spark-submit examples/word-count.ts README.md LICENSE docs >"$TEST_DIR/one" 2>"$TEST_DIR/one.err" </dev/null 3>&- &
  first=$!
  timeout 300 ./bin/spark-submit examples/word-count.ts README.md LICENSE docs >"$TEST_DIR/two" 2>"$TEST_DIR/two.err" </dev/null 3>&- || { cat "$TEST_DIR/two.err" >&2; false; }
  wait $first || { cat "$TEST_DIR/one.err" >&2; false; }
  assert_contains "$(cat "$TEST_DIR"/*.err)" 'installing packages'
  assert_contains "$(cat "$TEST_DIR"/*.err)" 'building'
  assert_matches "$(cat "$TEST_DIR/one")" '^[0-9]+ words, [0-9]+ different ones, in [0-9]+ files'
  assert_equal "$(cat "$TEST_DIR/two")" "$(cat "$TEST_DIR/one")"

  run --separate-stderr timeout 60 ./bin/spark-submit examples/word-count.ts README.md LICENSE docs
  assert_status 0
  assert_equal "$output" "$(cat "$TEST_DIR/one")"
  if grep -qE 'installing|building' <<<"$stderr"; then
    echo 'installed or built again' >&2
    return 1
  fi
}

@test "a program that lies elsewhere finds emberloom, from any folder" {
  mkdir -p "$TEST_DIR/elsewhere"
  cp "$APPS/ok.ts" "$TEST_DIR/elsewhere/"
  cd /
  run --separate-stderr timeout 60 "$TEST_DIR/clone/bin/spark-submit" --master 'local[2]' "$TEST_DIR/elsewhere/ok.ts"
  assert_status 0
  assert_contains "$output" 'sum 10'
}
