// Sketches: estimates as Spark 4.2's result files have them where they are exact, and within their error where they are not.
import { afterAll, describe, expect, it } from 'vitest';
import { HllSketch } from '../../../../../src/runtime/sql/kernel/sketches/hll.ts';
import { KeySketch } from '../../../../../src/runtime/sql/kernel/sketches/key-sketch.ts';
import { KllSketch } from '../../../../../src/runtime/sql/kernel/sketches/kll.ts';
import { murmur128 } from '../../../../../src/runtime/sql/kernel/sketches/murmur.ts';
import { itemBytes } from '../../../../../src/runtime/sql/kernel/sketches/item-bytes.ts';
import { seedHashOf } from '../../../../../src/runtime/sql/kernel/sketches/theta.ts';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());

const condition = (name: string) => ({ error: { condition: name, parameters: expect.anything() } });
const one = (type: string, output: string) => ({ schema: `struct<v:${type}>`, output });
const ROWS = 'FROM VALUES (1, 5, 1.0D), (2, 6, 2.0D), (3, 7, 3.0D), (3, 3, 4.0D) AS t(a, b, s)';

it.each<[string, object]>([
  [`SELECT theta_sketch_estimate(theta_sketch_agg(a)) AS v ${ROWS}`, one('bigint', '3')],
  [`SELECT theta_sketch_estimate(theta_union(theta_sketch_agg(a), theta_sketch_agg(b))) AS v ${ROWS}`, one('bigint', '6')],
  [`SELECT theta_sketch_estimate(theta_intersection(theta_sketch_agg(a), theta_sketch_agg(b))) AS v ${ROWS}`, one('bigint', '1')],
  [`SELECT theta_sketch_estimate(theta_difference(theta_sketch_agg(a), theta_sketch_agg(b))) AS v ${ROWS}`, one('bigint', '2')],
  ["SELECT theta_sketch_estimate(theta_sketch_agg(c)) AS v FROM VALUES (''), ('a'), (''), ('b'), (NULL) AS t(c)", one('bigint', '2')],
  ["SELECT theta_sketch_estimate(X'00') AS v", condition('THETA_INVALID_INPUT_SKETCH_BUFFER')],
  [`SELECT theta_sketch_agg(a, 3) ${ROWS}`, condition('SKETCH_INVALID_LG_NOM_ENTRIES')],
  [`SELECT theta_sketch_agg(a, b) ${ROWS}`, condition('THETA_LG_NOM_ENTRIES_MUST_BE_CONSTANT')],
  [`SELECT tuple_sketch_summary_double(tuple_sketch_agg_double(a, s)) AS v ${ROWS}`, one('double', '10.0')],
  [`SELECT tuple_sketch_summary_double(tuple_sketch_agg_double(a, s, 12, 'max'), 'max') AS v ${ROWS}`, one('double', '4.0')],
  [
    `SELECT tuple_sketch_estimate_double(tuple_union_theta_double(tuple_sketch_agg_double(a, s), theta_sketch_agg(b))) AS v ${ROWS}`,
    one('double', '6.0'),
  ],
  [`SELECT tuple_sketch_agg_double(a, s, 12, 'most') ${ROWS}`, condition('DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT')],
  [`SELECT hll_sketch_estimate(hll_union(hll_sketch_agg(a), hll_sketch_agg(b))) AS v ${ROWS}`, one('bigint', '6')],
  [`SELECT hll_union(hll_sketch_agg(a, 12), hll_sketch_agg(b, 13)) ${ROWS}`, condition('HLL_UNION_DIFFERENT_LG_K')],
  [`SELECT kll_sketch_get_quantile_bigint(kll_sketch_agg_bigint(a), array(0.25, 0.5, 1)) AS v ${ROWS}`, one('array<bigint>', '[1,2,3]')],
  [`SELECT kll_sketch_get_rank_double(kll_sketch_agg_double(s), 2.0D) AS v ${ROWS}`, one('double', '0.5')],
  [
    `SELECT kll_sketch_get_n_bigint(kll_sketch_merge_bigint(kll_sketch_agg_bigint(a), kll_sketch_agg_bigint(b))) AS v ${ROWS}`,
    one('bigint', '8'),
  ],
  [`SELECT kll_sketch_agg_float(a) ${ROWS}`, condition('DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE')],
  [`SELECT kll_sketch_get_quantile_bigint(kll_sketch_agg_bigint(a), 1.5) ${ROWS}`, condition('KLL_SKETCH_INVALID_QUANTILE_RANGE')],
])('%s', async (text, expected) => {
  expect(await ourAnswer(session, text)).toEqual(expected);
});

describe('beyond what they hold', () => {
  const items = Array.from({ length: 50_000 }, (_, i) => itemBytes(i, 'whole')!);

  it('a theta sketch of 2^10 keys estimates 50,000 within 10 %, also in two halves', () => {
    const [whole, a, b] = [10, 10, 10].map((lgK) => new KeySketch<null>(lgK));
    items.forEach((item, i) => {
      whole!.update(item, null, () => null);
      (i % 3 === 0 ? a! : b!).update(item, null, () => null);
    });
    a!.union(b!, () => null);
    for (const sketch of [whole!, a!]) expect(Math.abs(sketch.estimate() / 50_000 - 1)).toBeLessThan(0.1);
  });

  it('an HLL sketch of 2^12 registers estimates 50,000 within 5 %, also in two halves and from bytes', () => {
    const [whole, a, b] = [12, 12, 12].map((lgK) => new HllSketch(lgK));
    items.forEach((item, i) => {
      whole!.update(item);
      (i % 3 === 0 ? a! : b!).update(item);
    });
    a!.union(HllSketch.ofBytes(b!.bytes())!);
    for (const sketch of [whole!, a!]) expect(Math.abs(sketch.estimate() / 50_000 - 1)).toBeLessThan(0.05);
  });

  it('a KLL sketch of k = 200 knows ranks of 50,000 values within 2 %', () => {
    const sketch = new KllSketch(200, 'double');
    for (let i = 0; i < 50_000; i++) sketch.update((i * 7919) % 50_000);
    expect(sketch.levels.flat().length).toBeLessThan(1_000);
    for (const rank of [0.01, 0.25, 0.5, 0.9]) expect(Math.abs((sketch.quantile(rank) as number) / 50_000 - rank)).toBeLessThan(0.02);
  });
});

it('hashes as DataSketches does', () => {
  // Known of MurmurHash3 x64 128 with seed 0, and DataSketches' hash of its default seed.
  expect(murmur128(new TextEncoder().encode('The quick brown fox jumps over the lazy dog'), 0n)).toEqual([
    0xe34bbc7bbc071b6cn,
    0x7a433ca9c49a9347n,
  ]);
  expect(seedHashOf()).toBe(0x93cc);
});
