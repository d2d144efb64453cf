# A program of DataFrames through spark-submit: the bundles, not the sources. What each method answers is in test/unit/runtime/sql/api/.
load helpers

setup() { new_data; }
teardown() { note_failure; stop_everything; }

EXPECTED='rows: [{"id":1,"name":"a","tags":["x","y"]},{"id":2,"name":null,"tags":[]}]
self join: 2
two DataFrames of the program: [[1,"left","right"]]
sum: "499999500000n"
udf: 4
view: null
rdd: [10,20]
from an RDD: [9,16]
iterated: 5000
failures: ["UNRESOLVED_COLUMN.WITH_SUGGESTION","PARSE_SYNTAX_ERROR","DIVIDE_BY_ZERO","FAILED_EXECUTE_UDF","CANNOT_CONVERT_COLUMN"]
command: "TABLE_OR_VIEW_NOT_FOUND"
after it: 1'

@test "DataFrames, SQL, functions of the program and RDDs of one session on local[2]" {
  run --separate-stderr submit --master 'local[2]' "$APPS/dataframes.ts"
  assert_status 0
  assert_equal "$output" "$EXPECTED"
}

@test "the example of DataFrames prints its tables" {
  run --separate-stderr submit --master 'local[2]' "$ROOT/examples/dataframe.ts"
  assert_status 0
  assert_contains "$output" '|     books|    3|132.5|'
  assert_contains "$output" '|     Ann| 85.5|     0.1|'
  assert_contains "$output" '9 books were sold to Ann, Cid, Eve.'
}
