// Sockets of drivers and executors that were killed with SIGKILL stay in run/ when nobody is left to take them away; the next driver does. Only what
// refuses a connection goes, and nothing young: between bind and listen a socket refuses, too. The daemons' own sockets are guarded elsewhere
// (net-transport.ts).
import { readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

const YOUNG_MS = 60_000;
/** `d-<application>-<pid>.sock`, and those of its executors beside it. */
const OF_DRIVERS = /^d-.+\.sock$/;

/** @returns names of those that are gone now. Never rejects: what can't be looked at stays */
export async function removeDeadSockets(runDir: string, nowMs: number): Promise<string[]> {
  const names = await readdir(runDir).catch(() => []);
  const gone: string[] = [];
  for (const name of names.filter((one) => OF_DRIVERS.test(one))) {
    const path = join(runDir, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: nowMs }));
    if (nowMs - mtimeMs < YOUNG_MS || !(await isDead(path))) continue;
    await rm(path, { force: true });
    gone.push(name);
  }
  return gone;
}

function isDead(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.unref();
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED'));
  });
}
