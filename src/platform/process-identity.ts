// A process as a text that no later process can have: host, pid, start time. For who must know whether another one still lives.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Clock ticks since the start of the machine; undefined: there is no such process, or it is dead and not waited for. */
function startTicks(pid: number): string | undefined {
  try {
    const [state, ...rest] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
    return state === 'Z' || state === 'X' ? undefined : rest[18];
  } catch {
    return undefined;
  }
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim().slice(0, 8);

export class ProcessIdentities {
  /** One boot of one host, and one numbering of its processes (containers have their own). */
  readonly #here = `${hostname()}/${bootId()}/${readlinkSync('/proc/self/ns/pid')}`;
  readonly me = `${this.#here} ${process.pid} ${startTicks(process.pid)}`;

  /** `gone`: it was here, and is not any more. `unknown`: it is, or was, elsewhere. */
  state(text: string): 'alive' | 'gone' | 'unknown' {
    const [where = '', pid, ticks] = text.split(' ');
    if (where !== this.#here) return 'unknown';
    return startTicks(Number(pid)) === ticks ? 'alive' : 'gone';
  }

  end(text: string): void {
    if (this.state(text) === 'alive') process.kill(Number(text.split(' ')[1]), 'SIGKILL');
  }
}
