// SELECT TRANSFORM … USING: rows through processes, in one kernel and in stages, where each task has a process of its own.
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { answerOf, runSql, sqlEngine } from '../../../../helpers/sql.ts';
import { stagedSql, STAGED } from '../../../../helpers/staged-sql.ts';

const engine = sqlEngine();
const staged = stagedSql({ ...STAGED, 'spark.sql.files.maxPartitionBytes': '1' });
afterAll(async () => {
  await engine.close();
  staged.close();
});

it.each([
  [
    "SELECT TRANSFORM(id, id * 2) USING 'cat' AS (a INT, b STRING) FROM range(3)",
    [
      [0, '0'],
      [1, '2'],
      [2, '4'],
    ],
  ],
  [
    "SELECT TRANSFORM(id) USING 'sed s/1/one/' FROM range(2)",
    [
      ['0', null],
      ['one', null],
    ],
  ],
  ["SELECT TRANSFORM(array(1, 2), NULL) USING 'cat' AS (a ARRAY<INT>, b STRING)", [[[1, 2], null]]],
  [
    `SELECT TRANSFORM(id, NULL) ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' NULL DEFINED AS 'none' USING 'tr "|" ","'
       AS (a, b) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' FROM range(1)`,
    [['0', 'none']],
  ],
  // In the order of the sort below, and rows of one group after another.
  [
    "FROM (SELECT id FROM range(4) ORDER BY id DESC) MAP id USING 'cat -n' AS (line INT, id INT)",
    [
      [1, 3],
      [2, 2],
      [3, 1],
      [4, 0],
    ],
  ],
  // A script may write more than it reads, before it has read all; without rows there is no process.
  [
    "SELECT count(*), max(x) FROM (SELECT TRANSFORM(id) USING 'while read x; do echo $x; echo $x; done' AS (x INT) FROM range(5000))",
    [[10000n, 4999]],
  ],
  ["SELECT TRANSFORM(id) USING 'false' AS (x) FROM range(3) WHERE id > 5", []],
])('%s', async (sql, rows) => {
  expect((await answerOf(engine, sql)).rows).toEqual(rows);
});

it('a script that fails is named, with what it wrote to stderr', async () => {
  const failing = "SELECT TRANSFORM(id) USING 'echo no such thing >&2; exit 3' AS (x) FROM range(3)";
  const error = expect.stringMatching(/Subprocess exited with status 3\. Error: no such thing.*the script was echo/);
  await expect(answerOf(engine, failing)).rejects.toMatchObject({ condition: 'FAILED_EXECUTE_UDF', message: error });
  await expect(answerOf(staged.engine, failing)).rejects.toThrow(/status 3/);
});

it('is refused with a serde, as in Spark without Hive', async () => {
  const serde = "SELECT TRANSFORM(id) ROW FORMAT SERDE 'x' USING 'cat' AS (x) FROM range(1)";
  await expect(answerOf(engine, serde)).rejects.toMatchObject({ condition: 'UNSUPPORTED_FEATURE.TRANSFORM_NON_HIVE' });
});

it('each task has a process of its own', async () => {
  await runSql(staged.engine, 'CREATE TABLE t USING parquet CLUSTERED BY (id) INTO 3 BUCKETS AS SELECT id FROM range(90)');
  const files = `parquet.\`${path.join(staged.context.folder, 'warehouse', 't')}\``;
  const lines = `SELECT TRANSFORM(id) USING 'cat; echo $$ >&2; echo -1' AS (x INT) FROM ${files}`;
  const { rows } = await answerOf(staged.engine, `SELECT count_if(x < 0), count_if(x >= 0), sum(x) FROM (${lines})`);
  const [[processes, all, sum]] = rows as [[bigint, bigint, bigint]];
  expect(Number(processes)).toBeGreaterThan(1);
  expect([all, sum + processes]).toEqual([90n, 4005n]);
});
