// The order of joins by what is known of files: rows, bounds of keys, what a sample of a filter has left.
import { afterAll, describe, expect, test } from 'vitest';
import { withFileStatistics } from '../../../../../src/runtime/sql/engine/file-statistics.ts';
import { withSampledFilters } from '../../../../../src/runtime/sql/engine/sample-filters.ts';
import { childrenOf, type LogicalPlan } from '../../../../../src/runtime/sql/logical/plans.ts';
import { optimizeWithLook } from '../../../../../src/runtime/sql/optimizer/optimizer.ts';
import { distinctOf, statisticsOf } from '../../../../../src/runtime/sql/physical/statistics.ts';
import { duckdbKernels } from '../../../../../src/platform/duckdb.ts';
import { stagedSql } from '../../../../helpers/staged-sql.ts';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

const { engine, context, close } = stagedSql();
const kernel = await duckdbKernels.open({ threads: 1 });
const session = { ansi: true, timeZone: 'UTC', get: () => undefined };
mkdirSync(context.folder, { recursive: true });
/** Facts, two dimensions: one with a filter that keeps little, whatever its text looks like. */
for (const [name, sql] of Object.entries({
  facts: 'SELECT i AS id, i % 1000 AS a, i % 500 AS b FROM range(50000) r(i)',
  dim_a: "SELECT i AS a, CASE WHEN i % 100 = 0 THEN 'rare' ELSE 'common' END AS kind FROM range(1000) r(i)",
  dim_b: "SELECT i AS b, CASE WHEN i % 100 = 0 THEN 'rare' ELSE 'common' END AS kind FROM range(500) r(i)",
})) {
  const file = path.join(context.folder, `${name}.parquet`);
  await kernel.run(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
  const parsed = engine.parse(`SELECT * FROM parquet.\`${file}\``);
  if (parsed.tag === 'relation') engine.views.set(name, await engine.analyze(parsed.relation));
}
afterAll(() => {
  kernel.close();
  close();
});

async function optimized(sql: string): Promise<LogicalPlan> {
  const parsed = engine.parse(sql);
  if (parsed.tag !== 'relation') throw new Error(sql);
  const plan = await withFileStatistics(await engine.analyze(parsed.relation), kernel);
  return optimizeWithLook(plan, session, (p) => withSampledFilters(p, kernel, session));
}
/** Tables in brackets, as they are joined. */
function order(plan: LogicalPlan): string {
  if (plan.kind === 'scan') return /(\w+)\.parquet/.exec(plan.files[0]!.path)![1]!;
  const inside = childrenOf(plan).map(order);
  return plan.kind === 'join' ? `(${inside.join(' ')})` : inside.join(' ');
}
const find = (plan: LogicalPlan, kind: LogicalPlan['kind']): LogicalPlan[] => [
  ...(plan.kind === kind ? [plan] : []),
  ...childrenOf(plan).flatMap((child) => find(child, kind)),
];

describe('the order of joins', () => {
  test.each([
    ['the filter that keeps little goes first', "a.kind = 'rare' AND b.kind = 'common'", '((facts dim_a) dim_b)'],
    [
      'whichever table it is of, and what is left of the facts is the smaller side then',
      "a.kind = 'common' AND b.kind = 'rare'",
      '(dim_a (facts dim_b))',
    ],
  ])('%s', async (_, where, expected) => {
    expect(order(await optimized(`SELECT count(*) FROM dim_a a, facts f, dim_b b WHERE f.a = a.a AND f.b = b.b AND ${where}`))).toBe(
      expected,
    );
  });

  test('what a filter keeps is seen in a sample', async () => {
    const [filter] = find(await optimized("SELECT f.id FROM facts f JOIN dim_a a ON f.a = a.a WHERE a.kind = 'common'"), 'filter');
    expect(filter).toMatchObject({ keeps: 0.99 });
  });

  test('nobody looks where there is no join', async () => {
    const [filter] = find(await optimized("SELECT a FROM dim_a WHERE kind = 'common'"), 'filter');
    expect(filter).not.toHaveProperty('keeps');
  });

  test('keys have as many values as their bounds say, or rows', async () => {
    const [scan] = find(await optimized('SELECT id, a FROM facts'), 'scan') as [Extract<LogicalPlan, { kind: 'scan' }>];
    const distinct = Object.fromEntries(scan.output.map((a) => [a.name, distinctOf(scan, a.exprId)]));
    expect(distinct).toEqual({ id: 50000, a: 1000 });
  });

  test('rows of a join by a key: as many as meet', async () => {
    const [join] = find(await optimized("SELECT f.id FROM facts f JOIN dim_a a ON f.a = a.a WHERE a.kind = 'rare'"), 'join');
    expect(statisticsOf(join!).rows).toBe(500);
  });

  test('alternatives over two tables say what they say of one', async () => {
    const sql =
      "SELECT f.id FROM facts f, dim_a a WHERE f.a = a.a AND ((a.kind = 'rare' AND f.id < 10) OR (a.kind = 'common' AND f.id > 49990))";
    const below = find(await optimized(sql), 'filter').map((p) => order(p));
    expect(below).toEqual(expect.arrayContaining(['facts', 'dim_a']));
  });
});
