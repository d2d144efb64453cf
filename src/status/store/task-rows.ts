// Rows of a live task table as the REST API's objects: one, a page in any order, all of them for the timeline. What follows
// from a task's figures is task-figures.ts.
import type { AccumulableInfo } from '../events.ts';
import type { AccumulableData, TaskData } from './api-types.ts';
import { METRIC, METRIC_COUNT, metricsOf } from './metric-columns.ts';
import type { TaskPage, TaskTimeline } from './status-view.ts';
import { LOCALITIES, STATUSES, type TaskColumns } from './task-columns.ts';
import { gettingResultMs, isRunning, metric, readerOf, schedulerDelayMs } from './task-figures.ts';
import type { TaskColumn } from './task-table.ts';

export const accumulableData = (list: readonly AccumulableInfo[]): AccumulableData[] =>
  list
    .filter((a) => a.name !== undefined && !a.internal)
    .map((a) => ({
      id: a.id,
      name: a.name!,
      ...(a.update !== undefined && a.update !== null && { update: String(a.update) }),
      value: String(a.value),
    }));

export function taskData(table: TaskColumns, row: number, nowMs: number): TaskData {
  const [executorId, host] = table.places.list[table.place[row]!]!.split('\n') as [string, string];
  const running = isRunning(table, row);
  const duration = running ? Math.max(0, nowMs - table.launch[row]!) : table.duration[row]!;
  const error = table.errors.get(row);
  const figures = new Float64Array(METRIC_COUNT);
  for (let i = 0; i < METRIC_COUNT; i++) figures[i] = metric(table, i, row);
  return {
    stageId: table.stageId,
    stageAttemptId: table.attemptId,
    taskId: table.taskId[row]!,
    index: table.index[row]!,
    attempt: table.attempt[row]!,
    partitionId: table.partition[row]!,
    launchTimeMs: table.launch[row]!,
    ...(table.fetchStart[row]! > 0 && { resultFetchStartMs: table.fetchStart[row]! }),
    ...(duration > 0 && { duration }),
    executorId,
    host,
    status: STATUSES[table.status[row]!]!,
    taskLocality: LOCALITIES[table.flags[row]! >> 2]!,
    speculative: (table.flags[row]! & 1) !== 0,
    accumulatorUpdates: accumulableData(table.accumulables.get(row) ?? []),
    ...(error !== undefined && { errorMessage: error }),
    ...((table.flags[row]! & 2) !== 0 && { taskMetrics: metricsOf(figures) }),
    executorLogs: {},
    schedulerDelay: schedulerDelayMs(table, row, nowMs),
    gettingResultTime: gettingResultMs(table, row, nowMs),
  };
}

export function idsOfRows(table: TaskColumns, page: TaskPage, nowMs: number): Float64Array {
  const rows = matching(table, page);
  const { sort } = page;
  if (sort !== undefined && sort.by !== 'taskId') {
    const compare = comparator(table, sort.by, nowMs);
    rows.sort((a, b) => compare(a, b) || a - b);
  }
  if (sort?.descending) rows.reverse();
  return Float64Array.from(rows.slice(page.offset, page.offset + page.length), (row) => table.taskId[row]!);
}

export function countRows(table: TaskColumns, filter: Pick<TaskPage, 'status' | 'search'>): number {
  return unfiltered(filter) ? table.size : matching(table, filter).length;
}

const unfiltered = ({ status, search }: Pick<TaskPage, 'status' | 'search'>): boolean => !status?.length && !search;

function matching(table: TaskColumns, filter: Pick<TaskPage, 'status' | 'search'>): number[] {
  const all = Array.from({ length: table.size }, (_, row) => row);
  if (unfiltered(filter)) return all;
  const wanted = filter.status?.length ? new Set(filter.status) : undefined;
  const search = filter.search?.toLowerCase();
  const places = table.places.list.map((place) => search === undefined || place.toLowerCase().includes(search));
  return all.filter((row) => {
    if (wanted !== undefined && !wanted.has(STATUSES[table.status[row]!]!)) return false;
    if (search === undefined || places[table.place[row]!]) return true;
    return (
      String(table.taskId[row]).includes(search) ||
      String(table.index[row]).includes(search) ||
      STATUSES[table.status[row]!]!.toLowerCase().includes(search) ||
      LOCALITIES[table.flags[row]! >> 2]!.toLowerCase().includes(search) ||
      (table.errors.get(row)?.toLowerCase().includes(search) ?? false)
    );
  });
}

/** Names of TaskData's fields, and of metrics. An unknown name sorts by id. */
function comparator(table: TaskColumns, by: string, nowMs: number): (a: number, b: number) => number {
  const byText = (text: (row: number) => string) => (a: number, b: number) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0);
  const byNumber = (value: (row: number) => number) => (a: number, b: number) => value(a) - value(b);
  switch (by) {
    case 'index':
      return byNumber((row) => table.index[row]!);
    case 'attempt':
      return byNumber((row) => table.attempt[row]!);
    case 'partitionId':
      return byNumber((row) => table.partition[row]!);
    case 'launchTime':
      return byNumber((row) => table.launch[row]!);
    case 'duration':
      return byNumber((row) => (isRunning(table, row) ? nowMs - table.launch[row]! : table.duration[row]!));
    case 'status':
      return byText((row) => STATUSES[table.status[row]!]!);
    case 'taskLocality':
      return byText((row) => LOCALITIES[table.flags[row]! >> 2]!);
    case 'executorId':
    case 'host':
      return byText((row) => table.places.list[table.place[row]!]!.split('\n')[by === 'host' ? 1 : 0]!);
    case 'errorMessage':
      return byText((row) => table.errors.get(row) ?? '');
    default:
      return by in METRIC || DERIVED.has(by) ? byNumber(readerOf(table, by as TaskColumn)) : () => 0;
  }
}

const DERIVED: ReadonlySet<string> = new Set(['gettingResultTime', 'schedulerDelay', 'shuffleReadBytes', 'shuffleTotalBlocks']);

export function timelineOf(table: TaskColumns, nowMs: number): TaskTimeline {
  const { size } = table;
  let fromMs = Number.POSITIVE_INFINITY;
  for (let row = 0; row < size; row++) fromMs = Math.min(fromMs, table.launch[row]!);
  if (size === 0) fromMs = 0;
  const column = (value: (row: number) => number): number[] => Array.from({ length: size }, (_, row) => value(row));
  const figure = (which: keyof typeof METRIC) => (row: number) => metric(table, METRIC[which], row);
  const [run, wait] = [figure('executorRunTime'), figure('shuffleFetchWaitTime')];
  const writeMs = (row: number) => Math.round(metric(table, METRIC.shuffleWriteTimeNs, row) / 1e6);
  return {
    fromMs,
    executors: table.places.list.map((place) => place.replace('\n', ' / ')),
    taskId: column((row) => table.taskId[row]!),
    executor: column((row) => table.place[row]!),
    launch: column((row) => table.launch[row]! - fromMs),
    duration: column((row) => (isRunning(table, row) ? Math.max(0, nowMs - table.launch[row]!) : table.duration[row]!)),
    state: column((row) => STATE_OF_STATUS[table.status[row]!]!),
    phases: [
      column((row) => schedulerDelayMs(table, row, nowMs)),
      column(figure('executorDeserializeTime')),
      column(wait),
      column((row) => Math.max(0, run(row) - wait(row) - writeMs(row))),
      column(writeMs),
      column(figure('resultSerializationTime')),
      column((row) => gettingResultMs(table, row, nowMs)),
    ],
  };
}

/** By the numbers of STATUSES: 0 running, 1 success, 2 failed, 3 killed. */
const STATE_OF_STATUS = [0, 0, 1, 2, 3, 2] as const;
