// A task's half of writing a table: files under the attempt's own folder, then one rename commits the task. Of two attempts the first rename wins,
// and what the other one tells the driver is what the first has left, so nothing is there twice. The job's half is sql/sources/write/staging.ts.
// Source: HadoopMapReduceCommitProtocol of Spark 4.2 with Hadoop's FileOutputCommitter, algorithm 1; OutputCommitCoordinator's place is the rename.
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { QueryOptions, SqlKernel } from '../../../common/sql-kernel.ts';
import { copyRows, filesBelow } from '../../rdd/copy-rows.ts';
import type { FragmentWrite, TaskFiles } from '../../rdd/sql-fragment.ts';
import type { Task } from './running-task.ts';
import { commitTask, openAttempt } from './save-text.ts';

/** @param options of the query that has the rows */
export async function writeTask(
  kernel: SqlKernel,
  sql: string,
  write: FragmentWrite,
  task: Task,
  options?: QueryOptions,
): Promise<TaskFiles> {
  const part = String(task.partition).padStart(5, '0');
  const attempt = path.join(write.folder, `attempt_${part}_${task.attempt}_${task.taskId}`);
  openAttempt(attempt, write.folder);
  // A file may come into it while it goes: a killed task's kernel writes on until it hears of it.
  task.cleanUp.push(() => rmSync(attempt, { recursive: true, force: true, maxRetries: 5 }));
  let asked = options; // the first query has the rows, what may follow it arranges files
  const query = (text: string) => {
    const own = asked;
    asked = undefined;
    return kernel.query(text, { ...own, atOnce: true });
  };
  const rows = await copyRows({ kernel, query }, sql, write, path.join(attempt, 'rows'), task.partition === 0);
  task.check();
  const committed = path.join(write.folder, `task_${part}`);
  commitTask(attempt, committed);
  const files = filesBelow(committed, write.folder);
  task.metrics.outputRecords += rows;
  task.metrics.outputBytes += files.reduce((sum, [, bytes]) => sum + bytes, 0);
  return { task: task.partition, files };
}
