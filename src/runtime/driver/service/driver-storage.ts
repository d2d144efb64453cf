// What the driver knows of data that executors keep: cached blocks, persistent RDDs, checkpoints, broadcasts, and the cleaner of all of them,
// put together from the settings. The driver itself is driver.ts.
import { rm } from 'node:fs/promises';
import type { Logger } from '../../../common/ports.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import type { Identity } from '../../../rpc/connect.ts';
import { Broadcast, encodeBroadcast } from '../../rdd/broadcast.ts';
import { cutBroadcast, type PieceSettings } from '../../storage/broadcast-pieces.ts';
import { collect } from '../../storage/heap-guard.ts';
import type { BlockFact } from '../core/cached-partitions.ts';
import type { RareEvent } from '../../../status/events.ts';
import { BlockMaster, type LocalBlocks } from './block-master.ts';
import type { Broadcasts } from './broadcasts.ts';
import { Checkpoints } from './checkpoints.ts';
import { ContextCleaner } from './context-cleaner.ts';
import type { DriverHost } from './driver-host.ts';
import { holdProcess } from './hold-process.ts';
import type { DriverLoop } from './driver-loop.ts';
import type { ListenerBus } from './listener-bus.ts';
import { PersistentRdds } from './persistent-rdds.ts';
import { cleanShuffle } from './shuffle-cleaning.ts';
import { ResultFetcher } from './result-fetcher.ts';
import type { RemoveFromServices } from './shuffle-services.ts';
import type { SparkConf } from './spark-conf.ts';

export type DriverStorageParts = {
  readonly loop: DriverLoop;
  readonly broadcasts: Broadcasts;
  readonly conf: SparkConf;
  readonly host: DriverHost;
  readonly log: Logger;
  /** Deletes shuffle files at the shuffle services of nodes; undefined: the application uses none. */
  readonly services: RemoveFromServices | undefined;
  readonly bus: ListenerBus;
  /** Who the driver is to block servers of executors. */
  readonly me: () => Identity;
  readonly placeOf: (executorId: string) => { readonly host: string; readonly port: number };
};

export class DriverStorage {
  readonly blocks: BlockMaster;
  readonly results: ResultFetcher;
  readonly persistent: PersistentRdds;
  readonly checkpoints: Checkpoints;
  readonly cleaner: ContextCleaner;
  readonly #loop: DriverLoop;
  readonly #broadcasts: Broadcasts;
  readonly #pieces: PieceSettings;
  readonly #log: Logger;

  constructor({ loop, broadcasts, conf, host, log, bus, placeOf, services, me }: DriverStorageParts) {
    this.#loop = loop;
    this.#broadcasts = broadcasts;
    this.#pieces = {
      blockBytes: conf.read(SPARK_KEYS.broadcastBlockSize)!,
      compress: conf.read(SPARK_KEYS.broadcastCompress)!,
      checksum: conf.read(SPARK_KEYS.broadcastChecksum)!,
    };
    this.#log = log.named('TorrentBroadcast');
    this.blocks = new BlockMaster(loop.cached, log.named('BlockManagerMaster'));
    this.results = new ResultFetcher(host.transport, me, this.blocks);
    loop.cached.onBlockUpdated = (fact) => {
      if (bus.active) bus.post(blockUpdated(fact, placeOf(fact.executorId)));
    };
    this.persistent = new PersistentRdds(loop, this.blocks);
    this.persistent.onUnpersist = (rddId) => bus.post({ tag: 'unpersistRdd', rddId });
    this.cleaner = new ContextCleaner({
      enabled: conf.read(SPARK_KEYS.cleaner)!,
      blocking: conf.read(SPARK_KEYS.cleanerBlocking)!,
      cleanCheckpoints: conf.read(SPARK_KEYS.cleanCheckpoints)!,
      periodicGcMs: conf.read(SPARK_KEYS.cleanerGcIntervalMs)!,
      collect,
      clean: {
        RDD: (id: number) => this.persistent.remove(id, true),
        shuffle: (id: number) => cleanShuffle(id, loop.core, this.blocks, host.hostName, services),
        broadcast: (id: number) => this.#forgetBroadcast(id, true, true),
        checkpoint: (folder: string) => rm(folder, { recursive: true, force: true }),
      },
      timers: host.timers,
      log: log.named('ContextCleaner'),
    });
    this.checkpoints = new Checkpoints({
      cached: loop.cached,
      compress: conf.read(SPARK_KEYS.checkpointCompress)!,
      log: log.named('ReliableRDDCheckpointData'),
      onCut: (node, folder) => {
        if (folder !== undefined) this.cleaner.register(node, 'checkpoint', folder);
      },
    });
  }

  /** For a local master's own blocks. */
  localBlocks(executorId: string, host: string): LocalBlocks {
    return { ...this.blocks.local(executorId, host), broadcast: async (id) => this.#broadcasts.whole(id) };
  }

  /** The value by the rules of captured values. @throws TaskNotSerializableError */
  broadcast<T>(value: T, callSite: string): Broadcast<T> {
    const id = this.#broadcasts.nextId();
    this.#broadcasts.put(id, cutBroadcast(encodeBroadcast(value, callSite), this.#pieces));
    const made = new Broadcast(id, value, (destroy, blocking) => this.#forgetBroadcast(id, destroy, blocking));
    this.cleaner.register(made, 'broadcast', id);
    return made;
  }

  async #forgetBroadcast(id: number, destroy: boolean, blocking: boolean): Promise<void> {
    const gone = destroy ? this.#broadcasts.remove(id) : undefined;
    if (gone !== undefined)
      this.#log.info(
        `Destroyed Broadcast(${id}): ${gone.storedBytes} bytes in ${gone.pieces} pieces; the driver served ${gone.servedBytes} bytes of them to executors`,
      );
    for (const slot of this.#loop.slots()) slot.forgetBroadcast(id);
    const dropped = this.#broadcasts.dropEverywhere(id);
    if (blocking) await holdProcess(dropped);
  }
}

/** The level of an update says where the block is now, as Spark's. */
function blockUpdated(
  { executorId, rddId, partition, level, memoryBytes, diskBytes }: BlockFact,
  place: { readonly host: string; readonly port: number },
): RareEvent {
  const storageLevel = {
    useDisk: diskBytes > 0,
    useMemory: memoryBytes > 0,
    useOffHeap: level.useOffHeap,
    deserialized: level.deserialized && memoryBytes > 0,
    replication: level.replication,
  };
  return {
    tag: 'blockUpdated',
    id: { executorId, ...place },
    blockId: `rdd_${rddId}_${partition}`,
    storageLevel,
    memoryBytes,
    diskBytes,
  };
}
