# How a test leads test/fixtures/apps/dynamic.ts, which runs in the background as $pid with its streams in out and err of $TEST_DIR: an order, its
# answer, the next order. Starting it is the test's own.

order() { rm -f "$TEST_DIR/answer" "$TEST_DIR/taken"; echo "$@" >"$TEST_DIR/order.part"; mv "$TEST_DIR/order.part" "$TEST_DIR/order"; }
answered() {
  wait_for "the program has done it: $1" 60 answered_or_dead || { tail -40 "$TEST_DIR/err" >&2; return 1; }
  assert_equal "$(cat "$TEST_DIR/answer" 2>/dev/null || tail -5 "$TEST_DIR/err")" "$1"
}
answered_or_dead() { [ -e "$TEST_DIR/answer" ] || gone "$pid"; }
ended() {
  local code=0
  order end
  wait "$pid" || code=$?
  [ "$code" -eq 0 ] && return
  printf 'exit code %s\n%s\n' "$code" "$(tail -60 "$TEST_DIR/err")" >&2
  return 1
}
log_has() { file_has "$TEST_DIR/err" "$1"; }
# An executor's pid by its id.
pid_of_executor() { grep -oE "Registered executor \([^,]+, pid [0-9]+\) with ID $1," "$TEST_DIR/err" | grep -oE 'pid [0-9]+' | cut -d' ' -f2; }
