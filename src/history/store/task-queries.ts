// Asks the tasks of one stage attempt out of an index: pages in any order, counts, one task, the timeline. Quantiles are quantile-store.ts.
import type { Database, Statement } from '../../common/ports.ts';
import type { AccumulableInfo } from '../../status/events.ts';
import type { TaskData } from '../../status/store/api-types.ts';
import type { TaskPage, TaskTimeline } from '../../status/store/status-view.ts';
import { pushOf } from '../../status/store/metric-columns.ts';
import { accumulableData } from '../../status/store/task-rows.ts';
import { TASK_METRICS, type TaskMetricName, type TaskMetrics } from '../../status/task-metrics.ts';
import { FIGURES, HAS_METRICS, LOCALITIES, LOCALITY_SHIFT, SPECULATIVE, STATUSES } from './index-tables.ts';

type Row = Record<string, number> & { error: string | null; accumulables: string | null; executor: string; host: string };
type Filter = Pick<TaskPage, 'status' | 'search'>;

/** More are not drawn; the oldest come first. */
const MOST_IN_TIMELINE = 100_000;
/** Looked up together. */
const ROWS_AT_ONCE = 64;
const OF_STAGE = 'stageId = ? AND stageAttemptId = ?';
const LOCALITY = `(flags >> ${LOCALITY_SHIFT})`;

/** What pages are sorted by, in SQL. Names come from here only, never from a request. */
const SORTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(FIGURES.map((name) => [name, `"${name}"`])),
  index: 'idx',
  attempt: 'attempt',
  partitionId: 'partition',
  launchTime: 'launch',
  status: 'status',
  taskLocality: LOCALITY,
  executorId: 'place.executor',
  host: 'place.host',
  errorMessage: 'error',
};

export class TaskQueries {
  readonly #db: Database;
  readonly #statements = new Map<string, Statement>();

  constructor(db: Database) {
    this.#db = db;
  }

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size > 100) this.#statements.clear();
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  counts(stageId: number, attemptId: number): { readonly size: number; readonly successes: number } {
    const found = this.#prepared(`SELECT size, successes FROM stage_tasks WHERE ${OF_STAGE}`).get(stageId, attemptId);
    return (found as { size: number; successes: number } | undefined) ?? { size: 0, successes: 0 };
  }

  ids(stageId: number, attemptId: number, page: TaskPage, nowMs: number): Float64Array {
    const { where, values } = this.#conditions(page);
    const by = this.#sortOf(stageId, attemptId, page, nowMs);
    const direction = page.sort?.descending ? 'DESC' : 'ASC';
    const order = by === undefined ? `taskId ${direction}` : `${by} ${direction}, taskId ${direction}`;
    // Ids first: whole rows would all go through the sorter.
    const join = by?.startsWith('place.') ? 'JOIN place ON place.id = place' : '';
    const ids = `SELECT taskId FROM task ${join} WHERE ${OF_STAGE}${where} ORDER BY ${order} LIMIT ? OFFSET ?`;
    const most = Math.min(page.length, this.counts(stageId, attemptId).size);
    const found = new Float64Array(most);
    let count = 0;
    for (const row of this.#prepared(ids)
      .raw()
      .iterate(stageId, attemptId, ...values, most, page.offset))
      found[count++] = (row as [number])[0];
    return found.subarray(0, count);
  }

  #sortOf(stageId: number, attemptId: number, { sort }: TaskPage, nowMs: number): string | undefined {
    if (sort === undefined || !Object.hasOwn(SORTS, sort.by)) return undefined;
    if (sort.by !== 'duration') return SORTS[sort.by];
    const running = this.#prepared(`SELECT 1 FROM task WHERE ${OF_STAGE} AND status < 2 LIMIT 1`).get(stageId, attemptId);
    return running === undefined ? SORTS['duration'] : `CASE WHEN status < 2 THEN ${Math.floor(nowMs)} - launch ELSE duration END`;
  }

  count(stageId: number, attemptId: number, filter: Filter): number {
    const { where, values } = this.#conditions(filter);
    if (where === '') return this.counts(stageId, attemptId).size;
    const sql = `SELECT count(*) AS n FROM task WHERE ${OF_STAGE}${where}`;
    return (this.#prepared(sql).get(stageId, attemptId, ...values) as { n: number }).n;
  }

  /** Words are looked for in what many rows share first, so that a row costs a comparison of numbers. */
  #conditions({ status, search }: Filter): { where: string; values: unknown[] } {
    const where = whereStatus(status);
    if (search === undefined || search === '') return { where, values: [] };
    const word = search.toLowerCase();
    const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
    const has = (text: string): boolean => text.toLowerCase().includes(word);
    const places = this.#places().filter(({ executor, host }) => has(executor) || has(host));
    const any = [
      `place IN (${places.map(({ id }) => id).join(', ')})`,
      `status IN (${numbersOf(STATUSES, has)})`,
      `${LOCALITY} IN (${numbersOf(LOCALITIES, has)})`,
      "error LIKE ? ESCAPE '\\'",
    ];
    const digits = /^\d+$/.test(search);
    if (digits) any.push('taskId LIKE ?', 'idx LIKE ?');
    return { where: `${where} AND (${any.join(' OR ')})`, values: digits ? [like, like, like] : [like] };
  }

  #places(): { readonly id: number; readonly executor: string; readonly host: string }[] {
    return this.#prepared('SELECT id, executor, host FROM place ORDER BY id').all() as { id: number; executor: string; host: string }[];
  }

  find(stageId: number, attemptId: number, taskId: number, nowMs: number): TaskData | undefined {
    const sql = `SELECT task.*, executor, host FROM task JOIN place ON place.id = place WHERE taskId = ? AND ${OF_STAGE}`;
    const row = this.#prepared(sql).get(taskId, stageId, attemptId) as Row | undefined;
    return row && taskData(row, nowMs);
  }

  /** Rows by the chunk; between two chunks no statement is open, so that whoever reads slowly holds up nothing. */
  *each(stageId: number, attemptId: number, taskIds: Float64Array, nowMs: number): Generator<TaskData> {
    for (let from = 0; from < taskIds.length; from += ROWS_AT_ONCE) {
      const ids = taskIds.subarray(from, from + ROWS_AT_ONCE);
      // The plus: rows are found by their id, never by the index of stages.
      const sql = `SELECT task.*, executor, host FROM task JOIN place ON place.id = place
        WHERE taskId IN (${Array.from(ids, () => '?').join()}) AND +stageId = ? AND +stageAttemptId = ?`;
      const rows = new Map((this.#prepared(sql).all(...ids, stageId, attemptId) as Row[]).map((row) => [row['taskId'], row]));
      for (const id of ids) {
        const row = rows.get(id);
        if (row !== undefined) yield taskData(row, nowMs);
      }
    }
  }

  timeline(stageId: number, attemptId: number, nowMs: number): TaskTimeline {
    const names = ['taskId', 'place', 'launch', 'duration', 'status', 'schedulerDelay', 'executorDeserializeTime', 'shuffleFetchWaitTime'];
    const more = ['executorRunTime', 'shuffleWriteTimeNs', 'resultSerializationTime', 'gettingResultTime'];
    const columns = [...names, ...more].map((name) => `"${name}"`).join(', ');
    const sql = `SELECT ${columns} FROM task WHERE ${OF_STAGE} ORDER BY launch, taskId LIMIT ${MOST_IN_TIMELINE}`;
    const rows = this.#db.prepare(sql).raw().all(stageId, attemptId) as number[][];
    const places = this.#places();
    const fromMs = rows[0]?.[2] ?? 0;
    const column = (value: (row: number[]) => number): number[] => rows.map(value);
    const writeMs = (row: number[]): number => Math.round(row[9]! / 1e6);
    return {
      fromMs,
      executors: places.map(({ executor, host }) => `${executor} / ${host}`),
      taskId: column((row) => row[0]!),
      executor: column((row) => row[1]!),
      launch: column((row) => row[2]! - fromMs),
      duration: column((row) => (row[4]! < 2 ? Math.max(0, nowMs - row[2]!) : row[3]!)),
      state: column((row) => STATE_OF_STATUS[row[4]!]!),
      phases: [
        column((row) => row[5]!),
        column((row) => row[6]!),
        column((row) => row[7]!),
        column((row) => Math.max(0, row[8]! - row[7]! - writeMs(row))),
        column(writeMs),
        column((row) => row[10]!),
        column((row) => row[11]!),
      ],
    };
  }
}

/** By the numbers of STATUSES: 0 running, 1 success, 2 failed, 3 killed. */
const STATE_OF_STATUS = [0, 0, 1, 2, 3, 2] as const;

const whereStatus = (status: readonly string[] | undefined): string => {
  if (status === undefined || status.length === 0) return '';
  return ` AND status IN (${numbersOf(STATUSES, (name) => status.includes(name))})`;
};
const numbersOf = (names: readonly string[], fits: (name: string) => boolean): string =>
  names.flatMap((name, i) => (fits(name) ? [i] : [])).join(', ');

function metricsOf(row: Row): TaskMetrics {
  const metrics = {} as Record<TaskMetricName, number>;
  for (const name of TASK_METRICS) metrics[name] = row[name]!;
  const push = pushOf((name) => row[name]!);
  return push === undefined ? metrics : { ...metrics, push };
}

function taskData(row: Row, nowMs: number): TaskData {
  const running = row['status']! < 2;
  const duration = running ? Math.max(0, nowMs - row['launch']!) : row['duration']!;
  const fetchStart = row['fetchStart']!;
  return {
    stageId: row['stageId']!,
    stageAttemptId: row['stageAttemptId']!,
    taskId: row['taskId']!,
    index: row['idx']!,
    attempt: row['attempt']!,
    partitionId: row['partition']!,
    launchTimeMs: row['launch']!,
    ...(fetchStart > 0 && { resultFetchStartMs: fetchStart }),
    ...(duration > 0 && { duration }),
    executorId: row.executor,
    host: row.host,
    status: STATUSES[row['status']!]!,
    taskLocality: LOCALITIES[row['flags']! >> LOCALITY_SHIFT]!,
    speculative: (row['flags']! & SPECULATIVE) !== 0,
    accumulatorUpdates: row.accumulables === null ? [] : accumulableData(JSON.parse(row.accumulables) as AccumulableInfo[]),
    ...(row.error !== null && { errorMessage: row.error }),
    ...((row['flags']! & HAS_METRICS) !== 0 && { taskMetrics: metricsOf(row) }),
    executorLogs: {},
    schedulerDelay: row['schedulerDelay']!,
    gettingResultTime: running && fetchStart > 0 ? Math.max(0, nowMs - fetchStart) : row['gettingResultTime']!,
  };
}
