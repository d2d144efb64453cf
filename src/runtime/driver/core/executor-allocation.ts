// How many executors the application has, wants, and has lost: grants and endings of containers in, launches, releases and asks out. Pure;
// the connection to the ResourceManager is service/rm-session.ts. Source: Spark's YarnAllocator, ExecutorFailureTracker.
import type { ContainerId } from '../../../common/ids.ts';
import { NOBODYS_FAULT } from './executor-exit.ts';

export type AllocationSettings = { readonly target: number; readonly maxFailures: number };
export type ContainerEnd = { readonly containerId: ContainerId; readonly exitStatus: number; readonly diagnostics: string };

export class ExecutorAllocation {
  readonly #settings: AllocationSettings;
  readonly #executorOf = new Map<ContainerId, string>();
  #nextExecutor = 1;
  #failures = 0;

  constructor(settings: AllocationSettings) {
    this.#settings = settings;
  }

  /** Containers still wanted, absolute: what an ask says. */
  get wanted(): number {
    return Math.max(0, this.#settings.target - this.#executorOf.size);
  }

  get failures(): number {
    return this.#failures;
  }

  get held(): ContainerId[] {
    return [...this.#executorOf.keys()];
  }

  executorOf(containerId: ContainerId): string | undefined {
    return this.#executorOf.get(containerId);
  }

  containerOf(executorId: string): ContainerId | undefined {
    for (const [container, executor] of this.#executorOf) if (executor === executorId) return container;
    return undefined;
  }

  /** @returns the id of the executor to launch there; undefined: more than is wanted, give it back. The same grant twice gives the same id. */
  granted(containerId: ContainerId): { executorId: string; fresh: boolean } | undefined {
    const known = this.#executorOf.get(containerId);
    if (known !== undefined) return { executorId: known, fresh: false };
    if (this.wanted === 0) return undefined;
    const executorId = String(this.#nextExecutor++);
    this.#executorOf.set(containerId, executorId);
    return { executorId, fresh: true };
  }

  /** @returns the executor that ended, and whether the application has now lost too many; undefined: not ours, or told before */
  ended({ containerId, exitStatus }: ContainerEnd): { executorId: string; tooMany: boolean } | undefined {
    const executorId = this.#executorOf.get(containerId);
    if (executorId === undefined) return undefined;
    this.#executorOf.delete(containerId);
    if (!NOBODYS_FAULT.has(exitStatus)) this.#failures++;
    return { executorId, tooMany: this.#failures >= this.#settings.maxFailures };
  }
}
