// Where an application's time went, for the terminal at its end (--summary): its longest stages, shares of the slots' time, one advice.
import type { StageData } from './store/api-types.ts';
import { bytesText } from '../common/bytes-text.ts';
import { textColumns } from '../common/text-columns.ts';
import { durationText } from './store/sql-metrics.ts';
import type { StatusStore } from './store/status-store.ts';

const MOST_STAGES = 10;
const NAME_WIDTH = 40;

export function applicationSummary(store: StatusStore): string {
  const { state } = store;
  const app = state.application;
  if (app === undefined) return '';
  const endMs = app.endedAtMs ?? store.nowMs();
  const stages = store.stages(['ACTIVE', 'COMPLETE', 'FAILED']);
  const { completed, failed, killed } = state.taskTotals;
  const { jobs, failedJobs } = state.totals;
  const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
  const bad = [failedJobs > 0 ? count(failedJobs, 'failed job') : '', failed > 0 ? count(failed, 'failed task') : ''].filter(
    (t) => t !== '',
  );
  const head = `${app.name} (${app.id}): ${time(endMs - app.startedAtMs)}, ${count(jobs, 'job')}, ${count(stages.length, 'stage')}, ${count(completed + failed + killed, 'task')}${bad.length > 0 ? `; ${bad.join(', ')}` : ''}`;
  return [head, ...stageLines(stages), ...timeLines(store, endMs), `Advice: ${advice(store)}`].map((line) => `${line}\n`).join('');
}

function stageLines(stages: readonly StageData[]): string[] {
  if (stages.length === 0) return [];
  const elapsed = (s: StageData): number => Math.max(0, (s.completionTimeMs ?? s.submissionTimeMs ?? 0) - (s.submissionTimeMs ?? 0));
  const longest = [...stages].sort((a, b) => elapsed(b) - elapsed(a)).slice(0, MOST_STAGES);
  const rows = longest.map((s) => [
    `${s.stageId}.${s.attemptId}`,
    s.name.length > NAME_WIDTH ? `${s.name.slice(0, NAME_WIDTH - 1)}…` : s.name,
    String(s.numTasks),
    time(elapsed(s)),
    time(s.executorRunTime),
    bytesText(s.inputBytes + s.shuffleReadBytes),
    bytesText(s.shuffleWriteBytes + s.outputBytes),
    bytesText(s.diskBytesSpilled),
  ]);
  const all = [['Stage', 'Name', 'Tasks', 'Time', 'Work', 'Read', 'Written', 'Spilled'], ...rows];
  const lines = textColumns(all, (i) => i >= 2).map((line) => `  ${line}`);
  return stages.length > MOST_STAGES ? [...lines, `  … and ${stages.length - MOST_STAGES} shorter ones`] : lines;
}

/** Slots' time: from an executor's start to its end, or the application's. */
function timeLines(store: StatusStore, endMs: number): string[] {
  const executors = [...store.state.executors.values()];
  const slotMs = executors.reduce((sum, e) => sum + e.maxTasks * Math.max(0, (e.removedAtMs ?? endMs) - e.addedAtMs), 0);
  if (slotMs <= 0) return [];
  const total = (of: (s: StageData) => number): number => store.stages().reduce((sum, s) => sum + of(s), 0);
  const inTasks = executors.reduce((sum, e) => sum + e.totalDuration, 0);
  const run = total((s) => s.executorRunTime);
  const gc = total((s) => s.jvmGcTime);
  const fetch = total((s) => s.shuffleFetchWaitTime);
  const codec = total((s) => s.executorDeserializeTime + s.resultSerializationTime);
  const parts: [string, number][] = [
    ['work', run - gc - fetch],
    ['idle slots', slotMs - inTasks],
    ['scheduler delay', inTasks - run - codec],
    ['waiting for shuffle data', fetch],
    ['garbage collection', gc],
    ['functions and results coded', codec],
  ];
  const shares = parts
    .map(([name, ms]) => [name, Math.max(0, ms)] as const)
    .filter(([, ms]) => ms / slotMs >= 0.005)
    .map(([name, ms]) => `${name} ${Math.round((100 * ms) / slotMs)} %`);
  return [`Time of the slots (${time(slotMs)}): ${shares.join(', ')}`];
}

function advice(store: StatusStore): string {
  const first = store.alarms()[0];
  if (first === undefined) return 'nothing stands out.';
  return `${first.stageId === undefined ? '' : `stage ${first.stageId}: `}${first.message} ${first.advice}`;
}

const time = (ms: number): string => durationText(Math.round(ms));
