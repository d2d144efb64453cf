// The living queue tree. A queue has one part for each partition of the cluster: what it may use of those nodes, what it uses, and which
// of its work could be placed. Whose turn it is: from the root down, always the child that comes first by its parent's ordering policy.
// The configuration is config-types.ts; what waits in a leaf is line.ts; limits of users are limits.ts.
import { add, type Dimensions, dominant, exceeds, floored, scaled, type Vector } from '../vectors.ts';
import { isLeaf, type LabelCapacity, type QueueConfig } from './config-types.ts';
import { ALL, type Amount, NONE } from './amount.ts';
import { Heap } from '../heap.ts';
import { type Line, lineOrder, Lot } from './line.ts';
import type { Partition } from './partition.ts';
import { UserPart } from './user-part.ts';
import type { Waiting, WaitingLines } from './waiting.ts';

/** For the making of one tree. */
export type TreeContext = { readonly partitions: readonly Partition[]; readonly dimensions: Dimensions; nextOrdinal: number };

export class Queue {
  readonly config: QueueConfig;
  readonly path: string;
  readonly parent: Queue | undefined;
  /** Position in the file: breaks ties. */
  readonly ordinal: number;
  readonly children: Queue[];
  readonly parts: QueuePart[];
  /** Leaf: applications that have not ended, by user. */
  readonly applications = new Map<string, number>();
  applicationCount = 0;

  constructor(config: QueueConfig, parent: Queue | undefined, context: TreeContext) {
    this.config = config;
    this.path = config.path;
    this.parent = parent;
    this.ordinal = context.nextOrdinal++;
    this.parts = context.partitions.map((partition) => new QueuePart(this, partition, context.dimensions));
    this.children = config.children.map((child) => new Queue(child, this, context));
    for (const part of this.parts) part.sumUp(this.children.map((child) => child.parts[part.partition.index]!));
  }

  get isLeaf(): boolean {
    return isLeaf(this.config);
  }

  /** A stopped ancestor stops all below it. */
  get isOpen(): boolean {
    return this.config.state === 'RUNNING' && (this.parent === undefined || this.parent.isOpen);
  }

  /** Whether asks for that label may stand here. */
  mayUse(label: string): boolean {
    const { accessibleLabels } = this.config;
    return label === '' || accessibleLabels.includes('*') || accessibleLabels.includes(label);
  }

  count(user: string, by: 1 | -1): void {
    const now = (this.applications.get(user) ?? 0) + by;
    if (now === 0) this.applications.delete(user);
    else this.applications.set(user, now);
    for (let queue: Queue | undefined = this; queue !== undefined; queue = queue.parent) queue.applicationCount += by;
  }

  *all(): Generator<Queue> {
    yield this;
    for (const child of this.children) yield* child.all();
  }
}

/** One queue in one partition. */
export class QueuePart {
  readonly queue: Queue;
  readonly partition: Partition;
  readonly parent: QueuePart | undefined;
  readonly amount: LabelCapacity;
  /** Its capacity, where that is absolute. */
  readonly absolute: Vector | undefined;
  readonly #absoluteMost: Vector | undefined;
  /** Of the partition, 0 to 1; NaN where an absolute resource says it. */
  capacity = 0;
  maximum = 0;
  guaranteed: Vector = [0, 0];
  limit: Vector = [0, 0];
  /** By containers and by nodes that are kept for an ask. */
  readonly taken: Vector = [0, 0];
  readonly reserved: Vector = [0, 0];
  readonly pending: Vector = [0, 0];
  /** Leaf: what drivers' containers use, and may use. Else drivers alone could fill the cluster, each waiting for executors for ever. */
  readonly driverUsed: Vector = [0, 0];
  driverLimit: Vector = [0, 0];
  /** Dominant share of what it is entitled to: 1 means that it uses just that. */
  share = 0;
  heapAt = -1;
  /** Children with work that could be placed. */
  readonly active: Heap<QueuePart>;
  /** Leaf: lines with work that could be placed. */
  readonly lines: Heap<Line>;
  /** Children, or a leaf's lines, that wait for a node. */
  readonly waiting: Waiting = new Map();
  readonly waitingLines: WaitingLines = new Map();
  /** Which of two children, or of two lines, comes first. */
  readonly childBefore: (a: QueuePart, b: QueuePart) => boolean;
  readonly lineBefore: (a: Line, b: Line) => boolean;
  readonly users = new Map<string, UserPart>();
  /** Leaf: users with work that waits. */
  activeUsers = 0;
  /** And what they weigh together: each is 1 but where the file says otherwise. */
  activeWeight = 0;
  /** Leaf: users with lines that wait for their limit. */
  readonly limitedUsers = new Set<UserPart>();
  /** Lines of this subtree that would take this queue above its maximum. */
  readonly full: Lot;
  /** For whom what is left of the maximum is held. */
  holder: Line | undefined = undefined;
  /** Leaf: drivers while there are enough of them. */
  readonly driversFull: Lot;
  /** Leaf: asks for a label that this queue may not use. */
  readonly forbidden: Lot;
  /** Not rounded: what children's parts are taken of. */
  #entitled: Vector = [0, 0];
  #most: Vector = [0, 0];
  #per: Vector = [0, 0];
  #weights = 0;
  readonly #promised: Vector = [0, 0];

  constructor(queue: Queue, partition: Partition, dimensions: Dimensions) {
    const { config, parent } = queue;
    this.queue = queue;
    this.partition = partition;
    this.parent = parent?.parts[partition.index];
    this.amount = config.capacities.get(partition.label) ?? {
      capacity: parent === undefined ? ALL : NONE,
      maximum: undefined,
      maximumAmShare: config.capacities.get('')!.maximumAmShare,
    };
    const { capacity, maximum } = this.amount;
    this.absolute = capacity.kind === 'absolute' ? dimensions.of(capacity.resource) : undefined;
    this.#absoluteMost = maximum?.kind === 'absolute' ? dimensions.of(maximum.resource) : undefined;
    this.childBefore = config.orderingPolicy === 'priority-utilization' ? byPriority : byShare;
    this.lineBefore = lineOrder(config.orderingPolicy === 'fair', partition.index);
    this.active = new Heap(this.childBefore);
    this.lines = new Heap(this.lineBefore);
    this.full = new Lot('queueMaximum', this);
    this.driversFull = new Lot('driverShare', this);
    this.forbidden = new Lot('labelNotAccessible', this);
  }

  /** What its children's capacities are parts of. */
  sumUp(children: readonly QueuePart[]): void {
    for (const { amount, absolute } of children) {
      if (amount.capacity.kind === 'weight') this.#weights += amount.capacity.weight;
      if (absolute !== undefined) add(this.#promised, absolute);
    }
  }

  user(name: string): UserPart {
    let user = this.users.get(name);
    if (user === undefined) this.users.set(name, (user = new UserPart(name, this)));
    return user;
  }

  /** The partition has another size. The caller sees to the heaps and to who waits. */
  fit(): void {
    const { total } = this.partition;
    const { parent } = this;
    const { capacity, maximum } = this.amount;
    if (parent === undefined) {
      this.capacity = this.maximum = 1;
      this.#entitled = this.#most = total;
    } else {
      const part = fractionOf(capacity, parent.#weights);
      this.#entitled = part === undefined ? absoluteOf(this.absolute!, parent.#entitled, parent.#promised) : scaled(parent.#entitled, part);
      this.capacity = part === undefined ? dominant(this.#entitled, total) : parent.capacity * part;
      const ofParent = maximum?.kind === 'percent' ? maximum.percent / 100 : 1;
      const most = this.#absoluteMost;
      this.#most = most === undefined ? scaled(parent.#most, ofParent) : parent.#most.map((has, d) => Math.min(has, most[d] ?? has));
      this.maximum = most === undefined ? parent.maximum * ofParent : Number.NaN;
    }
    this.guaranteed = floored(this.#entitled);
    this.limit = floored(this.#most);
    this.driverLimit = floored(scaled(this.#entitled, this.amount.maximumAmShare));
    this.#per = total.map((amount, d) => 1 / Math.max(this.#entitled[d] ?? 0, Math.max(amount, 1) * 1e-9));
    this.weigh();
  }

  weigh(): void {
    const { taken } = this;
    let share = 0;
    for (let d = 0; d < taken.length; d++) share = Math.max(share, taken[d]! * (d < this.#per.length ? this.#per[d]! : 1e9));
    this.share = share;
  }

  /** One that may use everything has no limit but the nodes: what does not fit there waits for a node, and one may be kept for it. */
  wouldExceed(want: Vector): boolean {
    return !(this.maximum >= 1) && exceeds(this.taken, want, this.limit);
  }

  /** Above its maximum in something that is wanted: something was moved here, or a node is gone. */
  isOver(want: Vector): boolean {
    return !(this.maximum >= 1) && want.some((amount, d) => amount > 0 && (this.taken[d] ?? 0) > (this.limit[d] ?? 0));
  }

  /** From here up the first that is. */
  firstOver(want: Vector): QueuePart | undefined {
    for (let part: QueuePart | undefined = this; part !== undefined; part = part.parent) if (part.isOver(want)) return part;
    return undefined;
  }

  /** One driver may always run. Source: YARN's LeafQueue.activateApplications. */
  driversWouldExceed(want: Vector): boolean {
    return this.driverUsed[1]! > 0 && exceeds(this.driverUsed, want, this.driverLimit);
  }

  get hasWork(): boolean {
    return this.lines.size > 0 || this.active.size > 0;
  }
}

/** Least of its capacity first; then the one with more of it, then the order in the file. */
function byShare(a: QueuePart, b: QueuePart): boolean {
  if (a.share !== b.share) return a.share < b.share;
  if (a.capacity !== b.capacity) return a.capacity > b.capacity;
  return a.queue.ordinal < b.queue.ordinal;
}

/**
 * Among those that have less than their capacity, and among those that have more, priority comes first.
 * Source: YARN's PriorityUtilizationQueueOrderingPolicy.
 */
function byPriority(a: QueuePart, b: QueuePart): boolean {
  const [over, otherOver] = [a.share >= 1, b.share >= 1];
  if (over !== otherOver) return otherOver;
  const [mine, other] = [a.queue.config.priority, b.queue.config.priority];
  return mine === other ? byShare(a, b) : mine > other;
}

/** Of its parent; undefined for an absolute resource. */
function fractionOf(capacity: Amount, weights: number): number | undefined {
  if (capacity.kind === 'percent') return capacity.percent / 100;
  return capacity.kind === 'weight' ? capacity.weight / weights : undefined;
}

/** Scaled down where the children of one parent are promised more than it has. Source: YARN's ParentQueue.calculateEffectiveResourcesAndCapacity. */
const absoluteOf = (own: Vector, parent: Vector, promised: Vector): Vector =>
  parent.map((has, d) => ((promised[d] ?? 0) > has ? ((own[d] ?? 0) * has) / promised[d]! : (own[d] ?? 0)));
