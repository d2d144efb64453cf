// Named spans and executors in time, as rows and steps. Pure; what draws them is span-timeline.tsx.
import { when } from '../../../browser/format.ts';
import type { Executor } from './rest.ts';

export type Span = {
  readonly key: string | number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly label: string;
  readonly tone: 'run' | 'good' | 'bad' | 'calm';
  readonly href: string;
  readonly note: string;
};
export type Step = { readonly atMs: number; readonly change: 1 | -1; readonly count: number; readonly executor: Executor };
/** How the number of executors changed, in order. The driver is none. */
export function executorSteps(executors: readonly Executor[]): readonly Step[] {
  const changes = executors
    .filter((e) => e.id !== 'driver')
    .flatMap((executor) => {
      const added = when(executor.addTime);
      const removed = when(executor.removeTime);
      return [
        ...(added === undefined ? [] : [{ atMs: added, change: 1 as const, executor }]),
        ...(removed === undefined ? [] : [{ atMs: removed, change: -1 as const, executor }]),
      ];
    })
    .sort((a, b) => a.atMs - b.atMs);
  let count = 0;
  return changes.map((c) => ({ ...c, count: (count += c.change) }));
}

/** The row of each span: the first that is free when it begins. */
export function packSpans(spans: readonly Span[]): readonly number[] {
  const free: number[] = [];
  const rows = new Array<number>(spans.length).fill(0);
  const order = spans.map((_, i) => i).sort((a, b) => (spans[a]?.fromMs ?? 0) - (spans[b]?.fromMs ?? 0) || a - b);
  for (const i of order) {
    const span = spans[i] as Span;
    let row = free.findIndex((ms) => ms <= span.fromMs);
    if (row < 0) row = free.length;
    free[row] = span.toMs;
    rows[i] = row;
  }
  return rows;
}
