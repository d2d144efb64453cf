// What `emberloom history list` and `compare` print: tables of text. Answers of the history server in, text out.
import { textColumns } from '../../common/text-columns.ts';
import type { Comparison, Cost, StagePair } from '../../status/comparison.ts';

export type ListedAttempt = {
  readonly attemptId?: string;
  readonly startTimeEpoch: number;
  readonly duration: number;
  readonly sparkUser: string;
  readonly completed: boolean;
};
export type ListedApplication = { readonly id: string; readonly name: string; readonly attempts: readonly ListedAttempt[] };

const table = (rows: readonly (readonly string[])[], right: ReadonlySet<number>): string =>
  `${textColumns(rows, (i) => right.has(i)).join('\n')}\n`;

export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${(ms / 60_000).toFixed(1)} min`;
  return `${(ms / 3_600_000).toFixed(1)} h`;
}

export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

const timeText = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

export function historyTable(applications: readonly ListedApplication[]): string {
  if (applications.length === 0) return 'No applications.\n';
  const rows = applications.flatMap((app) =>
    app.attempts.map((a) => [
      a.attemptId === undefined ? app.id : `${app.id}/${a.attemptId}`,
      app.name,
      a.sparkUser,
      timeText(a.startTimeEpoch),
      durationText(a.duration),
      a.completed ? 'completed' : 'in progress',
    ]),
  );
  return table([['APPLICATION', 'NAME', 'USER', 'STARTED (UTC)', 'DURATION', 'STATE'], ...rows], new Set([4]));
}

const FIGURES: readonly (readonly [string, keyof Cost, (n: number) => string])[] = [
  ['duration', 'durationMs', durationText],
  ['tasks', 'tasks', String],
  ['run time', 'runTimeMs', durationText],
  ['GC', 'gcTimeMs', durationText],
  ['input', 'inputBytes', bytesText],
  ['shuffle read', 'shuffleReadBytes', bytesText],
  ['shuffle write', 'shuffleWriteBytes', bytesText],
  ['disk spill', 'diskSpilledBytes', bytesText],
];

/** `+25 %`, `-3 %`; from nothing: `new`. */
export function changeText(left: number, right: number): string {
  if (left === right) return '=';
  if (left === 0) return 'new';
  const percent = ((right - left) / left) * 100;
  return `${percent > 0 ? '+' : ''}${Math.abs(percent) < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

export function comparisonText({ left, right, stages }: Comparison): string {
  const name = (run: Comparison['left']) => (run.attemptId === undefined ? run.id : `${run.id}/${run.attemptId}`);
  const totals: string[][] = [
    ['', name(left), name(right), 'CHANGE'],
    ['application', left.name, right.name, ''],
    ['wall time', durationText(left.durationMs), durationText(right.durationMs), changeText(left.durationMs, right.durationMs)],
    ...FIGURES.map(([label, key, text]) => [
      label === 'duration' ? 'stage time' : label,
      text(left.total[key]),
      text(right.total[key]),
      changeText(left.total[key], right.total[key]),
    ]),
  ];
  const rows = stages.map((pair) => [...stageNames(pair), ...stageFigures(pair)]);
  const head = ['STAGES', 'NAME', 'DURATION', '', 'CHANGE', 'SHUFFLE WRITE', '', 'CHANGE', 'GC', ''];
  return `${table(totals, new Set([1, 2, 3]))}\n${table([head, ...rows], new Set([2, 3, 4, 5, 6, 7, 8, 9]))}`;
}

function stageNames({ left, right, by }: StagePair): [string, string] {
  const ids = `${left?.stageId ?? '-'} : ${right?.stageId ?? '-'}`;
  if (left === undefined || right === undefined)
    return [ids, `${(left ?? right)!.name} (only in ${left === undefined ? 'the second' : 'the first'})`];
  return [ids, by === 'name' ? right.name : `${left.name} / ${right.name}`];
}

function stageFigures({ left, right }: StagePair): string[] {
  const pair = (key: keyof Cost, text: (n: number) => string): [string, string, string] => [
    left === undefined ? '-' : text(left.cost[key]),
    right === undefined ? '-' : text(right.cost[key]),
    left === undefined || right === undefined ? '' : changeText(left.cost[key], right.cost[key]),
  ];
  return [...pair('durationMs', durationText), ...pair('shuffleWriteBytes', bytesText), ...pair('gcTimeMs', durationText).slice(0, 2)];
}
