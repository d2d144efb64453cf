// Decimals in aggregates are computed in 64 bits where they fit, and again in Spark's widths where they do not.
import { afterAll, describe, expect, it } from 'vitest';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';

const engine = sqlEngine();
afterAll(() => engine.close());

const VALUES = (a: string, b: string) =>
  `(SELECT CAST(a AS DECIMAL(15,2)) AS a, CAST(b AS DECIMAL(15,2)) AS b FROM VALUES (${a}, ${b}) AS t(a, b))`;

describe('a sum of products', () => {
  it("has Spark's type and value in 64 bits", async () => {
    const text = `SELECT sum(a * (1 - b)) AS s, sum(a * (1 - b) * (1 + b)) AS t FROM ${VALUES("'104949.50'", "'0.10'")}`;
    const plan = await engine.prepare((engine.parse(text) as any).relation);
    expect(plan.wide).toBeDefined();
    expect(plan.sql).not.toContain('js_');
    expect(await answerOf(engine, text)).toEqual({
      columns: ['s', 't'],
      types: ['decimal(38,4)', 'decimal(38,6)'],
      rows: [['94454.5500', '103900.005000']],
    });
  });

  it('is computed again in full widths when 64 bits overflow', async () => {
    const text = `SELECT sum(a * b) AS s FROM ${VALUES("'9999999999999.99'", "'9999999999999.99'")}`;
    expect((await answerOf(engine, text)).rows).toEqual([['99999999999999800000000000.0001']]);
  });

  it('is wide from the beginning where rows are given out before all are computed', async () => {
    const one = `SELECT sum(a * b) AS s FROM ${VALUES("'9999999999999.99'", "'9999999999999.99'")}`;
    const small = `SELECT sum(a * b) AS s FROM ${VALUES("'2'", "'3'")}`;
    expect((await answerOf(engine, `${small} UNION ALL ${one}`)).rows).toEqual([['6.0000'], ['99999999999999800000000000.0001']]);
  });
});
