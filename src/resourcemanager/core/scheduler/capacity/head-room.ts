// What is left of a queue's maximum is held for one who needs more of it than there is: small requests would take it piece by piece, and a large one
// would wait for ever. Who comes before him by the queue's order is not held up. Source: YARN's RegularContainerAllocator.checkHeadroom, whose
// QUEUE_SKIPPED stops the leaf at that application, and AbstractParentQueue's blocked headroom, which its siblings don't get.
import { covers } from '../vectors.ts';
import type { Line } from './line.ts';
import type { QueuePart } from './queue.ts';

/** One container more of that line would take the queue above its maximum, or what is held for somebody. */
export function isBlocked(part: QueuePart, line: Line): boolean {
  if (part.maximum >= 1) return false;
  const { vector } = line.size;
  if (part.wouldExceed(vector)) return true;
  const { holder } = part;
  if (holder === undefined || holder === line || !leavesTooLittle(part, line, holder)) return false;
  return !comesBefore(line, holder);
}

function leavesTooLittle({ taken, limit }: QueuePart, line: Line, holder: Line): boolean {
  const [want, held] = [line.size.vector, holder.size.vector];
  for (let d = 0; d < want.length; d++)
    if (want[d]! > 0 && (held[d] ?? 0) > 0 && (taken[d] ?? 0) + want[d]! + held[d]! > (limit[d] ?? 0)) return true;
  return false;
}

/** It waits for the maximum of that queue: what is left is held for it, unless that is so already for one who comes before it. */
export function hold(part: QueuePart, line: Line): void {
  const { holder } = part;
  if (holder === line || !waitsForThatAlone(part, line) || (holder !== undefined && !comesBefore(line, holder))) return;
  if (holder !== undefined) holder.holds = undefined;
  part.holder = line;
  line.holds = part;
}

/** Of those who wait, who comes first. O(lines that wait). */
export function chooseHolder(part: QueuePart): void {
  if (part.holder !== undefined) return;
  for (const line of part.full.lines) hold(part, line);
}

/** What is larger than the maximum never gets it, and who is at his own limit does not get it now. */
function waitsForThatAlone(part: QueuePart, line: Line): boolean {
  const { vector } = line.size;
  if (line.holds !== undefined || !covers(part.limit, vector) || line.user.isOverLimit(vector)) return false;
  return !line.forDriver || !(line.part.driversWouldExceed(vector) || line.user.driversWouldExceed(vector));
}

/** By the order of their leaf or, of two leaves, of the queue above both. */
function comesBefore(a: Line, b: Line): boolean {
  if (a.part === b.part) return a.part.lineBefore(a, b);
  const [mine, other] = [branches(a.part), branches(b.part)];
  const at = mine.findIndex((part, i) => part !== other[i]);
  return mine[at]!.parent!.childBefore(mine[at]!, other[at]!);
}

function branches(leaf: QueuePart): QueuePart[] {
  const path: QueuePart[] = [];
  for (let part: QueuePart | undefined = leaf; part !== undefined; part = part.parent) path.unshift(part);
  return path;
}
