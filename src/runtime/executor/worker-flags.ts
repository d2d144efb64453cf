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
export const FLAG_WORDS = 4;

/** Whether what runs on the thread now shall end. */
export function isToStop(flags: Uint32Array): boolean {
  const stage = Atomics.load(flags, STOP_STAGE);
  if (stage !== 0 && stage === Atomics.load(flags, RUNNING_STAGE)) return true;
  const task = Atomics.load(flags, STOP_TASK);
  return task !== 0 && task === Atomics.load(flags, RUNNING_TASK);
}

export const newFlags = (): Uint32Array => new Uint32Array(new SharedArrayBuffer(FLAG_WORDS * 4));
