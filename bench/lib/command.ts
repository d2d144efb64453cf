/**
 * Runs one command to its end and times it from outside; a daemon's start and stop are in daemon.ts.
 * Each command is a process group of its own, so that a time-out or Ctrl-C ends all it started, by that group's id.
 */
import { spawn } from 'node:child_process';

export type Command = { readonly argv: readonly string[]; readonly env?: NodeJS.ProcessEnv; readonly timeoutMs: number };
export type Finished = { readonly seconds: number; readonly stdout: string; readonly stderr: string };

const running = new Set<number>();
process.on('exit', () => {
  for (const pid of running) endGroup(pid, 'SIGKILL');
});

/**
 * @returns wall-clock seconds from spawn to exit, with the whole output
 * @throws Error with the output's last lines when the command fails or is over its time
 */
export async function runCommand({ argv, env, timeoutMs }: Command): Promise<Finished> {
  const [file = '', ...args] = argv;
  const from = performance.now();
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  const out = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      out[name] += text;
    });
  }
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    if (pid !== undefined) endGroup(pid, 'SIGKILL');
  }, timeoutMs);
  let seconds = 0;
  child.once('exit', () => {
    seconds = (performance.now() - from) / 1000;
  });
  try {
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (...ending) => resolve(ending));
    });
    if (code !== 0) {
      const why = late ? `was over its ${timeoutMs / 1000} s` : `ended with ${signal ?? `exit code ${code}`}`;
      throw new Error(`${argv.join(' ')}\n${why}; its last lines:\n${lastLines(out.stdout, 15)}\n${lastLines(out.stderr, 25)}`);
    }
    return { seconds, ...out };
  } finally {
    clearTimeout(timer);
    if (pid !== undefined) running.delete(pid);
  }
}

/** Ends a process group that we started; one that is gone already is no fault. */
export function endGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ESRCH') throw fault;
  }
}

export const lastLines = (text: string, count: number): string => text.trimEnd().split('\n').slice(-count).join('\n');
