// The driver's half of an atomic output folder; a task's half is executor/compute/save-text.ts. Files appear under their names only after
// every task has succeeded. Source: Hadoop's FileOutputCommitter, algorithm 1.
//
//   <out>/_temporary/0/_temporary/attempt_<job>_m_<part>_<attempt>/part-00000    a task writes
//   <out>/_temporary/0/task_<job>_m_<part>/part-00000                            the task has committed (one rename)
//   <out>/part-00000, <out>/_SUCCESS                                             the job has committed
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../common/errors.ts';

export type Output = { readonly path: string; readonly jobId: string };

/** @throws AppError OUTPUT_EXISTS, LOCAL_DISK */
export async function prepareOutput(folder: string): Promise<Output> {
  if (existsSync(folder)) throw new AppError('OUTPUT_EXISTS', { path: folder });
  try {
    await mkdir(path.join(folder, '_temporary', '0', '_temporary'), { recursive: true });
  } catch (error) {
    throw new AppError('LOCAL_DISK', { path: folder, detail: (error as Error).message });
  }
  return { path: folder, jobId: new Date().toISOString().replace(/\D/g, '').slice(0, 17) };
}

export async function commitOutput({ path: folder }: Output): Promise<void> {
  const committed = path.join(folder, '_temporary', '0');
  const tasks = (await readdir(committed)).filter((name) => name.startsWith('task_')).sort();
  for (const task of tasks) {
    for (const file of await readdir(path.join(committed, task))) await rename(path.join(committed, task, file), path.join(folder, file));
  }
  // A copy of a task that came second may be about to write there.
  await rm(path.join(folder, '_temporary'), { recursive: true, force: true, maxRetries: 5 });
  await writeFile(path.join(folder, '_SUCCESS'), '');
}

/** Leaves no half output: the folder itself goes too when nothing else is in it. */
export async function abortOutput({ path: folder }: Output): Promise<void> {
  // A copy of a task that came second may be about to write there.
  await rm(path.join(folder, '_temporary'), { recursive: true, force: true, maxRetries: 5 });
  await rmdir(folder).catch(() => {}); // someone put a file there meanwhile: theirs to keep
}
