// Aggregates that sort their input, groups of maps, intervals and days: answers of Spark 4.2's SQL tests.
import { afterAll, expect, test } from 'vitest';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());

test.each([
  ["SELECT max_by(x, y, 2) FROM VALUES ('a', 1), ('b', NULL), ('c', 3), (NULL, 2) AS t(x, y)", '["c",null]'],
  ["SELECT min_by(x, y, 10) FROM VALUES ('a', 1), ('c', 3), ('b', 2) AS t(x, y)", '["a","b","c"]'],
  ["SELECT listagg(DISTINCT x, ',') WITHIN GROUP (ORDER BY x DESC) FROM VALUES (1), (10), (2), (2), (NULL) AS t(x)", '10,2,1'],
  ["SELECT hex(listagg(x, X'2C')) FROM VALUES (X'DEAD') AS t(x)", 'DEAD'],
  ["SELECT length(listagg(DISTINCT x COLLATE UTF8_LCASE)) FROM VALUES ('a'), ('A'), ('b') AS t(x)", '2'],
  ['SELECT m, count(*) FROM VALUES (map(1, 2, 2, 3)), (map(2, 3, 1, 2)) AS t(m) GROUP BY m', '{1:2,2:3}\t2'],
  ["SELECT count(*) FROM VALUES (array(map('a', 1, 'b', 2))), (array(map('b', 2, 'a', 1))) AS t(m) GROUP BY m", '2'],
  ["SELECT coalesce(INTERVAL '1' DAY, INTERVAL '01:01' HOUR TO MINUTE)", '1 00:00:00.000000000'],
  ["SELECT INTERVAL '-106751991 04:00:54.775808' DAY TO SECOND / 5", '-21350398 05:36:10.955162000'],
  ["SELECT TIME'12:30' - INTERVAL '12:29:59.000001' HOUR TO SECOND", '00:00:00.999999'],
  ["SELECT TIME'00:00:00.1234' - TIME'23:59:59'", '-0 23:59:58.876600000'],
  ["SELECT CAST('09:08:01.987654' AS TIME(2))", '09:08:01.98'],
  ["SELECT from_json('[1, \"2\", 3]', 'array<int>')", 'NULL'],
  ['SELECT from_json(\'{"a":[1, "2"],"b":"09:00:00.12"}\', \'a array<int>, b TIME(1)\')', '{"a":null,"b":09:00:00.1}'],
  ["SELECT to_json(named_struct('t', TIME'14:30:45.1', 'm', map(named_struct('a', 1), 2)))", '{"t":"14:30:45.1","m":{"[1]":2}}'],
])('%s', async (sql, row) => {
  expect((await session.run(sql)).rows).toEqual([row]);
});

test.each([
  ['SELECT percentile_cont(0.5) FROM VALUES (1) AS t(x)', 'WITHIN_GROUP_MISSING'],
  ['SELECT percentile_cont(DISTINCT 0.5) WITHIN GROUP (ORDER BY x) FROM VALUES (1) AS t(x)', 'DISTINCT_UNSUPPORTED'],
  ['SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x, x) FROM VALUES (1) AS t(x)', 'WRONG_NUM_ORDERINGS'],
  ['SELECT listagg(DISTINCT x) WITHIN GROUP (ORDER BY y) FROM VALUES (1, 2) AS t(x, y)', 'MISMATCH_WITH_DISTINCT_INPUT'],
  ['SELECT listagg(DISTINCT x) WITHIN GROUP (ORDER BY x) FROM VALUES (1.5D) AS t(x)', 'MISMATCH_WITH_DISTINCT_INPUT_UNSAFE_CAST'],
  ['SELECT median(x) OVER (ORDER BY x) FROM VALUES (1) AS t(x)', 'INVALID_WINDOW_SPEC_FOR_AGGREGATION_FUNC'],
  ['SELECT max_by(x, x, 0) FROM VALUES (1) AS t(x)', 'VALUE_OUT_OF_RANGE'],
  ["SELECT to_timestamp('2019-366', 'yyyy-DDD')", 'CANNOT_PARSE_TIMESTAMP'],
  ["SELECT to_timestamp('2020-10-350', 'yyyy-MM-DDD')", 'CANNOT_PARSE_TIMESTAMP'],
  ["SELECT TIME'23:59:59' + INTERVAL '1' SECOND", 'DATETIME_OVERFLOW'],
])('%s is refused: %s', async (sql, condition) => {
  await expect(session.run(sql)).rejects.toThrow(condition);
});
