// Rows by task id, whatever the order of the ids: held against a plain map.
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../../src/common/prng.ts';
import { RowIndex } from '../../../../src/status/store/row-index.ts';

describe('rows by task id', () => {
  it.each([1, 2, 3, 4, 5])('are those of a plain map, for ids in any order (seed %i)', (seed) => {
    const prng = new Prng(seed);
    const index = new RowIndex();
    const plain = new Map<number, number>();
    const first = prng.int(100_000);
    for (let row = 0; row < 5_000; row++) {
      const id = prng.int(20) === 0 ? prng.int(10_000_000) : first + row + prng.int(64) - 32;
      if (id < 0 || plain.has(id)) continue;
      index.set(id, row);
      plain.set(id, row);
    }
    for (const [id, row] of plain) expect(index.get(id)).toBe(row);
    for (let i = 0; i < 1_000; i++) {
      const id = prng.int(10_000_000);
      expect(index.get(id)).toBe(plain.get(id) ?? -1);
    }
    index.clear();
    expect(index.get(first)).toBe(-1);
  });
});
