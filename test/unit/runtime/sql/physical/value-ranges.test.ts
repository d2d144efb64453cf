// Which scans are cut by values, and where. What becomes of them is staged.test.ts's.
import { expect, test } from 'vitest';
import { newAttribute } from '../../../../../src/runtime/sql/logical/expressions.ts';
import type { LogicalPlan, Scan } from '../../../../../src/runtime/sql/logical/plans.ts';
import { call } from '../../../../../src/runtime/sql/logical/conjuncts.ts';
import { candidatesIn, type GroupRange, withValueRanges } from '../../../../../src/runtime/sql/physical/value-ranges.ts';
import { LONG, STRING, structType } from '../../../../../src/runtime/sql/types/data-type.ts';

const scan = (name: string, size: number, ...columns: string[]): Scan => ({
  kind: 'scan',
  format: 'parquet',
  output: columns.map((c) => newAttribute(c, c === 's' ? STRING : LONG, true)),
  columns,
  partitionColumns: [],
  files: [{ path: name, size, modified: 0, partition: [] }],
  options: {},
  schema: structType([]),
  name: 'parquet',
});
const join = (left: LogicalPlan, l: number, right: LogicalPlan, r: number): LogicalPlan => ({
  kind: 'join',
  left,
  right,
  joinType: 'inner',
  condition: call('==', (left as Scan).output[l]!, (right as Scan).output[r]!),
});
/** `n` row groups of 100 rows one after the other, each with so many values that are the next one's, too. */
const inOrder = (n: number, over = 0): GroupRange[] =>
  Array.from({ length: n }, (_, i) => ({ path: 'big', min: BigInt(i * 100), max: BigInt(i * 100 + 99 + over), rows: 100 }));
const cutsOf = (plan: LogicalPlan, groups: Record<string, GroupRange[] | undefined>, tasks = 3) => {
  const cut = withValueRanges(
    plan,
    candidatesIn(plan),
    ({ scan: of, column }) => groups[`${of.files[0]!.path}.${column}`],
    () => tasks,
  ) as Extract<LogicalPlan, { kind: 'join' }>;
  return [cut.left, cut.right].map((side) => (side as Scan).cut?.bounds);
};

test('at the borders of the largest table in order, both sides alike', () => {
  const plan = join(scan('small', 10, 'k'), 0, scan('big', 1000, 'a', 'k'), 1);
  expect(cutsOf(plan, { 'small.k': inOrder(9), 'big.k': inOrder(9) })).toEqual([
    [300n, 600n],
    [300n, 600n],
  ]);
});

test('a side that lies in another order stays uncut; by it the other is cut all the same', () => {
  const plan = join(scan('small', 10, 'k'), 0, scan('big', 1000, 'k'), 0);
  const mixed = inOrder(9).map((g) => ({ ...g, min: 0n, max: 900n }));
  expect(cutsOf(plan, { 'small.k': inOrder(9), 'big.k': mixed })).toEqual([[300n, 600n], undefined]);
});

test('a little over the borders is read twice; more is not', () => {
  const plan = join(scan('small', 10, 'k'), 0, scan('big', 1000, 'k'), 0);
  expect(cutsOf(plan, { 'big.k': inOrder(9, 1) })[1]).toEqual([300n, 600n]);
  expect(cutsOf(plan, { 'big.k': inOrder(3, 150) })[1]).toBeUndefined();
});

test('one row group, NULLs (nothing is known), texts, and keys of nothing are no reason', () => {
  const plan = join(scan('small', 10, 's', 'k'), 0, scan('big', 1000, 's', 'k'), 0);
  expect(candidatesIn(plan)).toEqual([]);
  const numbers = join(scan('small', 10, 'k'), 0, scan('big', 1000, 'k'), 0);
  expect(cutsOf(numbers, { 'big.k': inOrder(1) })).toEqual([undefined, undefined]);
  expect(cutsOf(numbers, {})).toEqual([undefined, undefined]);
});

test('row groups that each have nearly all values are not in order, whatever their least ones are', () => {
  const plan = join(scan('small', 10, 'k'), 0, scan('big', 1000, 'k'), 0);
  const random = [4, 1, 2, 2].map((min): GroupRange => ({ path: 'big', min: BigInt(min), max: 149_999n, rows: 100 }));
  expect(cutsOf(plan, { 'small.k': inOrder(4), 'big.k': random }, 2)).toEqual([[200n], undefined]);
});

test('equal values do not become a border twice', () => {
  const plan = join(scan('small', 10, 'k'), 0, scan('big', 1000, 'k'), 0);
  const same = [0, 0, 0, 0, 7, 7].map((v): GroupRange => ({ path: 'big', min: BigInt(v), max: BigInt(v), rows: 100 }));
  expect(cutsOf(plan, { 'big.k': same })[1]).toEqual([7n]);
});
