// Queues that are made for an application and go away again: which ones are missing for a leaf, and a tree with them or without. Pure, over
// configurations; when that is done is capacity-state.ts. Source: YARN's CapacitySchedulerQueueManager.createQueue, AbstractParentQueue.addDynamicChildQueue.
import { isLeaf, type QueueConfig } from './config-types.ts';

/** From the first that is missing down to the leaf; or why they can't be made. */
export type Missing = { readonly queues: readonly QueueConfig[] } | { readonly reason: string };

const NAME = /^[A-Za-z0-9_@-]{1,64}$/;

/**
 * @param bounded false: however many there are; for applications that were taken already
 * @returns undefined: it is there, or nothing above it makes queues
 */
export function missingFor(root: QueueConfig, path: string, bounded = true): Missing | undefined {
  const [first, ...names] = path.split('.');
  if (first !== root.name) return undefined;
  const queues: QueueConfig[] = [];
  let at = root;
  for (const [i, name] of names.entries()) {
    const child = at.children.find((queue) => queue.name === name);
    if (child !== undefined) {
      at = child;
      continue;
    }
    const { autoCreate } = at;
    if (autoCreate === undefined) return undefined;
    if (!NAME.test(name))
      return { reason: `queue ${path} can't be made: ${JSON.stringify(name)} is no name for a queue: letters, digits, _, @ and -` };
    if (bounded && at.children.length >= autoCreate.maxQueues)
      return {
        reason: `queue ${path} can't be made: ${at.path} has ${at.children.length} queues already (auto-queue-creation-v2.max-queues: ${autoCreate.maxQueues})`,
      };
    const template = i === names.length - 1 ? autoCreate.leaf : autoCreate.parent;
    if (template === undefined)
      return {
        reason: `queue ${path} can't be made: it is too far below the queues of the file (auto-queue-creation-v2.maximum-queue-depth)`,
      };
    at = { ...template, path: `${at.path}.${name}`, name };
    queues.push(at);
  }
  return queues.length === 0 ? undefined : { queues };
}

export const withQueues = (root: QueueConfig, queues: readonly QueueConfig[]): QueueConfig => queues.reduce(withQueue, root);

function withQueue(at: QueueConfig, queue: QueueConfig): QueueConfig {
  if (queue.path === `${at.path}.${queue.name}`) return { ...at, children: [...at.children, queue] };
  const children = at.children.map((child) => (queue.path.startsWith(`${child.path}.`) ? withQueue(child, queue) : child));
  return { ...at, children };
}

/** And without those above it that were made for its sake and have nothing below them any more. */
export function withoutQueue(at: QueueConfig, path: string): QueueConfig {
  const children = at.children.flatMap((child) => {
    if (child.path === path) return [];
    if (!path.startsWith(`${child.path}.`)) return [child];
    const left = withoutQueue(child, path);
    return left.children.length === 0 && left.dynamic && left.expires ? [] : [left];
  });
  return { ...at, children };
}

/** Another file, with the queues that were made under the old one as far as the new one makes such queues. */
export const carriedOver = (next: QueueConfig, old: QueueConfig): QueueConfig =>
  madeLeaves(old).reduce((root, path) => {
    const missing = missingFor(root, path, false);
    return missing !== undefined && 'queues' in missing ? withQueues(root, missing.queues) : root;
  }, next);

export const madeLeaves = (at: QueueConfig): string[] => (isLeaf(at) ? (at.dynamic ? [at.path] : []) : at.children.flatMap(madeLeaves));
