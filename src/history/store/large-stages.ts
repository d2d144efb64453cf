// SQLite indexes for pages of large stages in any order: made when a log has been read, for the columns that have something in them. Small
// stages are sorted when they are asked for.
import type { Database } from '../../common/ports.ts';
import { FIGURES, LARGE_STAGE } from './index-tables.ts';

/** Not worth their room: nobody looks for the slowest of these. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'gettingResultTime',
  'executorDeserializeCpuTimeNs',
  'executorCpuTimeNs',
  'resultSize',
  'resultSerializationTime',
  'shuffleTotalBlocks',
  'shuffleLocalBlocks',
  'shuffleRemoteBlocks',
  'shuffleLocalBytes',
  'shuffleRemoteBytes',
  'shuffleRemoteBytesToDisk',
  'shuffleRemoteRequestsDuration',
]);

export function indexLargeStages(db: Database): void {
  if (db.prepare('SELECT 1 FROM stage_tasks WHERE size >= ? LIMIT 1').get(LARGE_STAGE) === undefined) return;
  const figures = FIGURES.filter((name) => !LEFT_OUT.has(name));
  const sums = db.prepare(`SELECT ${figures.map((name) => `max("${name}") AS "${name}"`).join(', ')} FROM task`).get() as Record<
    string,
    number
  >;
  const wanted = ['launch', 'status', ...figures.filter((name) => sums[name]! > 0)];
  for (const name of wanted)
    db.prepare(`CREATE INDEX IF NOT EXISTS "task_by_${name}" ON task (stageId, stageAttemptId, "${name}", taskId)`).run();
}
