// Which instances of `emberloom run` are started again, and what the exit code is.
import { describe, expect, it } from 'vitest';
import { Replicas } from '../../../../src/cli/run/replicas.ts';
import type { ContainerId } from '../../../../src/common/ids.ts';

const id = (n: number) => `container_1700000000000_0001_01_00000${n}` as ContainerId;
const end = (exitStatus: number, diagnostics = '') => ({ exitStatus, diagnostics });
const begin = (r: Replicas, n: number) => {
  const granted = r.granted(id(n));
  r.launched(id(n));
  return granted;
};

describe('Replicas', () => {
  it('gives each container its instance, once, and gives back what is too many', () => {
    const r = new Replicas(2, 'never', 0);
    expect(r.wanted).toBe(2);
    expect(r.granted(id(1))).toEqual({ index: 0, fresh: true });
    expect(r.granted(id(1))).toEqual({ index: 0, fresh: false });
    expect(r.granted(id(2))).toEqual({ index: 1, fresh: true });
    expect(r.granted(id(3))).toBeUndefined();
    expect(r.held).toEqual([id(1), id(2)]);
  });

  it('never: the first that failed, by number, is the exit code; a status that is none of a process is 1', () => {
    const r = new Replicas(3, 'never', 0);
    for (const n of [1, 2, 3]) begin(r, n);
    r.ended(id(3), end(9));
    r.ended(id(2), end(-104, 'too much memory'));
    expect(r.allDone).toBe(false);
    r.ended(id(1), end(0));
    expect(r.allDone).toBe(true);
    expect(r.outcome()).toEqual({
      exitCode: 1,
      diagnostics: 'instance 1 ended with exit status -104; 2 of 3 instances failed. too much memory',
    });
  });

  it('never: a launch that its node took and whose disks then failed has not begun', () => {
    const r = new Replicas(1, 'never', 0);
    begin(r, 1);
    expect(r.ended(id(1), end(-101))).toEqual({ index: 0, tag: 'again', afterMs: 0 });
    begin(r, 2);
    expect(r.ended(id(2), end(-100))).toEqual({ index: 0, tag: 'done' });
  });

  it('never: what did not begin is begun elsewhere, what began is not begun twice', () => {
    const r = new Replicas(1, 'never', 0);
    r.granted(id(1));
    expect(r.ended(id(1), end(-100))).toEqual({ index: 0, tag: 'again', afterMs: 0 });
    expect(r.wanted).toBe(1);
    begin(r, 2);
    expect(r.ended(id(2), end(-100))).toEqual({ index: 0, tag: 'done' });
  });

  it('on-failure: at once, then after longer and longer rests, until it is enough', () => {
    const r = new Replicas(1, 'on-failure', 4);
    const rests = [1, 2, 3, 4].map((n) => {
      begin(r, n);
      const after = r.ended(id(n), end(1))!;
      if (after.tag === 'again' && after.afterMs > 0) {
        expect(r.wanted).toBe(0);
        r.rested(0);
      }
      expect(r.wanted).toBe(1);
      return after.tag === 'again' ? after.afterMs : -1;
    });
    expect(rests).toEqual([0, 1_000, 2_000, 4_000]);
    begin(r, 5);
    expect(r.ended(id(5), end(1))!.tag).toBe('done');
  });

  it('a lost node or a preemption uses up no restart', () => {
    const r = new Replicas(1, 'on-failure', 0);
    for (const [n, status] of [
      [1, -100],
      [2, -102],
    ] as const) {
      begin(r, n);
      expect(r.ended(id(n), end(status))).toMatchObject({ tag: 'again', afterMs: 0 });
    }
    begin(r, 3);
    expect(r.ended(id(3), end(0))!.tag).toBe('done');
    expect(r.outcome()).toEqual({ exitCode: 0, diagnostics: '' });
  });

  it('always: success is no end; strangers change nothing', () => {
    const r = new Replicas(1, 'always', Number.POSITIVE_INFINITY);
    begin(r, 1);
    expect(r.ended(id(9), end(0))).toBeUndefined();
    expect(r.ended(id(1), end(0))!.tag).toBe('again');
    expect(r.allDone).toBe(false);
  });
});
