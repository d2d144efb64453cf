// What the pages and the event log hear of a query.
import { afterAll, describe, expect, it } from 'vitest';
import type { SqlEvent } from '../../../../../src/runtime/sql/engine/sql-executions.ts';
import type { SqlPlanInfo } from '../../../../../src/status/events.ts';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';

const heard: SqlEvent[] = [];
const engine = sqlEngine({}, heard);
afterAll(() => engine.close());

const nodes = (plan: SqlPlanInfo): SqlPlanInfo[] => [plan, ...plan.children.flatMap(nodes)];

describe('an execution', () => {
  it('begins with its plan, ends with the operators that ran, their rows and times', async () => {
    heard.length = 0;
    await answerOf(engine, 'SELECT id + 1 FROM range(42) WHERE id > 40 ORDER BY id');
    expect(heard.map(({ tag }) => tag)).toEqual(['sqlExecutionStart', 'sqlAdaptiveUpdate', 'sqlDriverAccumUpdates', 'sqlExecutionEnd']);
    const [start, update, values, end] = heard as any[];
    expect(start).toMatchObject({ description: 'collect at test.ts:1', plan: { nodeName: 'Project' } });
    expect(nodes(start.plan).map(({ nodeName }) => nodeName)).toContain('Filter');
    expect(nodes(update.plan).find(({ nodeName }) => nodeName === 'Sort')!.simpleString).toMatch(
      /^Sort \[id#\d+L ASC NULLS FIRST\], true$/,
    );
    const metrics = nodes(update.plan).flatMap((node) => node.metrics);
    expect(values.updates.map(([id]: [number]) => id).sort()).toEqual(metrics.map(({ accumulatorId }) => accumulatorId).sort());
    const rows = metrics.find(({ name }) => name === 'number of output rows')!;
    expect(values.updates).toContainEqual([rows.accumulatorId, 1]);
    expect(end).toMatchObject({ executionId: start.executionId, errorMessage: undefined });
  });

  it('of constants has no operators to tell of', async () => {
    heard.length = 0;
    await answerOf(engine, 'SELECT 1');
    expect(heard.map(({ tag }) => tag)).toEqual(['sqlExecutionStart', 'sqlExecutionEnd']);
  });

  it('that fails ends with the error, once', async () => {
    heard.length = 0;
    await expect(answerOf(engine, 'SELECT 1 / 0')).rejects.toThrow('DIVIDE_BY_ZERO');
    expect(heard.map(({ tag }) => tag)).toEqual(['sqlExecutionStart', 'sqlExecutionEnd']);
    expect(heard[1]).toMatchObject({ errorMessage: expect.stringContaining('[DIVIDE_BY_ZERO]') });
  });
});
