// Aggregates, windows, dates, collections, JSON: value by value what a real Spark answers. What differs is listed with what differs
// (functions2-different.sql) and not asked here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { difference, sparkAnswers } from '../../../../helpers/functions2.ts';
import { sqlEngine } from '../../../../helpers/sql.ts';

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
