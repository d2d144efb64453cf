import { expect, test } from 'vitest';
import { LocalProperties } from '../../../../../src/runtime/driver/service/local-properties.ts';

test('each flow of async calls has its own, and begins with what its parent had', async () => {
  const properties = new LocalProperties();
  properties.set({ 'spark.scheduler.pool': 'a', x: '1' });
  const flow = async (pool: string) => {
    await null;
    expect(properties.get('x')).toBe('1');
    properties.set({ 'spark.scheduler.pool': pool, x: undefined });
    await null;
    return [...properties.all];
  };
  expect(await Promise.all([flow('b'), flow('c')])).toEqual([[['spark.scheduler.pool', 'b']], [['spark.scheduler.pool', 'c']]]);
  expect([...properties.all]).toEqual([
    ['spark.scheduler.pool', 'a'],
    ['x', '1'],
  ]);
});
