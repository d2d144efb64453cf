// Which containers the application has, how many more it wants of each resource profile, and what it has lost: targets, grants and endings
// in, asks and ids of executors out. Pure; the connection to the ResourceManager is rpc/rm-session.ts, who sets the targets is
// yarn-backend.ts (a fixed number) or allocation-policy.ts. Source: Spark's YarnAllocator, ExecutorFailureTracker.
import type { ContainerId } from '../../../common/ids.ts';
import { NOBODYS_FAULT } from './executor-exit.ts';

/** maxFailures undefined: twice the most executors that were ever wanted, at least 3. */
export type AllocationSettings = { readonly maxFailures: number | undefined };
export type ContainerEnd = { readonly containerId: ContainerId; readonly exitStatus: number; readonly diagnostics: string };

/** leaving: it counts no more, its replacement may come before it has ended. */
type Held = { readonly executorId: string; readonly profileId: number; leaving: boolean; decommissioned: boolean };

const LEAST_FAILURES = 3;

export class ExecutorAllocation {
  readonly #settings: AllocationSettings;
  readonly #held = new Map<ContainerId, Held>();
  readonly #targets = new Map<number, number>();
  #mostWanted = 0;
  #nextExecutor = 1;
  #failures = 0;

  constructor(settings: AllocationSettings) {
    this.#settings = settings;
  }

  /** @param count executors that the profile is to have, absolute */
  setTarget(profileId: number, count: number): void {
    this.#targets.set(profileId, Math.max(0, count));
    let total = 0;
    for (const [, target] of this.#targets) total += target;
    this.#mostWanted = Math.max(this.#mostWanted, total);
  }

  target(profileId: number): number {
    return this.#targets.get(profileId) ?? 0;
  }

  /** Every profile that was ever wanted: an ask that is left out would stay as it was. */
  get profiles(): number[] {
    return [...this.#targets.keys()];
  }

  /** Containers still wanted, absolute: what an ask says. */
  wanted(profileId: number): number {
    return Math.max(0, this.target(profileId) - this.#count(profileId));
  }

  get failures(): number {
    return this.#failures;
  }

  get held(): ContainerId[] {
    return [...this.#held.keys()];
  }

  executorOf(containerId: ContainerId): string | undefined {
    return this.#held.get(containerId)?.executorId;
  }

  /** 0 when we have it no more. */
  profileOf(executorId: string): number {
    for (const [, held] of this.#held) if (held.executorId === executorId) return held.profileId;
    return 0;
  }

  containerOf(executorId: string): ContainerId | undefined {
    for (const [container, held] of this.#held) if (held.executorId === executorId) return container;
    return undefined;
  }

  /** @returns the id of the executor to launch there; undefined: more than is wanted, give it back. The same grant twice gives the same id. */
  granted(containerId: ContainerId, profileId: number): { executorId: string; fresh: boolean } | undefined {
    const known = this.#held.get(containerId);
    if (known !== undefined) return { executorId: known.executorId, fresh: false };
    if (this.wanted(profileId) === 0) return undefined;
    const executorId = String(this.#nextExecutor++);
    this.#held.set(containerId, { executorId, profileId, leaving: false, decommissioned: false });
    return { executorId, fresh: true };
  }

  /** It ends, or has ended, though its container's end is not known yet: another may be asked for now. @param decommissioned its end is no failure then */
  leaves(executorId: string, decommissioned: boolean): void {
    for (const [, held] of this.#held) {
      if (held.executorId !== executorId) continue;
      held.leaving = true;
      held.decommissioned ||= decommissioned;
    }
  }

  /** We give its container back. @returns undefined when we have it no more */
  givenBack(executorId: string): ContainerId | undefined {
    const containerId = this.containerOf(executorId);
    if (containerId !== undefined) this.#held.delete(containerId);
    return containerId;
  }

  /** @returns the executor that ended, and whether the application has now lost too many; undefined: not ours, or told before */
  ended({ containerId, exitStatus }: ContainerEnd): { executorId: string; tooMany: boolean } | undefined {
    const held = this.#held.get(containerId);
    if (held === undefined) return undefined;
    this.#held.delete(containerId);
    if (!NOBODYS_FAULT.has(exitStatus) && !held.decommissioned) this.#failures++;
    const most = this.#settings.maxFailures ?? Math.max(LEAST_FAILURES, 2 * this.#mostWanted);
    return { executorId: held.executorId, tooMany: this.#failures >= most };
  }

  #count(profileId: number): number {
    let count = 0;
    for (const [, held] of this.#held) if (!held.leaving && held.profileId === profileId) count++;
    return count;
  }
}
