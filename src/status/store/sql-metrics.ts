// SQL metrics in words: `total (min, med, max (stageId: taskId))` and the like. Source: Spark's SQLMetrics.stringValue, Utils.bytesToString
// and UIUtils.
import { bytesText } from '../../common/bytes-text.ts';

type Largest = { readonly stageId: number; readonly attemptId: number; readonly taskId: number };

/** @param values of every task, and the driver's; ns, ms, bytes or rows as the type says */
export function sqlMetricText(type: string, values: readonly number[], largest: Largest | undefined): string {
  const place = largest === undefined ? '(driver)' : `(stage ${largest.stageId}.${largest.attemptId}: task ${largest.taskId})`;
  const sorted = (of: readonly number[]) => [...of].sort((a, b) => a - b);
  const sum = values.reduce((a, b) => a + b, 0);
  if (type === 'sum') return wholeText(sum);
  const average = type === 'average';
  const valid = sorted(values.filter((v) => (average ? v > 0 : v >= 0)));
  const text = textOf(type);
  if (valid.length <= 1) return text(valid[0] ?? 0);
  const spread = [valid[0]!, valid[Math.floor(valid.length / 2)]!, valid.at(-1)!].map(text).join(', ');
  const heading = '(min, med, max (stageId: taskId))';
  return average ? `${heading}:\n(${spread} ${place})` : `total ${heading}\n${text(sum)} (${spread} ${place})`;
}

function textOf(type: string): (value: number) => string {
  switch (type) {
    case 'size':
      return bytesText;
    case 'timing':
      return durationText;
    case 'nsTiming':
      return (ns) => durationText(Math.trunc(ns / 1e6));
    case 'average': // kept as ten times the value
      return (v) => (v / 10).toLocaleString('en-US', { maximumFractionDigits: 1 });
    default:
      return wholeText;
  }
}

const wholeText = (n: number): string => Math.round(n).toLocaleString('en-US');

/** `12 ms`, `1.2 s`, `3.0 min`, `1.50 h`. Source: Utils.msDurationToString */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${(ms / 60_000).toFixed(1)} m`;
  return `${(ms / 3_600_000).toFixed(2)} h`;
}
