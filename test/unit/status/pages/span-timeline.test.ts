import { expect, it } from 'vitest';
import { executorSteps, packSpans, type Span } from '../../../../src/status/pages/browser/span-rows.ts';

const span = (fromMs: number, toMs: number): Span => ({ key: fromMs, fromMs, toMs, label: '', tone: 'good', href: '', note: '' });
const executor = (id: string, addTime: string, removeTime?: string): any => ({
  id,
  addTime,
  ...(removeTime !== undefined && { removeTime }),
});

it('spans that overlap get rows of their own, others share', () => {
  expect(packSpans([span(0, 10), span(5, 20), span(10, 15), span(25, 30)])).toEqual([0, 1, 0, 0]);
  expect(packSpans([span(5, 6), span(0, 10)])).toEqual([1, 0]);
  expect(packSpans([])).toEqual([]);
});

it('executors are counted as they come and go; the driver is none', () => {
  const at = (s: number) => `2026-11-28T09:00:0${s}.000GMT`;
  const steps = executorSteps([executor('driver', at(0)), executor('1', at(1), at(4)), executor('2', at(2))]);
  expect(steps.map((s) => [s.executor.id, s.change, s.count])).toEqual([
    ['1', 1, 1],
    ['2', 1, 2],
    ['1', -1, 1],
  ]);
});
