// A column in ascending order, counted or sorted: held against a plain sort.
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../../src/common/prng.ts';
import { ascending } from '../../../../src/status/store/quantiles.ts';

describe('a column in ascending order', () => {
  const prng = new Prng(7);
  const columns: Record<string, () => number> = {
    'one number': () => 42,
    'small whole numbers': () => prng.int(500) + 3,
    'below zero, too': () => prng.int(500) - 250,
    'as many different ones as are counted': () => prng.int(2) * 65_535,
    'one more': () => prng.int(2) * 65_536,
    'large numbers': () => prng.int(1_000_000_000) * 1_000,
    fractions: () => prng.int(100) / 8,
    'no numbers among numbers': () => (prng.int(4) === 0 ? Number.NaN : prng.int(9)),
  };
  it.each(Object.entries(columns))('%s', (_name, draw) => {
    const values = Array.from({ length: 2_000 }, draw);
    expect([...ascending(Float64Array.from(values))]).toEqual([...Float64Array.from(values).sort()]);
  });

  it('nothing', () => {
    expect([...ascending(new Float64Array(0))]).toEqual([]);
  });
});
