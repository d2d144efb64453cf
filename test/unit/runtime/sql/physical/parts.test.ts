// How partitions are put together into tasks.
import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../../../../src/runtime/rdd/sql-fragment.ts';
import { groupsOf } from '../../../../../src/runtime/sql/physical/parts.ts';
import { splitSkewed } from '../../../../../src/runtime/sql/physical/skew.ts';

const exchange = (...bytes: number[]): Exchange => ({
  name: 'x1',
  columns: [],
  partitions: bytes.length,
  maps: 3,
  bytes,
  rows: bytes,
  rdd: undefined,
});
const settings = { isAdaptive: true, slots: 2, advisoryBytes: 64, leastBytes: 4, skew: { bytes: 20, factor: 5 } };

describe('groupsOf', () => {
  test.each([
    [
      'equal ones into as many tasks as slots',
      [10, 10, 10, 10],
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [
      'nearly equal ones too',
      [11, 10, 10, 9],
      [
        [0, 1],
        [2, 3],
      ],
    ],
    ['small ones into one', [1, 1, 1, 1], [[0, 1, 2, 3]]],
    ['empty ones into one', [0, 0, 0], [[0, 1, 2]]],
    ['a large one alone', [100, 1, 1, 1], [[0], [1, 2, 3]]],
    ['by the advised size where there is much', [64, 64, 64, 64], [[0], [1], [2], [3]]],
  ])('%s', (_, bytes, groups) => {
    expect(groupsOf([exchange(...bytes)], settings)).toEqual(groups);
  });

  test('sizes of all sides count', () => {
    expect(groupsOf([exchange(30, 0, 0, 0), exchange(0, 10, 10, 10)], settings)).toEqual([[0], [1, 2, 3]]);
  });

  test('every partition stays one when nothing adapts', () => {
    expect(groupsOf([exchange(1, 1)], { ...settings, isAdaptive: false })).toEqual([[0], [1]]);
  });
});

describe('splitSkewed', () => {
  const groups = [[0], [1], [2, 3]];
  const shares = (...bytes: number[]) =>
    splitSkewed(groups, exchange(...bytes), settings).map(({ group, share }) => [group.join(), share && `${share.index}/${share.of}`]);

  test('a large partition among small ones is divided', () => {
    expect(shares(100, 10, 5, 5)).toEqual([
      ['0', '0/2'],
      ['0', '1/2'],
      ['1', undefined],
      ['2,3', undefined],
    ]);
  });

  test('into as many as there are map tasks at most', () => {
    expect(shares(6400, 10, 5, 5).filter(([, share]) => share !== undefined)).toHaveLength(3);
  });

  test.each([
    ['not below the threshold', [19, 1, 1, 1]],
    ['not when the others are large too', [100, 90, 80, 70]],
    ['not several partitions together', [1, 1, 100, 1]],
  ])('%s', (_, bytes) => {
    expect(shares(...bytes).map(([, share]) => share)).toEqual([undefined, undefined, undefined]);
  });
});
