// Accumulators that nobody can reach go; those that somebody holds stay.
import { expect, test } from 'vitest';
import { makeAccumulator } from '../../../../../src/runtime/rdd/accumulators.ts';
import { AccumulatorTable } from '../../../../../src/runtime/driver/service/accumulator-table.ts';
import { exposedCollector } from '../../../../../src/runtime/storage/heap-guard.ts';

test('one that is reachable is found, one that is not is forgotten', async () => {
  const table = new AccumulatorTable();
  const held = makeAccumulator({ id: 1, kind: 'long', name: 'held' });
  table.add(held);
  for (let id = 2; id < 10; id++) table.add(makeAccumulator({ id, kind: 'collection', name: undefined }));
  while (table.size > 1) {
    exposedCollector()();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  expect(table.get(1)).toBe(held);
  expect(table.get(2)).toBeUndefined();
});
