// spark.sql.mapKeyDedupPolicy: answers of a Spark 4.2.0.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());

const MAPS: readonly (readonly [text: string, lastWins: string])[] = [
  ['map(1, 2, 3, 4, 1, 3)', '{1:3,3:4}'],
  ['map_concat(map(1, 2), map(1, 3))', '{1:3}'],
  ['map_from_arrays(array(1, 2, 1), array(1, 2, 3))', '{1:3,2:2}'],
  ['map_from_entries(array(struct(1, 2), struct(1, 3)))', '{1:3}'],
  ["str_to_map('a:1,b:2,a:3')", '{"a":"3","b":"2"}'],
];

it.each(MAPS)('the last value of a key counts in %s where that is asked for; else it is an error', async (text, lastWins) => {
  await session.run('SET spark.sql.mapKeyDedupPolicy=LAST_WIN');
  expect(await ourAnswer(session, `SELECT ${text}`)).toMatchObject({ output: lastWins });
  await session.run('RESET spark.sql.mapKeyDedupPolicy');
  expect(await ourAnswer(session, `SELECT ${text}`)).toMatchObject({ error: { condition: 'DUPLICATED_MAP_KEY' } });
});
