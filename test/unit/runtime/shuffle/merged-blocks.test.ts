// Reading merged files: what is whole is handed out by map task, what is damaged, cut off or not to be had is left to the map outputs, and figures say so.
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../../src/common/errors.ts';
import { encodeMergedBlocks } from '../../../../src/rpc/merged-index.ts';
import { noFigures } from '../../../../src/runtime/plan/status-metrics.ts';
import { decodeRows, encodeRows } from '../../../../src/runtime/rdd/row-codec.ts';
import type { MergedPartition } from '../../../../src/runtime/plan/stage-install.ts';
import { MergedBlocks } from '../../../../src/runtime/shuffle/merged-blocks.ts';
import type { BlockClient, BlockRange } from '../../../../src/runtime/shuffle/remote-blocks.ts';
import { shuffleSettings } from '../../../../src/runtime/shuffle/shuffle-settings.ts';
import { spillPlaceIn } from '../../../helpers/spill-place.ts';

let folder: string;
let partition: MergedPartition;
/** Of each block. */
let sizes: number[];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'emberloom-merged-'));
  // Map tasks 5, 0 and 2, in this order; the first two are a chunk.
  const batches = ['five', 'nought', 'two'].map((text) => encodeRows([text]));
  sizes = batches.map(({ length }) => length);
  const maps = [5, 0, 2];
  const file = path.join(folder, 'shuffle_0_merged_1_3.data');
  writeFileSync(file, Buffer.concat([...batches, Buffer.from('torn')]));
  const blocks = batches.map((batch, i) => ({ mapIndex: maps[i]!, checksum: crc32(batch), bytes: batch.length, endsChunk: i === 1 }));
  writeFileSync(`${file}.index`, encodeMergedBlocks(blocks));
  partition = { reduceId: 3, address: 'nm', host: 'h', file, bytes: sum(sizes), blocks: 3, maps: Uint8Array.of(0b100101) };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

/** Reads the files, until `answers` requests have been answered. */
function client(answers = Number.POSITIVE_INFINITY): BlockClient {
  let left = answers;
  const fetchRanges = async (_: string, ranges: readonly BlockRange[]) => {
    if (left-- <= 0) throw new AppError('RPC_TIMEOUT', { message: 'block.fetchBatch', timeoutMs: 1, peer: 'nm' });
    return ranges.map(({ file, offset, lengthBytes }) => ({
      data: readFileSync(file).subarray(offset, offset + lengthBytes),
      fault: undefined,
    }));
  };
  return { fetchRanges } as unknown as BlockClient;
}

async function fetched({ local = false, memoryBytes = 1e6, answers = Number.POSITIVE_INFINITY, of = partition } = {}) {
  const { dirs, newName } = spillPlaceIn(folder, 1e9);
  const metrics = noFigures();
  const merged = new MergedBlocks();
  await merged.fetch(0, of, local, { client: client(answers), settings: shuffleSettings(new Map()), memoryBytes, dirs, newName, metrics });
  const textOf = (mapIndex: number) => {
    const pieces = merged.get(0, 3, mapIndex);
    return pieces && [...pieces].flatMap((piece) => [...decodeRows(piece)])[0];
  };
  return { merged, texts: [0, 1, 2, 5].map(textOf), metrics, push: metrics.push! };
}
const ALL = ['nought', undefined, 'two', 'five'];

test('blocks by map task, from others and from this host; a chunk is one block of the figures', async () => {
  const remote = await fetched();
  expect(remote.texts).toEqual(ALL);
  expect(remote.metrics).toMatchObject({ shuffleRemoteBlocks: 2, shuffleRemoteBytes: sum(sizes), shuffleLocalBlocks: 0 });
  expect(remote.push).toMatchObject({ remoteMergedBlocksFetched: 3, remoteMergedChunksFetched: 2, remoteMergedBytesRead: sum(sizes) });
  const local = await fetched({ local: true });
  expect(local.texts).toEqual(ALL);
  expect(local.metrics).toMatchObject({ shuffleRemoteBlocks: 0, shuffleLocalBlocks: 2, shuffleLocalBytes: sum(sizes) });
  expect(local.push).toMatchObject({ localMergedBlocksFetched: 3, localMergedChunksFetched: 2, mergedFetchFallbackCount: 0 });
});

test('what memory does not hold is on disk until the task ends', async () => {
  const files = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
  const before = files();
  const { merged, texts, metrics } = await fetched({ memoryBytes: 5 });
  expect(texts).toEqual(ALL);
  expect(metrics.shuffleRemoteBytesToDisk).toBe(partition.bytes);
  expect(files()).toBe(before + 2);
  merged.discard();
  expect(files()).toBe(before);
});

test.each([true, false])('a damaged chunk is left out, the other one is read (local: %s)', async (local) => {
  const data = readFileSync(partition.file);
  data[sizes[0]! - 1]! ^= 1;
  writeFileSync(partition.file, data);
  const { texts, push } = await fetched({ local });
  expect(texts).toEqual([undefined, undefined, 'two', undefined]);
  expect([push.corruptMergedBlockChunks, push.mergedFetchFallbackCount]).toEqual([1, 1]);
});

test('a file that is cut off costs the chunks that are not there', async () => {
  truncateSync(partition.file, sizes[0]! + sizes[1]!);
  const { texts, push } = await fetched();
  expect(texts).toEqual(['nought', undefined, undefined, 'five']);
  expect([push.corruptMergedBlockChunks, push.mergedFetchFallbackCount]).toEqual([0, 1]);
});

test('a service that does not answer: nothing is read of it, nothing fails', async () => {
  expect(await fetched({ answers: 0 })).toMatchObject({
    texts: [undefined, undefined, undefined, undefined],
    push: { mergedFetchFallbackCount: 1 },
  });
  // It goes away behind the index: every chunk falls back.
  expect(await fetched({ answers: 1 })).toMatchObject({
    texts: [undefined, undefined, undefined, undefined],
    push: { mergedFetchFallbackCount: 2 },
  });
});

test('an index that says something else than the service said is not believed', async () => {
  const none = [undefined, undefined, undefined, undefined];
  for (const of of [
    { ...partition, bytes: partition.bytes + 1 },
    { ...partition, maps: Uint8Array.of(0b000101) },
    { ...partition, blocks: 4 },
  ])
    expect(await fetched({ of })).toMatchObject({ texts: none, push: { mergedFetchFallbackCount: 1 } });
});
