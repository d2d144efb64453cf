/** Memory of a process and all its descendants, from /proc: resident, and proportional (shared pages counted once in all). Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

export type Memory = { readonly residentMb: number; readonly proportionalMb: number; readonly processes: number };

/** The processes themselves, without what they started. */
export const memoryOf = (pids: readonly number[]): Memory => ({
  residentMb: sum(pids.map((pid) => kilobytes(pid, 'status', 'VmRSS'))) / 1024,
  proportionalMb: sum(pids.map((pid) => kilobytes(pid, 'smaps_rollup', 'Pss'))) / 1024,
  processes: pids.length,
});

/** With all their descendants. */
export const memoryOfTrees = (roots: readonly number[]): Memory => memoryOf(treesOf(roots));

/** The processes and all their descendants. */
export function treesOf(roots: readonly number[]): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (Number.isInteger(pid)) parents.set(pid, parentOf(pid));
  }
  const wanted = new Set(roots);
  // A child's id may be smaller than its parent's, so go on until nothing more is found.
  for (let before = -1; before !== wanted.size; ) {
    before = wanted.size;
    for (const [pid, parent] of parents) if (wanted.has(parent)) wanted.add(pid);
  }
  return [...wanted];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const kilobytes = (pid: number, file: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(procFile(pid, file))?.[1] ?? 0);
const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)/m.exec(procFile(pid, 'status'))?.[1] ?? 0);

/** Empty for a process that ended meanwhile. */
function procFile(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
