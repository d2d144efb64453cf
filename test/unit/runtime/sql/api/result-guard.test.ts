// What collect() may hold: the setting, and the room of the heap without what is garbage.
import { expect, test } from 'vitest';
import { ResultGuard } from '../../../../../src/runtime/sql/api/result-guard.ts';

const chunk = { rows: 2, columns: [Float64Array.of(1, 2), ['ab', 'c']] };
/** @param living of 100, when garbage is collected */
const heap = (used: number, living: number) => {
  let now = used;
  return {
    used: () => now,
    limit: 100,
    collect: () => {
      now = living;
    },
  };
};
const unlimited = () => '0';

test('garbage of an earlier query is not held against this one', () => {
  expect(() => new ResultGuard(unlimited, heap(95, 10)).add(chunk)).not.toThrow();
});

test('rows that live fill the heap: the query ends before the process does', () => {
  expect(() => new ResultGuard(unlimited, heap(95, 90)).add(chunk)).toThrow(/DRIVER_OUT_OF_MEMORY.*2 rows so far/);
});

test('rows above spark.driver.maxResultSize are refused', () => {
  const guard = new ResultGuard(() => '50', heap(1, 1));
  guard.add(chunk);
  expect(() => guard.add(chunk)).toThrow(/spark\.driver\.maxResultSize/);
});
