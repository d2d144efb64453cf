// Time shares and rows of a plan's nodes, from the texts that REST gives.
import { describe, expect, it } from 'vitest';
import { millisecondsIn, rowsOf, shortValue, timeShares } from '../../../../src/status/pages/browser/plan-costs.ts';

const node = (nodeId: number, metrics: Record<string, string>) => ({
  nodeId,
  nodeName: 'Project',
  metrics: Object.entries(metrics).map(([name, value]) => ({ name, value })),
});

describe('costs of a plan', () => {
  it('reads times as Spark writes them', () => {
    expect(millisecondsIn('117 ms')).toBe(117);
    expect(millisecondsIn('2.1 s')).toBe(2_100);
    expect(millisecondsIn('1.5 min')).toBe(90_000);
    expect(millisecondsIn('total (min, med, max (stageId: taskId))\n12 ms (1 ms, 2 ms, 9 ms (stage 3.0: task 4))')).toBe(12);
    expect(millisecondsIn('4.0 MiB')).toBe(0);
  });

  it('says a value on one line', () => {
    expect(shortValue('total (min, med, max (stageId: taskId))\n12 ms (1 ms, 2 ms, 9 ms (stage 3.0: task 4))')).toBe(
      '12 ms (1 ms, 2 ms, 9 ms)',
    );
    expect(shortValue('6,001,215')).toBe('6,001,215');
  });

  it('gives each node its share of the time of all', () => {
    const shares = timeShares([
      node(0, { 'time in the operator': '30 ms', 'spill size': '5 ms' }),
      node(1, { duration: 'total (min, med, max)\n10 ms (1 ms, 2 ms, 7 ms)' }),
      node(2, {}),
    ]);
    expect([...shares]).toEqual([
      [0, 0.75],
      [1, 0.25],
      [2, 0],
    ]);
    expect(timeShares([node(0, {})]).size).toBe(0);
  });

  it('knows the rows that a node hands on', () => {
    const none = { nodes: [], edges: [] };
    expect(rowsOf(node(0, { 'number of output rows': '6,001,215' }) as never, none)).toBe('6,001,215');
    expect(rowsOf(node(0, {}) as never, none)).toBeUndefined();
  });

  it('are those of the input, where a node does not count and takes none away', () => {
    const nodes = [
      node(0, { 'shuffle records written': '12' }),
      { ...node(1, {}), nodeName: 'AQEShuffleRead' },
      { ...node(2, {}), nodeName: 'Filter' },
    ];
    const graph = {
      nodes,
      edges: [
        { fromId: 0, toId: 1 },
        { fromId: 1, toId: 2 },
      ],
    } as never;
    expect(rowsOf(nodes[1] as never, graph)).toBe('12');
    expect(rowsOf(nodes[2] as never, graph)).toBeUndefined();
  });
});
