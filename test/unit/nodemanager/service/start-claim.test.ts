// One start of a container's process, whoever was killed when: real wrappers, run by a real sh.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wrapped } from '../../../../src/nodemanager/service/launch-command.ts';
import { begunOrClaimed, nextStart, pidFile } from '../../../../src/nodemanager/service/start-claim.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'claim-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const run = (start: number) => {
  const { file, args } = wrapped('c1', dir, start, ['/bin/sh', '-c', `echo ran >>${dir}/ran; exit 5`]);
  return spawnSync(file, args, { encoding: 'utf8' });
};

describe('the right to start a container', () => {
  it('is taken by the wrapper, which leaves its pid and the exit code', () => {
    expect(nextStart(dir)).toBe(0);
    const { pid, status } = run(0);
    expect(status).toBe(5);
    expect(begunOrClaimed(dir)).toBe(pid);
    expect(readFileSync(join(dir, 'exitcode'), 'utf8')).toBe('5\n');
    expect(nextStart(dir)).toBe(1);
  });

  it('is lost by a wrapper that comes after the NodeManager that took its place, silently', () => {
    expect(begunOrClaimed(dir)).toBe(0);
    const late = run(0);
    expect({ status: late.status, stderr: late.stderr, ran: existsSync(join(dir, 'ran')) }).toEqual({ status: 0, stderr: '', ran: false });
    expect(existsSync(join(dir, 'exitcode'))).toBe(false);
    expect(nextStart(dir)).toBe(1);
    expect(run(1).status).toBe(5);
    expect(begunOrClaimed(dir)).toBeGreaterThan(0);
  });

  it('is taken anew after each NodeManager that came and went', () => {
    for (const n of [1, 2, 3]) {
      expect(begunOrClaimed(dir)).toBe(0);
      expect(nextStart(dir)).toBe(n);
    }
    expect(readdirSync(dir)).toEqual(['pid.0', 'pid.1', 'pid.2']);
    for (const n of [0, 1, 2]) run(n);
    expect(existsSync(join(dir, 'ran'))).toBe(false);
  });

  it('counts as not begun when its wrapper was killed before it said who it is', () => {
    writeFileSync(pidFile(dir, 0), '');
    expect(begunOrClaimed(dir)).toBe(0);
    expect(nextStart(dir)).toBe(2);
  });

  it('needs no folder where nothing was begun', () => {
    rmSync(dir, { recursive: true });
    expect([nextStart(dir), begunOrClaimed(dir)]).toEqual([0, 0]);
  });
});
