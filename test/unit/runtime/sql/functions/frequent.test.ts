// count_min_sketch in Spark's bytes and approx_top_k in DataSketches' order: answers of a Spark 4.2.0.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';
import { FrequentItems } from '../../../../../src/runtime/sql/kernel/sketches/frequent-items.ts';

const session = new SqlSession();
afterAll(() => session.close());

const condition = (name: string) => ({ error: { condition: name, parameters: expect.anything() } });
const output = (text: string) => ({ schema: expect.anything(), output: text });
const once = (...items: (string | number)[]) => output(`[${items.map((item) => `{"item":${JSON.stringify(item)},"count":1}`).join(',')}]`);

it.each<[string, object]>([
  [
    'hex(count_min_sketch(a, 0.5D, 0.5D, 1)) FROM VALUES (1), (2), (1), (NULL) AS t(a)',
    output('0000000100000000000000030000000100000004000000005D8D6AB90000000000000000000000000000000200000000000000010000000000000000'),
  ],
  [
    "substring(hex(count_min_sketch(a, 0.3D, 0.9D, 7)), 1, 200) FROM VALUES (X'01'), (X'') AS t(a)",
    output(
      '0000000100000000000000020000000400000007000000005D878BCC0000000051BB9A0C000000005FE4CA2D00000000013B859C000000000000000100000000000000000000000000000000000000000000000100000000000000000000000000000000',
    ),
  ],
  ['count_min_sketch(a, 0.5, 0.5D, 1) FROM VALUES (1) AS t(a)', condition('DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE')],
  ['count_min_sketch(a, 0.5D, 1.0D, 1) FROM VALUES (1) AS t(a)', condition('DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE')],
  [
    'approx_top_k(a) FROM VALUES (0), (1), (1), (NULL), (NULL), (NULL) AS t(a)',
    {
      schema: 'struct<approx_top_k(a, 5, 10000):array<struct<item:int,count:bigint>>>',
      output: '[{"item":null,"count":3},{"item":1,"count":2},{"item":0,"count":1}]',
    },
  ],
  ['approx_top_k(id, 20) FROM range(20)', once(0, 6, 11, 5, 1, 13, 4, 16, 9, 7, 17, 14, 10, 12, 2, 3, 18, 8, 19, 15)],
  [
    "approx_top_k(a, 20) FROM VALUES ('apple'), ('pear'), ('fig'), ('kiwi'), ('plum'), ('lime'), ('date'), ('nut'), ('a'), ('b') AS t(a)",
    once('pear', 'kiwi', 'date', 'nut', 'apple', 'fig', 'lime', 'plum', 'b', 'a'),
  ],
  ['approx_top_k(a, 20) FROM VALUES (1L), (20000000000L), (-3L), (7L), (9L) AS t(a)', once(7, -3, 1, 9, 20000000000)],
  ['approx_top_k(a, 0) FROM VALUES (0) AS t(a)', condition('APPROX_TOP_K_NON_POSITIVE_ARG')],
  ['approx_top_k(a, 10, 5) FROM VALUES (0) AS t(a)', condition('APPROX_TOP_K_MAX_ITEMS_TRACKED_LESS_THAN_K')],
  ["approx_top_k(a, 'x') FROM VALUES (0) AS t(a)", condition('CAST_INVALID_INPUT')],
  [
    'approx_top_k_estimate(approx_top_k_combine(s), 2) FROM (SELECT approx_top_k_accumulate(id % 3) AS s FROM range(10) UNION ALL SELECT approx_top_k_accumulate(id % 2) FROM range(5))',
    output('[{"item":0,"count":7},{"item":1,"count":5}]'),
  ],
  [
    'approx_top_k_combine(s) FROM (SELECT approx_top_k_accumulate(id % 3) AS s FROM range(10) UNION ALL SELECT approx_top_k_accumulate(id % 2, 100) FROM range(5))',
    condition('APPROX_TOP_K_SKETCH_SIZE_NOT_MATCH'),
  ],
])('SELECT %s', async (text, expected) => expect(await ourAnswer(session, `SELECT ${text}`)).toEqual(expected));

it('beyond its table counts are never too high by more than what was purged', () => {
  const items = new FrequentItems(12); // 16 places, 12 items
  for (let i = 0; i < 4000; i++) items.update({ key: String(i % 4 === 0 ? 'often' : i), hashCode: i % 4 === 0 ? 7 : i });
  const [first] = items.top(1);
  expect(first!.key).toBe('often');
  expect(Number(first!.count)).toBeGreaterThanOrEqual(1000);
});
