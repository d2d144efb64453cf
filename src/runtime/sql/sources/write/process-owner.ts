// Which process something on the disk belongs to, and whether it still lives: told by its number and the time of its start, so that a later process
// with the same number is not taken for it. Of other machines nobody knows: they count as alive.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

export type Owner = { readonly host: string; readonly pid: number; readonly started: string };

export const thisProcess = (): Owner => ({ host: hostname(), pid: process.pid, started: startOf(process.pid) });

export function isAlive({ host, pid, started }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(pid) === started;
}

/** As the system says it. '' where it doesn't, and of a process that has ended and whose parent has not yet asked how. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}
