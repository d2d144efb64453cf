// Cached partitions that are objects of this slot's thread, handed on to other executors as bytes because this executor is decommissioned. Blocks
// that are bytes already hand on themselves (storage/block-manager.ts). Source: Spark's BlockManagerDecommissioner.decommissionRddCacheBlocks.
import { blockName } from '../../storage/block-pieces.ts';
import type { PartitionStore } from '../../storage/partition-store.ts';
import { relayRows, type StoredBlocks } from './stored-rows.ts';

/** Of a partition without a level of its own: MEMORY_ONLY. */
const MEMORY_ONLY = { useDisk: false, useMemory: true, useOffHeap: false, deserialized: true };

/** @returns blocks that others have now, and those that nobody took; both stay here as well, until this executor ends */
export async function handOnObjects(store: PartitionStore, stored: StoredBlocks): Promise<{ blocks: number; left: number }> {
  const moved = { blocks: 0, left: 0 };
  for (const { rddId, partition, rows, level } of [...store.blocks()]) {
    const block = { rddId, partition };
    try {
      const safe = await stored.shared.staysElsewhere(block);
      if (safe || (await relayRows(rows, block, { ...(level ?? MEMORY_ONLY), replication: 2 }, stored)) > 0) moved.blocks++;
      else moved.left++;
    } catch (error) {
      moved.left++;
      stored.log.warn(`${blockName(block)} could not be handed on: ${(error as Error).message}`);
    }
  }
  return moved;
}
