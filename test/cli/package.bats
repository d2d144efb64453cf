# `npm pack` gives a package that works when it is installed into an empty folder, with nothing of this checkout in reach.
load helpers

setup_file() {
  new_data
  mkdir "$TEST_DIR/package" "$TEST_DIR/project"
  # What `prepack` makes is there: made anew, it would take bundles and compiled code from under the tests that run beside this file.
  [ -e "$ROOT/dist/types/index.d.ts" ] || (cd "$ROOT" && npm run --silent build)
  (cd "$ROOT" && npm pack --silent --ignore-scripts --pack-destination "$TEST_DIR/package") >/dev/null
  cd "$TEST_DIR/project"
  echo '{"name":"somebody-elses","private":true,"type":"module"}' >package.json
  npm install --no-audit --no-fund --loglevel=error "$TEST_DIR"/package/*.tgz
}
teardown() { note_failure; }
teardown_file() { stop_everything; }
setup() {
  cd "$TEST_DIR/project"
  PACKAGE=$TEST_DIR/project/node_modules/emberloom
  unset EMBERLOOM_SKIP_SETUP EMBERLOOM_CONF_DIR
}

@test "has what it needs to run, and nothing of the tests or sources" {
  for file in bin/spark-submit bin/yarn bin/start-all.sh conf/capacity-scheduler.yaml dist/runtime.cjs dist/types/index.d.ts examples/pi.ts README.md LICENSE CHANGELOG.md docs/PROGRAMS.md; do
    [ -e "$PACKAGE/$file" ] || { echo "$file is missing" >&2; return 1; }
  done
  assert_equal "$(cd "$ROOT" && npm pkg get scripts.prepack)" '"npm run --silent build"'
  [ ! -e "$PACKAGE/src" ]
  [ ! -e "$PACKAGE/test" ]
  [ ! -e "$PACKAGE/bench" ]
}

@test "the command that npm links runs a program with packages of its own project" {
  mkdir -p node_modules/somebody
  echo '{"name":"somebody","version":"1.0.0","exports":"./index.js","type":"module"}' >node_modules/somebody/package.json
  echo 'export const twice = (n) => n * 2;' >node_modules/somebody/index.js
  cat >job.ts <<'PROGRAM'
import { SparkSession } from 'emberloom';
import { twice } from 'somebody';
const spark = SparkSession.builder().getOrCreate();
console.log(await spark.sparkContext.parallelize([1, 2, 3]).map((n) => twice(n)).sum());
await spark.stop();
PROGRAM
  run --separate-stderr timeout 60 node_modules/.bin/emberloom submit --master 'local[2]' job.ts
  assert_status 0
  assert_equal "$output" 12
  run --separate-stderr timeout 60 "$PACKAGE/bin/spark-submit" --master 'local[2]' job.ts
  assert_status 0
  assert_equal "$output" 12
}

@test "its examples run" {
  run --separate-stderr timeout 60 "$PACKAGE/bin/spark-submit" "$PACKAGE/examples/log-report.ts"
  assert_status 0
  assert_contains "$output" '4 lines that are no log lines'
}

@test "its cluster starts, runs a program and stops" {
  BIN=$PACKAGE/bin
  timeout 60 "$BIN/start-all.sh" </dev/null
  run --separate-stderr timeout 60 "$BIN/spark-submit" --master yarn --deploy-mode cluster --num-executors 1 --executor-memory 256m "$PACKAGE/examples/pi.ts" 2
  assert_status 0
  assert_matches "$(driver_stdout "$(app_id "$stderr")")" '^Pi is roughly 3\.1[34]'
  timeout 60 "$BIN/stop-all.sh" </dev/null
  wait_for 'no process is left' 20 nothing_runs
}

@test "its types check a program under strict TypeScript" {
  cat >typed.ts <<'PROGRAM'
import { SparkSession } from 'emberloom';
const sc = SparkSession.builder().getOrCreate().sparkContext;
const counts: [string, number][] = await sc.parallelize(['a', 'b', 'a']).map((w) => [w, 1]).reduceByKey((a, b) => a + b).collect();
// @ts-expect-error a text is no number
const wrong: number = counts[0]![0];
console.log(wrong);
await sc.stop();
PROGRAM
  cat >tsconfig.json <<CONFIG
{ "compilerOptions": { "strict": true, "noEmit": true, "target": "es2024", "module": "nodenext", "types": ["node"], "typeRoots": ["$ROOT/node_modules/@types"] }, "files": ["typed.ts"] }
CONFIG
  "$NODE" "$ROOT/node_modules/typescript/bin/tsc" -p .
}
