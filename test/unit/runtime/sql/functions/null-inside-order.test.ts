// NULL inside of structs and arrays is the least value there, wherever values are put in order. Source: InterpretedOrdering of Spark 4.2; max(struct) and
// max(array) are in the corpus with a real Spark's answers.
import { afterAll, expect, test } from 'vitest';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());

const STRUCTS =
  "VALUES (named_struct('a', 1, 'b', 'x')), (named_struct('a', NULL, 'b', 'y')), (NULL), (named_struct('a', 0, 'b', NULL)) AS t(s)";
const ARRAYS = 'VALUES (array(1)), (array(NULL)), (array(0, NULL)), (NULL), (array(0)) AS t(a)';

test.each([
  [`SELECT s.b FROM ${STRUCTS} ORDER BY s NULLS LAST`, 'y NULL x NULL'],
  [`SELECT a FROM ${ARRAYS} ORDER BY a DESC`, '[1] [0,null] [0] [null] NULL'],
  [`SELECT min(s).b, max(s).b, min_by(s.b, s), max_by(s.b, s) FROM ${STRUCTS}`, 'y\tx\ty\tx'],
  [`SELECT first_value(a) OVER (ORDER BY a NULLS LAST) FROM ${ARRAYS} LIMIT 1`, '[null]'],
  ['SELECT sort_array(array(array(1), array(NULL), NULL, array(0)))', '[null,[null],[0],[1]]'],
  ['SELECT sort_array(array(array(1), array(NULL), NULL, array(0)), false)', '[[1],[0],[null],null]'],
  ['SELECT array_sort(array(array(1), array(NULL), NULL, array(0)))', '[[null],[0],[1],null]'],
  ['SELECT array_max(array(array(1), array(NULL))), array_min(array(array(1), array(NULL)))', '[1]\t[null]'],
  ['SELECT greatest(array(1), array(NULL)), least(struct(1), struct(CAST(NULL AS INT)))', '[1]\t{"col1":null}'],
  [
    'SELECT struct(1) < struct(CAST(NULL AS INT)), array(NULL) <= array(1), array(NULL) BETWEEN array(0) AND array(1)',
    'false\ttrue\tfalse',
  ],
  [
    "SELECT sort_array(array('b' COLLATE UTF8_LCASE, NULL, 'A', 'a')), array_sort(array('b' COLLATE UTF8_LCASE, 'A', 'a'))",
    '[null,"A","a","b"]\t["A","a","b"]',
  ],
])('%s', async (sql, rows) => {
  expect((await session.run(sql)).rows.join(' ')).toBe(rows);
});
