// Aggregates, windows, dates, collections, JSON: value by value what a real Spark answers. What differs is listed with what differs
// (functions2-different.sql) and not asked here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { difference, sparkAnswers } from '../../../../helpers/functions2.ts';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';

const engine = sqlEngine({ 'spark.sql.session.timeZone': 'America/Los_Angeles' });
afterAll(() => engine.close());

/** Queries as they stand in the fixture. */
const different = new Set(
  readFileSync(join(import.meta.dirname, '../../../../fixtures/sql/functions2-different.sql'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('--')),
);
const answers = sparkAnswers();

describe('as Spark answers', () => {
  it.each(answers.filter((a) => !different.has(a.sql)))('$topic: $sql', async (answer) => {
    expect(await difference(engine, answer)).toBeUndefined();
  });
});

describe('the list of differences', () => {
  it('has only questions that were asked', () => {
    const asked = new Set(answers.map((a) => a.sql));
    expect([...different].filter((sql) => !asked.has(sql))).toEqual([]);
  });
});

describe('the same expression twice is one', () => {
  it.each(['element_at(a, 1)', 'transform(a, x -> x + 1)', 'array_union(a, array(7))', 'array_sort(a, (l, r) -> r - l)'])(
    '%s in GROUP BY',
    async (e) => {
      const { rows } = await answerOf(engine, `SELECT ${e}, count(*) FROM VALUES (array(1, 2)), (array(1, 2)) AS t(a) GROUP BY ${e}`);
      expect(rows.map((row) => row[1])).toEqual([2n]);
    },
  );
});
