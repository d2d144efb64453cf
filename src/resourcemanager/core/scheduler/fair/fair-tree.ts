// The tree of a fair scheduler as a whole: finding queues by name, making and forgetting those of users, fair shares of all of them.
// One queue is fair-queue.ts.
import { NOTHING, type Resource } from '../../../../common/resource.ts';
import { bareQueue, type FairConfig, type FairQueueConfig } from './fair-config.ts';
import { FairQueue } from './fair-queue.ts';
import { fairShares } from './fair-shares.ts';

export class FairTree {
  readonly root: FairQueue;
  readonly #config: FairConfig;
  #ordinal = 0;

  constructor(config: FairConfig) {
    this.#config = config;
    this.root = this.#made(config.root, undefined, false);
  }

  /** By path, with or without the root in front. YARN: QueueManager.ensureRootPrefix. */
  find(name: string): FairQueue | undefined {
    let queue: FairQueue | undefined = this.root;
    for (const word of wordsOf(name)) queue = queue?.children.get(word);
    return queue;
  }

  /** By path, or by the last word when only one leaf has it. */
  leaf(name: string): FairQueue | undefined {
    const found = this.find(name);
    if (found !== undefined) return found.isLeaf ? found : undefined;
    const named = [...this.root.all()].filter((queue) => queue.isLeaf && queue.config.name === name);
    return named.length === 1 ? named[0] : undefined;
  }

  /** The queue there, else the nearest above it. */
  nearest(name: string): FairQueue {
    let queue = this.root;
    for (const word of wordsOf(name)) {
      const below = queue.children.get(word);
      if (below === undefined) break;
      queue = below;
    }
    return queue;
  }

  leaves(): FairQueue[] {
    return [...this.root.all()].filter((queue) => queue.isLeaf);
  }

  /** Not there, well named, and what stands above it takes queues. */
  mayCreate(name: string): boolean {
    if (this.#config.kind !== 'fair' || this.find(name) !== undefined) return false;
    const words = wordsOf(name);
    if (words.length === 0 || words.some((word) => !/^[A-Za-z0-9_@-]{1,128}$/.test(word))) return false;
    let queue: FairQueue | undefined = this.root;
    for (const word of words) {
      if (queue !== this.root && queue.isLeaf) return false;
      const below = queue.children.get(word);
      if (below === undefined) return true;
      queue = below;
    }
    return false;
  }

  /** The leaf there, made if need be. */
  make(name: string, total: Resource): FairQueue {
    let queue = this.root;
    const words = wordsOf(name);
    for (const [i, word] of words.entries()) {
      let below = queue.children.get(word);
      if (below === undefined) {
        const config = { ...bareQueue(`${queue.path}.${word}`, queue.config, this.#config.defaults), isParent: i + 1 < words.length };
        below = this.#made(config, queue, true);
        queue.children.set(word, below);
        below.fitTo(total);
      }
      queue = below;
    }
    return queue;
  }

  /** Queues that were made for applications and have none any more. */
  forgetEmpty(queue: FairQueue): void {
    if (!queue.dynamic || queue.applications > 0 || queue.children.size > 0 || queue.parent === undefined) return;
    queue.parent.children.delete(queue.config.name);
    this.forgetEmpty(queue.parent);
  }

  /** Instantaneous fair shares: only queues with applications have one. O(queues). */
  share(total: Resource): void {
    this.root.fairShare = total;
    this.#shareBelow(this.root);
  }

  /** What each queue would have if all of them wanted something. O(queues). */
  steadyShares(total: Resource): Map<FairQueue, Resource> {
    const shares = new Map([[this.root, total]]);
    for (const queue of this.root.all()) {
      const children = [...queue.children.values()];
      for (const [i, share] of sharedOut(children, shares.get(queue)!).entries()) shares.set(children[i]!, share);
    }
    return shares;
  }

  #shareBelow(queue: FairQueue): void {
    const active: FairQueue[] = [];
    for (const child of queue.children.values()) {
      child.fairShare = NOTHING;
      if (child.applications > 0) active.push(child);
    }
    for (const [i, share] of sharedOut(active, queue.fairShare).entries()) {
      active[i]!.fairShare = share;
      this.#shareBelow(active[i]!);
    }
  }

  #made(config: FairQueueConfig, parent: FairQueue | undefined, dynamic: boolean): FairQueue {
    const queue = new FairQueue(config, parent, this.#ordinal++, dynamic);
    for (const child of config.children) queue.children.set(child.name, this.#made(child, queue, false));
    return queue;
  }
}

function sharedOut(queues: readonly FairQueue[], due: Resource): Resource[] {
  const of = (amount: 'memoryMb' | 'vcores') =>
    fairShares(
      queues.map(({ config, min, max }) => ({ weight: config.weight, min: min[amount], max: max[amount] })),
      due[amount],
    );
  const [memory, vcores] = [of('memoryMb'), of('vcores')];
  return queues.map((_, i) => ({ memoryMb: memory[i]!, vcores: vcores[i]! }));
}

const wordsOf = (name: string): string[] => (name === 'root' ? [] : name.replace(/^root\./, '').split('.'));
