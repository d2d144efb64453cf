# SQL in stages on a cluster: the answer is the one of a single process, also when an executor is killed on the way.
load helpers

setup() { new_data; }
teardown() { stop_everything; }

rounds_done() { [ "$(grep -c '^round ' "$TEST_DIR/out")" -ge "$1" ]; }

# same_in_every_round ANSWER PROGRAM ROUNDS ROWS DONE SECONDS: on yarn each round gives the answer, while an executor is killed when so many are done.
same_in_every_round() {
  local answer=$1 program=$2 rounds=$3 rows=$4 code=0
  start_cluster 2
  timeout -k 5 150 "$BIN/spark-submit" --master yarn --num-executors 2 --executor-memory 512m "$APPS/$program" "$rounds" "$rows" \
    </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for "rounds done: $5" "$6" rounds_done "$5"
  kill -9 "$(container_pids executor | head -n 1)"
  wait "$pid" || code=$?
  [ "$code" -eq 0 ] || { tail -40 "$TEST_DIR/err" >&2; return 1; }
  [ "$(grep -c '^round ' "$TEST_DIR/out")" -eq "$rounds" ]
  [ "$(sed 's/^round [0-9]*: //' "$TEST_DIR/out" | sort -u)" = "${answer#round 1: }" ]
}

@test "a query in stages on yarn gives its answer in every round, while an executor with shuffled rows is killed" {
  local answer
  answer=$(submit --master 'local[2]' "$APPS/sql-stages.ts" 1 3000000 2>/dev/null)
  assert_contains "$answer" 'round 1: 3999 599 599, 3998 599 599'
  same_in_every_round "$answer" sql-stages.ts 12 3000000 2 60
}

@test "a table that executors write has each row once while one of them is killed, and no leftovers" {
  local answer code=0 table=$TEST_DIR/table
  answer=$(submit --master 'local[2]' "$APPS/sql-writes.ts" 1 1000000 "$TEST_DIR/alone" 2>/dev/null)
  assert_contains "$answer" 'round 1: '
  start_cluster 2
  timeout -k 5 150 "$BIN/spark-submit" --master yarn --num-executors 2 --executor-memory 512m "$APPS/sql-writes.ts" 8 1000000 "$table" \
    </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'two rounds are done' 60 rounds_done 2
  # A task is in the middle of its files: its attempt's folder is there.
  wait_for 'a task writes' 30 compgen -G "$table/_temporary/*/try-*/attempt_*" >/dev/null
  kill -9 "$(container_pids executor | head -n 1)"
  wait "$pid" || code=$?
  [ "$code" -eq 0 ] || { tail -40 "$TEST_DIR/err" >&2; return 1; }
  [ "$(grep -c '^round ' "$TEST_DIR/out")" -eq 8 ]
  [ "$(sed 's/^round [0-9]*: //' "$TEST_DIR/out" | sort -u)" = "${answer#round 1: }" ]
  [ -z "$(find "$table" -name '_temporary*' -o -name 'attempt_*')" ]
  [ -e "$table/_SUCCESS" ]
}

FUNCTIONS='on executors: 100
captured at the action: 1498500
imported: a 10, b 25, c 0
broadcast: one 100, two 100, zero 100
accumulated: true
values with classes: 1.50
aggregated: 0 xxxxxxxx, 1 xxxxxxxxx
a table function: 3 87
awaited: 500000
failed: [FAILED_EXECUTE_UDF] User defined function (`parse_price`: (string) => int) failed due to: RangeError: not a price: price 7 at parsePrice (…/sql-functions.ts:76:35); the arguments were ("price 7"). SQLSTATE: 39000
condition: FAILED_EXECUTE_UDF 39000'

@test "functions of the program run in the executors of local-cluster, with all that they capture, and name the line and row of an error" {
  run --separate-stderr submit --master 'local-cluster[2,1,512]' "$APPS/sql-functions.ts"
  assert_status 0
  assert_equal "$output" "$FUNCTIONS"
}

@test "decimals and timestamps have one class in functions over rows, in functions of SQL and in shuffles" {
  for master in 'local[2]' 'local-cluster[2,1,512]'; do
    run --separate-stderr submit --master "$master" --conf spark.emberloom.sql.collapseBytes=-1 "$APPS/value-classes.ts"
    assert_status 0
    assert_equal "$output" "given [ 'true true', 'true true' ]
made 123.45 5
udf [ 'true true', 'true true' ]
shuffled [ [ 'true 0.1', 'true 0.2' ] ]"
  done
}

@test "rows that a DataFrame keeps lie with the executors, the same in every round, and are given back" {
  run --separate-stderr submit --master 'local-cluster[2,1,512]' "$APPS/sql-cached.ts" 3 200000
  assert_status 0
  assert_equal "$output" 'round 1: 5003 200000
round 2: 5003 200000
round 3: 5003 200000
stored: 4 of 4, true
after unpersist: 0'
}

@test "kept rows of a killed executor are computed again" {
  local code=0
  start_cluster 2
  timeout -k 5 150 "$BIN/spark-submit" --master yarn --num-executors 2 --executor-memory 512m "$APPS/sql-cached.ts" 40 2000000 again \
    </dev/null >"$TEST_DIR/out" 2>"$TEST_DIR/err" 3>&- &
  pid=$!
  wait_for 'two rounds are done' 60 rounds_done 2
  kill -9 "$(container_pids executor | head -n 1)"
  wait "$pid" || code=$?
  [ "$code" -eq 0 ] || { tail -40 "$TEST_DIR/err" >&2; return 1; }
  [ "$(grep '^round ' "$TEST_DIR/out" | sed 's/^round [0-9]*: //' | sort -u)" = '5003 2000000' ]
  [ "$(grep -c '^round ' "$TEST_DIR/out")" -eq 40 ]
}

@test "functions of the program over typed rows, in SQL and over tables answer rightly while an executor is killed" {
  local answer
  answer=$(submit --master 'local[2]' "$APPS/sql-typed.ts" 1 100000 2>/dev/null)
  assert_contains "$answer" '0 3333366666,1 3333233334,2 3333300000;' # twice the sums of 0, 3, 6 … below 100,000
  assert_contains "$answer" '; 0 14286,1 14286,2 14286,3 14286,4 14286,5 14285,6 14285'
  same_in_every_round "$answer" sql-typed.ts 5 100000 1 90
}

@test "executors read a database by partitions, and one without its extension says what is missing" {
  run submit --master 'local-cluster[2,1,512]' --conf spark.emberloom.sql.extensionsDirectory="$TEST_DIR/none" "$APPS/jdbc.ts" "$TEST_DIR/nums.db"
  assert_contains "$output" 'half: 500, all: 1000'
  assert_contains "$output" "$TEST_DIR/none/postgres_scanner.duckdb_extension"
  [[ $output != *never-shown* ]]
}

@test "emberloom extensions lists what there is, and fetches nothing unasked" {
  EMBERLOOM_EXTENSIONS=$TEST_DIR/none run "$BIN/emberloom" extensions list
  [ "$status" -eq 0 ]
  assert_contains "$output" 'httpfs            missing    files on object stores'
  [ ! -e "$TEST_DIR/none" ]
  run "$BIN/emberloom" extensions install nonsense
  [ "$status" -eq 2 ]
}

@test "scripts of TRANSFORM and bucketed tables on executors" {
  start_cluster 2
  cd "$TEST_DIR"
  run timeout -k 5 120 "$BIN/spark-submit" --master yarn --num-executors 2 --executor-memory 512m \
    --conf spark.emberloom.sql.collapseBytes=-1 --conf spark.sql.files.maxPartitionBytes=100000 "$APPS/sql-scripts-and-buckets.ts"
  [ "$status" -eq 0 ] || { echo "$output" >&2; return 1; }
  assert_contains "$output" 'joined 20000000 -1000000000000'
  assert_contains "$output" 'lines 200000 19999900000 true'
  assert_contains "$output" 'status 7. Error: broken'
}

@test "Arrow files are written and read by executors, each task its own" {
  run --separate-stderr submit --master 'local-cluster[2,1,512]' --conf spark.emberloom.sql.collapseBytes=-1 "$APPS/sql-arrow.ts" "$TEST_DIR/arrow"
  assert_status 0
  assert_contains "$output" 'even: Row(g=0, sum(id)=2499950000, max(s)=n99998)'
  assert_contains "$output" 'files: 4'
}
