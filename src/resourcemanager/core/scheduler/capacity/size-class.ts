// Asks of one size and partition together: when no node has room for a size, all asks of it wait for the same thing, and one look answers
// for all. Once that look was made ("dry"), only nodes that got room since can have room: they are remembered, so that a full cluster is
// never searched twice.
import { NodeSearch } from '../node-search.ts';
import type { NodeTable } from '../node-table.ts';
import { covers, type Vector } from '../vectors.ts';
import { type Line, Lot } from './line.ts';
import type { Partition } from './partition.ts';

/** More than that, and the search in the pools is as quick. */
const MOST_CANDIDATES = 64;

export class SizeClass {
  readonly vector: Vector;
  readonly partition: Partition;
  /** Asks that may be placed by it. */
  asks = 0;
  /** No node has room but, perhaps, the candidates. */
  dry = false;
  readonly candidates: number[] = [];
  /** Lines that wait for a node. */
  readonly parked: Lot;
  /** Lines of another partition that would borrow a node of this one. */
  readonly borrowers = new Set<Line>();
  /** In its partition's placements: when one of this size was placed last, or when it began to wait. */
  servedAt: number;
  lastPlacedAt = -1;
  /** When one of a smaller size was placed last of which nobody asks any more. */
  passedAt = -1;
  /** Nothing changed since no node was found that could be kept for it. */
  noHomeAt = -1;
  readonly search: NodeSearch;

  constructor(nodes: NodeTable, vector: Vector, partition: Partition) {
    this.search = new NodeSearch(nodes, vector, partition.index);
    this.vector = vector;
    this.partition = partition;
    this.parked = new Lot('noNode', this);
    this.servedAt = partition.placements;
  }

  get isAwaited(): boolean {
    return this.parked.lines.length > 0 || this.borrowers.size > 0;
  }

  /** No node has room for it, for sure. */
  get isExhausted(): boolean {
    return this.dry && this.candidates.length === 0;
  }

  /** A node with room that is kept for nobody, or -1. */
  find(nodes: NodeTable): number {
    return this.dry ? this.#candidate(nodes) : this.search.find();
  }

  forgetNodes(): void {
    this.dry = false;
    this.candidates.length = 0;
  }

  nodeHasRoom(slot: number): void {
    if (this.candidates.at(-1) === slot) return;
    if (this.candidates.length < MOST_CANDIDATES) this.candidates.push(slot);
    else {
      this.dry = false;
      this.candidates.length = 0;
    }
  }

  #candidate(nodes: NodeTable): number {
    const { candidates } = this;
    while (candidates.length > 0) {
      const slot = candidates.at(-1)!;
      if (nodes.partitions[slot] === this.partition.index && nodes.fits(slot, this.vector)) return slot;
      candidates.pop();
    }
    return -1;
  }
}

export class SizeClasses {
  readonly #nodes: NodeTable;
  readonly #byKey = new Map<string, SizeClass>();
  /** Those that are told when a node gets room. */
  readonly dry = new Set<SizeClass>();
  /** With lines that wait, and room somewhere. */
  readonly woken = new Set<SizeClass>();

  constructor(nodes: NodeTable) {
    this.#nodes = nodes;
  }

  use(vector: Vector, partition: Partition): SizeClass {
    const key = keyOf(vector, partition);
    let size = this.#byKey.get(key);
    if (size === undefined) this.#byKey.set(key, (size = new SizeClass(this.#nodes, vector, partition)));
    size.asks++;
    return size;
  }

  unuse(size: SizeClass): void {
    if (--size.asks > 0) return;
    this.dry.delete(size);
    for (const other of this.dry)
      if (other.partition === size.partition && !covers(size.vector, other.vector))
        other.passedAt = Math.max(other.passedAt, size.lastPlacedAt);
    this.woken.delete(size);
    this.#byKey.delete(keyOf(size.vector, size.partition));
  }

  /** No node has room for it. */
  ranDry(size: SizeClass): void {
    size.dry = true;
    size.candidates.length = 0;
    this.dry.add(size);
  }

  /** O(sizes that are dry). */
  nodeHasRoom(nodes: NodeTable, slot: number): void {
    for (const size of this.dry) {
      if (size.partition.index !== nodes.partitions[slot] || !nodes.fits(slot, size.vector)) continue;
      size.nodeHasRoom(slot);
      if (!size.dry) this.dry.delete(size);
      if (size.isAwaited) this.woken.add(size);
    }
  }

  /** Nodes may have come into other partitions: all are looked for again. */
  lookAgain(): void {
    for (const size of this.#byKey.values()) {
      size.forgetNodes();
      if (size.isAwaited) this.woken.add(size);
    }
    this.dry.clear();
  }

  [Symbol.iterator](): IterableIterator<SizeClass> {
    return this.#byKey.values();
  }
}

const keyOf = (vector: Vector, { index }: Partition): string => `${index} ${vector.join()}`;
