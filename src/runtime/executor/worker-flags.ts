// Words that a worker thread shares with the thread that started it: what it runs now, and what it shall stop. They work while user
// code blocks the worker's event loop. Uint32, read and written with Atomics.

/** Task id + 1 of the running task; 0: idle. */
export const RUNNING_TASK = 0;
/** Stage key of the running task. */
export const RUNNING_STAGE = 1;
/** Stage key whose tasks shall end: compared between chunks of rows. */
export const STOP_STAGE = 2;
/** Task id + 1 of one attempt that shall end, whatever becomes of its stage: a copy of it was faster. */
export const STOP_TASK = 3;
/** Memory of the thread's pool, KiB: cached blocks; the most that tasks held since it was last asked; all of it. */
export const STORAGE_KB = 4;
export const EXECUTION_KB = 5;
export const POOL_KB = 6;
/** Garbage collections of the thread's heap so far, and their time, ms. */
export const MINOR_COUNT = 7;
export const MINOR_MS = 8;
export const MAJOR_COUNT = 9;
export const MAJOR_MS = 10;
/** Which tasks the slot has begun, and up to where the others were taken back: task-claims.ts. */
export const CLAIMED = 11;
export const RECALLED_TO = 12;
/** Task id + 1 of the task that last told how far it is, and the records that it had read: written between chunks of rows. */
export const PROGRESS_TASK = 13;
export const PROGRESS_RECORDS = 14;
export const FLAG_WORDS = 15;

/** Whether what runs on the thread now shall end. */
export function isToStop(flags: Uint32Array): boolean {
  const stage = Atomics.load(flags, STOP_STAGE);
  if (stage !== 0 && stage === Atomics.load(flags, RUNNING_STAGE)) return true;
  const task = Atomics.load(flags, STOP_TASK);
  return task !== 0 && task === Atomics.load(flags, RUNNING_TASK);
}

export function publishProgress(flags: Uint32Array, taskId: number, records: number): void {
  const word = taskId + 1;
  if (Atomics.load(flags, PROGRESS_TASK) !== word) {
    Atomics.store(flags, PROGRESS_RECORDS, 0); // a reader between these lines must not take the last task's records for this one's
    Atomics.store(flags, PROGRESS_TASK, word);
  }
  Atomics.store(flags, PROGRESS_RECORDS, Math.min(records, MOST_RECORDS));
}

/** @returns records that the task has read so far; 0: not known */
export function progressOf(flags: Uint32Array, taskId: number): number {
  const told = Atomics.load(flags, PROGRESS_TASK) === taskId + 1;
  const records = Atomics.load(flags, PROGRESS_RECORDS);
  return told && Atomics.load(flags, PROGRESS_TASK) === taskId + 1 ? records : 0;
}

/** More are told as so many. */
const MOST_RECORDS = 0xffff_ffff;

export const newFlags = (): Uint32Array => new Uint32Array(new SharedArrayBuffer(FLAG_WORDS * 4));
