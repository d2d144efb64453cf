// Rows of bucketed tables, where they lie: a task for each bucket, if something relies on it. Two such sides meet without an exchange when they have as
// many buckets by the keys of the join; else both are moved. Source: FileSourceScanExec.createBucketedReadRDD, DisableUnnecessaryBucketedScan of Spark 4.2.
import { hasStableHash } from '../functions/bucket-number.ts';
import type { Attribute, Expr } from '../logical/expressions.ts';
import type { Scan, ScanFile } from '../logical/plans.ts';
import type { Parts } from './parts.ts';
import type { PhysicalPlan } from './physical-plan.ts';
import { isExactly, type Spread, UNKNOWN } from './spread.ts';

/** Columns whose hash is the bucket's number. @returns undefined when one is not read, or equal values of it may have several */
export function bucketColumns({ buckets, columns, output }: Scan): readonly Attribute[] | undefined {
  const found = buckets?.columns.map((name) => output[columns.findIndex((c) => c.toLowerCase() === name.toLowerCase())]);
  return found?.every((a) => a !== undefined && hasStableHash(a.dataType)) ? (found as Attribute[]) : undefined;
}

/** How the rows of a scan are spread when each task reads one bucket. */
export function bucketSpread(scan: Scan, use: { isUsed: boolean }): Spread {
  const columns = bucketColumns(scan);
  if (columns === undefined) return UNKNOWN;
  return { kind: 'hash', keys: columns.map((a) => [a.exprId]), buckets: { count: scan.buckets!.count, use: [use] } };
}

/** Files of each task. */
export const filesByBucket = ({ files, buckets }: Scan): readonly (readonly ScanFile[])[] =>
  Array.from({ length: buckets!.count }, (_, bucket) => files.filter((f) => f.bucket === bucket));

type Keys = Extract<PhysicalPlan, { kind: 'join' }>['keys'];

/** Whether rows of two sides that agree in the keys are in buckets of one number. */
export const areInBuckets = (left: Spread, right: Spread, keys: Keys): boolean =>
  left.kind === 'hash' &&
  right.kind === 'hash' &&
  left.buckets !== undefined &&
  left.buckets.count === right.buckets?.count &&
  keysAre(left, keys.left, right, keys.right);

/** The keys of a join may stand in another order than the table's columns. */
function keysAre(left: Spread, l: readonly Expr[], right: Spread, r: readonly Expr[]): boolean {
  if (left.kind !== 'hash' || left.keys.length !== l.length) return false;
  const order = left.keys.map((ids) => l.findIndex((k) => k.kind === 'attribute' && ids.includes(k.exprId)));
  if (order.includes(-1) || new Set(order).size !== order.length) return false;
  const typed = order.every((i) => l[i]!.dataType.tag === r[i]!.dataType.tag);
  return (
    typed &&
    isExactly(
      left,
      order.map((i) => l[i]!),
    ) &&
    isExactly(
      right,
      order.map((i) => r[i]!),
    )
  );
}

/** Of rows that are to be moved, or meet others: what buckets they are in is of no use. */
export const withoutBuckets = <T extends { readonly spread: Spread }>(of: T): T =>
  of.spread.kind === 'hash' && of.spread.buckets !== undefined ? { ...of, spread: UNKNOWN } : of;

/** Something relies on it. */
export function relyOn(spread: Spread): void {
  if (spread.kind === 'hash') for (const use of spread.buckets?.use ?? []) use.isUsed = true;
}

/** Two sides that are really read by bucket. */
export const meetInBuckets = ({ left, right }: { readonly left: Parts; readonly right: Parts }, keys: Keys): boolean =>
  left.branches.length === 1 && right.branches.length === 1 && areInBuckets(left.spread, right.spread, keys);
