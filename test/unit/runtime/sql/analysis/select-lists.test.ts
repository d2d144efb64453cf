// What names of a SELECT list mean and are called, generators and windows beside each other, the one group of GROUPING SETS (()). Answers are those of
// Spark 4.2's SQL tests.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
beforeAll(() => session.run('CREATE TEMPORARY VIEW t1(c1, c2) AS VALUES (0, 1), (1, 2)'));
afterAll(() => session.close());

const EMPTY = 'FROM VALUES (1), (2) AS t(k) WHERE k > 100';

test.each([
  [
    'a query of WITH in a subquery sees the columns around',
    'WITH t AS (SELECT 1 AS a) SELECT c1, (SELECT a FROM t WHERE a = c1) AS a FROM t1',
    'c1 a',
    '0\tNULL 1\t1',
  ],
  ['a column is called as it is written', 'SELECT C1, mAx(C2) FROM t1 GROUP BY c1 HAVING max(c2) > 1 ORDER BY C1', 'C1 max(C2)', '1\t2'],
  [
    'a column before a function without parentheses',
    'SELECT current_user, current_date FROM VALUES (1, 2) AS t(current_user, CURRENT_DATE)',
    'current_user current_date',
    '1\t2',
  ],
  ['a window sees the rows of a generator', 'SELECT explode(array(1, 2, 3)) AS col, count(*) OVER () AS n', 'col n', '1\t3 2\t3 3\t3'],
  ['but not above groups', 'SELECT explode(array(1, 2)) AS col, count(*) OVER () AS w, count(*) AS n', 'col w n', '1\t1\t1 2\t1\t1'],
  ['a generator over a window', 'SELECT explode(array(max(c1) OVER (), 7)) AS m FROM t1', 'm', '1 1 7 7'],
  ['QUALIFY over a generator', 'SELECT explode(array(1, 2, 3)) AS col QUALIFY row_number() OVER (ORDER BY col) = 2', 'col', '2'],
  ['several generators', 'SELECT explode(array(0, 1)), explode(array(10, 20))', 'col col', '0\t10 0\t20 1\t10 1\t20'],
  [
    "a generator's columns in the same list",
    "SELECT posexplode(array('a', 'b')) AS (index, value), index, value || index AS s",
    'index value index s',
    '0\ta\t0\ta0 1\tb\t1\tb1',
  ],
  [
    'a generator of a generator',
    'SELECT explode(array(array(0, 1), array(2))) AS arr, explode(arr) AS col',
    'arr col',
    '[0,1]\t0 [0,1]\t1 [2]\t2',
  ],
  [
    'GROUPING SETS (()) has its group without rows',
    `SELECT count(*) AS c, grouping_id() AS g ${EMPTY} GROUP BY GROUPING SETS (())`,
    'c g',
    '0\t0',
  ],
  ['and in an order', `SELECT sum(k) AS s ${EMPTY} GROUP BY GROUPING SETS (()) ORDER BY grouping_id()`, 's', 'NULL'],
  [
    'NATURAL over two columns of one name',
    'SELECT * FROM (SELECT 1 AS c, 2 AS c) NATURAL JOIN (SELECT 1 AS c, 3 AS c)',
    'c c c c',
    '1\t1\t2\t3',
  ],
  ['the pipe drops a field', "SELECT 1 AS x, named_struct('a', 1, 'b', 2) AS s |> DROP s.a", 'x s b', '1\t{"b":2}'],
])('%s', async (_, sql, names, rows) => {
  const answer = await session.run(sql);
  expect([...answer.schema.matchAll(/[<,]([^<,:]+):/g)].map(([, name]) => name).join(' ')).toBe(names);
  expect([...answer.rows].sort().join(' ')).toBe(rows);
});

test('over groups there is one generator', async () => {
  await expect(session.run('SELECT explode(array(1)), explode(array(2)), count(*)')).rejects.toThrow('MULTI_GENERATOR');
});

test('first_value and last_value over a window with FILTER', async () => {
  const frame = 'OVER (ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)';
  const sql = `SELECT first_value(v) FILTER (WHERE k > 1) ${frame}, last_value(v) FILTER (WHERE k < 3) ${frame}, last_value(v, true) FILTER (WHERE k < 3) ${frame}
    FROM VALUES (1, 'a'), (2, NULL), (3, 'c') AS t(k, v) ORDER BY k`;
  expect((await session.run(sql)).rows).toEqual(['NULL\ta\ta', 'NULL\tNULL\ta', 'NULL\tNULL\ta']);
});

test.each([
  ["SELECT try_add(1, DATE'2021-01-01')", "struct<try_add(1, DATE '2021-01-01'):date>"],
  ['SELECT -0.0', 'struct<0.0:decimal(1,1)>'],
  [
    'SELECT sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM range(1) AS t(x)',
    'struct<sum(x) OVER (ORDER BY x ASC NULLS FIRST RANGE BETWEEN (- 1) FOLLOWING AND CURRENT ROW):bigint>',
  ],
  ['SELECT count(*) FROM sql_keywords() WHERE reserved', 'struct<count(1):bigint>'],
])('%s is %s', async (sql, schema) => {
  expect((await session.run(sql)).schema).toBe(schema);
});

test('names in backquotes are patterns where the session says so', async () => {
  const patterns = new SqlSession({ 'spark.sql.parser.quotedRegexColumnNames': 'true' });
  const { schema, rows } = await patterns.run('SELECT `(a)?+.+`, sum(`(B)`) OVER () AS s FROM VALUES (1, 2, 3) AS t(A, B, c)');
  expect([schema, rows]).toEqual(['struct<B:int,c:int,s:bigint>', ['2\t3\t2']]);
  await patterns.close();
});
