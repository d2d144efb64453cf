// All nodes: what each has and what is free, in typed arrays, and the pools that find the next fit. A slot is a node's number here;
// slots of removed nodes are used again. It knows no application, queue or node state; that is the scheduler's and rm-core.ts'.
import { NodePool, UNLINKED } from './node-pool.ts';
import type { Dimensions, Vector } from './vectors.ts';
import type { Resource } from '../../../common/resource.ts';

const grown = <A extends Float64Array | Int32Array | Int16Array | Uint8Array>(old: A, size: number): A => {
  const bigger = new (old.constructor as new (n: number) => A)(size);
  bigger.set(old as never);
  return bigger;
};
const NONE: Vector = [];

/** Which part of the cluster a node belongs to: a number that stands for its label. */
export type PartitionIndex = number;

export class NodeTable {
  readonly dimensions: Dimensions;
  /** Highest slot ever used + 1. */
  size = 0;
  /** MiB; may be below 0 when a node came back with more containers than it offers. */
  freeMb = new Float64Array(16);
  freeVcores = new Int32Array(16);
  capacityMb = new Float64Array(16);
  capacityVcores = new Int32Array(16);
  /** Countable resources, from place 2 of a vector on. */
  readonly #freeOthers: Vector[] = [];
  readonly #capacityOthers: Vector[] = [];
  readonly hosts: string[] = [];
  readonly racks: string[] = [];
  readonly partitions: PartitionIndex[] = [];
  /** In use at all; and: takes new containers. */
  #known = new Uint8Array(16);
  #open = new Uint8Array(16);
  #kept = new Uint8Array(16);
  /** Of the pools' lists. */
  bucket = new Int16Array(16).fill(UNLINKED);
  next = new Int32Array(16);
  prev = new Int32Array(16);
  readonly #poolOfSlot: NodePool[] = [];
  readonly #placeInPool: number[] = [];
  readonly #pools = new Map<PartitionIndex, NodePool[]>();
  readonly #spare: number[] = [];
  readonly #byHost = new Map<string, number[]>();
  readonly #byRack = new Map<string, Set<number>>();
  /** Changes when there is another pool. */
  poolsVersion = 0;
  /** Changes when a node comes, goes, or is another. */
  version = 0;
  /** How many nodes were looked at, for the bench. */
  probes = 0;

  constructor(dimensions: Dimensions) {
    this.dimensions = dimensions;
  }

  /** @returns the slot; the node is closed until open() */
  add(host: string, rack: string, capacity: Resource, partition: PartitionIndex): number {
    const slot = this.#spare.pop() ?? this.size++;
    if (slot >= this.freeMb.length) this.#grow();
    this.hosts[slot] = host;
    this.racks[slot] = rack;
    this.#byHost.set(host, [...(this.#byHost.get(host) ?? []), slot]);
    const rackSlots = this.#byRack.get(rack);
    if (rackSlots === undefined) this.#byRack.set(rack, new Set([slot]));
    else rackSlots.add(slot);
    this.#known[slot] = 1;
    this.#open[slot] = this.#kept[slot] = 0;
    this.bucket[slot] = UNLINKED;
    this.#freeOthers[slot] = this.#capacityOthers[slot] = NONE;
    this.capacityMb[slot] = this.freeMb[slot] = this.capacityVcores[slot] = this.freeVcores[slot] = 0;
    this.partitions[slot] = partition;
    this.#setCapacity(slot, this.dimensions.of(capacity));
    this.#enterPool(slot);
    return slot;
  }

  remove(slot: number): void {
    this.close(slot);
    this.#leavePool(slot);
    const host = this.hosts[slot]!;
    const slots = this.#byHost.get(host)!.filter((s) => s !== slot);
    if (slots.length > 0) this.#byHost.set(host, slots);
    else this.#byHost.delete(host);
    const rack = this.#byRack.get(this.racks[slot]!)!;
    rack.delete(slot);
    if (rack.size === 0) this.#byRack.delete(this.racks[slot]!);
    this.#known[slot] = this.#kept[slot] = 0;
    this.capacityMb[slot] = this.freeMb[slot] = this.capacityVcores[slot] = this.freeVcores[slot] = 0;
    this.#freeOthers[slot] = this.#capacityOthers[slot] = NONE;
    this.#spare.push(slot);
  }

  resize(slot: number, capacity: Resource): void {
    this.#leavePool(slot);
    this.#setCapacity(slot, this.dimensions.of(capacity));
    this.#enterPool(slot);
  }

  setPartition(slot: number, partition: PartitionIndex): void {
    this.#leavePool(slot);
    this.partitions[slot] = partition;
    this.#enterPool(slot);
  }

  /** New containers may be placed on it. */
  open(slot: number): void {
    this.#open[slot] = 1;
    this.#relink(slot);
  }

  close(slot: number): void {
    this.#open[slot] = 0;
    this.#relink(slot);
  }

  /** Kept free for somebody: nobody else finds it. */
  keep(slot: number, kept: boolean): void {
    this.#kept[slot] = kept ? 1 : 0;
    this.#relink(slot);
  }

  isOpen(slot: number): boolean {
    return this.#open[slot] === 1;
  }

  isKept(slot: number): boolean {
    return this.#kept[slot] === 1;
  }

  take(slot: number, what: Vector): void {
    this.freeMb[slot]! -= what[0]!;
    this.freeVcores[slot]! -= what[1]!;
    if (what.length > 2) this.#changeOthers(slot, what, -1);
    this.#poolOfSlot[slot]!.move(slot);
  }

  give(slot: number, what: Vector): void {
    this.freeMb[slot]! += what[0]!;
    this.freeVcores[slot]! += what[1]!;
    if (what.length > 2) this.#changeOthers(slot, what, 1);
    this.#poolOfSlot[slot]!.move(slot);
  }

  /** Takes containers, is kept for nobody, and has room. */
  fits(slot: number, want: Vector): boolean {
    return this.bucket[slot] !== UNLINKED && this.hasFree(slot, want);
  }

  hasFree(slot: number, want: Vector): boolean {
    if (this.freeMb[slot]! < want[0]! || this.freeVcores[slot]! < want[1]!) return false;
    return want.length <= 2 || holds(this.#freeOthers[slot]!, want);
  }

  /** When it is empty. */
  couldHold(slot: number, want: Vector): boolean {
    if (this.capacityMb[slot]! < want[0]! || this.capacityVcores[slot]! < want[1]!) return false;
    return want.length <= 2 || holds(this.#capacityOthers[slot]!, want);
  }

  freeOn(slot: number): Resource {
    return this.dimensions.resource([this.freeMb[slot]!, this.freeVcores[slot]!, ...this.#freeOthers[slot]!]);
  }

  capacityOf(slot: number): Vector {
    return [this.capacityMb[slot]!, this.capacityVcores[slot]!, ...this.#capacityOthers[slot]!];
  }

  onHost(host: string): readonly number[] {
    return this.#byHost.get(host) ?? NONE;
  }

  get rackCount(): number {
    return this.#byRack.size;
  }

  onRack(rack: string): Iterable<number> {
    return this.#byRack.get(rack) ?? NONE;
  }

  *slotsOf(partition: PartitionIndex): Generator<number> {
    for (const pool of this.poolsOf(partition)) yield* pool.slots;
  }

  /** Those with fewer countable resources first: who needs none leaves them to others. */
  poolsOf(partition: PartitionIndex): readonly NodePool[] {
    return this.#pools.get(partition) ?? [];
  }

  #setCapacity(slot: number, vector: Vector): void {
    this.freeMb[slot]! += vector[0]! - this.capacityMb[slot]!;
    this.freeVcores[slot]! += vector[1]! - this.capacityVcores[slot]!;
    const [before, others] = [this.#capacityOthers[slot]!, vector.slice(2)];
    const free = [...this.#freeOthers[slot]!];
    for (let d = 0; d < Math.max(before.length, others.length); d++) free[d] = (free[d] ?? 0) + (others[d] ?? 0) - (before[d] ?? 0);
    this.#freeOthers[slot] = free;
    this.#capacityOthers[slot] = others;
    this.capacityMb[slot] = vector[0]!;
    this.capacityVcores[slot] = vector[1]!;
  }

  #changeOthers(slot: number, what: Vector, sign: 1 | -1): void {
    if (this.#freeOthers[slot] === NONE) this.#freeOthers[slot] = [];
    const free = this.#freeOthers[slot]!;
    while (free.length < what.length - 2) free.push(0);
    for (let d = 2; d < what.length; d++) free[d - 2]! += sign * what[d]!;
  }

  #relink(slot: number): void {
    const linked = this.bucket[slot] !== UNLINKED;
    const wanted = this.#known[slot] === 1 && this.#open[slot] === 1 && this.#kept[slot] === 0;
    if (linked === wanted) return;
    if (wanted) this.#poolOfSlot[slot]!.link(slot);
    else this.#poolOfSlot[slot]!.unlink(slot);
  }

  #enterPool(slot: number): void {
    this.version++;
    const pool = this.#poolFor(slot);
    this.#poolOfSlot[slot] = pool;
    this.#placeInPool[slot] = pool.slots.push(slot) - 1;
    pool.fitScale(this.capacityMb[slot]!, this.capacityVcores[slot]!);
    this.#relink(slot);
  }

  #leavePool(slot: number): void {
    this.version++;
    const pool = this.#poolOfSlot[slot]!;
    pool.unlink(slot);
    const place = this.#placeInPool[slot]!;
    const last = pool.slots.pop()!;
    if (last === slot) return;
    pool.slots[place] = last;
    this.#placeInPool[last] = place;
  }

  #poolFor(slot: number): NodePool {
    const others = this.#capacityOthers[slot]!;
    const names = others.flatMap((amount, d) => (amount > 0 ? [this.dimensions.nameAt(d + 2)] : [])).sort();
    const partition = this.partitions[slot]!;
    let pools = this.#pools.get(partition);
    if (pools === undefined) this.#pools.set(partition, (pools = []));
    const key = names.join(',');
    let pool = pools.find((p) => p.names.join(',') === key);
    if (pool !== undefined) return pool;
    pool = new NodePool(this, names);
    pools.push(pool);
    pools.sort((a, b) => a.names.length - b.names.length);
    this.poolsVersion++;
    return pool;
  }

  #grow(): void {
    const size = this.freeMb.length * 2;
    this.freeMb = grown(this.freeMb, size);
    this.freeVcores = grown(this.freeVcores, size);
    this.capacityMb = grown(this.capacityMb, size);
    this.capacityVcores = grown(this.capacityVcores, size);
    this.#known = grown(this.#known, size);
    this.#open = grown(this.#open, size);
    this.#kept = grown(this.#kept, size);
    this.bucket = grown(this.bucket, size);
    this.next = grown(this.next, size);
    this.prev = grown(this.prev, size);
  }
}

/** @param others from place 2 of a vector on */
function holds(others: Vector, want: Vector): boolean {
  for (let d = 2; d < want.length; d++) if (want[d]! > 0 && (d - 2 < others.length ? others[d - 2]! : 0) < want[d]!) return false;
  return true;
}
