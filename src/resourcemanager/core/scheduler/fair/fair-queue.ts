// The living queue tree of the fair scheduler: what each queue uses, what is its due, and whose turn it is: from the root down always
// the child (in a leaf: the application) that has the least of its due. The configuration is fair-config.ts; who takes and gives is
// fair-scheduler.ts. Source: YARN's FairSharePolicy, DominantResourceFairnessPolicy and FifoPolicy comparators.
import type { Resource } from '../../../../common/resource.ts';
import { Heap, type HeapItem } from '../heap.ts';
import { amountsIn } from './fair-amounts.ts';
import type { FairApp, FairAsk } from './fair-asks.ts';
import type { FairPolicy, FairQueueConfig } from './fair-config.ts';

export type Amount = { readonly memoryMb: number; readonly vcores: number; readonly others?: Readonly<Record<string, number>> | undefined };

/** In a heap smaller goes first: those below their minimum, by how far, before the others, by what they use for their weight. */
const NEEDY = -2;
const TINY = 1e-9;

/** @returns the key in its parent's heap. fifo is the application's own: its priority */
export function turnKey(policy: FairPolicy, used: Amount, min: Amount, weight: number, total: Resource): number {
  const byMemory = policy === 'fair' || used.memoryMb / Math.max(total.memoryMb, 1) >= used.vcores / Math.max(total.vcores, 1);
  const [has, atLeast] = byMemory ? [used.memoryMb, min.memoryMb] : [used.vcores, min.vcores];
  if (has < atLeast) return has / atLeast + NEEDY;
  let share = has / Math.max(byMemory ? total.memoryMb : total.vcores, 1);
  if (policy === 'drf' && used.others !== undefined)
    for (const name in used.others) share = Math.max(share, used.others[name]! / Math.max(total.others?.[name] ?? 0, 1));
  return share / Math.max(weight, TINY);
}

/** Least share first, ties by the order in the file or by age. */
const byShare = (a: Shared, b: Shared): boolean => a.share < b.share || (a.share === b.share && a.ordinal < b.ordinal);
type Shared = { readonly share: number; readonly ordinal: number };

export class FairQueue implements HeapItem {
  readonly path: string;
  readonly parent: FairQueue | undefined;
  /** Made for an application whose queue the file does not name; goes with the last one. */
  readonly dynamic: boolean;
  readonly ordinal: number;
  config: FairQueueConfig;
  readonly children = new Map<string, FairQueue>();
  used = { memoryMb: 0, vcores: 0, others: undefined as Record<string, number> | undefined };
  min: Amount = { memoryMb: 0, vcores: 0 };
  max: Amount = { memoryMb: Number.POSITIVE_INFINITY, vcores: Number.POSITIVE_INFINITY };
  /** Its due now, among queues that have applications (YARN's instantaneous fair share). */
  fairShare: Resource = { memoryMb: 0, vcores: 0 };
  share = 0;
  heapAt = -1;
  /** Children with work that could be placed. */
  readonly active = new Heap<FairQueue>(byShare);
  /** Leaf: applications with work that could be placed. */
  readonly ready = new Heap<FairApp>(byShare);
  /** Asks of this subtree that would take this queue above its maximum. */
  readonly full: FairAsk[] = [];
  /** Leaf: asks for drivers' containers while there are enough of them. */
  readonly driversFull: FairAsk[] = [];
  readonly driver = { memoryMb: 0, vcores: 0 };
  /** Of the subtree: that may run, of all that have not ended. */
  runningApps = 0;
  applications = 0;
  /** Leaf: applications that wait until fewer run, the oldest first. */
  readonly held: FairApp[] = [];

  constructor(config: FairQueueConfig, parent: FairQueue | undefined, ordinal: number, dynamic = false) {
    this.config = config;
    this.path = config.path;
    this.parent = parent;
    this.ordinal = ordinal;
    this.dynamic = dynamic;
  }

  get isLeaf(): boolean {
    return this.children.size === 0 && !this.config.isParent;
  }

  /** The cluster, or the configuration, is another. The caller sees to the heaps. */
  fitTo(total: Resource): void {
    this.min = amountsIn(this.config.minResources, total, 0);
    this.max = amountsIn(this.config.maxResources, total, Number.POSITIVE_INFINITY);
    this.weigh(total);
  }

  weigh(total: Resource): void {
    if (this.parent !== undefined) this.share = turnKey(this.parent.config.policy, this.used, this.min, this.config.weight, total);
  }

  /** Negative gives back. */
  charge({ memoryMb, vcores, others }: Resource, sign: 1 | -1): void {
    this.used.memoryMb += sign * memoryMb;
    this.used.vcores += sign * vcores;
    if (others === undefined) return;
    this.used.others ??= {};
    for (const name in others) this.used.others[name] = (this.used.others[name] ?? 0) + sign * others[name]!;
  }

  wouldExceed({ memoryMb, vcores, others }: Resource): boolean {
    const { used, max } = this;
    if (used.memoryMb + memoryMb > max.memoryMb || used.vcores + vcores > max.vcores) return true;
    for (const name in others)
      if ((used.others?.[name] ?? 0) + others[name]! > (max.others?.[name] ?? Number.POSITIVE_INFINITY)) return true;
    return false;
  }

  /** What drivers' containers may take. */
  get driverLimit(): Amount {
    const { maxAmShare } = this.config;
    if (maxAmShare < 0) return { memoryMb: Number.POSITIVE_INFINITY, vcores: Number.POSITIVE_INFINITY };
    const { memoryMb, vcores } = this.fairShare;
    return { memoryMb: Math.floor(memoryMb * maxAmShare), vcores: Math.floor(vcores * maxAmShare) };
  }

  /** One driver may always run, or small clusters would run none. */
  wouldExceedDrivers({ memoryMb, vcores }: Resource): boolean {
    if (this.driver.vcores === 0 && this.driver.memoryMb === 0) return false;
    const limit = this.driverLimit;
    return this.driver.memoryMb + memoryMb > limit.memoryMb || this.driver.vcores + vcores > limit.vcores;
  }

  *up(): Generator<FairQueue> {
    for (let queue: FairQueue | undefined = this; queue !== undefined; queue = queue.parent) yield queue;
  }

  *all(): Generator<FairQueue> {
    yield this;
    for (const child of this.children.values()) yield* child.all();
  }
}

/** The leaf whose turn it is. */
export function leafInTurn(root: FairQueue): FairQueue | undefined {
  let queue = root;
  while (!queue.isLeaf) {
    const child = queue.active.top;
    if (child === undefined) return undefined;
    queue = child;
  }
  return queue.ready.top === undefined ? undefined : queue;
}

/** The first queue, from the leaf up, that would be above its maximum. */
export function fullQueue(leaf: FairQueue, size: Resource): FairQueue | undefined {
  for (let queue: FairQueue | undefined = leaf; queue !== undefined; queue = queue.parent) if (queue.wouldExceed(size)) return queue;
  return undefined;
}
