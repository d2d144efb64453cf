// The tables of an index: one SQLite file for each log, with a row for each task and the rest of the application's state as one value. Here
// are the words; task-writer.ts fills the rows, task-queries.ts asks, index-file.ts opens the file and holds what else is in it.
import { METRIC_COLUMNS, PUSH_METRICS } from '../../status/task-metrics.ts';

/** Raised when rows or the stored state change their meaning: an older index is made anew. */
export const INDEX_FORMAT = 3;

/** Follow from a task's metrics; stored, so that they can be sorted by. */
export const DERIVED = ['gettingResultTime', 'schedulerDelay', 'shuffleReadBytes', 'shuffleTotalBlocks'] as const;
export const FIGURES = ['duration', ...DERIVED, ...METRIC_COLUMNS] as const;
export type Figure = (typeof FIGURES)[number];

/** Columns of `task` in the order in which they are written. Times are ms since 1970; duration is 0 while it runs. */
export const TASK_COLUMNS = [
  'taskId',
  'stageId',
  'stageAttemptId',
  'idx',
  'attempt',
  'partition',
  'launch',
  'fetchStart',
  'place',
  'status',
  'flags',
  'error',
  'accumulables',
  ...FIGURES,
] as const;

/** Written only for tasks that have them: the last ones, 0 by default. */
export const PUSH_COLUMNS = PUSH_METRICS.length;

const TEXTS: ReadonlySet<string> = new Set(['error', 'accumulables']);
const columns = TASK_COLUMNS.map(
  (name) => `"${name}" ${TEXTS.has(name) ? 'TEXT' : `INTEGER NOT NULL${name === 'taskId' ? ' PRIMARY KEY' : ' DEFAULT 0'}`}`,
);

export const INDEX_MIGRATIONS: readonly string[] = [
  `CREATE TABLE task (${columns.join(', ')});
   CREATE INDEX task_of_stage ON task (stageId, stageAttemptId, taskId);
   CREATE INDEX running_task ON task (status) WHERE status < 2;
   CREATE TABLE place (id INTEGER PRIMARY KEY, executor TEXT NOT NULL, host TEXT NOT NULL);
   CREATE TABLE stage_tasks (stageId INTEGER, stageAttemptId INTEGER, size INTEGER NOT NULL, successes INTEGER NOT NULL,
     PRIMARY KEY (stageId, stageAttemptId)) WITHOUT ROWID;
   CREATE TABLE quantile (stageId INTEGER, stageAttemptId INTEGER, figure TEXT, successes INTEGER NOT NULL, atPermille BLOB NOT NULL,
     PRIMARY KEY (stageId, stageAttemptId, figure)) WITHOUT ROWID;
   CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;`,
];

export const STATUSES = ['RUNNING', 'GET RESULT', 'SUCCESS', 'FAILED', 'KILLED', 'UNKNOWN'] as const;
export const RUNNING = 0;
export const GET_RESULT = 1;
export const SUCCESS = 2;
export const LOCALITIES = ['PROCESS_LOCAL', 'NODE_LOCAL', 'NO_PREF', 'RACK_LOCAL', 'ANY'] as const;
/** Bits of `flags`; the locality's number is above them. */
export const SPECULATIVE = 1;
export const HAS_METRICS = 2;
export const LOCALITY_SHIFT = 2;

/** A stage attempt with fewer tasks is sorted when it is asked for. */
export const LARGE_STAGE = 4_000;
export const PERMILLES = 1_001;
