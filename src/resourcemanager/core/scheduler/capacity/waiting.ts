// Which lines wait for a node of a size, by queue: when one gets room, the line whose turn it is is found from the root down, as among those that
// could be placed, and only that one is looked at. Waking all of a size for every container that ends would cost a look at each application
// for each container (measured: half of all time at 500 applications). Who asks is waking.ts.
import type { Line } from './line.ts';
import type { QueuePart } from './queue.ts';
import type { SizeClass } from './size-class.ts';

/** Of one queue's part, by size: its children with such lines; a leaf: the lines. */
export type Waiting = Map<SizeClass, Set<QueuePart>>;
export type WaitingLines = Map<SizeClass, Set<Line>>;

export function beginWaiting(line: Line): void {
  const { part, size } = line;
  if (added(part.waitingLines, size, line) > 1) return;
  for (let at = part; at.parent !== undefined; at = at.parent) if (added(at.parent.waiting, size, at) > 1) return;
}

export function endWaiting(line: Line): void {
  const { part, size } = line;
  if (removed(part.waitingLines, size, line) > 0) return;
  for (let at = part; at.parent !== undefined; at = at.parent) if (removed(at.parent.waiting, size, at) > 0) return;
}

/** O(children of the queues on the way). @param may whether the line is to be looked at at all */
export function firstWaiting(root: QueuePart, size: SizeClass, may: (line: Line) => boolean): Line | undefined {
  let part = root;
  while (!part.queue.isLeaf) {
    const child = first(part.waiting.get(size), part.childBefore);
    if (child === undefined) return undefined;
    part = child;
  }
  return first(part.waitingLines.get(size), part.lineBefore, may);
}

/** Always of a set: with lists beside it each step would make an object. */
function first<T>(items: ReadonlySet<T> | undefined, before: (a: T, b: T) => boolean, may?: (item: T) => boolean): T | undefined {
  if (items === undefined) return undefined;
  let best: T | undefined;
  for (const item of items) if ((best === undefined || before(item, best)) && (may === undefined || may(item))) best = item;
  return best;
}

/** @returns how many there are now */
function added<T>(map: Map<SizeClass, Set<T>>, size: SizeClass, item: T): number {
  const items = map.get(size);
  if (items === undefined) map.set(size, new Set([item]));
  else items.add(item);
  return items?.size ?? 1;
}

/** @returns how many are left */
function removed<T>(map: Map<SizeClass, Set<T>>, size: SizeClass, item: T): number {
  const items = map.get(size);
  if (items === undefined) return 0;
  items.delete(item);
  if (items.size === 0) map.delete(size);
  return items.size;
}
