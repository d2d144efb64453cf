// Aggregates in two steps, over rows that are cut into parts: the same values and types as in one step. What is parted here is what a shuffle parts.
import { afterAll, describe, expect, it } from 'vitest';
import type { KernelValue } from '../../../../../src/common/sql-kernel.ts';
import { Emitter } from '../../../../../src/runtime/sql/emit/emitter.ts';
import { scalarFunction } from '../../../../../src/runtime/sql/kernel/js-functions.ts';
import { type LogicalPlan, outputOf } from '../../../../../src/runtime/sql/logical/plans.ts';
import { twoSteps } from '../../../../../src/runtime/sql/physical/two-step-aggregates.ts';
import { sqlEngine } from '../../../../helpers/sql.ts';

const engine = sqlEngine();
afterAll(() => engine.close());

async function rowsOf(plan: LogicalPlan, text?: (emitter: Emitter) => string): Promise<KernelValue[][]> {
  const emitter = new Emitter(engine.settings);
  const sql = text === undefined ? emitter.plan(plan) : text(emitter);
  const kernel = await engine.kernel();
  for (const f of emitter.needed.values())
    if ('engine' in f) await kernel.registerScalar(scalarFunction(f.engine, f.parameters, f.sqlName));
  const rows: KernelValue[][] = [];
  const columns = outputOf(plan).map((a) => `c${a.exprId}`);
  for await (const chunk of kernel.query(`SELECT ${columns.join(', ')} FROM (${sql}) q`))
    for (let i = 0; i < chunk.rows; i++) rows.push(chunk.columns.map((c) => c[i]!));
  return rows;
}

/** The partial step once for each value of column p, put together, then the final step. */
async function inTwoSteps(plan: LogicalPlan): Promise<KernelValue[][]> {
  if (plan.kind !== 'aggregate') throw new Error(`no aggregate: ${plan.kind}`);
  const steps = twoSteps(plan, engine.settings);
  if (steps === undefined) throw new Error('the aggregates have no parts');
  const p = outputOf(plan.child).find((a) => a.name === 'p')!;
  return rowsOf(plan, (emitter) => {
    const parts = [0, 1, 2].map((n) => {
      const condition = {
        kind: 'call',
        spec: { kind: 'scalar', name: 'part', arity: [1, 1], result: { tag: 'boolean' }, kernel: `($1 = ${n})` },
      } as const;
      const child: LogicalPlan = {
        kind: 'filter',
        child: plan.child,
        condition: { ...condition, args: [p], dataType: { tag: 'boolean' }, nullable: false },
      };
      return emitter.plan({ ...steps.partial, child });
    });
    const union = `(${parts.join(') UNION ALL (')})`;
    const final = emitter.plan({ ...steps.final, child: { kind: 'kernelTable', table: 'parts', columns: [], output: [] } });
    return final.replace(/\(SELECT 1 AS none FROM "parts"\)/, () => `(${union})`);
  });
}

const ROWS = `VALUES (0, 1, 1.10, 1.5D, 'a', true), (0, 2, 2.25, -2.5D, 'b', NULL), (1, NULL, NULL, NULL, NULL, false), (1, 7, 4.33, 1e9D, 'c', true),
  (1, -4, -0.01, 3.25D, 'a', true) AS t(p, i, d, x, s, b)`;

describe('in two steps as in one', () => {
  it.each([
    'count(*), count(i), count(i, s), count_if(b)',
    'sum(i), sum(d), sum(x), try_sum(i)',
    'avg(i), avg(d), avg(x), try_avg(d)',
    'min(i), max(d), min(s), max(x)',
    'min(struct(i, s)), max(struct(i, s)), max(array(i, p)), min_by(s, struct(i)), max(s COLLATE UTF8_LCASE)',
    'min_by(s, i), max_by(s, i), max_by(i, x)',
    'bool_and(b), bool_or(b), bit_and(i), bit_or(i), bit_xor(i)',
    'stddev(x), var_pop(x), variance(i), stddev_pop(d)',
    'sum(i) FILTER (WHERE b), count(i) FILTER (WHERE i > 1), avg(d) FILTER (WHERE i > 1)',
  ])('%s', async (list) => {
    for (const from of [ROWS, `(SELECT * FROM ${ROWS} WHERE p > 5)`]) {
      const parsed = engine.parse(`SELECT ${list} FROM ${from}`);
      if (parsed.tag !== 'relation') throw new Error('no query');
      const plan = await engine.analyze(parsed.relation);
      const [one, two] = [await rowsOf(plan), await inTwoSteps(plan)];
      expect(two).toHaveLength(1);
      two[0]!.forEach((value, i) => {
        if (typeof value === 'number') expect(value).toBeCloseTo(one[0]![i] as number, 6);
        else expect(value).toEqual(one[0]![i]);
      });
    }
  });
});
