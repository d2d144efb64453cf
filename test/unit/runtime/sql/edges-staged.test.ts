// Numbers and times at their edges (test/fixtures/sql/corpus/) in stages, as executors compute them: they answer what real Spark does, too.
import { afterAll, describe, expect, it } from 'vitest';
import { comparable, corpus, ourAnswer } from '../../../helpers/corpus.ts';
import { SqlSession } from '../../../helpers/sql-session.ts';
import { STAGED, type StagedSql, stagedSql } from '../../../helpers/staged-sql.ts';

/** Where rows move, and what makes their tables and settings. */
const MOVES = /^(?!SELECT)|GROUP BY|JOIN|DISTINCT| OVER |INTERSECT|EXCEPT |sum\(/;
const topics = [...corpus()].filter(([topic]) => topic === 'edges-numbers' || topic === 'edges-times');

describe.each(topics)('%s', (_, questions) => {
  let staged: StagedSql | undefined;
  const session = new SqlSession({ ...STAGED }, (settings) => (staged = stagedSql(settings)).engine);
  afterAll(async () => {
    await session.close();
    staged?.close();
  });

  it.each(questions.filter((q) => q.notYet === undefined && MOVES.test(q.text)))('$text', async (question) => {
    expect(comparable(await ourAnswer(session, question.text))).toEqual(comparable(question));
  });
});
