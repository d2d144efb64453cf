/** Starts a process that stays, and ends it by the id of its group. For the peer's Master and Worker; ours have scripts of their own. */
import { spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { endGroup } from './command.ts';

export type Daemon = { readonly pid: number; readonly stop: () => Promise<void> };

/** Output goes to the file at `logPath`. `stop` asks first and insists after 5 s; at the latest it ends with this process. */
export function startDaemon(argv: readonly string[], { env, logPath }: { env: NodeJS.ProcessEnv; logPath: string }): Daemon {
  const [file = '', ...args] = argv;
  const log = openSync(logPath, 'w');
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} did not start`);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const insist = () => endGroup(pid, 'SIGKILL');
  process.once('exit', insist);
  return {
    pid,
    stop: async () => {
      endGroup(pid, 'SIGTERM');
      await Promise.race([ended, pause(5_000, undefined, { ref: false })]);
      insist();
      await ended;
      process.off('exit', insist);
    },
  };
}

/** Asks `ready` every 100 ms until it says yes. @throws Error naming `what` after `timeoutMs` */
export async function waitUntil(what: string, timeoutMs: number, ready: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + timeoutMs;
  while (!(await ready().catch(() => false))) {
    if (performance.now() > until) throw new Error(`${what} was not ready within ${timeoutMs / 1000} s`);
    await pause(100);
  }
}
