// Several commands at once, so many at a time, each one's output kept apart. Used by test.ts, which says what they are and what came of them.
import { type ChildProcess, spawn } from 'node:child_process';

export type Command = { readonly name: string; readonly file: string; readonly args: readonly string[] };
/** `output`: stdout and stderr as they came. `code`: 128 and the signal's number for what a signal ended. */
export type Ended = { readonly name: string; readonly output: string; readonly code: number; readonly seconds: number };

const SIGNAL_CODES: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGKILL: 137, SIGSEGV: 139, SIGTERM: 143 };
/** What a signal is to have ended by then: bats runs the teardown of the test it is in, which ends daemons. */
const GRACE_MS = 15_000;

/** They begin in this order, the next one when a lane is free. @param ended is told of each when it ends */
export class SideBySide {
  readonly #running = new Set<ChildProcess>();
  #isStopped = false;

  async run(commands: readonly Command[], lanes: number, ended: (one: Ended) => void): Promise<void> {
    const waiting = [...commands];
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && !this.#isStopped; next = waiting.shift()) ended(await this.#one(next));
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  /** Nothing more begins; what runs gets the signal, with all of its own children, and in the end SIGKILL. */
  stop(signal: NodeJS.Signals): void {
    this.#isStopped = true;
    for (const child of this.#running) signalGroup(child, signal);
    setTimeout(() => {
      for (const child of this.#running) {
        signalGroup(child, 'SIGKILL');
        // What has left the group may hold them open.
        child.stdout?.destroy();
        child.stderr?.destroy();
      }
    }, GRACE_MS).unref();
  }

  /** In a process group of its own: a terminal's Ctrl-C reaches it through `stop` alone, once. */
  #one({ name, file, args }: Command): Promise<Ended> {
    return new Promise((resolve) => {
      const beganMs = performance.now();
      const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      this.#running.add(child);
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
        });
      const end = (code: number): void => {
        this.#running.delete(child);
        resolve({ name, output, code, seconds: (performance.now() - beganMs) / 1000 });
      };
      child.on('error', (error) => {
        output += `${error.message}\n`;
        end(127);
      });
      child.on('close', (code, signal) => end(code ?? SIGNAL_CODES[signal ?? ''] ?? 1));
    });
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // it has ended by itself
  }
}
