// Rows that lie in ranges of a key's values, as scans are cut (value-ranges.ts): where they are, and which side of a join need not move.
import type { Expr } from '../logical/expressions.ts';
import type { Scan } from '../logical/plans.ts';
import type { JoinKeys } from './join-keys.ts';
import type { BroadcastSide } from './physical-plan.ts';
import { isOneOf, type KeyBound, type Spread, UNKNOWN } from './spread.ts';

/** Files of a side, or of both, are cut by values of the join's `at`-th key (ValueCut): that side stays where it is. */
export type InPlace = { readonly sides: readonly BroadcastSide[]; readonly at: number; readonly bounds: readonly bigint[] };
/** Which of the keys it is whose ranges say where rows are; undefined: none. */
export function rangedBy(spread: Spread, keys: readonly Expr[]): number | undefined {
  const at = spread.kind === 'hash' && spread.ranges !== undefined ? keys.findIndex((key) => isOneOf(spread.keys[0]!, key)) : -1;
  return at < 0 ? undefined : at;
}
export const rangesOf = (spread: Spread): readonly bigint[] | undefined => (spread.kind === 'hash' ? spread.ranges : undefined);
export const isSameRanges = (a: Spread, b: Spread): boolean => rangesOf(a)!.join() === rangesOf(b)!.join();

/** Rows of which each is where its key's value is among the ranges; rows without one are in the first. */
export const rangesBy = (key: Expr, ranges: readonly bigint[], bound?: KeyBound): Spread =>
  key.kind === 'attribute' ? { kind: 'hash', keys: [[key.exprId]], ranges, ...(bound && { bound }) } : UNKNOWN;
/** Of a scan's tasks. */
export const spreadOfScan = ({ cut }: Scan): Spread =>
  cut === undefined ? UNKNOWN : { kind: 'hash', keys: [[cut.id]], ranges: cut.bounds };

/** Which side's files are cut by a key of the join. Where the two are cut differently, the left one stays. */
export function inPlaceOf(left: Spread, right: Spread, keys: JoinKeys): InPlace | undefined {
  const [l, r] = [rangedBy(left, keys.left), rangedBy(right, keys.right)];
  const at = l ?? r;
  if (at === undefined) return undefined;
  const bounds = rangesOf(l === undefined ? right : left)!;
  if (l !== undefined && r === l && isSameRanges(left, right)) return { sides: ['left', 'right'], at, bounds };
  return { sides: [l === undefined ? 'right' : 'left'], at, bounds };
}
