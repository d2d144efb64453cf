// A daemon that belongs to this process and ends with it, also after kill -9: a shell beside it holds the other end of a pipe, and ends it
// when the pipe closes. Not for daemons that outlive their starter (those are bin/start-all.sh's), nor for containers (process-launcher.ts).
// On child_process: execa's clean-up needs this process alive.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';

export type GuardedDaemon = {
  /** What it wrote as `READY <text>` on fd 3. @throws Error with its exit code when it ends before */
  readonly ready: Promise<string>;
  /** Asks it to end, and resolves when it has. */
  stop(): Promise<void>;
};

/** $@ is the daemon; fd 4 ours. The daemon does not inherit fd 4, the watcher not fd 3: so both pipes close with their users. */
const GUARD = '"$@" 4<&- & d=$!; (cat <&4 >/dev/null; kill -TERM $d 2>/dev/null) 3>&- & wait $d; code=$?; kill $! 2>/dev/null; exit $code';

export function startGuarded(argv: readonly string[], logPath: string, env: NodeJS.ProcessEnv): GuardedDaemon {
  const log = openSync(logPath, 'a', 0o640);
  const child = spawn('/bin/sh', ['-c', GUARD, 'emberloom-guard', ...argv], {
    stdio: ['ignore', log, log, 'pipe', 'pipe'],
    detached: true,
    env,
  });
  closeSync(log);
  child.unref();
  const [said, leash] = [child.stdio[3] as Readable, child.stdio[4] as NodeJS.WritableStream & { unref?(): void; end(): void }];
  leash.unref?.();
  leash.on('error', () => {});
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  const ready = new Promise<string>((resolve, reject) => {
    let text = '';
    said.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = /^READY (.*)\n/m.exec(text);
      if (line === null) return;
      resolve(line[1]!);
      said.destroy();
    });
    child.once('error', reject);
    void ended.then((code) => reject(new Error(`it ended with code ${code}; its log is ${logPath}`)));
  });
  ready.catch(() => {});
  return {
    ready,
    stop: async () => {
      leash.end();
      child.ref();
      await ended;
    },
  };
}
