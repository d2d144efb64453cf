// The instances of one command: how many are wanted, which container each runs in, which are started again. Pure: containers granted
// and ended come in, what to launch and to give back goes out. Who speaks to the cluster is command-master.ts.
// Source: the idea of YARN's distributed shell, with the restart policies of its services.
import type { ContainerId } from '../../common/ids.ts';

export type RestartPolicy = 'never' | 'on-failure' | 'always';
export const RESTART_POLICIES: readonly RestartPolicy[] = ['never', 'on-failure', 'always'];

export type End = { readonly exitStatus: number; readonly diagnostics: string };
type Instance = {
  readonly index: number;
  /** `due`: wants a container; `resting`: will want one after a pause. */
  state: 'due' | 'resting' | 'granted' | 'running' | 'done';
  container: ContainerId | undefined;
  restarts: number;
  end: End | undefined;
};

const DISKS_FAILED = -101;
/** YARN's ContainerExitStatus for ends that the command has no part in: lost node, disk, preempted, expired. */
const NOT_ITS_FAULT: readonly number[] = [-100, DISKS_FAILED, -102];
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 30_000;

export type AfterEnd =
  | { readonly tag: 'done' }
  /** It is started again, after a pause. */
  | { readonly tag: 'again'; readonly afterMs: number };

export class Replicas {
  readonly #instances: Instance[];
  readonly #policy: RestartPolicy;
  readonly #maxRestarts: number;

  /** @param maxRestarts of each instance; Infinity for no limit */
  constructor(count: number, policy: RestartPolicy, maxRestarts: number) {
    this.#policy = policy;
    this.#maxRestarts = maxRestarts;
    this.#instances = Array.from({ length: count }, (_, index) => ({
      index,
      state: 'due',
      container: undefined,
      restarts: 0,
      end: undefined,
    }));
  }

  /** Containers wanted now. */
  get wanted(): number {
    return this.#instances.filter((i) => i.state === 'due').length;
  }

  get held(): ContainerId[] {
    return this.#instances.flatMap((i) => (i.state === 'granted' || i.state === 'running' ? [i.container!] : []));
  }

  get allDone(): boolean {
    return this.#instances.every((i) => i.state === 'done');
  }

  /** @returns the instance that runs in it, undefined when none wants it: it is given back. The same container again gets the same answer. */
  granted(container: ContainerId): { readonly index: number; readonly fresh: boolean } | undefined {
    const known = this.#of(container);
    if (known !== undefined) return { index: known.index, fresh: false };
    const due = this.#instances.find((i) => i.state === 'due');
    if (due === undefined) return undefined;
    due.state = 'granted';
    due.container = container;
    return { index: due.index, fresh: true };
  }

  launched(container: ContainerId): void {
    const instance = this.#of(container);
    if (instance?.state === 'granted') instance.state = 'running';
  }

  /** @returns undefined for a container that is none of ours (any more) */
  ended(container: ContainerId, end: End): (AfterEnd & { readonly index: number }) | undefined {
    const instance = this.#of(container);
    if (instance === undefined) return undefined;
    // The launch is taken before folders are made and files fetched.
    const begun = instance.state === 'running' && end.exitStatus !== DISKS_FAILED;
    instance.container = undefined;
    const blameless = NOT_ITS_FAULT.includes(end.exitStatus);
    if (!begun && blameless) {
      instance.state = 'due'; // it never began: whatever the policy, this is its first start
      return { index: instance.index, tag: 'again', afterMs: 0 };
    }
    const again = this.#policy === 'always' || (this.#policy === 'on-failure' && end.exitStatus !== 0);
    if (again && (blameless || instance.restarts < this.#maxRestarts)) {
      if (!blameless) instance.restarts++;
      // The first restart is at once; who fails again and again rests longer and longer.
      const afterMs = blameless || instance.restarts <= 1 ? 0 : Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (instance.restarts - 2));
      instance.state = afterMs === 0 ? 'due' : 'resting';
      return { index: instance.index, tag: 'again', afterMs };
    }
    instance.state = 'done';
    instance.end = end;
    return { index: instance.index, tag: 'done' };
  }

  rested(index: number): void {
    const instance = this.#instances[index]!;
    if (instance.state === 'resting') instance.state = 'due';
  }

  /** How all of them ended: the first that failed, by number, speaks for all. */
  outcome(): { readonly exitCode: number; readonly diagnostics: string } {
    const failed = this.#instances.filter((i) => i.end !== undefined && i.end.exitStatus !== 0);
    const first = failed[0];
    if (first === undefined) return { exitCode: 0, diagnostics: '' };
    const { exitStatus, diagnostics } = first.end!;
    const others = failed.length > 1 ? `; ${failed.length} of ${this.#instances.length} instances failed` : '';
    return {
      exitCode: exitStatus > 0 && exitStatus < 256 ? exitStatus : 1,
      diagnostics: `instance ${first.index} ended with exit status ${exitStatus}${others}${diagnostics === '' ? '' : `. ${diagnostics.trim()}`}`,
    };
  }

  #of(container: ContainerId): Instance | undefined {
    return this.#instances.find((i) => i.container === container);
  }
}
