// Which map outputs of executors that leave go where, one decision after another: at most so many at once for each that leaves, one at a time to
// each receiver, in turns. Pure; service/shuffle-migrator.ts carries transfers out and says how they ended, the receiver's part is
// executor/shuffle-taking.ts. Source: Spark's BlockManagerDecommissioner.ShuffleMigrationRunnable, which pushes where we let the receiver fetch.
import type { MapOutput } from '../../plan/stage-install.ts';
import type { MapOutputTracker } from './map-output-tracker.ts';

export type MigrationLimits = {
  /** spark.storage.decommission.shuffleBlocks.maxThreads */
  readonly transfersAtOnce: number;
  /** spark.storage.decommission.maxReplicationFailuresPerBlock */
  readonly maxFailures: number;
  /** Whether there is a folder for what nobody takes. */
  readonly fallback: boolean;
};
/** Somebody who stays, and the folders that its shuffle files go to. */
export type Receiver = { readonly executorId: string; readonly folders: readonly string[] };
/** @property to undefined: the fallback storage */
export type Transfer = {
  readonly leaver: string;
  readonly shuffleId: number;
  readonly output: MapOutput;
  readonly to: string | undefined;
};
/** full: the receiver has no room, nothing is offered to it again; gone: nor to one that can't be reached. */
export type TransferEnd =
  | { readonly tag: 'moved'; readonly output: MapOutput }
  | { readonly tag: 'full' }
  | { readonly tag: 'gone' }
  | { readonly tag: 'failed' };

type Waiting = { readonly shuffleId: number; readonly output: MapOutput; failures: number };
type Leaver = {
  readonly belongs: (output: MapOutput) => boolean;
  waiting: Waiting[];
  /** By the output's key. */
  readonly underWay: Map<string, Waiting>;
  readonly receiving: Set<string>;
  /** Outputs that found no place. */
  readonly left: Set<string>;
  moved: number;
};

export class ShuffleMigration {
  readonly #limits: MigrationLimits;
  readonly #outputs: MapOutputTracker;
  readonly #leavers = new Map<string, Leaver>();
  /** Under way for anybody: two that leave together may have the same folder. */
  readonly #taken = new Map<string, MapOutput>();
  readonly #refused = new Set<string>();
  #turn = 0;

  constructor(limits: MigrationLimits, outputs: MapOutputTracker) {
    this.#limits = limits;
    this.#outputs = outputs;
  }

  /** @param belongs which outputs go away with it */
  begin(leaver: string, belongs: (output: MapOutput) => boolean): void {
    this.#leavers.set(leaver, { belongs, waiting: [], underWay: new Map(), receiving: new Set(), left: new Set(), moved: 0 });
    this.#scan(this.#leavers.get(leaver)!);
  }

  /** It has ended, or stays after all. Transfers that are under way may still end. */
  end(leaver: string): void {
    this.#leavers.delete(leaver);
  }

  /** What found no place is tried once more, also with those who had none. */
  retry(leaver: string): void {
    this.#leavers.get(leaver)?.left.clear();
    this.#refused.clear();
  }

  /** @returns undefined: there is something to do; else how many have moved, and how many found no place. Looks for new outputs */
  settled(leaver: string): { moved: number; left: number } | undefined {
    const found = this.#leavers.get(leaver);
    if (found === undefined) return { moved: 0, left: 0 };
    if (found.waiting.length === 0 && found.underWay.size === 0) this.#scan(found);
    // What is fetched from it in another's name (its node's) needs it still.
    const isBusy = found.waiting.length + found.underWay.size > 0 || [...this.#taken.values()].some(found.belongs);
    return isBusy ? undefined : { moved: found.moved, left: found.left.size };
  }

  /** What is to begin now. */
  plan(receivers: readonly Receiver[]): Transfer[] {
    const begun: Transfer[] = [];
    for (const [id, leaver] of this.#leavers) {
      const later: Waiting[] = [];
      for (let next = leaver.waiting.pop(); next !== undefined; next = leaver.waiting.pop()) {
        if (leaver.underWay.size >= this.#limits.transfersAtOnce) {
          leaver.waiting.push(next);
          break;
        }
        const transfer = this.#begin(id, leaver, next, receivers);
        if (transfer === 'later') later.push(next);
        else if (transfer !== undefined) begun.push(transfer);
      }
      leaver.waiting.push(...later.reverse());
    }
    return begun;
  }

  /** @returns whether the output's place is another now */
  ended({ leaver: id, shuffleId, output, to }: Transfer, end: TransferEnd): boolean {
    const key = keyOf(shuffleId, output);
    this.#taken.delete(key);
    const moved = end.tag === 'moved' && this.#outputs.moved(shuffleId, output, end.output);
    if ((end.tag === 'full' || end.tag === 'gone') && to !== undefined) this.#refused.add(to);
    const leaver = this.#leavers.get(id);
    const was = leaver?.underWay.get(key);
    if (leaver === undefined || was === undefined) return moved;
    leaver.underWay.delete(key);
    if (to !== undefined) leaver.receiving.delete(to);
    if (moved) leaver.moved++;
    if (end.tag === 'moved') return moved;
    if (end.tag === 'failed') was.failures++;
    if (to === undefined) leaver.left.add(key);
    else leaver.waiting.push(was);
    return false;
  }

  #scan(leaver: Leaver): void {
    const found = this.#outputs.where((output) => leaver.belongs(output));
    leaver.waiting = found
      .filter(({ shuffleId, output }) => !leaver.left.has(keyOf(shuffleId, output)) && !this.#taken.has(keyOf(shuffleId, output)))
      .map(({ shuffleId, output }) => ({ shuffleId, output, failures: 0 }))
      .reverse();
  }

  #begin(id: string, leaver: Leaver, next: Waiting, receivers: readonly Receiver[]): Transfer | 'later' | undefined {
    const { shuffleId, output } = next;
    const key = keyOf(shuffleId, output);
    if (this.#taken.has(key) || this.#outputs.at(shuffleId, output.mapIndex)?.file !== output.file) return undefined; // somebody else's, or gone
    const folder = folderOf(output.file);
    const able =
      next.failures >= this.#limits.maxFailures
        ? []
        : receivers.filter(({ executorId, folders }) => !this.#refused.has(executorId) && !folders.includes(folder));
    const free = able.filter(({ executorId }) => !leaver.receiving.has(executorId));
    if (able.length > 0 && free.length === 0) return 'later';
    if (able.length === 0 && !this.#limits.fallback) {
      leaver.left.add(key);
      return undefined;
    }
    const to = able.length === 0 ? undefined : free[this.#turn++ % free.length]!.executorId;
    this.#taken.set(key, output);
    leaver.underWay.set(key, next);
    if (to !== undefined) leaver.receiving.add(to);
    return { leaver: id, shuffleId, output, to };
  }
}

/** In which of an executor's or a node's folders a map output lies. */
export const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/'));

const keyOf = (shuffleId: number, { mapIndex, mapTaskId }: MapOutput): string => `${shuffleId}/${mapIndex}/${mapTaskId}`;
