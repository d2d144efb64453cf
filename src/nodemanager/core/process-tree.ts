// The processes of one container, found in a list of all processes of the host, and YARN's dump of them. Pure; reading /proc is
// service/process-table.ts's work. Source: YARN's ProcfsBasedProcessTree (children), widened by session and group, so that a
// process whose parent ended still counts.
import type { ProcessRef } from './container-machine.ts';

export type ProcessInfo = {
  readonly pid: number;
  readonly ppid: number;
  readonly pgrp: number;
  readonly session: number;
  readonly command: string;
  /** One letter of /proc/pid/stat; Z and X are dead. */
  readonly state: string;
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly startTicks: number;
  readonly vmBytes: number;
  readonly rssPages: number;
};

/** @param stat one line of /proc/pid/stat; the command is in parentheses and may itself hold spaces and parentheses */
export function parseStat(stat: string): ProcessInfo | undefined {
  const [open, close] = [stat.indexOf('('), stat.lastIndexOf(')')];
  const f = stat.slice(close + 2).split(' ');
  if (open < 1 || close < open || f.length < 22) return undefined;
  const n = (field: number) => Number(f[field - 3]); // fields are counted from 1 in proc(5); field 3 is the first after the command
  return {
    pid: Number(stat.slice(0, open - 1)),
    command: stat.slice(open + 1, close),
    state: f[0]!,
    ppid: n(4),
    pgrp: n(5),
    session: n(6),
    userTicks: n(14),
    systemTicks: n(15),
    startTicks: n(22),
    vmBytes: n(23),
    rssPages: n(24),
  };
}

export const isAlive = (p: ProcessInfo): boolean => p.state !== 'Z' && p.state !== 'X';

export const isSame = (p: ProcessInfo | undefined, ref: ProcessRef): boolean =>
  p !== undefined && p.pid === ref.pid && p.startTicks === ref.startTicks && isAlive(p);

const NONE: ReadonlySet<number> = new Set();

/**
 * The container's first process, its session and group, and all their descendants. O(processes).
 * @param all every process of the host. A pid that was reused by a stranger (other start time) is no root.
 * @param strays pids that belong to it by another sign: a daemon has left session, group and parent
 */
export function treeOf(all: readonly ProcessInfo[], root: ProcessRef, strays: ReadonlySet<number> = NONE): ProcessInfo[] {
  const first = all.find((p) => p.pid === root.pid);
  if (first !== undefined && first.startTicks !== root.startTicks) return [];
  const children = Map.groupBy(all, (p) => p.ppid);
  const found = new Map<number, ProcessInfo>();
  const waiting = all.filter((p) => p.pid === root.pid || p.session === root.pid || p.pgrp === root.pid || strays.has(p.pid));
  for (let p = waiting.pop(); p !== undefined; p = waiting.pop()) {
    if (found.has(p.pid)) continue;
    found.set(p.pid, p);
    waiting.push(...(children.get(p.pid) ?? []));
  }
  return [...found.values()].filter(isAlive).sort((a, b) => a.pid - b.pid);
}

const TICK_MS = 10; // USER_HZ is 100 on every Linux that Node.js runs on

/** One line of YARN's dump. @param commandLine arguments joined by spaces, cut to 300 characters: secrets never lie in argv, but lists may be long */
export const dumpLine = (p: ProcessInfo, commandLine: string): string =>
  `\t|- ${p.pid} ${p.ppid} ${p.pgrp} ${p.session} (${p.command}) ${p.userTicks * TICK_MS} ${p.systemTicks * TICK_MS} ${p.vmBytes} ${p.rssPages} ` +
  `${commandLine.length > 300 ? `${commandLine.slice(0, 300)}…` : commandLine}\n`;

export const DUMP_HEAD =
  '\t|- PID PPID PGRPID SESSID CMD_NAME USER_MODE_TIME(MILLIS) SYSTEM_TIME(MILLIS) VMEM_USAGE(BYTES) RSSMEM_USAGE(PAGES) FULL_CMD_LINE\n';
