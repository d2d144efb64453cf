import { expect, test } from 'vitest';
import { noFigures } from '../../../../src/runtime/plan/status-metrics.ts';
import { FrameMeter, ThreadMeter } from '../../../../src/runtime/executor/thread-meter.ts';

/** A thread that spends what the test says. */
class FakeThread {
  spentNs = 0;
  pausedMs = 0;
  looks = 0;

  cpuNs(): number {
    this.looks++;
    const spent = this.spentNs;
    this.spentNs = 0;
    return spent;
  }

  gcMs(): number {
    const paused = this.pausedMs;
    this.pausedMs = 0;
    return paused;
  }
}

test('a long task has what its thread spent, to the nanosecond', () => {
  const thread = new FakeThread();
  thread.spentNs = 99; // between frames: nobody's
  const meter = new FrameMeter(thread);
  thread.spentNs = 7_000_000;
  thread.pausedMs = 2.4;
  const figures = meter.ran(10, { ...noFigures(), inputBytes: 5 })!;
  expect(figures).toMatchObject({ executorCpuTimeNs: 7_000_000, gcTime: 2, inputBytes: 5 });
  expect(meter.rates()).toEqual({ cpuNsPerMs: 0, gcMsPerMs: 0 });
});

test('short tasks are looked at once a frame and share what they spent', () => {
  const thread = new FakeThread();
  const meter = new FrameMeter(thread);
  const looksBefore = thread.looks;
  for (let i = 0; i < 100; i++) expect(meter.ran(0.01, undefined)).toBeUndefined();
  thread.spentNs = 800_000;
  thread.pausedMs = 0.1;
  const { cpuNsPerMs, gcMsPerMs } = meter.rates();
  expect(cpuNsPerMs * 1).toBeCloseTo(800_000);
  expect(gcMsPerMs).toBeCloseTo(0.1);
  expect(thread.looks - looksBefore).toBe(1);
});

test('a long task after short ones takes its share only: together they have all that was spent', () => {
  const thread = new FakeThread();
  const meter = new FrameMeter(thread);
  meter.ran(0.5, undefined);
  meter.ran(0.5, undefined);
  thread.spentNs = 4_000_000;
  const long = meter.ran(3, undefined)!;
  expect(long.executorCpuTimeNs).toBe(3_000_000);
  expect(meter.rates().cpuNsPerMs * 1).toBeCloseTo(1_000_000);
});

test('a real thread: garbage collection is seen after a turn, and once', async () => {
  const meter = new ThreadMeter();
  let all: object[] = [];
  for (let i = 0; i < 2_000_000; i++) {
    all.push({ i });
    if (all.length > 100_000) all = [];
  }
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(meter.gcMs()).toBeGreaterThan(0);
  expect(meter.gcMs()).toBe(0);
  expect(meter.cpuNs()).toBeGreaterThan(0);
  meter.stop();
});
