// Which joins are printed with what is no equality above them. That answers stay the same is staged.test.ts's.
import { expect, test } from 'vitest';
import { call, allOf } from '../../../../../src/runtime/sql/logical/conjuncts.ts';
import { newAttribute } from '../../../../../src/runtime/sql/logical/expressions.ts';
import { type Join, type LogicalPlan, outputOf, type Scan } from '../../../../../src/runtime/sql/logical/plans.ts';
import { withFilterAbove } from '../../../../../src/runtime/sql/physical/few-matches.ts';
import { LONG, structType } from '../../../../../src/runtime/sql/types/data-type.ts';

/** `k` has so many values, `v` as many as it likes. */
const scan = (name: string, rows: number, values?: number): Scan => ({
  kind: 'scan',
  format: 'parquet',
  output: ['k', 'v'].map((c) => newAttribute(c, LONG, true)),
  columns: ['k', 'v'],
  partitionColumns: [],
  files: [{ path: name, size: rows * 10, modified: 0, partition: [], rows }],
  options: {},
  schema: structType([]),
  name: 'parquet',
  ...(values !== undefined && { bounds: new Map([['k', { min: 1, max: values }]]) }),
});
const join = (left: LogicalPlan, right: LogicalPlan, more: Partial<Join> = {}): Join => {
  const [[a, v], [b, w]] = [outputOf(left), outputOf(right)] as [ReturnType<typeof outputOf>, ReturnType<typeof outputOf>];
  return { kind: 'join', left, right, joinType: 'inner', condition: allOf([call('==', a!, b!), call('<', v!, w!)]), ...more };
};
const isAbove = (plan: Join) => withFilterAbove(plan).isFilterAbove === true;
const grouped = (child: Scan): LogicalPlan => ({ kind: 'aggregate', child, grouping: [child.output[0]!], aggregates: [...child.output] });
const large = scan('large', 1_000_000, 1000);

test('keys of one side are single, as bounds in footers or a grouping tell', () => {
  expect(isAbove(join(large, scan('ids', 1000, 1000)))).toBe(true);
  expect(isAbove(join(scan('ids', 1000, 1000), large))).toBe(true);
  expect(isAbove(join(large, grouped(large)))).toBe(true);
  const child = join(grouped(large), scan('ids', 1000, 1000), { condition: undefined });
  const [a, , b] = outputOf(child);
  const both: LogicalPlan = { kind: 'project', child: { ...child, condition: call('==', a!, b!) }, projectList: [b!, outputOf(child)[1]!] };
  expect(isAbove(join(large, both))).toBe(true);
});

test('many rows of a key, or nothing that tells, are left to the join', () => {
  expect(isAbove(join(large, scan('few values', 1000, 10)))).toBe(false);
  expect(isAbove(join(scan('unknown', 1000), scan('unknown, too', 1000)))).toBe(false);
});

test('other joins, and equalities alone, stay as they are', () => {
  const ids = scan('ids', 1000, 1000);
  expect(isAbove(join(large, ids, { joinType: 'leftOuter' }))).toBe(false);
  expect(isAbove(join(large, ids, { condition: call('==', large.output[0]!, ids.output[0]!) }))).toBe(false);
  expect(isAbove(join(large, ids, { condition: call('<', large.output[1]!, ids.output[1]!) }))).toBe(false);
});
