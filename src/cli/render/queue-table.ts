// The framed table of `yarn queue -list all` (golden: yarn-cli/queue-list.stdout). Rows in, text out.
import type { QueueReport } from '../../rpc/messages/shapes.ts';
import { percent, queueName } from './yarn-reports.ts';

const HEADERS = [
  'Queue Name',
  'Queue Path',
  'State',
  'Capacity',
  'Current Capacity',
  'Maximum Capacity',
  'Weight',
  'Maximum Parallel Apps',
];

const centred = (text: string, width: number): string => {
  const left = Math.floor((width - text.length) / 2);
  return ' '.repeat(left) + text + ' '.repeat(width - text.length - left);
};

/** @param usedPercent of each queue's own capacity, in the order of the queues */
export function queueTable(queues: readonly QueueReport[], usedPercent: readonly number[]): string {
  const rows = queues.map((q, i) => [
    queueName(q.path),
    q.path,
    q.state,
    percent(q.capacityPercent),
    percent(usedPercent[i] ?? 0),
    percent(q.maximumCapacityPercent),
    '-1.00',
    '2147483647',
  ]);
  const widths = HEADERS.map((header, column) => Math.max(header.length, ...rows.map((r) => r[column]!.length)));
  const total = widths.reduce((sum, width) => sum + width + 2, 0) + widths.length - 1;
  const line = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`;
  const rowOf = (cells: readonly string[]) => `|${cells.map((cell, i) => ` ${centred(cell, widths[i]!)} `).join('|')}|`;
  const title = `${queues.length} queue${queues.length === 1 ? ' was' : 's were'} found`;
  return `+${'-'.repeat(total)}+\n|${centred(title, total)}|\n${[line, rowOf(HEADERS), line, ...rows.map(rowOf), line].join('\n')}\n`;
}
