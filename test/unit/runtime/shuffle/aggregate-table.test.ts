import { describe, expect, it } from 'vitest';
import { Prng } from '../../../../src/common/prng.ts';
import { AggregateTable } from '../../../../src/runtime/shuffle/aggregate-table.ts';
import { orderOfNumbers } from '../../../../src/runtime/shuffle/number-order.ts';

const sums = () => new AggregateTable({ create: undefined, merge: (a, b) => a + b, combine: (a, b) => a + b });

describe('AggregateTable', () => {
  it('keeps number keys as a Map would, through growth', () => {
    const random = new Prng(3);
    const table = sums();
    const expected = new Map<number, number>();
    for (let round = 0; round < 50; round++) {
      const keys = Array.from({ length: 500 }, () => (random.chance(0.3) ? random.next() * 1e9 : random.int(20_000) - 10_000));
      const values = keys.map(() => random.int(10));
      keys.forEach((key, i) => expected.set(key, (expected.get(key) ?? 0) + values[i]!));
      table.addValues(keys, values, keys.length);
    }
    expect([...(table.keys as Float64Array)].map((key, i) => [key, table.values[i]])).toEqual([...expected]);
    expect(table.estimateBytes()).toBeGreaterThan(table.size * 16);
  });

  it('goes on with other keys in the middle of a batch, in order of appearance', () => {
    const table = sums();
    const date = new Date(1);
    table.addValues(
      [1, 2, 'a', -0, [1], Number.NaN, 2, 'a', [1], Number.NaN, 0, '1', 1n, null, undefined, new Date(1), date],
      new Array(17).fill(1),
      17,
    );
    expect(Array.from(table.keys)).toEqual([1, 2, 'a', 0, [1], Number.NaN, '1', 1n, null, undefined, date]);
    expect(table.values).toEqual([1, 2, 2, 2, 2, 2, 1, 1, 1, 1, 2]);
  });

  it('tells very long texts of one length apart without comparing each with each', () => {
    const table = sums();
    const common = 'x'.repeat(100_000);
    const keys: unknown[] = Array.from({ length: 2000 }, (_, i) => common + String(i).padStart(8, '0'));
    keys.push(`${common}\ud800`, `${common}\ud801`, [common], { a: common }, JSON.stringify(common), `["${common}",]`);
    const before = process.cpuUsage();
    for (let round = 0; round < 2; round++) table.addValues(keys, new Array(keys.length).fill(1), keys.length);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(20); // each with each: 2000 * 2000 texts of 100 KB, minutes
    expect(table.size).toBe(keys.length);
    expect(table.values).toEqual(new Array(keys.length).fill(2));
    table.addValues([[common], `${common}00000007`], [1, 1], 2);
    expect([table.size, table.values[7], table.values[2002]]).toEqual([keys.length, 3, 3]);
  });

  it('keeps texts as a Map would: equal hashes, NULs, one byte and two, lengths around what a slot holds', () => {
    const random = new Prng(11);
    const odd = ['', '\0', '\0\0', 'ab', 'ab\0', 'Aa', 'BB', 'AaAa', 'BBBB', 'AaBB', '\u00ff', '\u0100', 'a\u0100', '\ud800', '\udc00'];
    const pieces = ['Aa', 'BB', '\u00e9', '\u20ac', 'x'];
    const table = sums();
    const expected = new Map<string, number>();
    for (let round = 0; round < 60; round++) {
      const keys = Array.from({ length: 300 }, () => {
        if (random.chance(0.2)) return random.pick(odd);
        const length = random.pick([0, 1, 3, 4, 5, 11, 12, 13, 23, 24, 25, 47, 48, 49]);
        let text = '';
        while (text.length < length) text += random.chance(0.9) ? random.pick(pieces.slice(0, 2)) : random.pick(pieces);
        return text.slice(0, length);
      });
      for (const key of keys) expected.set(key, (expected.get(key) ?? 0) + 1);
      table.addValues(keys, new Array(keys.length).fill(1), keys.length);
    }
    expect(Array.from(table.keys, (key, i) => [key, table.values[i]])).toEqual([...expected]);
    expect(expected.size).toBeGreaterThan(2000);
  });

  it('tells a long text, a short one and a structure that looks like one apart', () => {
    const table = sums();
    const long = 'x'.repeat(100);
    table.addValues([long, 'x', '[1,]', [1], long, `${'x'.repeat(99)}y`], [1, 1, 1, 1, 1, 1], 6);
    expect(table.values).toEqual([2, 1, 1, 1, 1]);
  });
});

describe('orderOfNumbers', () => {
  it.each([1, 2, 3, 4])('is a stable sort, seed %i', (seed) => {
    const random = new Prng(seed);
    const odd = [0, -0, Number.NaN, Infinity, -Infinity, 5e-324, -1.5, 2 ** 31, -(2 ** 31)];
    const doubles = Float64Array.from({ length: 700 }, () =>
      random.chance(0.3) ? random.pick(odd) : (random.next() - 0.5) * 10 ** random.int(20),
    );
    const ints = Int32Array.from({ length: 700 }, () => random.pick([random.int(50) - 25, random.int(2 ** 32) | 0]));
    const compare = (a: number, b: number) =>
      a < b ? -1 : a > b ? 1 : a === b ? 0 : (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0);
    for (const keys of [doubles, ints]) {
      const indexes = Array.from(keys, (_, i) => i);
      expect([...orderOfNumbers(keys, true)]).toEqual(indexes.toSorted((i, j) => compare(keys[i]!, keys[j]!) || i - j));
      expect([...orderOfNumbers(keys, false)]).toEqual(indexes.toSorted((i, j) => compare(keys[j]!, keys[i]!) || i - j));
    }
  });
});
