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

/** A box around the operators of one generated function, or of one text of our kernel: its duration is theirs together. */
export const codegenOf = (name: string): number | undefined => {
  const id = /^WholeStageCodegen \((\d+)\)$/.exec(name.trim())?.[1];
  return id === undefined ? undefined : Number(id);
};

/** On one line, without the words that say what follows, and without the task of the largest: `12 ms (1 ms, 2 ms, 9 ms)`. */
export const shortValue = (text: string): string =>
  text
    .replace(/^total \(min, med, max \(stageId: taskId\)\)\s*\n/, '')
    .replace(/ \(stage \d+\.\d+: task \d+\)(?=\)$)/, '')
    .replace(/\s*\n\s*/g, ' ');

/** By node id, 0 to 1; empty when no operator has a time. */
export function timeShares(all: readonly Node[]): Map<number, number> {
  const nodes = all.filter((n) => codegenOf(n.nodeName) === undefined);
  const times = nodes.map((n) => n.metrics.filter((m) => TIMES.test(m.name)).reduce((sum, m) => sum + millisecondsIn(m.value), 0));
  const sum = times.reduce((a, ms) => a + ms, 0);
  return new Map(sum === 0 ? [] : nodes.map((n, i) => [n.nodeId, times[i]! / sum]));
}

const ROWS = /^(number of output rows|shuffle records written)$/;

/** The rows that a node hands on, as the server wrote them. One that does not count gives what it gets, when it has one input. */
export function rowsOf(node: Node, { nodes, edges }: Pick<SqlExecution, 'nodes' | 'edges'>): string | undefined {
  const own = node.metrics.find((m) => ROWS.test(m.name));
  if (own !== undefined) return own.value.split('\n').at(-1);
  const below = edges.filter((e) => e.toId === node.nodeId);
  const child = below.length === 1 ? nodes.find((n) => n.nodeId === below[0]!.fromId) : undefined;
  return child !== undefined && PASSES.test(node.nodeName) ? rowsOf(child, { nodes, edges }) : undefined;
}
const PASSES = /^(Project|AQEShuffleRead|CustomShuffleReader|ColumnarToRow|InputAdapter|Sort|Exchange|BroadcastExchange)$/;
