// What is said where a function gives a promise and nothing awaits it: by the driver when it sees an async function, by a task when the
// function turns out to be one.

export const NOT_AWAITED =
  'the function is asynchronous, but nothing awaits what it gives for a row. Use mapPartitions with an async function or an async generator, or foreach';

/** Called with one value for many: the first row of a chunk, what a partition was put together to. @throws TypeError when it is a promise */
export function refusePromise(given: unknown, method: string): void {
  if (given instanceof Promise) {
    given.catch(() => {}); // its own failure is not the news
    throw new TypeError(`${method}: ${NOT_AWAITED}`);
  }
}
