// A page out of many rows is the same as sorting them all and cutting.
import { describe, expect, it } from 'vitest';
import { selectPage } from '../../../src/cluster-pages/model/select-page.ts';

const random = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

describe('selectPage', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('cuts what sorting would (seed %i)', (seed) => {
    const next = random(seed);
    const count = 1 + Math.floor(next() * 400);
    const keys = Array.from({ length: count }, () => Math.floor(next() * (seed % 2 === 0 ? 5 : 1_000)));
    const before = (a: number, b: number) => keys[a]! - keys[b]! || a - b;
    const sorted = keys.map((_, i) => i).sort(before);
    for (let i = 0; i < 50; i++) {
      const offset = Math.floor(next() * (count + 5));
      const length = Math.floor(next() * 60);
      expect(selectPage(count, before, offset, length)).toEqual(sorted.slice(offset, offset + length));
    }
  });
  it('of nothing is nothing, and past the end is nothing', () => {
    expect(selectPage(0, (a, b) => a - b, 0, 20)).toEqual([]);
    expect(selectPage(5, (a, b) => a - b, 5, 20)).toEqual([]);
    expect(selectPage(5, (a, b) => a - b, -3, 2)).toEqual([0, 1]);
  });
  it('sorted rows, both ways, are no worst case: comparisons stay below 12 a row', () => {
    for (const sign of [1, -1]) {
      let compared = 0;
      const count = 100_000;
      const order = (a: number, b: number) => {
        compared++;
        return sign * (a - b);
      };
      selectPage(count, order, 50_000, 50);
      expect(compared).toBeLessThan(12 * count);
    }
  });
});
