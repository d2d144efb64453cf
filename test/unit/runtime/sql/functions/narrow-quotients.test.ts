// Quotients of decimals that fit 64 bits on the way are computed in them: Spark 4.0.1's answers, digit by digit.
import { expect, it } from 'vitest';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';

it('rounds half away from zero, whatever the signs', async () => {
  const engine = sqlEngine();
  const { types, rows } = await answerOf(
    engine,
    `SELECT a / 2, CAST(a AS DECIMAL(10,2)) / CAST(b AS DECIMAL(1,0)), CAST(a AS DECIMAL(14,0)) / CAST(b AS DECIMAL(3,0))
     FROM VALUES (1.25bd, 3bd), (-1.25bd, 7bd), (99999999.99bd, -9bd), (-99999999.99bd, -1bd), (0.01bd, -9bd), (-0.05bd, 2bd), (NULL, 1bd) t(a, b)`,
  );
  await engine.close();
  expect(types).toEqual(['decimal(14,6)', 'decimal(14,6)', 'decimal(20,6)']);
  expect(rows).toEqual([
    ['0.625000', '0.416667', '0.333333'],
    ['-0.625000', '-0.178571', '-0.142857'],
    ['49999999.995000', '-11111111.110000', '-11111111.111111'],
    ['-49999999.995000', '99999999.990000', '100000000.000000'],
    ['0.005000', '-0.001111', '0.000000'],
    ['-0.025000', '-0.025000', '0.000000'],
    [null, null, null],
  ]);
});
