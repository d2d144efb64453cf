import { expect, test } from 'vitest';
import type { ContainerId } from '../../../../../src/common/ids.ts';
import { ExecutorAllocation } from '../../../../../src/runtime/driver/core/executor-allocation.ts';

const c = (n: number) => `container_1_0001_01_00000${n}` as ContainerId;
const end = (n: number, exitStatus: number) => ({ containerId: c(n), exitStatus, diagnostics: '' });

test('asks for what is missing, and gives back what is too much', () => {
  const a = new ExecutorAllocation({ target: 2, maxFailures: 3 });
  expect(a.wanted).toBe(2);
  expect(a.granted(c(1))).toEqual({ executorId: '1', fresh: true });
  expect(a.granted(c(1))).toEqual({ executorId: '1', fresh: false }); // the same grant again
  a.granted(c(2));
  expect(a.wanted).toBe(0);
  expect(a.granted(c(3))).toBeUndefined();
});

test('a lost executor is replaced under a new id; its end counts once', () => {
  const a = new ExecutorAllocation({ target: 1, maxFailures: 3 });
  a.granted(c(1));
  expect(a.ended(end(1, 137))).toEqual({ executorId: '1', tooMany: false });
  expect(a.ended(end(1, 137))).toBeUndefined();
  expect([a.wanted, a.failures]).toEqual([1, 1]);
  expect(a.granted(c(2))?.executorId).toBe('2');
});

test('only ends that the application can have caused are failures', () => {
  const a = new ExecutorAllocation({ target: 9, maxFailures: 2 });
  for (const [n, status] of [
    [1, -100],
    [2, -102],
    [3, -105],
    [4, 0],
  ] as const) {
    a.granted(c(n));
    expect(a.ended(end(n, status))?.tooMany).toBe(false);
  }
  a.granted(c(5));
  a.granted(c(6));
  expect(a.ended(end(5, -104))?.tooMany).toBe(false);
  expect(a.ended(end(6, 1))?.tooMany).toBe(true);
});
