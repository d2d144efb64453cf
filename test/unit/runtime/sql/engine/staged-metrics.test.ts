// What the pages and the event log hear of a query in stages: Spark's nodes before and after, figures of tasks under the nodes' accumulators.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SqlEvent } from '../../../../../src/runtime/sql/engine/sql-executions.ts';
import type { SqlPlanInfo } from '../../../../../src/status/events.ts';
import { answerOf } from '../../../../helpers/sql.ts';
import { BY_ROWS, STAGED, type StagedSql, stagedSql, table } from '../../../../helpers/staged-sql.ts';

const heard: SqlEvent[] = [];
const ROWS = 10_000;
let staged: StagedSql;
let adaptive: StagedSql;

beforeAll(async () => {
  staged = stagedSql(STAGED, {}, 3, heard);
  adaptive = stagedSql({ ...STAGED, ...BY_ROWS, 'spark.sql.adaptive.enabled': 'true' }, {}, 3, heard);
  for (const { engine, context } of [staged, adaptive]) {
    const sql = `SELECT i::INTEGER AS id, (i % 7)::INTEGER AS g FROM range(${ROWS}) r(i)`;
    engine.views.set('t', await table(context.folder, 't', 'id INT, g INT', sql));
  }
});
beforeEach(() => {
  heard.length = 0;
});
afterAll(() => {
  staged.close();
  adaptive.close();
});

const nodes = (plan: SqlPlanInfo): SqlPlanInfo[] => [plan, ...plan.children.flatMap(nodes)];
const start = () => heard.find((e) => e.tag === 'sqlExecutionStart')!;
const final = () => heard.findLast((e) => e.tag === 'sqlAdaptiveUpdate')!;

/** The driver's values, and the tasks' as their accumulators have added them up. */
function value({ context }: StagedSql, node: SqlPlanInfo, metric: string): number | undefined {
  const id = node.metrics.find(({ name }) => name === metric)?.accumulatorId;
  if (id === undefined) return undefined;
  const updates = heard.flatMap((e) => (e.tag === 'sqlDriverAccumUpdates' ? e.updates : []));
  return updates.find(([of]) => of === id)?.[1] ?? (context.accumulator(id)?.value as number | undefined);
}

describe('an aggregate in two steps', () => {
  const sql = 'SELECT g, count(*) AS n FROM t WHERE id >= 4000 GROUP BY g';

  it('begins with its plan, whose nodes have metrics, and the formatted layout as text', async () => {
    await answerOf(staged.engine, sql);
    expect(nodes(start().plan).map(({ nodeName }) => nodeName)).toEqual([
      'WholeStageCodegen (2)',
      'HashAggregate',
      'InputAdapter',
      'Exchange',
      'WholeStageCodegen (1)',
      'HashAggregate',
      'Project',
      'Filter',
      'Scan parquet ',
    ]);
    expect(start().physicalPlanDescription).toMatch(/^== Physical Plan ==\n\* HashAggregate \(6\)\n\+- Exchange \(5\)\n/);
    expect(start().physicalPlanDescription).not.toContain('SELECT');
  });

  it('has the rows of each operator over all tasks', async () => {
    await answerOf(staged.engine, sql);
    const [, last, , exchange, , first, , filter, scan] = nodes(final().plan) as [SqlPlanInfo, ...SqlPlanInfo[]] as SqlPlanInfo[];
    const rows = (node: SqlPlanInfo | undefined) => value(staged, node!, 'number of output rows');
    expect([scan, filter, first, last].map(rows)).toEqual([6000, 6000, 14, 7]);
    expect(value(staged, exchange!, 'shuffle records written')).toBe(14);
    expect(value(staged, exchange!, 'records read')).toBe(14);
    expect(value(staged, exchange!, 'number of partitions')).toBe(3);
    expect(value(staged, exchange!, 'shuffle bytes written')).toBeGreaterThan(100);
    expect(value(staged, scan!, 'number of files read')).toBe(1);
    expect(value(staged, scan!, 'scan time')).toBeGreaterThan(0);
    expect(value(staged, first!, 'time in aggregation build')).toBeGreaterThan(0);
  });

  it('that is adaptive shows its query stages, and what was read together', async () => {
    await answerOf(adaptive.engine, sql);
    expect(start().plan).toMatchObject({ nodeName: 'AdaptiveSparkPlan', simpleString: 'AdaptiveSparkPlan isFinalPlan=false' });
    const plan = final().plan;
    expect(plan.simpleString).toBe('AdaptiveSparkPlan isFinalPlan=true');
    expect(nodes(plan).map(({ nodeName }) => nodeName)).toEqual([
      'AdaptiveSparkPlan',
      'ResultQueryStage',
      'WholeStageCodegen (2)',
      'HashAggregate',
      'InputAdapter',
      'AQEShuffleRead',
      'ShuffleQueryStage',
      'Exchange',
      'WholeStageCodegen (1)',
      'HashAggregate',
      'Project',
      'Filter',
      'Scan parquet ',
    ]);
    const read = nodes(plan).find(({ nodeName }) => nodeName === 'AQEShuffleRead')!;
    expect(value(adaptive, read, 'number of partitions')).toBe(1);
  });
});

describe('joins', () => {
  it('that turned out small is a broadcast in the final plan', async () => {
    await answerOf(adaptive.engine, 'SELECT a.id FROM t a JOIN (SELECT id, count(*) AS n FROM t WHERE g = 3 GROUP BY id) b ON a.id = b.id');
    const names = nodes(final().plan).map(({ nodeName }) => nodeName);
    expect(names).toContain('BroadcastHashJoin');
    const sent = nodes(final().plan).find(({ nodeName }) => nodeName === 'BroadcastExchange')!;
    expect(value(adaptive, sent, 'number of output rows')).toBe(1429);
    expect(value(adaptive, sent, 'data size')).toBeGreaterThan(1000);
    // Listeners know of what tasks tell before they tell it.
    const told = heard.flatMap((e) => (e.tag === 'sqlAdaptiveMetrics' ? e.metrics : []));
    const known = [...nodes(start().plan).flatMap(({ metrics }) => metrics), ...told].map(({ accumulatorId }) => accumulatorId);
    expect(known).toEqual(expect.arrayContaining(sent.metrics.map(({ accumulatorId }) => accumulatorId)));
    const durations = told.filter(({ name }) => name === 'duration').map(({ accumulatorId }) => accumulatorId);
    const boxes = nodes(final().plan).filter(({ nodeName }) => nodeName.startsWith('WholeStageCodegen'));
    expect(durations.sort()).toEqual(boxes.map(({ metrics }) => metrics[0]!.accumulatorId).sort());
  });

  it('by a shuffle counts its rows', async () => {
    const { engine } = staged;
    await answerOf(engine, 'SELECT /*+ MERGE(b) */ a.id FROM t a JOIN t b ON a.id = b.id WHERE a.g = 1');
    const join = nodes(final().plan).find(({ nodeName }) => /Join$/.test(nodeName))!;
    expect(value(staged, join, 'number of output rows')).toBe(1429);
  });
});

describe('the topmost operator has given the rows of the answer, and none has been lost sight of', () => {
  it.each([
    ['a scalar subquery', 'SELECT id FROM t WHERE id > (SELECT max(id) - 50 FROM t)'],
    [
      'a semi and an anti join',
      'SELECT id FROM t WHERE id IN (SELECT id * 2 FROM t) AND NOT EXISTS (SELECT 1 FROM t u WHERE u.id = t.id + 5000)',
    ],
    ['a union', 'SELECT g, count(*) FROM (SELECT g FROM t UNION ALL SELECT id FROM t) GROUP BY g'],
    ['set operations', '(SELECT g FROM t INTERSECT SELECT id FROM t) EXCEPT SELECT 3'],
    ['windows', 'SELECT id, row_number() OVER (PARTITION BY g ORDER BY id DESC), sum(id) OVER (ORDER BY id) FROM t WHERE id < 100'],
    ['grouping sets', 'SELECT g, id % 5, count(*) FROM t GROUP BY CUBE (g, id % 5)'],
    ['the first rows of a sort', 'SELECT id FROM t ORDER BY g DESC, id LIMIT 10'],
    ['one exchange read twice', 'WITH c AS (SELECT g, count(*) AS n FROM t GROUP BY g) SELECT a.g, b.n FROM c a JOIN c b ON a.g = b.g'],
  ])('%s', async (_, sql) => {
    for (const engine of [staged, adaptive]) {
      heard.length = 0;
      const { rows } = await answerOf(engine.engine, sql);
      const counts = nodes(final().plan).flatMap((node) => value(engine, node, 'number of output rows') ?? []);
      expect(counts[0]).toBe(rows.length);
      expect(counts.every((n) => n > 0)).toBe(true);
    }
  });
});

it('a query that is one task ends with the operators of the kernel', async () => {
  const whole = stagedSql({ 'spark.emberloom.sql.collapseBytes': '1g' }, {}, 3, heard);
  whole.engine.views.set('t', await table(whole.context.folder, 't', 'id INT', 'SELECT i::INTEGER AS id FROM range(100) r(i)'));
  await answerOf(whole.engine, 'SELECT id FROM t WHERE id > 90 ORDER BY id');
  whole.close();
  expect(start().physicalPlanDescription).toContain('WholeQuery (one task, one query of the kernel: its input is small)');
  expect(nodes(final().plan).map(({ nodeName }) => nodeName)).toContain('Sort');
});

it('without a listener tasks tell nothing', async () => {
  const silent = stagedSql();
  silent.engine.views.set('t', await table(silent.context.folder, 't', 'id INT', 'SELECT i::INTEGER AS id FROM range(100) r(i)'));
  await answerOf(silent.engine, 'SELECT count(*) FROM t');
  expect(silent.context.ends.every(({ accumulators }) => accumulators === undefined)).toBe(true);
  silent.close();
});
