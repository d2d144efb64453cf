// From text to rows through the whole engine, in this process.
import { afterAll, describe, expect, it } from 'vitest';
import { answerOf, sqlEngine } from '../../../helpers/sql.ts';

const engine = sqlEngine();
afterAll(() => engine.close());

describe('a query', () => {
  it('has names, types and rows', async () => {
    expect(await answerOf(engine, "SELECT a + 1, upper('x') AS u FROM (SELECT 41 AS a) t WHERE a > 3 ORDER BY a")).toEqual({
      columns: ['(a + 1)', 'u'],
      types: ['int', 'string'],
      rows: [[42, 'X']],
    });
  });

  it('says what it does not know, with the nearest names and the place', async () => {
    await expect(answerOf(engine, 'SELECT b FROM (SELECT 1 AS a) t')).rejects.toThrow(
      '[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `b` cannot be resolved. Did you mean one of the following? [`a`]. SQLSTATE: 42703; line 1 pos 7',
    );
  });

  it('calls functions of the engine in JavaScript', async () => {
    expect((await answerOf(engine, "SELECT upper('straße')")).rows).toEqual([['STRASSE']]);
    expect((await answerOf(engine, "SELECT upper('weiß')")).rows).toEqual([['WEISS']]);
  });

  it('does not take a word of JavaScript for a function', async () => {
    await expect(answerOf(engine, 'SELECT constructor(1)')).rejects.toMatchObject({ condition: 'UNRESOLVED_ROUTINE' });
  });

  it("fails on a value with Spark's condition", async () => {
    await expect(answerOf(engine, 'SELECT 1 / 0')).rejects.toMatchObject({ condition: 'DIVIDE_BY_ZERO' });
  });
});
