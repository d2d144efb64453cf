// The queue tree as a whole: made from a configuration, searched by name, fitted to the nodes, and whose turn it is in it.
import type { PartitionIndex } from '../node-table.ts';
import type { QueueConfig } from './config-types.ts';
import { Queue, type QueuePart, type TreeContext } from './queue.ts';

export const queueTree = (config: QueueConfig, context: Omit<TreeContext, 'nextOrdinal'>): Queue =>
  new Queue(config, undefined, { ...context, nextOrdinal: 0 });

/** Leaves by path, and by name where only one has it. */
export function leavesByName(root: Queue): Map<string, Queue> {
  const found = new Map<string, Queue>();
  const twice = new Set<string>();
  for (const queue of root.all()) {
    if (!queue.isLeaf) continue;
    const { name } = queue.config;
    if (found.has(name)) twice.add(name);
    found.set(name, queue);
  }
  for (const name of twice) found.delete(name);
  for (const queue of root.all()) if (queue.isLeaf) found.set(queue.path, queue);
  return found;
}

/**
 * The leaf of that path or, when the file has changed since, the first leaf: an accepted application is never lost to a renamed queue.
 * @param mayMake it is one that is made for applications @returns its path; it may have to be made
 */
export function leafToUse(root: Queue, leaves: ReadonlyMap<string, Queue>, path: string, mayMake: boolean): string {
  if (mayMake || leaves.get(path)?.path === path) return path;
  const all = [...root.all()];
  const first = all.find((queue) => queue.isLeaf);
  return first?.path ?? `${all.find(({ config }) => config.autoCreate !== undefined)!.path}.default`;
}

/** The leaf whose turn it is in that partition. */
export function leafInTurn(root: Queue, partition: PartitionIndex): QueuePart | undefined {
  let part = root.parts[partition]!;
  while (!part.queue.isLeaf) {
    const child = part.active.top;
    if (child === undefined) return undefined;
    part = child;
  }
  return part.lines.size > 0 ? part : undefined;
}

/** What each queue may use, now that the partitions have other sizes; parents before children. */
export function fitTree(queue: Queue): void {
  for (const part of queue.parts) part.fit();
  for (const child of queue.children) fitTree(child);
  for (const part of queue.parts) {
    part.active.rebuild();
    for (const user of part.users.values()) for (const line of [...user.lines.values(), ...user.driverLines.values()]) line.asks.rebuild();
    part.lines.rebuild();
  }
}
