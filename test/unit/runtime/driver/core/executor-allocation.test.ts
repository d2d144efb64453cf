import { expect, test } from 'vitest';
import type { ContainerId } from '../../../../../src/common/ids.ts';
import { ExecutorAllocation } from '../../../../../src/runtime/driver/core/executor-allocation.ts';

const c = (n: number) => `container_1_0001_01_00000${n}` as ContainerId;
const end = (n: number, exitStatus: number) => ({ containerId: c(n), exitStatus, diagnostics: '' });
function allocation(target: number, maxFailures?: number): ExecutorAllocation {
  const a = new ExecutorAllocation({ maxFailures });
  a.setTarget(0, target);
  return a;
}

test('asks for what is missing, and gives back what is too much', () => {
  const a = allocation(2);
  expect(a.wanted(0)).toBe(2);
  expect(a.granted(c(1), 0)).toEqual({ executorId: '1', fresh: true });
  expect(a.granted(c(1), 0)).toEqual({ executorId: '1', fresh: false }); // the same grant again
  a.granted(c(2), 0);
  expect(a.wanted(0)).toBe(0);
  expect(a.granted(c(3), 0)).toBeUndefined();
});

test('a lost executor is replaced under a new id; its end counts once', () => {
  const a = allocation(1);
  a.granted(c(1), 0);
  expect(a.ended(end(1, 137))).toEqual({ executorId: '1', tooMany: false });
  expect(a.ended(end(1, 137))).toBeUndefined();
  expect([a.wanted(0), a.failures]).toEqual([1, 1]);
  expect(a.granted(c(2), 0)?.executorId).toBe('2');
});

test('only ends that the application can have caused are failures', () => {
  const a = allocation(9, 2);
  for (const [n, status] of [
    [1, -100],
    [2, -102],
    [3, -105],
    [4, 0],
  ] as const) {
    a.granted(c(n), 0);
    expect(a.ended(end(n, status))?.tooMany).toBe(false);
  }
  a.granted(c(5), 0);
  a.granted(c(6), 0);
  expect(a.ended(end(5, -104))?.tooMany).toBe(false);
  expect(a.ended(end(6, 1))?.tooMany).toBe(true);
});

test('without a limit of its own an application may lose twice the most executors that it ever wanted, at least 3', () => {
  const lose = (a: ExecutorAllocation): number => {
    for (let n = 1; ; n++) {
      a.setTarget(0, Math.max(1, a.target(0)));
      a.granted(c(n), 0);
      if (a.ended(end(n, 1))?.tooMany) return n;
    }
  };
  expect(lose(allocation(1))).toBe(3);
  const a = allocation(4);
  a.setTarget(0, 1); // grown and shrunk again
  expect(lose(a)).toBe(8);
});

test('a lower target cancels asks and takes nobody away: what was granted meanwhile is given back', () => {
  const a = allocation(3);
  a.granted(c(1), 0);
  a.setTarget(0, 1);
  expect(a.wanted(0)).toBe(0);
  expect(a.granted(c(2), 0)).toBeUndefined(); // the grant was on its way when the ask was cancelled
  a.setTarget(0, 0);
  expect(a.held).toEqual([c(1)]);
  a.ended(end(1, 137));
  expect(a.wanted(0)).toBe(0); // and nobody takes its place
});

test('an executor that is given back is nobody´s loss, and its end is not heard', () => {
  const a = allocation(2);
  a.granted(c(1), 0);
  a.granted(c(2), 0);
  a.setTarget(0, 1);
  expect(a.givenBack('1')).toBe(c(1));
  expect(a.givenBack('1')).toBeUndefined();
  expect(a.ended(end(1, 137))).toBeUndefined();
  expect([a.wanted(0), a.failures]).toEqual([0, 0]);
});

test('an executor that leaves by itself may be replaced before it has ended', () => {
  const a = allocation(1);
  a.granted(c(1), 0);
  a.leaves('1', true);
  expect(a.wanted(0)).toBe(1);
  expect(a.granted(c(2), 0)?.executorId).toBe('2');
  expect(a.held).toEqual([c(1), c(2)]);
  expect(a.ended(end(1, 143))).toEqual({ executorId: '1', tooMany: false });
  expect(a.failures).toBe(0);
});

test('profiles have asks and targets of their own', () => {
  const a = allocation(1);
  a.setTarget(2, 2);
  expect(a.profiles).toEqual([0, 2]);
  a.granted(c(1), 2);
  expect([a.wanted(0), a.wanted(2), a.profileOf('1')]).toEqual([1, 1, 2]);
  a.granted(c(2), 0);
  expect(a.granted(c(3), 0)).toBeUndefined(); // a grant of one profile does not serve another
  a.setTarget(2, 0);
  expect(a.profiles).toEqual([0, 2]); // an ask that is left out would stay as it was
});
