// An executor's blocks, put together from the application's settings: pools, store, manager, and a port for each slot's thread. Used by main.ts
// and, for a local master, by the driver's own process (session.ts hands it over). What it does is storage/block-manager.ts.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { type Key, settingOf, type Unit } from '../../common/key.ts';
import type { Logger } from '../../common/ports.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import { blockLocate, blockPeers, blockReport } from '../../rpc/messages/blocks.ts';
import type { Peer } from '../../rpc/peer.ts';
import { BlockManager } from '../storage/block-manager.ts';
import { serveSlotBlocks, type SlotBlocks } from '../storage/block-port.ts';
import { ByteBlocks } from '../storage/byte-blocks.ts';
import { ResultBlocks } from './result-blocks.ts';
import { MemoryPool, poolSizes } from '../storage/memory-pool.ts';
import type { BlockMasterLink, BlockTransfer } from '../storage/shared-blocks.ts';

export type BlockServiceOptions = {
  readonly host: string;
  readonly conf: ReadonlyMap<string, string>;
  /** Of this executor alone, one a disk. */
  readonly dirs: readonly string[];
  /** What the process has beside the heaps of its slots, bytes. */
  readonly besideHeapsBytes: number;
  readonly master: BlockMasterLink;
  readonly transfer: BlockTransfer | undefined;
  /** The way to broadcast variables; what is kept of them counts in the pool. */
  readonly broadcasts: (pool: MemoryPool) => SlotBlocks['broadcast'];
  readonly log: Logger;
};

/** The main thread itself and buffers on their way: no blocks there. */
const RESERVED_BESIDE_BYTES = 48 << 20;

export class BlockService {
  readonly manager: BlockManager;
  readonly results: ResultBlocks;
  readonly #broadcast: SlotBlocks['broadcast'];
  #ports = 0;

  constructor({ host, conf, dirs, besideHeapsBytes, master, transfer, broadcasts, log }: BlockServiceOptions) {
    const read = <U extends Unit>(key: Key<U>) => settingOf(conf, key);
    const share = read(SPARK_KEYS.memoryStorageFraction);
    const offHeapBytes = read(SPARK_KEYS.offHeapEnabled) ? read(SPARK_KEYS.offHeapSize) : 0;
    const pool = new MemoryPool(poolSizes(besideHeapsBytes, read(SPARK_KEYS.memoryFraction), share, RESERVED_BESIDE_BYTES));
    this.#broadcast = broadcasts(pool);
    const bytes = new ByteBlocks({
      dirs,
      pool,
      offHeapPool: new MemoryPool(poolSizes(offHeapBytes, 1, share, 0)),
      compressed: read(SPARK_KEYS.rddCompress),
      log: log.named('BlockManager'),
      onChange: (update) => this.manager.changed(update),
    });
    this.results = new ResultBlocks(bytes);
    this.manager = new BlockManager({ host, bytes, master, transfer, log: log.named('BlockManager') });
  }

  /** For a slot's thread, which may be one in another's place. */
  portFor(slot: number): MessagePort {
    const { port1, port2 } = new MessageChannel();
    const maker = `slot-${slot}-${this.#ports++}`;
    const keepResult: SlotBlocks['keepResult'] = async (taskId, parts) => this.results.keep(taskId, parts);
    serveSlotBlocks(port1, { ...this.manager.slot(maker), broadcast: this.#broadcast, keepResult }, () => this.manager.slotEnded(maker));
    return port2;
  }
}

/** The driver, asked over the executor's control connection. */
export const masterOver = (driver: Peer): BlockMasterLink => ({
  report: async (updates) => void (await driver.call(blockReport, { updates: [...updates] })),
  locate: async ({ rddId, partition }) => (await driver.call(blockLocate, { rddId, partition })).executors,
  peers: async () => (await driver.call(blockPeers, {})).executors,
});
