# Every example, in local mode, in yarn client mode and in yarn cluster mode: the same text each time. And the samples of the docs.
load helpers

setup_file() {
  new_data
  start_cluster 2
}
teardown() { note_failure; }
teardown_file() { stop_everything; }

# same_everywhere example [arguments]: runs it three times and compares; says what it printed in $text
same_everywhere() {
  local program=$ROOT/examples/$1 id
  shift
  run --separate-stderr submit --master 'local[2]' "$program" "$@"
  assert_status 0
  text=$output
  [ -n "$text" ]

  run --separate-stderr submit_yarn "$program" "$@"
  assert_status 0
  assert_equal "$output" "$text"

  run --separate-stderr submit_cluster "$program" "$@"
  assert_status 0
  id=$(app_id "$stderr")
  assert_contains "$stderr" "Application report for $id (state: FINISHED)"
  assert_equal "$(driver_stdout "$id")" "$text"
}

@test "pi" {
  same_everywhere pi.ts 4
  assert_matches "$text" '^Pi is roughly 3\.1[34]'
}

@test "word-count over README, LICENSE and docs" {
  same_everywhere word-count.ts "$ROOT/README.md" "$ROOT/LICENSE" "$ROOT/docs"
  assert_matches "$text" '^[0-9]+ words, [0-9]+ different ones, in [0-9]+ files'
  assert_matches "$text" '^ +[0-9]+  the$'
  # The same words, counted with other tools.
  assert_equal "$(grep -E '  the$' <<<"$text" | tr -dc 0-9)" \
    "$(find "$ROOT/README.md" "$ROOT/LICENSE" "$ROOT/docs" -type f -exec cat {} + | tr '[:upper:]' '[:lower:]' | grep -oP "[\p{L}\p{N}]+(?:['’]\p{L}+)*" | grep -cx the)"
}

@test "log-report" {
  same_everywhere log-report.ts
  assert_contains "$text" '4 lines that are no log lines'
  assert_matches "$text" '^  4xx client error'
  # Counted with other tools.
  local all
  all=$(cat "$ROOT/examples/data/access.log" <(gzip -dc "$ROOT/examples/data/access.log.1.gz"))
  assert_contains "$text" "$(($(wc -l <<<"$all") - 4)) requests"
  assert_matches "$text" "^  5xx server error +$(grep -cE '" 5[0-9][0-9] ' <<<"$all")\$"
}

@test "k-means finds the penguins' species" {
  same_everywhere k-means.ts
  assert_contains "$text" '342 penguins, 3 clusters'
}

@test "page-rank" {
  same_everywhere page-rank.ts
  assert_matches "$text" '^[0-9]+ packages, [0-9]+ dependencies, 10 rounds'
}

@test "flights" {
  same_everywhere flights.ts
  assert_contains "$text" '20000 flights, 3376 airports'
}

@test "dataframe" {
  same_everywhere dataframe.ts
  assert_contains "$text" '|department|sales|total|'
  assert_contains "$text" '9 books were sold to Ann, Cid, Eve.'
}

@test "sql-functions" {
  same_everywhere sql-functions.ts
  assert_contains "$text" '|     books|     2|'
  assert_contains "$text" '|    ann|   2000|    2|'
  assert_contains "$text" '|   NULL|       1|'
}

@test "there is no example that is not run here" {
  for program in "$ROOT"/examples/*.ts; do
    grep -q "same_everywhere $(basename "$program")" "$BATS_TEST_FILENAME"
  done
}

@test "an example on local-cluster, from another folder" {
  cd "$TEST_DIR"
  run --separate-stderr submit --master 'local-cluster[2,1,512]' "$ROOT/examples/pi.ts" 4
  assert_status 0
  assert_matches "$output" '^Pi is roughly 3\.1[34]'
}

@test "an example without its arguments says what it wants" {
  run --separate-stderr submit --master 'local[2]' "$ROOT/examples/word-count.ts"
  assert_status 2
  assert_contains "$stderr" 'Usage: word-count.ts'
}

@test "the samples in README and docs print what their comments say" {
  mkdir "$TEST_DIR/samples"
  "$NODE" "$HELPERS/doc-samples.ts" "$TEST_DIR/samples" "$ROOT/README.md" "$ROOT/docs/PROGRAMS.md"
  for sample in "$TEST_DIR"/samples/*.ts; do
    run --separate-stderr submit --master 'local[2]' "$sample"
    assert_status 0
    assert_equal "$output" "$(cat "$sample.expected")"
  done
}

@test "dataset: functions of the program between queries" {
  same_everywhere dataset.ts
  # Counted with other tools.
  assert_contains "$text" "$(grep -cE '^\S+ \S+ \S+ \[[^]]+\] "\S+ \S+[^"]*" [0-9]{3} ([0-9]+|-)' "$ROOT/examples/data/access.log") hits"
  assert_matches "$text" "^[0-9]+ visits in $(wc -l <"$ROOT/examples/data/access.log") lines\$"
  run --separate-stderr submit --master 'local-cluster[2,1,512]' "$ROOT/examples/dataset.ts"
  assert_status 0
  assert_equal "$output" "$text"
}

@test "sessions" {
  same_everywhere sessions.ts
  assert_contains "$text" 'Ann Lee: 2 sessions, 3 pages'
  assert_contains "$text" '|a guest|1      |2026-03-01 09:07:00|2    |/books /help|'
}
