// One line, one container: what stands in its way, or the node that takes it. Limits first, from the leaf up, then the user's, then the
// drivers', then nodes; each refusal parks the line in the lot of what refused it. Source: YARN's LeafQueue.assignContainers.
import type { NodeTable } from '../node-table.ts';
import { hold, isBlocked } from './head-room.ts';
import { type Ask, type Line, type Lot, park } from './line.ts';
import type { Locality } from './locality.ts';
import type { QueuePart } from './queue.ts';
import type { SizeClasses } from './size-class.ts';
import type { Waking } from './waking.ts';

export type PlacingParts = { readonly nodes: NodeTable; readonly sizes: SizeClasses; readonly locality: Locality; readonly waking: Waking };

/** A slot for its first ask; -1: the line is parked. */
export function slotFor(parts: PlacingParts, line: Line): number {
  const slot = lookFor(parts, line);
  if (line.holds !== undefined && line.lot !== line.holds.full) parts.waking.letGo(line);
  if (line.lot?.kind === 'queueMaximum') hold(line.lot.of as QueuePart, line);
  return slot;
}

function lookFor(parts: PlacingParts, line: Line): number {
  const ask = line.asks.top!;
  const limit = ask.reservation === undefined ? limitFor(line) : limitElsewhere(line);
  if (limit !== undefined) return borrowOrPark(parts, line, limit);
  if (!ask.isParticular) return anySlot(parts, line, ask);
  const { nodes: inPartition } = ask.size.partition;
  const choice = parts.locality.choose(ask, inPartition);
  if (choice === 'anyNode') return anySlot(parts, line, ask);
  if (choice === 'waits') {
    parts.locality.park(line, inPartition);
    return -1;
  }
  ask.waitsSince = -1;
  return choice.slot;
}

/** The lot of the limit that one container more would break. */
export function limitFor(line: Line): Lot | undefined {
  const { vector } = line.size;
  for (let part: QueuePart | undefined = line.part; part !== undefined; part = part.parent) if (isBlocked(part, line)) return part.full;
  const { user, part } = line;
  if (user.isOverLimit(vector)) {
    part.limitedUsers.add(user);
    return user.full;
  }
  if (!line.forDriver) return undefined;
  if (part.driversWouldExceed(vector)) return part.driversFull;
  if (user.driversWouldExceed(vector)) return user.driversFull;
  return undefined;
}

/**
 * A node is kept for it, so it is counted already; on another one it is placed only if it would get that node anew: the limit of its user may be
 * less by now. Source: YARN's AbstractLeafQueue.canAssignToUser, which takes off what is reserved.
 */
function limitElsewhere({ part: leaf, user, size }: Line): Lot | undefined {
  const over = leaf.firstOver(size.vector);
  if (over !== undefined) return over.full;
  if (!user.isOverLimit(size.vector, size.vector)) return undefined;
  leaf.limitedUsers.add(user);
  return user.full;
}

function anySlot(parts: PlacingParts, line: Line, { size }: Ask): number {
  const slot = size.find(parts.nodes);
  if (slot >= 0) return slot;
  if (!size.dry) parts.sizes.ranDry(size);
  return borrowOrPark(parts, line, size.parked);
}

/**
 * A node of a label that is not exclusive, while nobody who asks for the label wants it: no limit but the node's room. Source: YARN's
 * SchedulingMode.IGNORE_PARTITION_EXCLUSIVITY.
 */
function borrowOrPark({ nodes, sizes }: PlacingParts, line: Line, lot: Lot): number {
  const { lenders, isParticular } = line.asks.top!;
  for (const size of isParticular ? [] : lenders) {
    const slot = size.find(nodes);
    if (slot >= 0) return slot;
    if (!size.dry) sizes.ranDry(size);
    size.borrowers.add(line);
  }
  park(line, lot);
  return -1;
}
