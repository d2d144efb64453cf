// Nodes that are kept for large containers. A size that waits for a node while others are placed past it would wait for ever: small
// containers take every gap. So a node is kept for the first ask of its first line: nothing else is placed there until enough of its
// containers have ended. The ask goes on looking meanwhile: when it fits elsewhere first, the node is free again.
// Source: YARN's FiCaSchedulerNode.reserveResource and reservations-continue-look-all-nodes; which asks may is ours: YARN keeps a node
// for whatever does not fit there at the moment, also for those who lose nothing by waiting.
import type { NodeTable } from '../node-table.ts';
import { covers } from '../vectors.ts';
import { isBlocked } from './head-room.ts';
import type { Ask, Line, Reservation } from './line.ts';
import type { Partition, Partitions } from './partition.ts';
import type { SizeClass, SizeClasses } from './size-class.ts';
import { reserve, unreserve } from './standing.ts';

/** Of the nodes of a partition at most this part is kept at once, and always one. */
const MOST_KEPT = 0.25;

export class Reservations {
  readonly #nodes: NodeTable;
  readonly #partitions: Partitions;
  readonly #sizes: SizeClasses;
  readonly bySlot = new Map<number, Reservation>();
  /** Slots that got enough room for whom they are kept. */
  readonly #ripe = new Set<number>();
  /** Placements when this was looked at last, by partition. */
  #lookedAt: number[] = [];
  #ended = 0;

  constructor(nodes: NodeTable, partitions: Partitions, sizes: SizeClasses) {
    this.#nodes = nodes;
    this.#partitions = partitions;
    this.#sizes = sizes;
  }

  /** Something ended there. @returns whether the node is kept: then it is no news for others */
  nodeHasRoom(slot: number): boolean {
    const reservation = this.bySlot.get(slot);
    if (reservation === undefined) return false;
    if (this.#nodes.isOpen(slot) && this.#nodes.hasFree(slot, reservation.ask.size.vector)) this.#ripe.add(slot);
    return true;
  }

  /** One whose node has room for it now. */
  takeRipe(): Reservation | undefined {
    for (const slot of this.#ripe) {
      this.#ripe.delete(slot);
      const reservation = this.bySlot.get(slot);
      if (reservation !== undefined && this.#nodes.isOpen(slot) && this.#nodes.hasFree(slot, reservation.ask.size.vector))
        return reservation;
    }
    return undefined;
  }

  /** The ask is placed, taken back or moved, or the node is gone: the node is like any other again. */
  end(ask: Ask): number {
    const { reservation } = ask;
    if (reservation === undefined) return -1;
    const { slot } = reservation;
    this.bySlot.delete(slot);
    this.#ended++;
    this.#ripe.delete(slot);
    ask.reservation = undefined;
    this.#partitionOf(slot).kept--;
    unreserve(ask);
    this.#nodes.keep(slot, false);
    return slot;
  }

  endOn(slot: number): void {
    const reservation = this.bySlot.get(slot);
    if (reservation !== undefined) this.end(reservation.ask);
  }

  /** Of queues that have less now than what is taken and kept: what is kept is given back first. */
  *overLimit(): Generator<Ask> {
    for (const { ask } of [...this.bySlot.values()]) if (isOverLimit(ask)) yield ask;
  }

  endAll(): void {
    for (const { ask } of [...this.bySlot.values()]) this.end(ask);
  }

  /** Keeps nodes for those who were passed over. O(sizes that wait), and nothing when nothing was placed since. */
  keepForWaiting(nowMs: number): void {
    for (const size of this.#sizes.dry) {
      const { partition, parked } = size;
      if (parked.lines.length === 0 || this.#lookedAt[size.partition.index] === partition.placements) continue;
      if (partition.kept >= Math.max(1, partition.nodes * MOST_KEPT) || !this.#wasPassed(size)) continue;
      const line = size.noHomeAt === this.#changes ? undefined : firstWithout(parked.lines);
      if (line !== undefined) this.#keep(line.asks.top!, nowMs);
    }
    for (const { index, placements } of this.#partitions.all) this.#lookedAt[index] = placements;
  }

  /** Another size took room since it waits, and one that does not need all of what this one needs. */
  #wasPassed(size: SizeClass): boolean {
    if (size.passedAt > size.servedAt) return true;
    for (const other of this.#sizes)
      if (other !== size && other.partition === size.partition && other.lastPlacedAt > size.servedAt && !covers(other.vector, size.vector))
        return true;
    return false;
  }

  #keep(ask: Ask, nowMs: number): void {
    const { size } = ask;
    const { part, user } = ask.line!;
    for (let at: typeof part | undefined = part; at !== undefined; at = at.parent) if (isBlocked(at, ask.line!)) return;
    if (user.isOverLimit(size.vector)) return;
    const slot = size.search.roomiest(); // of its own partition only: what is lent may be wanted back
    if (slot < 0) {
      size.noHomeAt = this.#changes;
      return;
    }
    const reservation = { ask, slot, sinceMs: nowMs };
    ask.reservation = reservation;
    this.bySlot.set(slot, reservation);
    this.#partitionOf(slot).kept++;
    this.#nodes.keep(slot, true);
    reserve(ask);
  }

  /** Of what may be kept. */
  get #changes(): number {
    return this.#nodes.version + this.#ended;
  }

  #partitionOf(slot: number): Partition {
    return this.#partitions.all[this.#nodes.partitions[slot]!]!;
  }
}

/** What is taken and kept in its queues is above what they may have of what it wants. */
export const isOverLimit = ({ line, size }: Ask): boolean => line?.part.firstOver(size.vector) !== undefined;

/** The line whose first ask comes first and has no node yet: larger priority, then age. */
function firstWithout(lines: readonly Line[]): Line | undefined {
  let first: Line | undefined;
  for (const line of lines) {
    const ask = line.asks.top!;
    if (ask.reservation !== undefined || ask.isParticular) continue;
    const best = first?.asks.top;
    if (best === undefined || ask.appPriority > best.appPriority || (ask.appPriority === best.appPriority && ask.appSeq < best.appSeq))
      first = line;
  }
  return first;
}
