# spark-submit's front door: help, version, precedence, --verbose, exit codes, what reaches the program, cluster mode's lines.
# Wrong values and faults are in bad-input.bats; what a program computes is in examples.bats.
load helpers
APPS=$(cd "$APPS" && pwd)

setup_file() {
  new_data
  start_cluster 1
}
teardown_file() { stop_everything; }
setup() {
  rm -f "$EMBERLOOM_CONF_DIR/spark-defaults.conf" "$EMBERLOOM_CONF_DIR/spark-env.sh"
  unset SPARK_ENV_LOADED SPARK_PRINT_LAUNCH_COMMAND
}

# prints_conf: a program that prints the given settings, its arguments and its mode
prints_conf() {
  cat >"$TEST_DIR/prints-conf.ts" <<'PROGRAM'
import { SparkSession } from 'emberloom';
const spark = SparkSession.builder().getOrCreate();
for (const key of (process.env.KEYS ?? '').split(' ').filter(Boolean)) console.log(`${key}=${spark.sparkContext.getConf().get(key, '-')}`);
console.log(JSON.stringify(process.argv.slice(2)));
await spark.stop();
PROGRAM
  echo "$TEST_DIR/prints-conf.ts"
}

@test "no arguments: the usage on stderr, exit 255" {
  run --separate-stderr submit
  assert_status 255
  [ -z "$output" ]
  assert_contains "$stderr" 'Usage: spark-submit'
}

@test "--help and --version are on stderr, exit 0; Livy finds a version" {
  run --separate-stderr submit --help
  assert_status 0
  [ -z "$output" ]
  for option in --master --deploy-mode --class --jars --packages --py-files --files --archives --conf --properties-file --driver-memory --executor-cores --num-executors --queue --proxy-user --keytab --kill --status --supervise --verbose; do
    assert_contains "$stderr" "  $option"
  done
  run --separate-stderr submit --version
  assert_status 0
  [ -z "$output" ]
  assert_matches "$(grep -oE 'version .*' <<<"$stderr" | head -1)" '^version [3-9]\.[0-9]+\.[0-9]+$'
}

@test "what follows the program is the program's, options of spark-submit too" {
  run --separate-stderr submit --master 'local[1]' "$(prints_conf)" --master yarn 'a b' --conf -v ''
  assert_status 0
  assert_equal "$output" '["--master","yarn","a b","--conf","-v",""]'
}

@test "precedence: flag, --conf, properties file, spark-defaults.conf, environment" {
  export KEYS='spark.driver.memory'
  local program
  program=$(prints_conf)
  printf '%s\n' 'spark.driver.memory 301m' >"$EMBERLOOM_CONF_DIR/spark-defaults.conf"
  printf '%s\n' 'spark.driver.memory=302m' >"$TEST_DIR/p.conf"
  value() { SPARK_DRIVER_MEMORY=300m submit --master 'local[1]' "$@" "$program" 2>/dev/null | head -1; }
  assert_equal "$(value --driver-memory 304m --conf spark.driver.memory=303m --properties-file "$TEST_DIR/p.conf")" spark.driver.memory=304m
  assert_equal "$(value --conf spark.driver.memory=303m --properties-file "$TEST_DIR/p.conf")" spark.driver.memory=303m
  assert_equal "$(value --properties-file "$TEST_DIR/p.conf")" spark.driver.memory=302m
  assert_equal "$(value)" spark.driver.memory=301m
  rm "$EMBERLOOM_CONF_DIR/spark-defaults.conf"
  assert_equal "$(value)" spark.driver.memory=300m
}

@test "--load-spark-defaults reads spark-defaults.conf beside a properties file" {
  export KEYS='spark.a spark.b'
  printf 'spark.a 1\nspark.b 1\n' >"$EMBERLOOM_CONF_DIR/spark-defaults.conf"
  printf 'spark.b: 2\n' >"$TEST_DIR/p.conf"
  assert_equal "$(submit --master 'local[1]' --properties-file "$TEST_DIR/p.conf" "$(prints_conf)" 2>/dev/null | head -2)" $'spark.a=-\nspark.b=2'
  assert_equal "$(submit --master 'local[1]' --properties-file "$TEST_DIR/p.conf" --load-spark-defaults "$(prints_conf)" 2>/dev/null | head -2)" $'spark.a=1\nspark.b=2'
}

@test "--driver-memory bounds the heap of a driver in client mode, from every place it can be said" {
  cat >"$TEST_DIR/heap.ts" <<'PROGRAM'
import { getHeapStatistics } from 'node:v8';
console.log(Math.round(getHeapStatistics().heap_size_limit / 2 ** 20) < 1000 ? 'bounded' : 'free');
PROGRAM
  heap() { submit --master 'local[1]' "$@" "$TEST_DIR/heap.ts" 2>/dev/null; }
  assert_equal "$(heap)" free
  assert_equal "$(heap --driver-memory 512m)" bounded
  assert_equal "$(heap --driver-memory=512m)" bounded
  assert_equal "$(heap --conf spark.driver.memory=512m)" bounded
  assert_equal "$(heap --conf=spark.driver.memory=524288k)" bounded
  assert_equal "$(SPARK_DRIVER_MEMORY=512m heap)" bounded
  echo 'spark.driver.memory   512m' >"$EMBERLOOM_CONF_DIR/spark-defaults.conf"
  assert_equal "$(heap)" bounded
  assert_equal "$(heap --driver-memory 2g)" free
  # written as people do: a leading zero, no newline at the end, Windows' line ends, a key that is said again
  assert_equal "$(heap --driver-memory 0512m)" bounded
  printf 'spark.driver.memory=512m' >"$TEST_DIR/p.conf"
  assert_equal "$(heap --properties-file "$TEST_DIR/p.conf")" bounded
  printf 'spark.driver.memory: 8g\r\nspark.driver.memory: 512m\r\n' >"$TEST_DIR/p.conf"
  assert_equal "$(heap --properties-file "$TEST_DIR/p.conf")" bounded
  printf 'spark.a 1\n' >"$TEST_DIR/p.conf"
  assert_equal "$(heap --properties-file "$TEST_DIR/p.conf")" free
  assert_equal "$(heap --properties-file "$TEST_DIR/p.conf" --load-spark-defaults)" bounded
  mkdir -p "$TEST_DIR/empty"
  assert_equal "$(SPARK_CONF_DIR=$TEST_DIR/empty heap)" bounded # EMBERLOOM_CONF_DIR goes first
}

@test "--verbose says what was understood, and hides secrets" {
  echo 'spark.my.password  hunter2' >"$EMBERLOOM_CONF_DIR/spark-defaults.conf"
  run --separate-stderr submit -v --master 'local[2]' --name vv --conf spark.x.y=1 "$APPS/ok.ts" a1 'b c'
  assert_status 0
  for line in "Using properties file: $EMBERLOOM_CONF_DIR/spark-defaults.conf" 'Adding default property: spark.my.password=*********(redacted)' 'Parsed arguments:' \
    '  master                  local[2]' "  primaryResource         file:$APPS/ok.ts" '  childArgs               [a1 b c]' '  verbose                 true' \
    '  (spark.my.password,*********(redacted))' 'Main class:' '(spark.app.name,vv)' '(spark.submit.deployMode,client)' 'Classpath elements:'; do
    assert_contains "$stderr" "$line"
  done
  [[ $stderr != *hunter2* ]]
}

@test "settings that are not Spark's are ignored with Spark's warning" {
  run --separate-stderr submit --master 'local[1]' --conf foo.bar=1 "$APPS/ok.ts"
  assert_status 0
  assert_contains "$stderr" 'Warning: Ignoring non-Spark config property: foo.bar'
}

@test "spark-env.sh is sourced and exported, once" {
  export KEYS=''
  echo 'MASTER="local[3]"; echo loaded >>"$TEST_DIR/loaded"' >"$EMBERLOOM_CONF_DIR/spark-env.sh"
  KEYS=spark.master run --separate-stderr submit "$(prints_conf)"
  assert_status 0
  assert_equal "${lines[0]}" 'spark.master=local[3]'
  assert_equal "$(cat "$TEST_DIR/loaded")" loaded
}

@test "the caller keeps the pid that it started, and the exit code of the program" {
  cat >"$TEST_DIR/pid.ts" <<'PROGRAM'
console.log(process.pid);
process.exit(3);
PROGRAM
  "$BIN/spark-submit" --master 'local[1]' "$TEST_DIR/pid.ts" >"$TEST_DIR/pid.out" 2>/dev/null </dev/null 3>&- &
  local pid=$! code=0
  wait $pid || code=$?
  assert_equal "$(cat "$TEST_DIR/pid.out")" "$pid"
  assert_equal "$code" 3
}

@test "SPARK_PRINT_LAUNCH_COMMAND shows the command" {
  SPARK_PRINT_LAUNCH_COMMAND=1 run --separate-stderr submit --version
  assert_matches "$stderr" '^Spark Command: .*/dist/spark-submit.cjs --version$'
  assert_contains "$stderr" '========================================'
}

@test "spark-class, run-example, emberloom submit and links lead to the same program" {
  run --separate-stderr timeout 30 "$BIN/spark-class" org.apache.spark.deploy.SparkSubmit --version
  assert_status 0
  assert_contains "$stderr" 'version 4.'
  run --separate-stderr timeout 60 "$BIN/run-example" --master 'local[2]' SparkPi 2
  assert_status 0
  assert_matches "$output" '^Pi is roughly 3\.1'
  run --separate-stderr timeout 30 "$BIN/run-example" wrod-count
  assert_status 1
  assert_contains "$stderr" 'did you mean word-count?'
  run --separate-stderr timeout 60 "$BIN/emberloom" submit --master 'local[1]' "$APPS/ok.ts"
  assert_status 0
  mkdir -p "$TEST_DIR/links/a"
  ln -s "$BIN/spark-submit" "$TEST_DIR/links/a/one"
  ln -s a/one "$TEST_DIR/links/two"
  cd /
  run --separate-stderr timeout 30 "$TEST_DIR/links/two" --version
  assert_status 0
}

@test "--class calls the exported function; one that is not there is exit 101" {
  cat >"$TEST_DIR/functions.ts" <<'PROGRAM'
export function report(...args: string[]) {
  console.log(`report ${args.join()}`);
}
PROGRAM
  run --separate-stderr submit --master 'local[1]' --class report "$TEST_DIR/functions.ts" x
  assert_status 0
  assert_contains "$output" 'report'
  run --separate-stderr submit --master 'local[1]' --class org.example.Main "$TEST_DIR/functions.ts"
  assert_status 101
  assert_contains "$stderr" 'Error: Failed to load class org.example.Main.'
  run --separate-stderr submit --class org.example.Main spark-internal
  assert_status 101
}

@test "--files reach tasks of every mode under their names" {
  echo 'from a file' >"$TEST_DIR/some data.txt"
  cat >"$TEST_DIR/reads-file.ts" <<'PROGRAM'
import { readFileSync } from 'node:fs';
import { SparkFiles, SparkSession } from 'emberloom';
const spark = SparkSession.builder().getOrCreate();
console.log((await spark.sparkContext.parallelize([1], 1).map(() => readFileSync(SparkFiles.get('d.txt'), 'utf8').trim()).collect())[0]);
await spark.stop();
PROGRAM
  for how in submit submit_yarn; do
    [ $how = submit ] && set -- --master 'local[1]' || set --
    run --separate-stderr $how "$@" --files "$TEST_DIR/some*.txt#d.txt" "$TEST_DIR/reads-file.ts"
    assert_status 0
    assert_equal "$output" 'from a file'
  done
  run --separate-stderr submit_cluster --files "$TEST_DIR/some data.txt#d.txt" "$TEST_DIR/reads-file.ts"
  assert_status 0
  assert_equal "$(driver_stdout "$(app_id "$stderr")")" 'from a file'
}

@test "files that the program adds while it runs reach tasks of every mode, those of running executors too" {
  cat >"$TEST_DIR/adds-file.ts" <<'PROGRAM'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SparkFiles, SparkSession } from 'emberloom';
const spark = SparkSession.builder().getOrCreate();
const sc = spark.sparkContext;
const read = () => readFileSync(SparkFiles.get('rates.txt'), 'utf8');
console.log(await sc.parallelize([1, 2], 2).sum()); // the executors are there before the file is
const file = join(mkdtempSync(join(tmpdir(), 'adds-file-')), 'rates.txt');
writeFileSync(file, 'EUR 1.08');
sc.addFile(file);
console.log(new Set([read(), ...(await sc.parallelize([1, 2, 3, 4], 4).map(read).collect())]));
try {
  sc.addFile('nowhere.txt');
} catch (error) {
  console.log((error as { code: string }).code);
}
await spark.stop();
PROGRAM
  local expected=$'3\nSet(1) { \'EUR 1.08\' }\nFILE_MISSING'
  for how in submit submit_yarn; do
    [ $how = submit ] && set -- --master 'local[2]' || set --
    run --separate-stderr $how "$@" "$TEST_DIR/adds-file.ts"
    assert_status 0
    assert_equal "$output" "$expected"
  done
  run --separate-stderr submit_cluster "$TEST_DIR/adds-file.ts"
  assert_status 0
  assert_equal "$(driver_stdout "$(app_id "$stderr")")" "$expected"
}

@test "cluster mode ships the program's modules and packages, and its later changes change nothing" {
  mkdir -p "$TEST_DIR/project/src/lib" "$TEST_DIR/project/node_modules/dep"
  echo '{"type":"module","imports":{"#x":"./src/x.ts"}}' >"$TEST_DIR/project/package.json"
  echo '{"name":"dep","version":"1.0.0","exports":"./index.js","type":"module"}' >"$TEST_DIR/project/node_modules/dep/package.json"
  echo 'export const plus = (n) => n + 1;' >"$TEST_DIR/project/node_modules/dep/index.js"
  echo 'export const twice = (n: number) => 2 * n;' >"$TEST_DIR/project/src/lib/twice.ts"
  echo 'export const x = 100;' >"$TEST_DIR/project/src/x.ts"
  cat >"$TEST_DIR/project/src/main.ts" <<'PROGRAM'
import { plus } from 'dep';
import { SparkSession } from 'emberloom';
import { twice } from './lib/twice.ts';
import { x } from '#x';
const spark = SparkSession.builder().getOrCreate();
console.log(await spark.sparkContext.parallelize([1, 2, 3], 2).map((n) => twice(plus(n)) + x).sum(), process.argv.slice(2).join());
await spark.stop();
PROGRAM
  cd "$TEST_DIR/project"
  run --separate-stderr submit_cluster src/main.ts a b
  assert_status 0
  assert_equal "$(driver_stdout "$(app_id "$stderr")")" '318 a,b'
}

@test "cluster mode prints the lines that tools parse, and never application_ without an id after the submit" {
  run --separate-stderr submit_cluster --name nightly --queue default "$APPS/ok.ts"
  assert_status 0
  [ -z "$output" ]
  local id
  id=$(app_id "$stderr")
  assert_matches "$id" '^application_[0-9]{13}_[0-9]{4}$'
  assert_matches "$stderr" "^[0-9/]{8} [0-9:]{8} INFO Client: Submitting application $id to ResourceManager\$"
  assert_matches "$stderr" "^[0-9/]{8} [0-9:]{8} INFO YarnClientImpl: Submitted application $id\$"
  assert_matches "$stderr" "INFO Client: Application report for $id \(state: (ACCEPTED|RUNNING)\)\$"
  assert_matches "$stderr" "INFO Client: Application report for $id \(state: FINISHED\)\$"
  assert_matches "$stderr" $'^\t final status: SUCCEEDED$'
  assert_matches "$stderr" $'^\t queue: root\\.default$'
  assert_matches "$stderr" 'Will allocate AM container, with 1408 MB memory including 384 MB overhead'
  # Airflow takes the last match of application[0-9_]+
  assert_equal "$(grep -oE 'application[0-9_]+' <<<"$stderr" | tail -1)" "$id"
  [ ! -e "$EMBERLOOM_DATA/staging/$id" ]
}

@test "waitAppCompletion=false returns when the application is accepted; it ends by itself and its staging is removed" {
  run --separate-stderr submit_cluster --conf spark.yarn.submit.waitAppCompletion=false "$APPS/ok.ts"
  assert_status 0
  local id
  id=$(app_id "$stderr")
  assert_matches "$stderr" '\(state: (ACCEPTED|RUNNING)\)'
  wait_for 'it has finished' 30 app_in_state "$id" FINISHED
  assert_equal "$(app_field "$id" Final-State)" SUCCEEDED
  wait_for 'its staging folder is gone' 10 test ! -e "$EMBERLOOM_DATA/staging/$id"
}

@test "Ctrl-C in cluster mode leaves the application running and says how to end it" {
  "$BIN/spark-submit" --master yarn --deploy-mode cluster --num-executors 1 --executor-memory 256m "$APPS/never-ends.ts" idle >"$TEST_DIR/out" 2>"$TEST_DIR/err" </dev/null 3>&- &
  local pid=$! code=0 id
  wait_for 'it runs' 30 file_has "$TEST_DIR/err" 'state: RUNNING'
  kill -INT $pid
  wait $pid || code=$?
  assert_equal "$code" 130
  id=$(app_id "$(cat "$TEST_DIR/err")")
  assert_contains "$(cat "$TEST_DIR/err")" "yarn application -kill $id"
  app_in_state "$id" RUNNING
  run --separate-stderr submit --master yarn --kill "$id"
  assert_status 0
  assert_contains "$output" '"success" : true'
  wait_for 'it is killed' 20 app_in_state "$id" KILLED
}

@test "Ctrl-C while files are staged takes them back, and submits nothing" {
  local before
  mkdir "$TEST_DIR/many"
  (cd "$TEST_DIR/many" && seq 20000 | xargs touch) # takes seconds to copy one by one
  before=$(yarn application -list -appStates ALL 2>/dev/null | head -1)
  "$BIN/spark-submit" --master yarn --deploy-mode cluster --files "$TEST_DIR/many/*" "$APPS/ok.ts" >"$TEST_DIR/out" 2>"$TEST_DIR/err" </dev/null 3>&- &
  local pid=$! code=0
  wait_for 'it stages' 30 file_has "$TEST_DIR/err" 'Uploading resource .*/many/'
  kill -INT $pid
  wait $pid || code=$?
  rm -r "$TEST_DIR/many"
  assert_equal "$code" 130
  [ -z "$(ls -A "$EMBERLOOM_DATA/staging")" ]
  assert_equal "$(yarn application -list -appStates ALL 2>/dev/null | head -1)" "$before"
}

@test "--status prints JSON that a reader of Spark's lines takes apart; an unknown id is a sentence and exit 1" {
  run --separate-stderr submit_cluster "$APPS/ok.ts"
  run --separate-stderr submit --master yarn --status "$(app_id "$stderr")"
  assert_status 0
  assert_matches "$output" '^  "driverState" : "FINISHED",?$'
  run --separate-stderr submit --master yarn --status application_1000000000000_0001
  assert_status 1
  assert_contains "$stderr" "doesn't exist in RM"
  run --separate-stderr submit --master 'local[1]' --kill application_1000000000000_0001
  assert_status 1
  assert_contains "$stderr" "No external SparkSubmitOperations clients found for master url: 'local[1]'"
}

@test "a folder in --files is refused in every mode, before anything is staged" {
  mkdir -p "$TEST_DIR/a-folder"
  for mode in 'local[1]' yarn 'yarn --deploy-mode cluster'; do
    # shellcheck disable=SC2086 # the mode is several words
    run --separate-stderr submit --master $mode --files "$TEST_DIR/a-folder" "$APPS/ok.ts"
    assert_status 1
    assert_equal "$stderr" "Error: --files: $TEST_DIR/a-folder is a folder; make an archive of it and use --archives [BAD_ARGUMENT]"
  done
  [ -z "$(ls -A "$EMBERLOOM_DATA/staging")" ]
}

@test "--packages: npm packages that do not lie beside the program are found in every mode, and are installed once" {
  local name
  for name in shout whisper; do
    mkdir -p "$TEST_DIR/src-$name"
    echo "{\"name\":\"$name\",\"version\":\"1.2.3\",\"main\":\"index.js\"}" >"$TEST_DIR/src-$name/package.json"
    (cd "$TEST_DIR/src-$name" && npm pack --silent --pack-destination "$TEST_DIR" >/dev/null)
  done
  echo 'exports.shout = (text) => text.toUpperCase();' >"$TEST_DIR/src-shout/index.js"
  echo 'module.exports = (text) => text.toLowerCase();' >"$TEST_DIR/src-whisper/index.js"
  for name in shout whisper; do (cd "$TEST_DIR/src-$name" && npm pack --silent --pack-destination "$TEST_DIR" >/dev/null); done
  mkdir "$TEST_DIR/far"
  cat >"$TEST_DIR/far/uses-packages.ts" <<'PROGRAM'
import { createRequire } from 'node:module';
import { SparkSession } from 'emberloom';
import { shout } from 'shout';
const whisper: (text: string) => string = createRequire(import.meta.url)('whisper');
const sc = SparkSession.builder().getOrCreate().sparkContext;
const words = sc.parallelize(['Up', 'Down'], 2);
console.log([...(await words.map((word) => shout(word)).collect()), ...(await words.map(whisper).collect())].join(' '));
await sc.stop();
PROGRAM
  cd "$TEST_DIR"
  local packages='npm:shout@file:./shout-1.2.3.tgz,whisper@file:whisper-1.2.3.tgz'
  for how in submit submit_yarn; do
    [ $how = submit ] && set -- --master 'local[2]' || set --
    run --separate-stderr $how "$@" --packages "$packages" far/uses-packages.ts
    assert_status 0
    assert_equal "$output" 'UP DOWN up down'
  done
  run --separate-stderr submit_cluster --conf spark.jars.packages="$packages,org.example:for-the-jvm:1.0" far/uses-packages.ts
  assert_status 0
  assert_contains "$stderr" 'spark.jars.packages: org.example:for-the-jvm:1.0 is ignored'
  assert_equal "$(driver_stdout "$(app_id "$stderr")")" 'UP DOWN up down'
  assert_equal "$(find "$EMBERLOOM_DATA/packages" -mindepth 1 -maxdepth 1 -type d | wc -l)" 1

  run --separate-stderr submit --packages org.example:for-the-jvm:1.0 far/uses-packages.ts
  assert_status 1
  assert_contains "$stderr" 'org.example:for-the-jvm:1.0: this is a Maven coordinate'
  run --separate-stderr submit --packages 'shout@file:./nowhere.tgz' far/uses-packages.ts
  assert_status 1
  assert_matches "$stderr" 'npm could not install shout@file:./nowhere.tgz: .*nowhere.tgz'
  run --separate-stderr submit --master 'local[1]' far/uses-packages.ts
  assert_status 1
  assert_contains "$stderr" "Cannot find package 'shout'"
  assert_contains "$stderr" 'uses-packages.ts'
}

@test "a submit that the ResourceManager refuses takes its staged files back" {
  run --separate-stderr submit_cluster --queue nowhere "$APPS/ok.ts"
  assert_status 1
  assert_contains "$stderr" 'Deleted staging directory'
  [ -z "$(ls -A "$EMBERLOOM_DATA/staging")" ]
}

@test "a relative EMBERLOOM_DATA means the same in every mode" {
  cd "$TEST_DIR"
  for mode in client cluster; do
    EMBERLOOM_DATA=data run --separate-stderr submit_yarn --deploy-mode $mode "$APPS/ok.ts"
    assert_status 0
  done
}

@test "a reader that leaves early does not end the job; output that can't be written does" {
  cat >"$TEST_DIR/loud.ts" <<'PROGRAM'
import { writeFileSync } from 'node:fs';
import { SparkSession } from 'emberloom';
const spark = SparkSession.builder().getOrCreate();
for (let line = 0; line < 5000; line++) {
  console.log(line, 'x'.repeat(100));
  if (line % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
}
writeFileSync(process.argv[2], String(await spark.sparkContext.range(0, 10).count()));
await spark.stop();
PROGRAM
  for master in 'local[1]' yarn; do
    run submit_and_leave --master "$master" "$TEST_DIR/loud.ts" "$TEST_DIR/loud.out"
    assert_status 0
    assert_equal "$(cat "$TEST_DIR/loud.out")" 10
    rm "$TEST_DIR/loud.out"
  done
  run submit_and_leave --master yarn --deploy-mode cluster --name unread "$APPS/ok.ts"
  assert_status 0
  assert_matches "$(yarn application -list -appStates FINISHED 2>/dev/null)" ' unread	.* SUCCEEDED	'
  submit --master 'local[1]' "$APPS/ok.ts" >/dev/full 2>"$TEST_DIR/err" && return 1
  assert_contains "$(cat "$TEST_DIR/err")" ENOSPC
}
# Both streams go to a reader of one line. Exit code: spark-submit's.
submit_and_leave() {
  submit "$@" 2>&1 | head -1 >/dev/null
  return "${PIPESTATUS[0]}"
}

@test "options that are refused name their alternative" {
  for option in --jars --exclude-packages --proxy-user --keytab; do
    run --separate-stderr submit "$option" x "$APPS/ok.ts"
    assert_status 1
    assert_contains "$stderr" "$option is not supported: "
  done
  run --separate-stderr submit --master 'local[1]' --driver-class-path /x.jar --supervise --driver-java-options '-Dspark.a=b -Xss1m' "$APPS/ok.ts"
  assert_status 0
  assert_contains "$stderr" '--driver-class-path is ignored'
  assert_contains "$stderr" '-Xss1m is ignored'
}
