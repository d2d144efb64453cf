// Keeps the process alive while work of the driver is under way: its sockets, timers and threads don't, so that a program that has come to its
// end ends. Without this Node.js would leave a program that awaits a job, or sc.stop(), as soon as nothing else runs (exit code 13).

const PERIOD_MS = 3_600_000;
let works = 0;
let timer: NodeJS.Timeout | undefined;

/** @returns what the work gives */
export async function holdProcess<T>(work: Promise<T>): Promise<T> {
  works++;
  timer ??= setInterval(() => {}, PERIOD_MS);
  try {
    return await work;
  } finally {
    if (--works === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  }
}
