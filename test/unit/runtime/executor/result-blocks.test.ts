// Results that an executor keeps for the driver: in memory, on disk when there is no room, and over a real socket to the driver's own reader.
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NetTransport } from '../../../../src/platform/net-transport.ts';
import type { Listener } from '../../../../src/rpc/transport.ts';
import type { BlockMaster } from '../../../../src/runtime/driver/service/block-master.ts';
import { ResultFetcher } from '../../../../src/runtime/driver/service/result-fetcher.ts';
import { startBlockServer } from '../../../../src/runtime/executor/block-server.ts';
import { ResultBlocks } from '../../../../src/runtime/executor/result-blocks.ts';
import { leaveWhenLarge, type ResultKeeper } from '../../../../src/runtime/executor/result-keeper.ts';
import { decodeTaskEnd, readKept } from '../../../../src/runtime/plan/task-end.ts';
import { blockName, TASK_RESULTS } from '../../../../src/runtime/storage/block-pieces.ts';
import { ByteBlocks } from '../../../../src/runtime/storage/byte-blocks.ts';
import { MemoryPool } from '../../../../src/runtime/storage/memory-pool.ts';
import { silent } from '../../../helpers/driver-world.ts';

const MIB = 1 << 20;
const APP = 'application_1_0001';
const SECRET = 's'.repeat(64);
const transport = new NetTransport();
let folder: string;
let server: Listener | undefined;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'el-results-')));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function rig(memoryBytes: number) {
  const pool = new MemoryPool({ maxBytes: memoryBytes, storageRegionBytes: memoryBytes / 2 });
  const none = new MemoryPool({ maxBytes: 0, storageRegionBytes: 0 });
  const bytes = new ByteBlocks({ dirs: [folder], pool, offHeapPool: none, compressed: false, log: silent, onChange: () => {} });
  return { pool, bytes, results: new ResultBlocks(bytes) };
}
const pieces = (...values: number[]) => values.map((value) => new Uint8Array(MIB).fill(value));
const fileOf = (taskId: number) => join(folder, blockName({ rddId: TASK_RESULTS, partition: taskId }));

test('a result takes memory until it is removed, and is no block of an RDD', () => {
  const { pool, bytes, results } = rig(4 * MIB);
  results.keep(7, pieces(1, 2));
  expect(pool.storageBytes).toBe(2 * MIB);
  expect([results.read(7, 0)[0], results.read(7, 1)[0]]).toEqual([1, 2]);
  expect(bytes.blocks()).toEqual([]); // a decommissioned executor hands none of them on
  results.remove(7);
  expect(pool.storageBytes).toBe(0);
  expect(() => results.read(7, 0)).toThrow('taskresult_7 is corrupt: it is not here any more');
});

test('what does not fit into memory sends older results to disk, and is read from there', () => {
  const { results, bytes } = rig(3 * MIB);
  results.keep(1, pieces(10, 11));
  results.keep(2, pieces(20, 21));
  expect(bytes.find({ rddId: TASK_RESULTS, partition: 1 })).toEqual({ path: fileOf(1) });
  results.keep(3, pieces(30, 31, 32, 33)); // larger than all memory
  expect([1, 2, 3].map((taskId) => results.read(taskId, 1)[0])).toEqual([11, 21, 31]);
  for (const taskId of [1, 2, 3]) results.remove(taskId);
  expect(() => readFileSync(fileOf(1))).toThrow('ENOENT');
});

test('a file that was changed, and one that is gone, are told as such', () => {
  const { results } = rig(MIB);
  results.keep(1, pieces(10, 11));
  const file = readFileSync(fileOf(1));
  file[5000] = file[5000]! ^ 1;
  writeFileSync(fileOf(1), file);
  expect(() => results.read(1, 1)).toThrow('checksum of piece 0 is wrong');
  results.keep(2, pieces(10, 11));
  rmSync(fileOf(2));
  expect(() => results.read(2, 0)).toThrow('taskresult_2 is corrupt: ENOENT');
});

test('with no room on disk either, the task fails with the path, and nothing stays in memory', () => {
  const { results, pool } = rig(MIB);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'no folder');
  expect(() => results.keep(1, pieces(1, 2))).toThrow(expect.objectContaining({ code: 'LOCAL_DISK' }));
  expect(pool.storageBytes).toBe(0);
});

test('a body up to the limit travels; a larger one is kept whole, and only what the slot holds is told beside it', async () => {
  const kept = new Map<number, Buffer>();
  const keeper: ResultKeeper = {
    directBytes: 100,
    mostBytes: 3 * MIB,
    keep: async (taskId, parts) => void kept.set(taskId, Buffer.concat(parts)),
  };
  const small = leaveWhenLarge(1, { r: new Uint8Array(50) }, keeper);
  expect(small).toBeInstanceOf(Buffer);
  const r = new Uint8Array(2 * MIB + 5).fill(3);
  const told = decodeTaskEnd(await leaveWhenLarge(2, { r, a: [[4, 'x']], c: [[1, 2, 3]] }, keeper));
  expect(told).toEqual({ c: [[1, 2, 3]], i: [kept.get(2)!.length, 4] });
  expect(readKept(kept.get(2)!)).toEqual({ r: Buffer.from(r), a: [[4, 'x']], c: [[1, 2, 3]] });
  const accumulators = decodeTaskEnd(await leaveWhenLarge(4, { r: 7, a: [[4, 'x'.repeat(200)]] }, keeper));
  expect(accumulators.i).toEqual([kept.get(4)!.length, 1]);
  expect(readKept(kept.get(4)!)).toEqual({ r: 7, a: [[4, 'x'.repeat(200)]] });
  const tooLarge = decodeTaskEnd(await leaveWhenLarge(3, { r: new Uint8Array(4 * MIB) }, keeper));
  expect(tooLarge.i![1]).toBe(0);
  expect(kept.has(3)).toBe(false);
});

test('the driver reads it from the block server, and what is lost on the way is an error at once', async () => {
  const { results, pool } = rig(64 * MIB);
  const address = `unix:${join(folder, 'b.sock')}`;
  server = await startBlockServer({
    transport,
    address,
    secret: SECRET,
    applicationId: APP,
    shuffleDirs: [folder],
    results: () => results,
  });
  const addresses = new Map([['1', address]]);
  const blocks = { localResults: () => undefined, addressOf: (id: string) => addresses.get(id), onGone: (_: string) => {} };
  const fetcher = new ResultFetcher(transport, () => ({ id: `block:${APP}/driver`, secret: SECRET }), blocks as unknown as BlockMaster);
  results.keep(5, pieces(1, 2, 3, 4, 5, 6));
  const whole = await fetcher.fetch('1', 5, 6 * MIB, 6);
  expect(pieces(1, 2, 3, 4, 5, 6).every((piece, i) => Buffer.from(piece).equals(whole.subarray(i * MIB, (i + 1) * MIB)))).toBe(true);
  await expect(fetcher.fetch('1', 5, 6 * MIB + 1, 6)).rejects.toMatchObject({ code: 'BLOCK_CORRUPT' });
  await expect(fetcher.fetch('1', 6, MIB, 1)).rejects.toMatchObject({ code: 'BLOCK_CORRUPT' });
  fetcher.remove('1', 5);
  await expect(fetcher.fetch('1', 5, 6 * MIB, 6)).rejects.toMatchObject({ code: 'BLOCK_CORRUPT' }); // in order behind the removal
  expect(pool.storageBytes).toBe(0);
  await expect(fetcher.fetch('2', 5, MIB, 1)).rejects.toMatchObject({ code: 'EXECUTOR_LOST' });
  // Its executor hangs and is given up by the driver: nobody waits for a timeout.
  results.keep(8, pieces(1));
  results.read = () => new Promise(() => {}) as never;
  const waiting = fetcher.fetch('1', 8, MIB, 1);
  waiting.catch(() => {});
  await new Promise((resolve) => setImmediate(resolve));
  blocks.onGone('1');
  await expect(waiting).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
});
