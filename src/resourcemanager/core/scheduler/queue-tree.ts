// The living queue tree: what each queue may use, what it uses, which of its applications have work that could be placed.
// Whose turn it is: from the root down, always the child that has the least of its capacity; FIFO inside a leaf, larger
// priorities first. The configuration is queue-config.ts; who takes and gives is scheduler.ts.
import type { QueueConfig } from './queue-config.ts';
import { QueueHeap } from './queue-heap.ts';
import type { Ask, SchedulerApp } from './asks.ts';

export class Queue {
  readonly path: string;
  readonly name: string;
  readonly parent: Queue | undefined;
  readonly config: QueueConfig;
  /** Position in the file: breaks ties. */
  readonly ordinal: number;
  readonly children: Queue[] = [];
  /** Of the cluster, 0 to 1. */
  readonly capacity: number;
  readonly maximum: number;
  usedMb = 0;
  usedVcores = 0;
  maximumMb = 0;
  maximumVcores = 0;
  /** Leaf: what drivers' containers use, and may use. Else drivers alone could fill the cluster, each waiting for executors for ever. */
  driverMb = 0;
  driverVcores = 0;
  maximumDriverMb = 0;
  maximumDriverVcores = 0;
  /** Dominant share of the cluster over capacity: 1 means that it uses just what it is entitled to. */
  share = 0;
  heapAt = -1;
  /** Children with work that could be placed. */
  readonly active = new QueueHeap<Queue>();
  /** Leaf: applications with work that could be placed, by priority and then by age. */
  readonly ready: SchedulerApp[] = [];
  /** Asks of this subtree that would take this queue above its maximum. */
  readonly full: Ask[] = [];
  /** Leaf: asks for drivers' containers while there are enough of them. */
  readonly driversFull: Ask[] = [];
  /** Leaf: applications that have not ended. */
  applications = 0;
  #perMb = 0;
  #perVcore = 0;

  constructor(config: QueueConfig, parent: Queue | undefined, ordinals: { next: number }) {
    this.config = config;
    this.path = config.path;
    this.name = config.name;
    this.parent = parent;
    this.ordinal = ordinals.next++;
    this.capacity = ((parent?.capacity ?? 1) * config.capacityPercent) / 100;
    this.maximum = ((parent?.maximum ?? 1) * config.maximumCapacityPercent) / 100;
    this.children = config.children.map((child) => new Queue(child, this, ordinals));
  }

  get isLeaf(): boolean {
    return this.children.length === 0;
  }

  guaranteedMb = 0;
  guaranteedVcores = 0;

  /** The cluster has another size. The caller sees to the heaps. */
  fitTo(totalMb: number, totalVcores: number): void {
    this.guaranteedMb = Math.floor(totalMb * this.capacity + 1e-6);
    this.guaranteedVcores = Math.floor(totalVcores * this.capacity + 1e-6);
    this.maximumMb = Math.floor(totalMb * this.maximum + 1e-6);
    this.maximumVcores = Math.floor(totalVcores * this.maximum + 1e-6);
    this.maximumDriverMb = Math.floor(totalMb * this.capacity * this.config.maximumAmShare + 1e-6);
    this.maximumDriverVcores = Math.floor(totalVcores * this.capacity * this.config.maximumAmShare + 1e-6);
    this.#perMb = 1 / (Math.max(totalMb, 1) * Math.max(this.capacity, 1e-9));
    this.#perVcore = 1 / (Math.max(totalVcores, 1) * Math.max(this.capacity, 1e-9));
    this.#weigh();
  }

  charge(memoryMb: number, vcores: number): void {
    this.usedMb += memoryMb;
    this.usedVcores += vcores;
    this.#weigh();
  }

  chargeDriver(memoryMb: number, vcores: number): void {
    this.driverMb += memoryMb;
    this.driverVcores += vcores;
  }

  /** One driver may always run. Source: YARN's LeafQueue.activateApplications. */
  wouldExceedDrivers(memoryMb: number, vcores: number): boolean {
    if (this.driverVcores === 0) return false;
    return this.driverMb + memoryMb > this.maximumDriverMb || this.driverVcores + vcores > this.maximumDriverVcores;
  }

  wouldExceed(memoryMb: number, vcores: number): boolean {
    return this.usedMb + memoryMb > this.maximumMb || this.usedVcores + vcores > this.maximumVcores;
  }

  /** A stopped ancestor stops all below it. */
  get acceptsApplications(): boolean {
    return this.isLeaf && this.config.state === 'RUNNING' && (this.parent === undefined || this.parent.isOpen);
  }

  get isOpen(): boolean {
    return this.config.state === 'RUNNING' && (this.parent === undefined || this.parent.isOpen);
  }

  *all(): Generator<Queue> {
    yield this;
    for (const child of this.children) yield* child.all();
  }

  #weigh(): void {
    const a = this.usedMb * this.#perMb;
    const b = this.usedVcores * this.#perVcore;
    this.share = Math.max(a, b);
  }
}

export const queueTree = (config: QueueConfig): Queue => new Queue(config, undefined, { next: 0 });

export function queueAt(root: Queue, path: string): Queue | undefined {
  for (const queue of root.all()) if (queue.path === path) return queue;
  return undefined;
}

/** The leaf whose turn it is. */
export function mostUnderServed(root: Queue): Queue | undefined {
  let queue = root;
  while (!queue.isLeaf) {
    const child = queue.active.top;
    if (child === undefined) return undefined;
    queue = child;
  }
  return queue.ready.length > 0 ? queue : undefined;
}

/** Where the ask waits that a limit of its queues is in the way of, from the leaf up. */
export function limitFor(leaf: Queue, { size: { memoryMb, vcores }, forDriver }: Ask): Ask[] | undefined {
  for (let queue: Queue | undefined = leaf; queue !== undefined; queue = queue.parent)
    if (queue.wouldExceed(memoryMb, vcores)) return queue.full;
  return forDriver && leaf.wouldExceedDrivers(memoryMb, vcores) ? leaf.driversFull : undefined;
}

/** Leaves by path, and by name where only one has it. */
export function leavesByName(root: Queue): Map<string, Queue> {
  const found = new Map<string, Queue>();
  const twice = new Set<string>();
  for (const queue of root.all()) {
    if (!queue.isLeaf) continue;
    if (found.has(queue.name)) twice.add(queue.name);
    found.set(queue.name, queue);
  }
  for (const name of twice) found.delete(name);
  for (const queue of root.all()) if (queue.isLeaf) found.set(queue.path, queue);
  return found;
}

/** The leaf of that path, or, when the file has changed since, the first leaf: an accepted application is never lost to a renamed queue. */
export function leafToUse({ root, leaves }: { root: Queue; leaves: ReadonlyMap<string, Queue> }, path: string): Queue {
  const leaf = leaves.get(path);
  if (leaf?.isLeaf) return leaf;
  for (const queue of root.all()) if (queue.isLeaf) return queue;
  return root;
}
