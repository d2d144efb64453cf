// Which executor holds which cached partition, and how: as objects in one of its slots, as bytes in memory or on disk for all of them. Told by
// tasks (objects) and by executors (bytes), used for locality, for copies and lost executors, and for the storage page. Pure; the messages are
// service/block-master.ts. Source: Spark's BlockManagerMasterEndpoint.
import type { StorageLevel } from '../../plan/lineage.ts';
import type { Preference } from './pending-tasks.ts';

/** What one executor holds of a block in one way. */
export type Holder = {
  readonly executorId: string;
  /** The driver's id of the slot that holds it as objects; undefined: bytes, for every slot of the executor. */
  readonly slot: number | undefined;
  readonly memoryBytes: number;
  readonly diskBytes: number;
};

/** What an executor holds of a block in all; no bytes: nothing any more. */
export type BlockFact = {
  readonly executorId: string;
  readonly rddId: number;
  readonly partition: number;
  readonly level: StorageLevel;
  readonly memoryBytes: number;
  readonly diskBytes: number;
};

type CachedRdd = { readonly level: StorageLevel; readonly partitions: Map<number, Holder[]> };

export class CachedPartitions {
  /** Each change, for the page and the event log. */
  onBlockUpdated: (fact: BlockFact) => void = () => {};
  readonly #rdds = new Map<number, CachedRdd>();
  readonly #executorOfSlot = new Map<number, string>();

  /** Blocks of this RDD are wanted from now on. */
  persisted(rddId: number, level: StorageLevel): void {
    if (!this.#rdds.has(rddId)) this.#rdds.set(rddId, { level, partitions: new Map() });
  }

  isWanted(rddId: number): boolean {
    return this.#rdds.has(rddId);
  }

  /**
   * A slot holds a partition as objects.
   * @param memoryBytes -1: no longer
   * @returns false: nobody wants it any more, the slot should drop the RDD
   */
  slotHolds(slot: number, executorId: string, rddId: number, partition: number, memoryBytes: number): boolean {
    this.#executorOfSlot.set(slot, executorId);
    return this.#hold(rddId, partition, { executorId, slot, memoryBytes: Math.max(0, memoryBytes), diskBytes: 0 });
  }

  /** @returns false: nobody wants it any more, the executor should drop the RDD */
  executorHolds(executorId: string, rddId: number, partition: number, memoryBytes: number, diskBytes: number): boolean {
    return this.#hold(rddId, partition, { executorId, slot: undefined, memoryBytes, diskBytes });
  }

  holders(rddId: number, partition: number): readonly Holder[] {
    return this.#rdds.get(rddId)?.partitions.get(partition) ?? NOBODY;
  }

  /** Of the first of these RDDs that is held somewhere. */
  holdersOfFirst(rdds: readonly number[], partition: number): readonly Holder[] {
    for (const rddId of rdds) {
      const holders = this.holders(rddId, partition);
      if (holders.length > 0) return holders;
    }
    return NOBODY;
  }

  /** Partitions of an RDD that are held somewhere. */
  count(rddId: number): number {
    return this.#rdds.get(rddId)?.partitions.size ?? 0;
  }

  /** Bytes in memory and on disk, copies counted. */
  sizeOf(rddId: number): { memoryBytes: number; diskBytes: number } {
    const size = { memoryBytes: 0, diskBytes: 0 };
    for (const [, holders] of this.#rdds.get(rddId)?.partitions ?? []) {
      for (const { memoryBytes, diskBytes } of holders) {
        size.memoryBytes += memoryBytes;
        size.diskBytes += diskBytes;
      }
    }
    return size;
  }

  /** Whether an executor holds any block: such a one is given up later. */
  holdsSome(executorId: string): boolean {
    for (const [, { partitions }] of this.#rdds)
      for (const [, holders] of partitions) if (holders.some((holder) => holder.executorId === executorId)) return true;
    return false;
  }

  forget(rddId: number): void {
    this.#rdds.delete(rddId);
  }

  slotLost(slot: number): void {
    if (!this.#executorOfSlot.delete(slot)) return;
    this.#lose((holder) => holder.slot === slot);
  }

  executorLost(executorId: string): void {
    this.#lose((holder) => holder.executorId === executorId);
  }

  #hold(rddId: number, partition: number, holder: Holder): boolean {
    const rdd = this.#rdds.get(rddId);
    if (rdd === undefined) return false;
    const others = this.holders(rddId, partition).filter((h) => h.executorId !== holder.executorId || h.slot !== holder.slot);
    const holds = holder.memoryBytes > 0 || holder.diskBytes > 0;
    this.#set(rdd, partition, holds ? [...others, holder] : others);
    this.#tell(rdd, rddId, partition, holder.executorId);
    return true;
  }

  #lose(isLost: (holder: Holder) => boolean): void {
    for (const [rddId, rdd] of this.#rdds) {
      for (const [partition, holders] of rdd.partitions) {
        const lost = holders.find(isLost);
        if (lost === undefined) continue;
        const left = holders.filter((holder) => !isLost(holder));
        this.#set(rdd, partition, left);
        this.#tell(rdd, rddId, partition, lost.executorId);
      }
    }
  }

  #set(rdd: CachedRdd, partition: number, holders: Holder[]): void {
    if (holders.length === 0) rdd.partitions.delete(partition);
    else rdd.partitions.set(partition, holders);
  }

  #tell({ level, partitions }: CachedRdd, rddId: number, partition: number, executorId: string): void {
    const own = (partitions.get(partition) ?? NOBODY).filter((holder) => holder.executorId === executorId);
    const memoryBytes = own.reduce((sum, holder) => sum + holder.memoryBytes, 0);
    const diskBytes = own.reduce((sum, holder) => sum + holder.diskBytes, 0);
    this.onBlockUpdated({ executorId, rddId, partition, level, memoryBytes, diskBytes });
  }
}

const NOBODY: readonly Holder[] = [];

/**
 * Where a task that reads the block would best run: in the thread that holds it as objects, in an executor that holds it as bytes, else on that
 * executor's host, where its files and its socket are. Objects are of no use to any other thread, so their host is not preferred.
 */
export function placesOf(holders: readonly Holder[], hostOf: (executorId: string) => string): readonly Preference[] {
  if (holders.length === 0) return NOWHERE;
  const places: Preference[] = holders.map(({ slot, executorId }) => (slot === undefined ? { executorId } : { slot }));
  const hosts = new Set(holders.filter(({ slot }) => slot === undefined).map(({ executorId }) => hostOf(executorId)));
  for (const host of hosts) places.push({ host });
  return places;
}
const NOWHERE: readonly Preference[] = [];
