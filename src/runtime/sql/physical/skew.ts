// A partition that is much larger than the others becomes several tasks, each with a share of the one side's rows and all of the other's.
// Shares are whole map tasks', so there are at most as many. Source: OptimizeSkewedJoin of Spark 4.2.
import type { Exchange, Share } from '../../rdd/sql-fragment.ts';
import type { Join } from '../logical/plans.ts';
import { type CoalesceSettings, exchangeBytes, type Parts } from './parts.ts';
import type { BroadcastSide } from './physical-plan.ts';

export type Task = { readonly group: readonly number[]; readonly share?: Share };

/** @param large the side that may be divided */
export function splitSkewed(groups: readonly (readonly number[])[], large: Exchange, settings: CoalesceSettings): readonly Task[] {
  const { skew, isAdaptive, slots, leastBytes, advisoryBytes } = settings;
  if (!isAdaptive || skew === undefined) return groups.map((group) => ({ group }));
  const median = [...large.bytes].sort((a, b) => a - b)[large.partitions >> 1]!;
  const target = Math.max(leastBytes, Math.min(advisoryBytes, exchangeBytes([large]) / slots));
  return groups.flatMap((group): Task[] => {
    const [p, ...more] = group;
    const bytes = large.bytes[p!]!;
    const isSkewed = more.length === 0 && bytes > skew.bytes && bytes > skew.factor * median;
    const n = isSkewed ? Math.min(large.maps, Math.max(2, Math.ceil(bytes / target))) : 1;
    return n < 2 ? [{ group }] : Array.from({ length: n }, (_, index) => ({ group, share: { index, of: n } }));
  });
}

/** The side of a join whose rows each find their partners alone: they may be divided. Of two such, the larger. */
export function splittableSide(
  joinType: Join['joinType'],
  isNullAware: boolean | undefined,
  left: Parts,
  right: Parts,
): BroadcastSide | undefined {
  switch (joinType) {
    case 'inner':
      return bytes(left) >= bytes(right) ? 'left' : 'right';
    case 'leftOuter':
    case 'leftSemi':
    case 'existence':
      return 'left';
    case 'leftAnti':
      return isNullAware ? undefined : 'left';
    case 'rightOuter':
      return 'right';
    default:
      return undefined;
  }
}

const bytes = ({ branches }: Parts): number =>
  branches.reduce((sum, { source }) => sum + (source.kind === 'exchanges' ? exchangeBytes(source.exchanges) : 0), 0);
