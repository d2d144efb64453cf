// A task's half of saveAsTextFile: write under the attempt's own folder, then one rename commits the task. The driver's half is
// rdd/output-commit.ts. Of two attempts of a task the first rename wins. Source: Hadoop's FileOutputCommitter, algorithm 1.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../common/errors.ts';
import { NewFile } from '../../shuffle/local-file.ts';
import { textOf } from './row-text.ts';
import { after, drain, type Rows } from './rows.ts';
import type { Task } from './running-task.ts';

const FLUSH_CHARACTERS = 1 << 18;

export function saveAsText(
  source: Rows,
  { path: folder, jobId }: { path: string; jobId: string },
  _: unknown,
  task: Task,
): undefined | Promise<undefined> {
  const part = String(task.partition).padStart(5, '0');
  const taskName = `${jobId}_m_${part.padStart(6, '0')}`;
  const attemptFolder = path.join(folder, '_temporary', '0', '_temporary', `attempt_${taskName}_${task.attempt}_${task.taskId}`);
  openAttempt(attemptFolder, folder);
  const file = new NewFile(path.join(attemptFolder, `part-${part}`), 'attempt');
  task.cleanUp.push(() => {
    file.discard();
    rmSync(attemptFolder, { recursive: true, force: true });
  });
  let text = '';
  const flush = () => {
    file.write([Buffer.from(text, 'utf8')]);
    text = '';
  };
  const drained = drain(source, (rows, n) => {
    for (let i = 0; i < n; i++) text += `${textOf(rows[i])}\n`;
    task.metrics.outputRecords += n;
    if (text.length > FLUSH_CHARACTERS) flush();
  });
  return after(drained, () => {
    flush();
    file.commit();
    task.metrics.outputBytes += file.size;
    commitTask(attemptFolder, path.join(folder, '_temporary', '0', `task_${taskName}`));
    return undefined;
  });
}

/** The job's folder must be there: a straggler of an aborted job would make it anew, and the next run would find that it exists. */
export function openAttempt(attemptFolder: string, folder: string): void {
  try {
    mkdirSync(attemptFolder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new AppError(
      'LOCAL_DISK',
      { path: folder, detail: code === 'ENOENT' ? 'the job that wrote there has ended' : message },
      { cause: error },
    );
  }
}

/** Nothing happens when another attempt was there first. */
export function commitTask(attemptFolder: string, taskFolder: string): void {
  if (existsSync(taskFolder)) return;
  try {
    renameSync(attemptFolder, taskFolder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error; // another attempt was there first: its output is as good
  }
}
