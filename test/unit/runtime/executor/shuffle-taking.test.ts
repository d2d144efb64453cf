// A map output is taken over: whole and checked, or not at all; and a reduce task whose block has moved asks where it lies.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../../src/common/errors.ts';
import { fetchedWhereTheyLie } from '../../../../src/runtime/executor/moved-outputs.ts';
import { takeMapOutput } from '../../../../src/runtime/executor/shuffle-taking.ts';
import type { ShuffleOutputs } from '../../../../src/runtime/plan/stage-install.ts';
import { encodeIndex } from '../../../../src/runtime/shuffle/bucket-format.ts';
import type { BlockClient } from '../../../../src/runtime/shuffle/remote-blocks.ts';

let from: string;
let to: string;
beforeEach(() => {
  from = mkdtempSync(join(tmpdir(), 'from-'));
  to = mkdtempSync(join(tmpdir(), 'to-'));
});
afterEach(() => {
  for (const dir of [from, to]) rmSync(dir, { recursive: true, force: true });
});

/** Partitions of these sizes, empty ones among them. */
function written(...sizes: number[]) {
  const parts = sizes.map((size, p) => Buffer.alloc(size, p + 1));
  const offsets = new Float64Array(sizes.length + 1);
  sizes.forEach((size, p) => (offsets[p + 1] = offsets[p]! + size));
  const file = join(from, 'shuffle_0_0_5.data');
  writeFileSync(file, Buffer.concat(parts));
  writeFileSync(
    `${file}.index`,
    encodeIndex({ offsets, rows: new Float64Array(sizes.length), checksums: Uint32Array.from(parts, (part) => crc32(part)) }),
  ); // prettier-ignore
  return { file, host: 'here', blockAddress: 'there', partitions: sizes.length };
}
const served: BlockClient = {
  fetchRanges: async (_, ranges) =>
    ranges.map(({ file, offset, lengthBytes }) => ({ data: readFileSync(file).subarray(offset, offset + lengthBytes) })), // prettier-ignore
  diagnose: () => Promise.reject(new Error('not asked')),
};
const parts = (host: string, conf: [string, string][] = [], client = served) => ({ host, shuffleDirs: [to], conf: new Map(conf), client });
const code = (error: unknown) => (error as AppError).code;

test.each([
  ['on this host', 'here'],
  ['from its server', 'elsewhere'],
])('copied whole %s, with its index', async (_, host) => {
  const source = written(3_000_000, 0, 5, 0, 1_200_000, 0);
  const file = await takeMapOutput(source, parts(host), 'x');
  expect(file).toBe(join(to, 'shuffle_0_0_5.data'));
  expect(readFileSync(file).equals(readFileSync(source.file))).toBe(true);
  expect(readFileSync(`${file}.index`).equals(readFileSync(`${source.file}.index`))).toBe(true);
  expect(readdirSync(to)).toHaveLength(2);
});

test('a spoilt byte, a file that is cut off, a missing one, a damaged index: refused, and nothing is left', async () => {
  const source = written(10, 2_000_000, 10);
  const spoil = (file: string, at: number) => {
    const bytes = readFileSync(file);
    bytes[at]! ^= 1;
    writeFileSync(file, bytes);
  };
  const takes = () => takeMapOutput(source, parts('elsewhere'), 'x').then(() => 'taken', code);
  spoil(source.file, 1_500_000);
  expect(await takes()).toBe('BLOCK_CORRUPT');
  spoil(source.file, 1_500_000);
  expect(await takes()).toBe('taken');
  for (const name of readdirSync(to)) rmSync(join(to, name));
  spoil(`${source.file}.index`, 30);
  expect(await takes()).toBe('BLOCK_CORRUPT');
  spoil(`${source.file}.index`, 30);
  writeFileSync(source.file, readFileSync(source.file).subarray(0, 1_000_000));
  expect(await takes()).toBe('BLOCK_CORRUPT');
  rmSync(source.file);
  expect(await takeMapOutput(source, parts('here'), 'x').then(() => 'taken', code)).toBe('BLOCK_CORRUPT');
  expect(readdirSync(to)).toEqual([]);
});

test('a folder that takes nothing is passed over; none left is LOCAL_DISK, as is more than maxDiskSize', async () => {
  const source = written(10, 20);
  const blocked = join(to, 'is a file');
  writeFileSync(blocked, '');
  const two = { ...parts('here'), shuffleDirs: [join(blocked, 'no folder'), to] };
  expect(await takeMapOutput(source, two, 'x')).toBe(join(to, 'shuffle_0_0_5.data'));
  expect(await takeMapOutput(source, { ...two, shuffleDirs: two.shuffleDirs.slice(0, 1) }, 'x').catch(code)).toBe('LOCAL_DISK');
  const limited = parts('here', [['spark.storage.decommission.shuffleBlocks.maxDiskSize', '10b']]);
  expect(await takeMapOutput(source, limited, 'x').catch(code)).toBe('LOCAL_DISK'); // it has more than ten bytes already
  expect(await takeMapOutput({ ...source, into: join(from, 'fallback/0') }, limited, 'x')).toBe(
    join(from, 'fallback/0/shuffle_0_0_5.data'),
  );
});

test('a task whose block has moved goes on with the new place; with none that is new it is FETCH_FAILED', async () => {
  const outputs = (epoch: number, blockAddress: string): ShuffleOutputs => ({
    ...{ shuffleId: 3, epoch },
    outputs: [{ mapIndex: 0, mapTaskId: 1, executorId: '1', host: 'h', blockAddress, file: '/f', bytes: [1], records: 1 }],
  });
  const params = { shuffleId: 3, mapIndex: 0, mapTaskId: 1, reduceId: 0, executorId: '1', epoch: 1, detail: 'gone' };
  const asked: string[] = [];
  const fetch = async ({ outputs: [output] }: ShuffleOutputs, partition: number) => {
    asked.push(`${output!.blockAddress} ${partition}`);
    if (output!.blockAddress !== 'there' && partition === 1) throw new AppError('FETCH_FAILED', params);
  };
  const reads = [
    { shuffleId: 3, partition: 0 },
    { shuffleId: 3, partition: 1 },
  ]; // prettier-ignore
  const known = new Map([[3, outputs(1, 'here')]]);
  const found = await fetchedWhereTheyLie(known, reads, async () => outputs(2, 'there'), fetch);
  expect(found.get(3)!.epoch).toBe(2);
  expect(asked).toEqual(['here 0', 'here 1', 'there 0', 'there 1']);
  for (const locate of [undefined, async () => undefined, async () => outputs(2, 'here'), () => Promise.reject(new Error('lost'))])
    expect(await fetchedWhereTheyLie(known, reads, locate, fetch).catch(code)).toBe('FETCH_FAILED');
});
