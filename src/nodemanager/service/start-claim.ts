// Who may begin a container's process: exactly one start, whatever is killed when. Each start has a number and takes its place by
// making the file pid.<number> that nobody else has made (O_EXCL); the wrapper of launch-command.ts writes its pid there. A
// NodeManager that comes back and finds no such file makes it itself: a wrapper that its predecessor started in its last instant,
// and that has not got so far yet, finds the place taken and ends without a trace.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Between making the file and the pid in it are microseconds of the wrapper; more only if it was stopped or killed there. */
const PATIENCE = { looks: 100, everyMs: 10 };

const PID_FILE = /^pid\.\d+$/;
export const pidFile = (controlDir: string, start: number): string => join(controlDir, `pid.${start}`);

/** The number of the next start: one for each place that is taken. */
export function nextStart(controlDir: string): number {
  try {
    return readdirSync(controlDir).filter((name) => PID_FILE.test(name)).length;
  } catch {
    return 0; // no folder yet: nothing was started
  }
}

/** @returns the pid of a wrapper that began, 0 when none did: from then on none will, but for the next start */
export function begunOrClaimed(controlDir: string): number {
  for (let start = 0; ; start++) {
    try {
      writeFileSync(pidFile(controlDir, start), '0\n', { flag: 'wx', mode: 0o600 });
      return 0;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return 0; // no folder: no wrapper can write there
      if (code !== 'EEXIST') throw error;
    }
    const pid = pidIn(pidFile(controlDir, start));
    if (pid > 0) return pid;
  }
}

/** 0: a place that a NodeManager took, or one whose wrapper never got to say who it is and so began nothing. */
function pidIn(path: string): number {
  for (let look = 0; look < PATIENCE.looks; look++) {
    const text = readFileSync(path, 'utf8');
    if (text.endsWith('\n')) return Number(text);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE.everyMs);
  }
  return 0;
}
