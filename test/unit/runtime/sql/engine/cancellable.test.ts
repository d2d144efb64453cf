// A query in stages that is cancelled when none of its jobs runs, and functions with promises in a query whose decimals overflow 64 bits.
import { afterAll, describe, expect, it } from 'vitest';
import { programFunctions } from '../../../../../src/runtime/sql/api/program-functions.ts';
import { UdfRegistration } from '../../../../../src/runtime/sql/api/udf.ts';
import { INTEGER } from '../../../../../src/runtime/sql/types/data-type.ts';
import { answerOf } from '../../../../helpers/sql.ts';
import { STAGED, stagedSql, table } from '../../../../helpers/staged-sql.ts';

const nobody = (_reason: string): void => {};
let cancel = nobody;
let isOver = 0;
const staged = stagedSql(STAGED, {
  beginWork(given) {
    cancel = given;
    return () => void isOver++;
  },
});
afterAll(() => staged.close());
const { engine, context } = staged;

describe('a query in stages', () => {
  it('that is cancelled between two of them ends before the next one', async () => {
    engine.views.set(
      't',
      await table(context.folder, 't', 'g INT, v INT', 'SELECT (i % 3)::INTEGER AS g, i::INTEGER AS v FROM range(9000) r(i)'),
    );
    const exchanges = staged.exchanges as (typeof staged.exchanges)[number][];
    const push = exchanges.push.bind(exchanges);
    exchanges.push = (...made) => {
      cancel('part of cancelled job group slow');
      return push(...made);
    };
    const query = 'SELECT g, count(*) AS n FROM t GROUP BY g ORDER BY n, g';
    await expect(answerOf(engine, query)).rejects.toThrow('[OPERATION_CANCELED] Operation has been canceled. SQLSTATE: HY008');
    expect(exchanges).toHaveLength(1);
    expect(isOver).toBe(1);
    exchanges.push = push;
    expect((await answerOf(engine, query)).rows).toEqual([
      [0, 3000n],
      [1, 3000n],
      [2, 3000n],
    ]);
  });

  it('calls its async functions once, also when 64 bits are too narrow for a sum', async () => {
    const calls = globalThis as { asyncCalls?: number };
    const udf = new UdfRegistration();
    udf.register(
      'seen',
      async (x: number) => {
        calls.asyncCalls = (calls.asyncCalls ?? 0) + 1;
        return x;
      },
      INTEGER,
    );
    engine.program = programFunctions(udf);
    const product = "CAST('9999999999999.99' AS DECIMAL(15,2)) * CAST(seen(v) * 0 + 9999999999999.99 AS DECIMAL(15,2))";
    const { rows } = await answerOf(engine, `SELECT g, sum(${product}) AS s FROM t WHERE v < 3 GROUP BY g ORDER BY g`);
    expect(rows).toEqual([0, 1, 2].map((g) => [g, '99999999999999800000000000.0001']));
    expect(calls.asyncCalls).toBe(3);
  });
});
