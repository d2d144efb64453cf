// Queries over types, functions, joins, windows, NULL, NaN, zones and decimals, with the schema, rows and errors that a real Spark gave.
// What is not right yet is marked in the fixtures with the reason, by test/oracle/corpus-oracle.ts.
import { afterAll, describe, expect, it } from 'vitest';
import { comparable, corpus, ourAnswer } from '../../../helpers/corpus.ts';
import { SqlSession } from '../../../helpers/sql-session.ts';

const topics = [...corpus()].map(([topic, questions]) => ({ topic, questions: questions.filter((q) => q.notYet === undefined) }));

describe.each(topics.filter((t) => t.questions.length > 0))('$topic', ({ questions }) => {
  const session = new SqlSession();
  afterAll(() => session.close());

  it.each(questions)('$text', async (question) => {
    expect(comparable(await ourAnswer(session, question.text))).toEqual(comparable(question));
  });
});
