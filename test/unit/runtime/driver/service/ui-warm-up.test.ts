// When the page's code is loaded before anybody asks: timers are turned by hand.
import { expect, test } from 'vitest';
import { warmUp } from '../../../../../src/runtime/driver/service/ui-warm-up.ts';

function world(jobRuns: () => boolean, load: () => Promise<unknown> = async () => {}) {
  let due: { atMs: number; run: () => void } | undefined;
  let nowMs = 0;
  let loads = 0;
  const timers = {
    after: (ms: number, run: () => void) => {
      due = { atMs: nowMs + ms, run };
      return () => {
        due = undefined;
      };
    },
    every: () => () => {},
  };
  const cancel = warmUp(timers, jobRuns, () => {
    loads++;
    return load();
  });
  return {
    cancel,
    loads: () => loads,
    until: (ms: number) => {
      while (due !== undefined && due.atMs <= ms) {
        const { atMs, run } = due;
        due = undefined;
        nowMs = atMs;
        run();
      }
    },
    pending: () => due !== undefined,
  };
}

test('a second after the start, when no job runs, once', () => {
  const w = world(() => false);
  w.until(999);
  expect(w.loads()).toBe(0);
  w.until(60_000);
  expect(w.loads()).toBe(1);
  expect(w.pending()).toBe(false);
});

test('it waits for the end of a short job', () => {
  let busy = true;
  const w = world(() => busy);
  w.until(2_000);
  expect(w.loads()).toBe(0);
  busy = false;
  w.until(2_250);
  expect(w.loads()).toBe(1);
});

test('not for the end of a long one', () => {
  const w = world(() => true);
  w.until(4_999);
  expect(w.loads()).toBe(0);
  w.until(5_000);
  expect(w.loads()).toBe(1);
});

test('a program that ends before pays nothing, and what fails is kept for whoever asks', () => {
  const ended = world(() => false);
  ended.cancel();
  ended.until(60_000);
  expect(ended.loads()).toBe(0);
  const failing = world(
    () => false,
    () => Promise.reject(new Error('no dist/ui.cjs')),
  );
  failing.until(60_000);
  expect(failing.loads()).toBe(1);
});
