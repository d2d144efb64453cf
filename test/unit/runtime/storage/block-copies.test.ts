// Copies of blocks for levels with more than one: every way a block is made leaves a copy with another executor, and only new blocks do.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { StorageLevel } from '../../../../src/runtime/rdd/storage-level.ts';
import { BlockFileWriter } from '../../../../src/runtime/storage/block-file.ts';
import { BlockManager } from '../../../../src/runtime/storage/block-manager.ts';
import { blockName, PieceEncoder } from '../../../../src/runtime/storage/block-pieces.ts';
import { ByteBlocks } from '../../../../src/runtime/storage/byte-blocks.ts';
import { MemoryPool } from '../../../../src/runtime/storage/memory-pool.ts';
import { blockPath } from '../../../../src/runtime/storage/shared-blocks.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {}, named: () => silent } as never;
const folder = mkdtempSync(join(tmpdir(), 'block-copies.'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function executor() {
  const pool = () => new MemoryPool({ maxBytes: 1 << 20, storageRegionBytes: 1 << 20 });
  const bytes = new ByteBlocks({ dirs: [folder], pool: pool(), offHeapPool: pool(), compressed: false, log: silent, onChange: () => {} });
  const copied: string[] = [];
  const peer = { executorId: '2', host: 'there', blockAddress: '' };
  const blocks = new BlockManager({
    host: 'here',
    bytes,
    master: { report: async () => {}, locate: async () => [], peers: async () => [peer] },
    transfer: {
      open: async () => undefined,
      read: async () => ({}) as never,
      put: async () => true,
      commit: async (_, block) => void copied.push(blockName(block)),
    },
    log: silent,
  });
  return { slot: blocks.slot('slot-0'), copied };
}

/** A partition's file, as a slot writes it. @returns its bytes */
function writeBlock(block: { rddId: number; partition: number }): number {
  const writer = new BlockFileWriter(blockPath([folder], block), 'test', false);
  const encoder = new PieceEncoder(false);
  const piece = encoder.add([1, 2, 3], 3) ?? encoder.finish();
  writer.add(piece!);
  return writer.commit();
}

describe('a block that is written to a file', () => {
  const block = { rddId: 7, partition: 0 };
  for (const level of [StorageLevel.DISK_ONLY_2, StorageLevel.MEMORY_AND_DISK_2, StorageLevel.MEMORY_AND_DISK_SER_2])
    it(`is copied when it is new: ${level}`, async () => {
      const { slot, copied } = executor();
      await slot.wroteFile(block, level, writeBlock(block), true);
      expect(copied).toEqual(['rdd_7_0']);
    });

  it('is not copied when it leaves memory: that was done when it was made', async () => {
    const { slot, copied } = executor();
    await slot.wroteFile(block, StorageLevel.MEMORY_AND_DISK_2, writeBlock(block), false);
    expect(copied).toEqual([]);
  });
});
