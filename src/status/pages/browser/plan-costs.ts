// What a plan's nodes cost, read from the texts of their metrics: each node's share of the time of all, and the rows that it hands on.
import type { SqlExecution } from './rest.ts';

type Node = SqlExecution['nodes'][number];
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };
/** Metrics that are times of the operator itself, ours and Spark's. */
const TIMES =
  /^(time in the operator|duration|sort time|scan time|time in aggregation build|time to build( hash map)?|shuffle write time)$/;

/** `117 ms`, `2.1 s`, or Spark's `total (min, med, max)\n12 ms (1 ms, …)`: the total, in ms. */
export function millisecondsIn(text: string): number {
  const match = /(?:^|\n)\s*([\d.,]+) (ms|s|min|m|h)\b/.exec(text);
  return match === null ? 0 : Number(match[1]!.replaceAll(',', '')) * UNIT_MS[match[2]!]!;
}

/** By node id, 0 to 1; empty when no node has a time. */
export function timeShares(nodes: readonly Node[]): Map<number, number> {
  const times = nodes.map((n) => n.metrics.filter((m) => TIMES.test(m.name)).reduce((sum, m) => sum + millisecondsIn(m.value), 0));
  const all = times.reduce((sum, ms) => sum + ms, 0);
  return new Map(all === 0 ? [] : nodes.map((n, i) => [n.nodeId, times[i]! / all]));
}

/** `number of output rows` as the server wrote it. */
export const rowsOf = (node: Node): string | undefined =>
  node.metrics
    .find((m) => m.name === 'number of output rows')
    ?.value.split('\n')
    .at(-1);
