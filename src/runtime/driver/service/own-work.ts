// What the driver computes itself, without jobs (SQL in its own kernel), and the groups whose work is refused: both end as jobs do, by group, tag or all.
import { GROUP, type Properties } from '../core/job-properties.ts';

export type OwnWork = { readonly properties: Properties; readonly cancel: (reason: string) => void };

export class OwnWorks {
  readonly #mostRefused: number;
  readonly #refused = new Set<string>();
  readonly #running = new Set<OwnWork>();

  /** @param mostRefused spark.scheduler.numCancelledJobGroupsToTrack */
  constructor(mostRefused: number) {
    this.#mostRefused = mostRefused;
  }

  /** @returns to be called at its end */
  begin(work: OwnWork): () => void {
    this.#running.add(work);
    const refusal = this.refusalOf(work.properties);
    if (refusal !== undefined) work.cancel(refusal);
    return () => void this.#running.delete(work);
  }

  cancelWhere(isMeant: (work: Pick<OwnWork, 'properties'>) => boolean, reason: string): void {
    for (const work of [...this.#running]) if (isMeant(work)) work.cancel(reason);
  }

  /** Work of this group fails from now on. */
  refuseGroup(group: string): void {
    this.#refused.delete(group);
    this.#refused.add(group);
    if (this.#refused.size > this.#mostRefused) this.#refused.delete(this.#refused.values().next().value!);
  }

  /** Why work with these properties does not begin. */
  refusalOf(properties: Properties): string | undefined {
    const group = properties.get(GROUP);
    return group !== undefined && this.#refused.has(group) ? `part of cancelled job group ${group}` : undefined;
  }
}
