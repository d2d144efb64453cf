// The merging half of the shuffle service over real files: what it acknowledges is there, also for the service that comes after it; what is late, spoilt
// or of an older attempt of the application is not.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ApplicationId } from '../../../../src/common/ids.ts';
import { BlockMerger } from '../../../../src/nodemanager/service/block-merger.ts';
import { decodeMergedBlocks } from '../../../../src/rpc/merged-index.ts';
import type { Peer } from '../../../../src/rpc/peer.ts';
import { Lanes } from '../../../../src/rpc/serve-blocks.ts';
import { silent } from '../../../helpers/driver-world.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'el-merge-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const APPLICATION = 'application_1_0001' as ApplicationId;
type Part = { reduceId: number; file: string; lengthBytes: number; blocks: number; maps: Uint8Array };

function service() {
  const merger = new BlockMerger({ lanes: new Lanes(3), chunkBytes: 10, rootsOf: () => [root], logger: silent });
  const handlers = new Map<string, (request: object) => Promise<unknown>>();
  const peer = { serve: ({ name }: { name: string }, handler: never) => void handlers.set(name, handler) };
  merger.serve(peer as unknown as Peer, APPLICATION, async () => {});
  return {
    push(mapIndex: number, texts: Readonly<Record<number, string>>, more: { attempt?: number; spoilt?: boolean } = {}) {
      const blocks = Object.entries(texts).map(([reduceId, text]) => ({
        reduceId: Number(reduceId),
        lengthBytes: text.length,
        checksum: more.spoilt ? 1 : crc32(text),
      }));
      const data = Buffer.from(Object.values(texts).join(''));
      return handlers.get('shuffle.push')!({ shuffleId: 0, attempt: more.attempt ?? 1, mapIndex, blocks, data });
    },
    async finalize(attempt = 1) {
      const { partitions } = (await handlers.get('shuffle.finalize')!({ shuffleId: 0, attempt })) as { partitions: Part[] };
      return partitions.map(({ reduceId, file, lengthBytes, blocks, maps }) => [
        reduceId,
        readFileSync(file, 'latin1').slice(0, lengthBytes),
        blocks,
        [...maps],
      ]);
    },
  };
}

test('blocks of each partition one behind another, each map task once; nothing after the end', async () => {
  const it = service();
  expect(await it.push(0, { 3: 'abc', 4: 'x' })).toEqual({ merged: 2, late: 0, failed: 0 });
  expect(await it.push(9, { 3: 'DEFG' })).toEqual({ merged: 1, late: 0, failed: 0 });
  expect(await it.push(0, { 3: 'abc' })).toEqual({ merged: 1, late: 0, failed: 0 });
  const end = [
    [3, 'abcDEFG', 2, [1, 2]],
    [4, 'x', 1, [1]],
  ];
  expect(await it.finalize()).toEqual(end);
  expect(await it.push(1, { 3: 'no' })).toEqual({ merged: 0, late: 1, failed: 0 });
  expect(await it.finalize()).toEqual(end);
});

test('a chunk ends with the block that makes it long enough', async () => {
  const it = service();
  for (const mapIndex of [0, 1, 2]) await it.push(mapIndex, { 0: '123456' });
  await it.finalize();
  const index = decodeMergedBlocks(readFileSync(join(root, 'shuffle_0_merged_1_0.data.index')));
  expect(index.map(({ endsChunk }) => endsChunk)).toEqual([false, true, false]);
});

test('a block that is not what its writer wrote is not merged', async () => {
  const it = service();
  expect(await it.push(0, { 3: 'abc' }, { spoilt: true })).toEqual({ merged: 0, late: 0, failed: 1 });
  expect(await it.finalize()).toEqual([]);
});

test('a service that comes after one that was killed has what was acknowledged, and goes on behind it', async () => {
  await service().push(0, { 3: 'abc' });
  const next = service();
  expect(await next.push(0, { 3: 'abc' })).toEqual({ merged: 1, late: 0, failed: 0 });
  expect(await next.push(1, { 3: 'de' })).toEqual({ merged: 1, late: 0, failed: 0 });
  expect(await next.finalize()).toEqual([[3, 'abcde', 2, [3]]]);
});

test('a newer attempt of the application begins anew, and the older one is late', async () => {
  const it = service();
  await it.push(0, { 3: 'abc' });
  expect(await it.push(1, { 3: 'zz' }, { attempt: 2 })).toEqual({ merged: 1, late: 0, failed: 0 });
  expect(await it.push(2, { 3: 'abc' })).toEqual({ merged: 0, late: 1, failed: 0 });
  expect(await it.finalize(1)).toEqual([]);
  expect(await it.finalize(2)).toEqual([[3, 'zz', 1, [2]]]);
});
