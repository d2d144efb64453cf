// Our operators found in the kernel's: what it merged, dropped and added.
import { describe, expect, it } from 'vitest';
import type { KernelOperator } from '../../../../src/common/sql-kernel.ts';
import { figuresOf } from '../../../../src/runtime/rdd/operator-figures.ts';
import type { FragmentOperator, OperatorKind } from '../../../../src/runtime/rdd/sql-fragment.ts';

const op = (name: string, rows: number, seconds: number, ...children: KernelOperator[]): KernelOperator => ({
  name,
  rows,
  rowsScanned: 0,
  seconds,
  source: '',
  children,
});
/** Rows go to its number, time to its number and a half. */
const ours = (id: number, kind: OperatorKind, ...children: FragmentOperator[]): FragmentOperator => ({
  kind,
  rows: id,
  timeNs: id + 0.5,
  children,
});
const profile = (root: KernelOperator) => ({ root, peakMemoryBytes: 100, peakSpilledBytes: 0 });
const told = (root: KernelOperator, top: FragmentOperator) => Object.fromEntries(figuresOf(profile(root), top));

describe("the kernel's operators as ours", () => {
  it('a filter that went into the scan has its rows and no time', () => {
    const top = ours(1, 'aggregate', ours(2, 'project', ours(3, 'filter', ours(4, 'scan'))));
    expect(
      told(
        op('COPY_TO_FILE', 0, 1, op('PROJECTION', 1, 0, op('HASH_GROUP_BY', 1, 3, op('PROJECTION', 5, 1, op('TABLE_SCAN', 5, 2))))),
        top,
      ),
    ).toEqual({
      1: 1,
      1.5: 4e9, // the text's end too
      2: 5,
      2.5: 1e9,
      3: 5,
      4: 5,
      4.5: 2e9,
    });
  });

  it('a projection of the kernel that is none of ours counts with the operator above it', () => {
    const top = ours(1, 'sort', ours(2, 'scan'));
    expect(told(op('PROJECTION', 9, 1, op('ORDER_BY', 9, 2, op('PROJECTION', 9, 4, op('TABLE_SCAN', 9, 8)))), top)).toEqual({
      1: 9,
      1.5: 7e9,
      2: 9,
      2.5: 8e9,
    });
  });

  it('the first rows of a sort are one operator there', () => {
    const top = ours(1, 'limit', ours(2, 'sort', ours(3, 'scan')));
    expect(told(op('TOP_N', 3, 1, op('TABLE_SCAN', 90, 1)), top)).toEqual({ 1: 3, 2: 3, 2.5: 1e9, 3: 90, 3.5: 1e9 });
  });

  it('both sides of a join find their own', () => {
    const top = ours(1, 'project', ours(2, 'join', ours(3, 'filter', ours(4, 'scan')), ours(5, 'scan')));
    const root = op('PROJECTION', 7, 1, op('HASH_JOIN', 7, 2, op('FILTER', 8, 1, op('TABLE_SCAN', 10, 1)), op('TABLE_SCAN', 6, 1)));
    expect(told(root, top)).toEqual({ 1: 7, 1.5: 1e9, 2: 7, 2.5: 2e9, 3: 8, 3.5: 1e9, 4: 10, 4.5: 1e9, 5: 6, 5.5: 1e9 });
  });

  it('several texts of one scan are one leaf', () => {
    const top = ours(1, 'filter', ours(2, 'scan'));
    expect(told(op('UNION', 5, 0, op('FILTER', 2, 1, op('TABLE_SCAN', 20, 1)), op('FILTER', 3, 1, op('TABLE_SCAN', 30, 1))), top)).toEqual({
      1: 5,
      2: 5,
      2.5: 4e9,
    });
  });

  it('what the kernel knew without looking tells of rows up to there, and of nothing below a join', () => {
    const top = ours(1, 'filter', ours(2, 'join', ours(3, 'scan'), ours(4, 'scan')));
    expect(told(op('EMPTY_RESULT', 0, 0), top)).toEqual({ 1: 0, 2: 0 });
  });

  it('memory is of the topmost operator that holds rows', () => {
    const top: FragmentOperator = {
      kind: 'project',
      children: [{ kind: 'sort', peakMemory: 8, spilled: 9, children: [{ kind: 'scan', children: [] }] }],
    };
    expect(told(op('ORDER_BY', 1, 0, op('TABLE_SCAN', 1, 0)), top)).toEqual({ 8: 100 });
  });
});
