// Which side of a join goes to all tasks, by hints and by guesses of sizes. Source: JoinSelection of Spark 4.2.
import type { Join } from '../logical/plans.ts';
import type { BroadcastSide } from './physical-plan.ts';
import { statisticsOf } from './statistics.ts';

/**
 * Hints first, then the smaller side that is small enough; without keys some side must go everywhere.
 * @param most bytes of a side that is small enough; -1: none is
 */
export function broadcastSide(node: Join, hasKeys: boolean, allowed: readonly BroadcastSide[], most: number): BroadcastSide | undefined {
  const hints = { left: node.leftHint, right: node.rightHint };
  const hinted = allowed.find((side) => hints[side] === 'broadcast');
  if (hinted !== undefined) return hinted;
  const bytes = { left: statisticsOf(node.left).bytes, right: statisticsOf(node.right).bytes };
  const bySize = [...allowed].sort((a, b) => bytes[a] - bytes[b]);
  const fits = bySize.find((side) => hints[side] !== 'noBroadcast' && bytes[side] <= most);
  return fits ?? (hasKeys ? undefined : bySize[0]);
}
