// Reads /proc: all processes of the host, one process, who carries a container's id in the environment. What belongs to whom is
// decided in core/process-tree.ts. A process may end between two reads: then it is simply not there.
import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessRef } from '../core/container-machine.ts';
import { isSame, parseStat, type ProcessInfo } from '../core/process-tree.ts';

const PAGE_BYTES = 4096;
export const rssBytes = (p: ProcessInfo): number => p.rssPages * PAGE_BYTES;

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined; // ended, or not ours to read
  }
}

export function processOf(pid: number): ProcessInfo | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : parseStat(stat);
}

export const isRunning = (ref: ProcessRef): boolean => isSame(processOf(ref.pid), ref);

/** @returns undefined when it has already ended */
export function refOf(pid: number): ProcessRef | undefined {
  const info = processOf(pid);
  return info === undefined ? undefined : { pid, startTicks: info.startTicks };
}

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => name.charCodeAt(0) <= 57)
    .map(Number);

/** About 15 µs a process. */
export const allProcesses = (): ProcessInfo[] => pids().flatMap((pid) => processOf(pid) ?? []);

/** How a person calls it: the program of its command line; Node.js names its threads, so `comm` says MainThread. */
export function programOf({ pid, command }: ProcessInfo): string {
  const [program = ''] = (read(`/proc/${pid}/cmdline`) ?? '').split('\0');
  return program === '' ? command : program.slice(program.lastIndexOf('/') + 1);
}

export const commandLineOf = (pid: number): string => (read(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim();

/** Whether it has a handler of its own for that signal. */
export function catches(pid: number, signal: number): boolean {
  const caught = /^SigCgt:\t([0-9a-f]+)$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return caught !== undefined && ((BigInt(`0x${caught}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

/** The container in whose environment it was started, if any. */
export const containerOf = (pid: number): string | undefined =>
  /(?:^|\0)CONTAINER_ID=([^\0]*)/.exec(read(`/proc/${pid}/environ`) ?? '')?.[1];

/** Processes that were started with this variable: also those that made a session of their own and lost their parent. */
export function withEnvironment(variable: string): number[] {
  const needle = `\0${variable}\0`;
  return pids().filter((pid) => pid !== process.pid && `\0${read(`/proc/${pid}/environ`) ?? ''}`.includes(needle));
}
