// Calendar intervals times and by numbers: answers of a Spark 4.2.0.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());

it.each([
  ['make_interval(0, 1, 0, 3) * 1.5', 'multiply_interval(make_interval(0, 1, 0, 3, 0, 0, 0.000000), 1.5)', '1 months 4 days 12 hours'],
  [
    'make_interval(1, 1, 0, 3, 1) / 2',
    'divide_interval(make_interval(1, 1, 0, 3, 1, 0, 0.000000), 2)',
    '6 months 1 days 12 hours 30 minutes',
  ],
])('%s', async (text, name, output) => {
  expect(await ourAnswer(session, `SELECT ${text}`)).toEqual({ schema: `struct<${name}:interval>`, output });
});
