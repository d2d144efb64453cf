// What is pushed together and where to: every small block once, at its place in the map output, large and empty ones never.
import { expect, test } from 'vitest';
import { planPushes } from '../../../../src/runtime/shuffle/push-plan.ts';

const LIMITS = { maxBlockBytes: 100, batchBytes: 250, batchBlocks: 10 };
const plan = (bytes: readonly number[], mergers: readonly string[], limits = LIMITS) =>
  planPushes(bytes, mergers, limits).map(({ address, offset, lengthBytes, blocks }) => [
    address,
    offset,
    lengthBytes,
    blocks.map(({ reduceId }) => reduceId),
  ]);

test('each service gets a range of the partitions, as one push', () => {
  expect(plan([10, 20, 30, 40, 50], ['a', 'b'])).toEqual([
    ['a', 0, 60, [0, 1, 2]],
    ['b', 60, 90, [3, 4]],
  ]);
});

test('a block above the limit is left out, and what lies behind it is another push', () => {
  expect(plan([10, 101, 100], ['a'])).toEqual([
    ['a', 0, 10, [0]],
    ['a', 111, 100, [2]],
  ]);
});

test('empty blocks are left out, and do not part what lies beside them', () => {
  expect(plan([10, 0, 5, 0], ['a'])).toEqual([['a', 0, 15, [0, 2]]]);
  expect(plan([0, 0], ['a'])).toEqual([]);
});

test('a push ends at its most bytes and its most blocks', () => {
  expect(plan([100, 100, 100], ['a'])).toEqual([
    ['a', 0, 200, [0, 1]],
    ['a', 200, 100, [2]],
  ]);
  expect(plan([1, 1, 1], ['a'], { ...LIMITS, batchBlocks: 2 })).toEqual([
    ['a', 0, 2, [0, 1]],
    ['a', 2, 1, [2]],
  ]);
});

test('with more services than partitions each partition has one of its own', () => {
  expect(plan([1, 1], ['a', 'b', 'c', 'd']).map(([address]) => address)).toEqual(['a', 'c']);
});
