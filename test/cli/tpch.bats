# TPC-H's 22 queries at SF0.01, every answer a real Spark's (test/helpers/tpch.ts): on local[2], in stages on a local-cluster, and in stages on two
# executors of our ResourceManager while one of them is killed under a query. TPCH_SEED chooses the query, TPCH_ROUNDS repeats (test:soak).
load helpers

setup() { new_data; }
teardown() { stop_everything; }

STAGES=(--conf spark.emberloom.sql.collapseBytes=-1 --conf spark.sql.shuffle.partitions=3 --conf spark.sql.autoBroadcastJoinThreshold=100000)

# all_right rounds: every query has answered so often as it was asked, and rightly
all_right() {
  ! grep DIFFERS "$TEST_DIR/out" >&2 || return 1
  assert_equal "$(grep -c ' right$' "$TEST_DIR/out")" $((22 * $1))
}

@test "the 22 queries of TPC-H have Spark's answers on local[2]" {
  submit --master 'local[2]' "$APPS/tpch.ts" 1 >"$TEST_DIR/out"
  all_right 1
}

@test "the 22 queries of TPC-H in stages have Spark's answers on a local-cluster" {
  LIMIT=150 submit --master 'local-cluster[2,1,1024]' "${STAGES[@]}" "$APPS/tpch.ts" 1 >"$TEST_DIR/out"
  all_right 1
}

@test "the 22 queries of TPC-H in stages have Spark's answers on yarn, while an executor is killed under one" {
  local rounds=${TPCH_ROUNDS:-1} seed=${TPCH_SEED:-$RANDOM} round query code=0
  start_cluster 2
  timeout -k 5 $((150 * rounds)) "$BIN/spark-submit" --master yarn --num-executors 2 --executor-memory 1g "${STAGES[@]}" "$APPS/tpch.ts" "$rounds" \
    </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  for ((round = 1; round <= rounds; round++)); do
    query=q$(((seed * 31 + round * 7) % 21 + 1))
    echo "# TPCH_SEED=$seed: round $round, an executor is killed under $query" >&2
    wait_for "round $round begins $query" 120 started "$round" "$query"
    kill -9 "$(container_pids executor | head -n 1)"
  done
  wait "$pid" || code=$?
  [ "$code" -eq 0 ] || { tail -40 "$TEST_DIR/err" >&2; return 1; }
  all_right "$rounds"
}

started() { [ "$(grep -c "^start $2\$" "$TEST_DIR/out")" -ge "$1" ]; }
