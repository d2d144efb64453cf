// Sorts and tables that do not fit: with any budget, any keys, packed or not, they answer as without a budget; and what goes wrong on disk is seen.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/common/errors.ts';
import { Prng } from '../../../../src/common/prng.ts';
import { naturalOrder } from '../../../../src/runtime/rdd/natural-order.ts';
import { decodeRows, encodeRows } from '../../../../src/runtime/rdd/row-codec.ts';
import { LocalDirs } from '../../../../src/runtime/shuffle/local-dirs.ts';
import { NewFile } from '../../../../src/runtime/shuffle/local-file.ts';
import { fixedMemory, MemoryShare } from '../../../../src/runtime/shuffle/memory-share.ts';
import { packWith } from '../../../../src/runtime/shuffle/packed-batches.ts';
import { PairSorter } from '../../../../src/runtime/shuffle/pair-sorter.ts';
import { Segments } from '../../../../src/runtime/shuffle/segments.ts';
import { SpillingTable } from '../../../../src/runtime/shuffle/spilling-table.ts';
import { spillPlaceIn } from '../../../helpers/spill-place.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'emberloom-spills-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const left = () => (existsSync(path.join(folder, 'deep')) ? readdirSync(path.join(folder, 'deep')) : []);

const keyMakers: ((random: Prng) => unknown)[] = [
  (random) => random.int(300),
  (random) => random.int(100_000) / 7,
  (random) => `key ${random.int(400)}`,
  (random) => 'x'.repeat(random.int(200)),
  (random) => (random.int(2) === 0 ? random.int(9) : `k${random.int(9)}`),
];

function pairsOf(random: Prng): { keys: unknown[]; values: unknown[] } {
  const make = random.pick(keyMakers);
  const n = random.int(2500);
  const wide = random.int(4) === 0 ? 500 : 10;
  const keys = Array.from({ length: n }, () => make(random));
  return { keys, values: keys.map((_, i) => (wide > 10 ? 'v'.repeat(random.int(wide)) + i : i)) };
}

function* chunks(random: Prng, { keys, values }: ReturnType<typeof pairsOf>): Generator<[unknown[], unknown[], number]> {
  for (let at = 0; at < keys.length; ) {
    const n = Math.min(keys.length - at, 1 + random.int(300));
    yield [keys.slice(at, at + n), values.slice(at, at + n), n];
    at += n;
  }
}

const seeds = Array.from({ length: 15 }, (_, seed) => seed);
const budgetOf = (random: Prng) => 1500 + random.int(random.pick([2000, 30_000, 10_000_000]));
const packOf = (random: Prng) => random.pick([undefined, packWith('zstd', 1), packWith('lz4', 1)]);

describe('a heap that is nearly full', () => {
  const tight = { acquire: (bytes: number) => bytes, release: () => {}, isHeapTight: () => true };

  it('gets nothing more, whatever the estimate says', () => {
    const share = new MemoryShare(tight, 1000);
    expect([share.allows(1000), share.allows(1001)]).toEqual([true, false]);
  });

  it('has its table spilled, with the same answer', () => {
    const place = spillPlaceIn(folder, 2000, { memory: tight });
    let spills = 0;
    const table = new SpillingTable(
      { create: (v: string) => v, merge: (a: string, b: string) => a + b, combine: (a: string, b: string) => a + b },
      { ...place, onSpill: () => spills++ },
    );
    for (let round = 0; round < 4; round++) {
      const keys = Array.from({ length: 500 }, (_, i) => i);
      table.addValues(
        keys,
        keys.map((k) => `${round}:${k};`),
        keys.length,
      );
    }
    const got = new Map<unknown, unknown>();
    for (const { keys, values, n } of table.finish()) for (let i = 0; i < n; i++) got.set(keys[i], values[i]);
    expect(spills).toBeGreaterThan(0);
    expect(got.size).toBe(500);
    for (const [key, value] of got) expect(value).toBe(`0:${key};1:${key};2:${key};3:${key};`);
  });
});

describe('memory that is not enough', () => {
  it.each(seeds)('a table gives each key its values, in their order (seed %i)', (seed) => {
    const random = new Prng(seed);
    const pairs = pairsOf(random);
    const place = spillPlaceIn(folder, budgetOf(random), { pack: packOf(random), memory: fixedMemory(random.int(20_000)) });
    const table = new SpillingTable(
      {
        create: (v) => [v],
        merge: (list, v) => {
          list.push(v);
          return list;
        },
        combine: (a, b) => a.concat(b),
      },
      place,
    );
    for (const [keys, values, n] of chunks(random, pairs)) table.addValues(keys, values, n);
    const expected = new Map<unknown, unknown[]>();
    for (const [i, key] of pairs.keys.entries()) expected.set(key, [...(expected.get(key) ?? []), pairs.values[i]]);
    const got = new Map<unknown, unknown[]>();
    for (const { keys, values, n } of table.finish()) {
      for (let i = 0; i < n; i++) {
        expect(got.has(keys[i])).toBe(false);
        got.set(keys[i], values[i] as unknown[]);
      }
    }
    expect(got).toEqual(expected);
    expect(left()).toEqual([]);
    expect(place.told.memory > 0).toBe(place.told.disk > 0);
  });

  it.each(seeds)('a sort is stable (seed %i)', (seed) => {
    const random = new Prng(1000 + seed);
    const make = random.pick(keyMakers.slice(0, 4));
    const keys = Array.from({ length: random.int(5000) }, () => make(random));
    const ascending = random.int(2) === 0;
    const place = spillPlaceIn(folder, budgetOf(random), { pack: packOf(random), memory: fixedMemory(random.int(20_000)) });
    const sorter = new PairSorter({ compare: naturalOrder, ascending, natural: true }, place);
    for (const [some, values, n] of chunks(random, { keys, values: keys.map((_, i) => i) })) sorter.add(some, values, n);
    const by = naturalOrder as (a: unknown, b: unknown) => number;
    const order = keys.map((_, i) => i).sort((a, b) => (ascending ? by(keys[a], keys[b]) : by(keys[b], keys[a])) || a - b);
    const got = [...sorter.finish()].flatMap(({ values, n }) => Array.from({ length: n }, (_, i) => values[i]));
    expect(got).toEqual(order);
    expect(left()).toEqual([]);
  });

  it('a bucket that is too large for its memory is split again', () => {
    const place = spillPlaceIn(folder, 4000);
    const table = new SpillingTable({ create: undefined, merge: (a, b) => a + b, combine: (a, b) => a + b }, place);
    const n = 10_000;
    for (let at = 0; at < n; at += 1000)
      table.addValues(
        Array.from({ length: 1000 }, (_, i) => `a key of its own ${at + i}`),
        new Array(1000).fill(1),
        1000,
      );
    let most = 0;
    let total = 0;
    for (const part of table.finish()) {
      most = Math.max(most, part.n);
      total += part.n;
    }
    expect(total).toBe(n);
    expect(most).toBeLessThan(n / 32 / 2); // one split would leave about n / 32 together
  });

  it('a hundred runs are merged, few at a time', () => {
    const place = spillPlaceIn(folder, 4000);
    const sorter = new PairSorter({ compare: naturalOrder, ascending: true, natural: true }, place);
    for (let i = 0; i < 10_000; i += 50) {
      sorter.add(
        Array.from({ length: 50 }, (_, j) => (Math.imul(i + j, 7919) >>> 0) % 10_007),
        Array.from({ length: 50 }, () => 'x'.repeat(20)),
        50,
      );
    }
    expect(place.told.files).toBeGreaterThan(100);
    const keys = [...sorter.finish()].flatMap((part) => Array.from({ length: part.n }, (_, i) => part.keys[i] as number));
    expect(keys.length).toBe(10_000);
    expect(keys.every((key, i) => i === 0 || keys[i - 1]! <= key)).toBe(true);
    expect(left()).toEqual([]);
  });

  it('grows by what the pool gives, and gives it back', () => {
    let taken = 0;
    const memory = {
      acquire: (bytes: number) => {
        const granted = Math.min(bytes, 1000 - taken);
        taken += granted;
        return granted;
      },
      release: (bytes: number) => {
        taken -= bytes;
      },
    };
    const share = new MemoryShare(memory, 100);
    expect(share.allows(100)).toBe(true);
    expect(taken).toBe(0);
    expect(share.allows(200)).toBe(true);
    expect(taken).toBe(300);
    expect(share.allows(1100)).toBe(true);
    expect(share.allows(1101)).toBe(false);
    share.giveBack();
    expect(taken).toBe(0);
    expect(share.allows(100)).toBe(true);
  });
});

describe('spill files', () => {
  it('that changed on disk are noticed', () => {
    const segments = new Segments(2, spillPlaceIn(folder, 1e9));
    for (let i = 0; i < 50; i++) segments.append(i % 2, encodeRows([i, 'text']), 2);
    segments.spill();
    const [name] = left();
    const file = path.join(folder, 'deep', name!);
    const bytes = readFileSync(file);
    bytes[bytes.length - 12]! ^= 1;
    writeFileSync(file, bytes);
    expect([...segments.read(0)].length).toBeGreaterThan(0);
    expect(() => [...segments.read(1)]).toThrow(/came back changed/);
  });

  it('go when the task ends, however it ends', () => {
    const place = spillPlaceIn(folder, 500);
    const table = new SpillingTable({ create: undefined, merge: (a) => a, combine: (a) => a }, place);
    for (let i = 0; i < 5000; i += 100)
      table.addValues(
        Array.from({ length: 100 }, (_, j) => `${i + j}`),
        new Array(100).fill(0),
        100,
      );
    const reader = table.finish();
    reader.next();
    expect(left().length).toBeGreaterThan(0);
    for (const end of place.told.ended) end();
    expect(left()).toEqual([]);
  });

  it('go to another disk when one is full, in the same task', () => {
    const [full, good] = [path.join(folder, 'full'), path.join(folder, 'good')];
    writeFileSync(full, 'no folder');
    mkdirSync(good);
    const dirs = new LocalDirs([full, good]);
    const segments = new Segments(1, spillPlaceIn(folder, 200, { dirs }));
    for (let i = 0; i < 40; i++) segments.append(0, encodeRows([i]), 1);
    const { bytes, file } = dirs.writing((dir) => ({ file: path.join(dir, 'out'), bytes: segments.writeTo(path.join(dir, 'out'), 't') }));
    expect(file).toBe(path.join(good, 'out'));
    expect(decodeRows(readFileSync(file))).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(bytes[0]).toBe(readFileSync(file).length);
    expect(readdirSync(good).sort()).toEqual(['out', 'out.index']);
  });

  it('fail with the last disk, and all are tried anew later', () => {
    const bad = [path.join(folder, 'a'), path.join(folder, 'b')];
    for (const file of bad) writeFileSync(file, '');
    const dirs = new LocalDirs(bad);
    const write = () => dirs.writing((dir) => new NewFile(path.join(dir, 'x'), 't'));
    expect(write).toThrow(AppError);
    expect(write).toThrow(/Writing .* failed/);
    rmSync(bad[0]!);
    expect(() => {
      write().discard();
      write().discard();
    }).not.toThrow();
  });
});

describe('packed batches', () => {
  it('are read like others, among others', () => {
    const pack = packWith('zstd', 1);
    const rows = Array.from({ length: 500 }, (_, i) => [`key ${i % 7}`, i] as const);
    const [plain, packed] = [encodeRows(rows), pack(encodeRows(rows))];
    expect(packed.length).toBeLessThan(plain.length / 2);
    expect(packed.length % 8).toBe(0);
    expect(decodeRows(Buffer.concat([packed, plain, packed]))).toEqual([...rows, ...rows, ...rows]);
    expect(pack(encodeRows([1])).length).toBe(encodeRows([1]).length);
  });

  it('of a codec that nobody knows are refused', () => {
    expect(() => packWith('brotli', 1)).toThrow(/spark.io.compression.codec is "brotli"; expected zstd/);
  });
});
