// The RDDs of a program that are persisted now: sc.getPersistentRDDs, sc.getRDDStorageInfo, and the way to drop them everywhere. Held weakly: an
// RDD that the program can't reach any more is cleaned (context-cleaner.ts). Source: SparkContext.persistentRdds.
import type { RddNode, StorageLevel } from '../../plan/lineage.ts';
import type { RDD } from '../../rdd/rdd.ts';
import type { BlockMaster } from './block-master.ts';
import type { DriverLoop } from './driver-loop.ts';

/** As Spark's RDDInfo; sizes are bytes and count copies. */
export type RDDStorageInfo = {
  readonly id: number;
  readonly name: string;
  readonly numPartitions: number;
  readonly storageLevel: StorageLevel;
  readonly numCachedPartitions: number;
  readonly memSize: number;
  readonly diskSize: number;
};

export class PersistentRdds {
  /** Each RDD that is dropped, for the page and the event log. */
  onUnpersist: (rddId: number) => void = () => {};
  readonly #loop: DriverLoop;
  readonly #blocks: BlockMaster;
  readonly #rdds = new Map<number, { readonly rdd: WeakRef<RDD<unknown>>; readonly node: WeakRef<RddNode> }>();

  constructor(loop: DriverLoop, blocks: BlockMaster) {
    this.#loop = loop;
    this.#blocks = blocks;
  }

  add(rdd: RDD<unknown>): void {
    this.#rdds.set(rdd.id, { rdd: new WeakRef(rdd), node: new WeakRef(rdd.node) });
    this.#loop.cached.persisted(rdd.id, rdd.getStorageLevel());
  }

  /** @param blocking wait until all executors have deleted it */
  async remove(rddId: number, blocking: boolean): Promise<void> {
    if (!this.#rdds.delete(rddId)) return;
    this.#loop.cached.forget(rddId);
    this.#loop.unpersist(rddId);
    const removed = this.#blocks.removeRdd(rddId);
    this.onUnpersist(rddId);
    if (blocking) await removed;
  }

  /** Those that the program still has. */
  list(): Map<number, RDD<unknown>> {
    const alive = new Map<number, RDD<unknown>>();
    for (const [id, { rdd }] of this.#rdds) {
      const known = rdd.deref();
      if (known !== undefined) alive.set(id, known);
    }
    return alive;
  }

  /** Those of which something is cached. */
  storageInfo(): RDDStorageInfo[] {
    const infos: RDDStorageInfo[] = [];
    for (const [id, { node }] of this.#rdds) {
      const known = node.deref();
      const numCachedPartitions = this.#loop.cached.count(id);
      if (known?.storageLevel === undefined || numCachedPartitions === 0) continue;
      const { memoryBytes, diskBytes } = this.#loop.cached.sizeOf(id);
      const name = known.name ?? known.kind;
      const { partitions: numPartitions, storageLevel } = known;
      infos.push({ id, name, numPartitions, storageLevel, numCachedPartitions, memSize: memoryBytes, diskSize: diskBytes });
    }
    return infos;
  }
}
