// The last stage in the driver's kernel: when it is, and that its figures and failures are told as those of tasks.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SqlEvent } from '../../../../../src/runtime/sql/engine/sql-executions.ts';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';
import { STAGED, type StagedSql, stagedSql, table } from '../../../../helpers/staged-sql.ts';

const heard: SqlEvent[] = [];
const whole = sqlEngine();
let staged: StagedSql;

beforeAll(async () => {
  staged = stagedSql({ ...STAGED, 'spark.sql.adaptive.enabled': 'true' }, {}, 3, heard);
  const t = await table(
    staged.context.folder,
    't',
    'id INT, g INT, s STRING',
    "SELECT i::INTEGER AS id, (i % 7)::INTEGER AS g, 'a text of some length ' || (i * 7919) AS s FROM range(20000) r(i)",
  );
  for (const engine of [staged.engine, whole]) engine.views.set('t', t);
});
afterAll(() => staged.close());

/** Stages that ran for a query: the one that tells sizes goes with that below it. */
async function stagesOf(sql: string): Promise<number> {
  const before = staged.context.stages.length;
  const [got, expected] = [await answerOf(staged.engine, sql), await answerOf(whole, sql)];
  expect(got).toEqual(expected);
  return staged.context.stages.length - before;
}

test('a few rows of each task need no stage of their own to be put together', async () => {
  const few = await stagesOf('SELECT g, count(*), min(s) FROM t GROUP BY g ORDER BY g');
  const many = await stagesOf('SELECT s, count(*) AS n FROM t GROUP BY s ORDER BY s');
  expect(many).toBe(few + 1);
});

test('with subqueries, functions of the engine and a side that all tasks read', async () => {
  expect(
    await stagesOf('SELECT g, avg(id / 3.7BD) FROM t GROUP BY g HAVING count(*) > (SELECT min(id) FROM t) ORDER BY g'),
  ).toBeGreaterThan(0);
  expect(
    await stagesOf(
      'SELECT a.g, a.n, b.n FROM (SELECT g, count(*) AS n FROM t GROUP BY g) a JOIN (SELECT g, max(id) AS n FROM t GROUP BY g) b ON a.g = b.g ORDER BY 1',
    ),
  ).toBeGreaterThan(0);
});

test('its operators have figures', async () => {
  heard.length = 0;
  await answerOf(staged.engine, 'SELECT g, count(*) AS n FROM t GROUP BY g ORDER BY n, g LIMIT 3');
  const updates = heard.flatMap((event) => (event.tag === 'sqlDriverAccumUpdates' ? [...event.updates] : []));
  expect(updates.some(([, value]) => value === 3)).toBe(true); // rows of the limit
  expect(updates.some(([, value]) => value === 7)).toBe(true); // and of the grouping
});

test('what fails there fails the query with its place', async () => {
  await expect(answerOf(staged.engine, 'SELECT g, 1 / (count(*) - 2857) FROM t GROUP BY g')).rejects.toThrow(
    /\[DIVIDE_BY_ZERO\][\s\S]*count\(\*\) - 2857/,
  );
});
