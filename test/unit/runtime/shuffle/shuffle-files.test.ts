// Shuffle files on disk: index, spills, damage, full disks; and blocks that come over the wire.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/common/errors.ts';
import { decodeRows, encodePairs, encodeRows } from '../../../../src/runtime/rdd/row-codec.ts';
import { decodeIndex, encodeIndex } from '../../../../src/runtime/shuffle/bucket-format.ts';
import { PairSorter } from '../../../../src/runtime/shuffle/pair-sorter.ts';
import { PairBuffers } from '../../../../src/runtime/shuffle/pair-buffers.ts';
import { readPieces, Segments } from '../../../../src/runtime/shuffle/segments.ts';
import { HashPartitioner } from '../../../../src/runtime/rdd/partitioner.ts';
import { SpillingTable } from '../../../../src/runtime/shuffle/spilling-table.ts';
import { naturalOrder } from '../../../../src/runtime/rdd/natural-order.ts';
import { LocalDirs } from '../../../../src/runtime/shuffle/local-dirs.ts';
import type { SpillPlace } from '../../../../src/runtime/shuffle/segments.ts';
import { spillPlaceIn } from '../../../helpers/spill-place.ts';
import { InProcessContext } from '../../../helpers/in-process-context.ts';

let folder: string;
let spilled = 0;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'emberloom-shuffle-'));
  spilled = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const place = (firstBytes: number, more: Partial<SpillPlace> = {}) =>
  spillPlaceIn(folder, firstBytes, {
    onSpill: (_, disk) => {
      spilled += disk;
    },
    ...more,
  });

describe('row codec', () => {
  it.each([
    ['numbers', [1, 2.5, -0, Number.NaN]],
    ['whole numbers', [1, -5, 2 ** 31 - 1]],
    ['texts', ['', 'ab', 'x'.repeat(40), 'ä']],
    ['wide texts', ['日本', '🙂', '\ud800']],
    [
      'pairs',
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    [
      'nested tuples',
      [
        [1, ['x', null]],
        [2, ['y', null]],
      ],
    ],
    ['booleans', [true, false]],
    ['nothing', []],
    ['nulls', [null, null]],
    ['undefineds', [undefined, undefined]],
    ['a mixture', [1, 'a', null, [1], { a: 1 }, 5n]],
    ['tuples of different lengths', [[1], [1, 2]]],
    ['empty tuples', [[], []]],
  ])('gives back %s', (_, rows) => {
    expect(decodeRows(encodeRows(rows))).toEqual(rows);
    expect(decodeRows(Buffer.concat([Buffer.alloc(3), encodeRows(rows)]).subarray(3))).toEqual(rows);
    expect(decodeRows(Buffer.concat([encodeRows(rows), encodeRows(rows)]))).toEqual([...rows, ...rows]);
  });

  it('packs pairs of small numbers into 8 bytes', () => {
    const keys = Float64Array.from({ length: 1000 }, (_, i) => i);
    expect(encodePairs(keys, keys, 0, 1000).length).toBeLessThan(8 * 1000 + 64);
  });
});

describe('index', () => {
  it('is read back, and refused when a byte is wrong', () => {
    const index = { offsets: Float64Array.of(0, 8, 8), rows: Float64Array.of(3, 0), checksums: Uint32Array.of(7, 0) };
    const bytes = encodeIndex(index);
    expect(decodeIndex(bytes)).toEqual(index);
    for (let i = 0; i < bytes.length; i++) {
      const damaged = Buffer.from(bytes);
      damaged[i]! ^= 1;
      expect(decodeIndex(damaged)).toBeUndefined();
    }
    expect(decodeIndex(bytes.subarray(0, bytes.length - 1))).toBeUndefined();
  });
});

describe('spills', () => {
  it('segments read back in order across spills, and remove their files', () => {
    const segments = new Segments(2, place(100));
    for (let i = 0; i < 20; i++) segments.append(i % 2, encodeRows([i, i + 100]), 2);
    expect(spilled).toBeGreaterThan(0);
    expect([...segments.read(1)].flatMap(decodeRows).filter((_, i) => i % 2 === 0)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
    segments.writeTo(path.join(folder, 'out.data'), 'x');
    expect(readdirSync(path.join(folder, 'deep'))).toEqual([]);
    const index = decodeIndex(readFileSync(path.join(folder, 'out.data.index')))!;
    expect([...index.rows]).toEqual([20, 20]);
  });

  it('a table that spills gives each key once', () => {
    const table = new SpillingTable({ create: (v) => [v], merge: (a, v) => [...a, v], combine: (a, b) => [...a, ...b] }, place(2000));
    const keys = Array.from({ length: 5000 }, (_, i) => `key ${i % 700}`);
    for (let at = 0; at < keys.length; at += 100) table.addValues(keys.slice(at, at + 100), keys.slice(at, at + 100), 100);
    const lengths = (k: ArrayLike<unknown>, lists: ArrayLike<unknown>, n: number) =>
      Array.from({ length: n }, (_, i) => [k[i], (lists[i] as unknown[]).length] as const);
    const parts = [...table.finish()].flatMap(({ keys: k, values, n }) => lengths(k, values, n));
    expect(spilled).toBeGreaterThan(0);
    expect(parts).toHaveLength(700);
    expect(parts.reduce((sum, [, n]) => sum + n, 0)).toBe(5000);
    expect(readdirSync(path.join(folder, 'deep'))).toEqual([]);
  });

  it.each([true, false])('a sorter that spills is a stable sort (ascending %s)', (ascending) => {
    const sorter = new PairSorter({ compare: naturalOrder, ascending, natural: true }, place(3000));
    const rows = Array.from({ length: 3000 }, (_, i) => [(i * 7919) % 101, i] as const);
    for (let at = 0; at < rows.length; at += 100)
      sorter.add(
        rows.slice(at, at + 100).map((r) => r[0]),
        rows.slice(at, at + 100).map((r) => r[1]),
        100,
      );
    const out = [...sorter.finish()].flatMap(({ keys, values, n }) => Array.from({ length: n }, (_, i) => [keys[i], values[i]]));
    expect(spilled).toBeGreaterThan(0);
    expect(out).toEqual(rows.toSorted((a, b) => (ascending ? a[0] - b[0] : b[0] - a[0]) || a[1] - b[1]));
  });

  it('a folder that cannot be written is LOCAL_DISK, with the path', () => {
    writeFileSync(path.join(folder, 'file'), '');
    const segments = new Segments(1, place(1 << 20, { dirs: new LocalDirs([path.join(folder, 'file')]) }));
    segments.append(0, encodeRows([1]), 1);
    const write = () => segments.writeTo(path.join(folder, 'file', 'x.data'), 'y');
    expect(write).toThrow(AppError);
    expect(write).toThrow(/Writing .*x\.data failed/);
  });

  it.runIf(existsSync('/dev/full'))('a full disk is LOCAL_DISK and leaves nothing behind', async () => {
    const { NewFile } = await import('../../../../src/runtime/shuffle/local-file.ts');
    const { symlinkSync } = await import('node:fs');
    const file = new NewFile(path.join(folder, 'data'), 't');
    file.discard();
    symlinkSync('/dev/full', path.join(folder, 'data.u.tmp'));
    expect(() => new NewFile(path.join(folder, 'data'), 'u')).toThrow(AppError); // never writes through a link
    rmSync(path.join(folder, 'data.u.tmp'));
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('reading blocks', () => {
  const damage = (file: string, at: number) => {
    const bytes = readFileSync(file);
    bytes[at]! ^= 0xff;
    writeFileSync(file, bytes);
  };
  const job = async (sc: InProcessContext) => {
    const counts = sc
      .range(0, 1000, 1, 3)
      .map((x): [number, number] => [x % 10, 1])
      .reduceByKey((a, b) => a + b);
    await counts.count();
    return { counts, outputs: sc.outputs.get(0)! };
  };

  it('a damaged block is FETCH_FAILED, as data', async () => {
    const sc = new InProcessContext();
    const { counts, outputs } = await job(sc);
    damage(outputs[1]!.file, 20);
    const error = (await counts.collect().catch((e: unknown) => e)) as AppError<'FETCH_FAILED'>;
    expect(error.code).toBe('FETCH_FAILED');
    expect(error.params).toMatchObject({
      shuffleId: 0,
      mapIndex: 1,
      mapTaskId: outputs[1]!.mapTaskId,
      reduceId: 0,
      executorId: '1',
      epoch: 1,
    });
    expect(error.params.detail).toContain('checksum');
    sc.close();
  });

  it('so is a lost file, and a damaged index', async () => {
    for (const hurt of [
      (file: string) => rmSync(file),
      (file: string) => rmSync(`${file}.index`),
      (file: string) => damage(`${file}.index`, 9),
    ]) {
      const sc = new InProcessContext();
      const { counts, outputs } = await job(sc);
      hurt(outputs[2]!.file);
      await expect(counts.collect()).rejects.toMatchObject({ code: 'FETCH_FAILED', params: { mapIndex: 2 } });
      sc.close();
    }
  });

  it.each([
    ['in memory', 1 << 26],
    ['over local disk', 500],
  ])('blocks of other hosts are fetched before the task, %s', async (_, budgetBytes) => {
    const sc = new InProcessContext({ remote: true, budgetBytes });
    const { counts, outputs } = await job(sc);
    expect((await counts.collect()).sort()).toEqual(Array.from({ length: 10 }, (__, i) => [i, 100]));
    expect(sc.ends.at(-1)!.metrics!.shuffleRemoteBytes).toBeGreaterThan(0);
    damage(outputs[0]!.file, 20);
    await expect(counts.collect()).rejects.toMatchObject({ code: 'FETCH_FAILED', params: { mapIndex: 0 } });
    expect(readdirSync(path.join(sc.folder, 'shuffle')).filter((name) => name.startsWith('spill'))).toEqual([]);
    sc.close();
  });
});

describe('large rows', () => {
  const appended = (list: unknown[], value: unknown) => {
    list.push(value);
    return list;
  };
  const text = (i: number) => String.fromCharCode(97 + (i % 26)).repeat(100_000) + i;

  it('are merged from sorted runs', () => {
    const sorter = new PairSorter({ compare: naturalOrder, ascending: true, natural: true }, place(1 << 20));
    for (let i = 0; i < 300; i++) sorter.add([(i * 7919) % 300], [text(i)], 1);
    const seen: unknown[] = [];
    for (const { keys, n } of sorter.finish()) {
      for (let i = 0; i < n; i++) seen.push(keys[i]);
    }
    expect(seen).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  it('are read back from a spill in pieces', () => {
    const segments = new Segments(1, place(1e9));
    for (let i = 0; i < 60; i++) segments.append(0, encodePairs([i], [text(i)], 0, 1), 1);
    segments.spill();
    expect(Math.max(...[...segments.read(0)].map((piece) => piece.length))).toBeLessThan(1.1e6);
  });

  it('spill before there are many of them', () => {
    const table = new SpillingTable({ create: (v) => [v], merge: appended, combine: (a, b) => a.concat(b) }, place(4 << 20));
    for (let i = 0; i < 100; i++) table.addValues([i], [text(i)], 1);
    expect(spilled).toBeGreaterThan(5e6);
  });

  it('are seen when they all have one of many keys', () => {
    const table = new SpillingTable({ create: (v) => [v], merge: appended, combine: (a, b) => a.concat(b) }, place(16 << 20));
    const keys = Array.from({ length: 2000 }, (_, i) => (i % 2 ? `k${i}` : 'hot'));
    for (let round = 0; round < 2000; round++) table.addValues(keys.slice(1).concat('hot'), new Array(2000).fill(1.5), 2000);
    expect(spilled).toBeGreaterThan(0);
  });

  it('leave the buffers of the map side by their size', () => {
    const segments = new Segments(4, place(1e9));
    const buffers = new PairBuffers(segments, new HashPartitioner(4));
    for (let i = 0; i < 300; i++) buffers.addRows([[i, text(i)]], 1);
    expect(segments.rows).toBeGreaterThan(100);
    buffers.flush();
    expect(segments.rows).toBe(300);
  });

  it('reads pieces of a range, each of whole batches', () => {
    const file = path.join(folder, 'pieces');
    const batches = Array.from({ length: 40 }, (_, i) => encodeRows([i, text(i)]));
    const large = encodeRows(['y'.repeat(3e6)]);
    writeFileSync(file, Buffer.concat([...batches, large, ...batches]));
    const size = readFileSync(file).length;
    const pieces = [...readPieces(file, 0, size)];
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.reduce((rows, piece) => rows + decodeRows(piece).length, 0)).toBe(161);
    expect(() => [...readPieces(file, 0, size - 8)]).toThrow('damaged or cut off');
    writeFileSync(file, Buffer.alloc(64));
    expect(() => [...readPieces(file, 0, 64)]).toThrow('damaged or cut off');
  });
});
