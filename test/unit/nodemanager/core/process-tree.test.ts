import { describe, expect, it } from 'vitest';
import { dumpLine, isSame, parseStat, type ProcessInfo, treeOf } from '../../../../src/nodemanager/core/process-tree.ts';

const p = (pid: number, ppid: number, pgrp: number, session = pgrp, state = 'S'): ProcessInfo => ({
  pid,
  ppid,
  pgrp,
  session,
  state,
  command: 'x',
  userTicks: 3,
  systemTicks: 1,
  startTicks: pid * 10,
  vmBytes: 100,
  rssPages: 2,
});
const root = (pid: number) => ({ pid, startTicks: pid * 10 });
const pids = (tree: ProcessInfo[]) => tree.map((x) => x.pid);

describe('the processes of a container', () => {
  it('reads a line of /proc/pid/stat, whatever the command is called', () => {
    const stat =
      '7156 (a) b (c) S 7144 7143 7142 0 -1 4194560 100 0 0 0 118 11 0 0 20 0 12 0 4242 4322066432 316062 18446744073709551615 1 1';
    expect(parseStat(stat)).toEqual({
      pid: 7156,
      command: 'a) b (c',
      state: 'S',
      ppid: 7144,
      pgrp: 7143,
      session: 7142,
      userTicks: 118,
      systemTicks: 11,
      startTicks: 4242,
      vmBytes: 4322066432,
      rssPages: 316062,
    });
    expect(parseStat('')).toBeUndefined();
    expect(parseStat('7156 (x')).toBeUndefined();
  });

  it('has children, grandchildren, and those who moved to another group or session', () => {
    const all = [p(1, 0, 1), p(10, 1, 10), p(11, 10, 10), p(12, 11, 12, 12), p(13, 12, 13, 13), p(20, 1, 20)];
    expect(pids(treeOf(all, root(10)))).toEqual([10, 11, 12, 13]);
  });

  it('has those whose parent ended, as long as they are in its session or group', () => {
    const all = [p(1, 0, 1), p(11, 1, 10), p(12, 1, 99, 10), p(13, 12, 13, 13), p(20, 1, 20)];
    expect(pids(treeOf(all, root(10)))).toEqual([11, 12, 13]);
  });

  it('has no dead ones, and nothing of a stranger who got the number later', () => {
    expect(pids(treeOf([p(10, 1, 10), p(11, 10, 10, 10, 'Z')], root(10)))).toEqual([10]);
    expect(treeOf([p(10, 1, 10), p(11, 10, 10)], { pid: 10, startTicks: 7 })).toEqual([]);
    expect(isSame(p(10, 1, 10), { pid: 10, startTicks: 7 })).toBe(false);
    expect(isSame(p(10, 1, 10, 10, 'Z'), root(10))).toBe(false);
    expect(isSame(undefined, root(10))).toBe(false);
  });

  it('is dumped as YARN does', () => {
    expect(dumpLine(p(10, 1, 10), 'node x.js')).toBe('\t|- 10 1 10 10 (x) 30 10 100 2 node x.js\n');
    expect(dumpLine(p(10, 1, 10), 'y'.repeat(500))).toHaveLength('\t|- 10 1 10 10 (x) 30 10 100 2 '.length + 302);
  });
});
