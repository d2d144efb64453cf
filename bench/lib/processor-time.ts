/** Processor time of process trees, from /proc: what lives now, and what has ended and was waited for. Linux only. */
import { readFileSync } from 'node:fs';
import { treesOf } from './resident-memory.ts';

/** USER_HZ: 100 on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds that these processes, their descendants, and the children that they have waited for have had of a processor. */
export const processorSeconds = (roots: readonly number[]): number =>
  treesOf(roots).reduce((sum, pid) => sum + ticksOf(pid), 0) / TICKS_PER_SECOND;

/** utime, stime, cutime, cstime: the fields 14 to 17 of proc(5)'s stat; the name before them may have spaces. */
function ticksOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  } catch {
    return 0; // it ended meanwhile; its parent has its time
  }
}
