// Which queries are computed to the last row before the first is given.
import { afterAll, expect, it } from 'vitest';
import { givesFewRows } from '../../../../../src/runtime/sql/engine/few-rows.ts';
import { newAttribute } from '../../../../../src/runtime/sql/logical/expressions.ts';
import { LONG, structField, structType } from '../../../../../src/runtime/sql/types/data-type.ts';
import { sqlEngine } from '../../../../helpers/sql.ts';

const engine = sqlEngine();
afterAll(() => engine.close());
for (const [name, size] of [
  ['small', 1_000_000],
  ['large', 1_000_000_000],
] as const)
  engine.views.set(name, {
    kind: 'scan',
    format: 'parquet',
    output: [newAttribute('a', LONG)],
    columns: ['a'],
    partitionColumns: [],
    files: [{ path: '/none', size, modified: 0, partition: [] }],
    options: {},
    schema: structType([structField('a', LONG)]),
    name: 'parquet',
  });

it.each([
  ['SELECT 1', true],
  ['SELECT count(*) FROM large', true],
  ['SELECT a FROM large ORDER BY a LIMIT 10', true],
  ['SELECT a FROM large LIMIT 100000000', false],
  ['SELECT a + 1 FROM (SELECT a FROM large LIMIT 10) WHERE a > 1', true],
  ['SELECT a, count(*) FROM small GROUP BY a ORDER BY a', true],
  ['SELECT a, count(*) FROM small GROUP BY a HAVING count(*) > 1', true],
  ['SELECT a, count(*) FROM large GROUP BY a', false],
  ['SELECT a, count(*) FROM small JOIN large USING (a) GROUP BY a', false],
  ['SELECT id, count(*) FROM range(1000000000) GROUP BY id', false],
  ['SELECT a FROM small', false],
  ['SELECT s.a FROM small s, small t', false],
  ['SELECT explode(sequence(1, c)) FROM (SELECT count(*) AS c FROM large)', false],
])('%s: %s', async (text, expected) => {
  const plan = await engine.analyze((engine.parse(text) as any).relation);
  expect(givesFewRows(plan)).toBe(expected);
});
