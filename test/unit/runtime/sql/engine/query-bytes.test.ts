// What counts as a query's input: less than spark.emberloom.sql.collapseBytes is one task's.
import { expect, test } from 'vitest';
import { queryBytes } from '../../../../../src/runtime/sql/engine/execute-settings.ts';
import { sqlEngine } from '../../../../helpers/sql.ts';

const bytesOf = async (sql: string): Promise<number> => {
  const engine = sqlEngine();
  const parsed = engine.parse(sql);
  if (parsed.tag !== 'relation') throw new Error('no query');
  return queryBytes(await engine.analyze(parsed.relation));
};

test('numbers of a range count, in subqueries too: twenty million are more than one task should have', async () => {
  const million = await bytesOf('SELECT id FROM range(1000000)');
  expect(million).toBeGreaterThanOrEqual(8_000_000);
  expect(million).toBeLessThan(64 << 20);
  expect(await bytesOf('SELECT id FROM range(1) WHERE id < (SELECT count(*) FROM range(20000000))')).toBeGreaterThan(64 << 20);
});
