// Words that a worker thread shares with the thread that started it: what it runs now, and what it shall stop. They work while user
// code blocks the worker's event loop. Uint32, read and written with Atomics.

/** Task id + 1 of the running task; 0: idle. */
export const RUNNING_TASK = 0;
/** Stage key of the running task. */
export const RUNNING_STAGE = 1;
/** Stage key whose tasks shall end: compared between chunks of rows. */
export const STOP_STAGE = 2;
export const FLAG_WORDS = 4;

export const newFlags = (): Uint32Array => new Uint32Array(new SharedArrayBuffer(FLAG_WORDS * 4));
