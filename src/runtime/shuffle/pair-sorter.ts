// Sorts pairs by key, stably. When it gets no more memory it writes sorted runs to disk and merges them at the end (run-merge.ts).
// Number keys in natural order are sorted by radix (number-order.ts). Source: Spark's ExternalSorter.
import { MemoryShare } from './memory-share.ts';
import { estimateSize } from '../storage/estimate-size.ts';
import { orderOfNumbers } from './number-order.ts';
import { mergeRuns, type PairOrder, type PairPart, writeRun } from './run-merge.ts';
import type { Segments, SpillPlace } from './segments.ts';

/** Beside what a pair's key and value take: their places in the columns, in the sorted ones, and in the order. */
const PER_PAIR = 40;
const LOOKED_AT = 16;

export class PairSorter {
  readonly #order: PairOrder;
  readonly #place: SpillPlace;
  readonly #parts: PairPart[] = [];
  readonly #runs: Segments[] = [];
  readonly #share: MemoryShare;
  #bytes = 0;
  #pairs = 0;

  constructor(order: PairOrder, place: SpillPlace) {
    this.#order = order;
    this.#place = place;
    this.#share = new MemoryShare(place.memory, place.firstBytes);
  }

  add(keys: ArrayLike<unknown>, values: ArrayLike<unknown>, n: number): void {
    this.#parts.push({ keys, values, n });
    this.#pairs += n;
    this.#bytes += sizeOf(keys, n) + sizeOf(values, n) + PER_PAIR * n;
    if (!this.#share.allows(this.#bytes)) this.#spill();
  }

  #spill(): void {
    const bytes = this.#bytes;
    const part = this.#sorted();
    this.#runs.push(writeRun([part], this.#place, bytes / Math.max(1, part.n)));
    this.#place.onSpill(bytes, 0);
    this.#share.giveBack();
  }

  *finish(): Generator<PairPart> {
    if (this.#runs.length === 0) {
      yield this.#sorted();
      this.#share.giveBack();
      return;
    }
    try {
      if (this.#parts.length > 0) this.#spill();
      yield* mergeRuns(this.#runs, this.#order, this.#place);
    } finally {
      for (const run of this.#runs) run.discard();
    }
  }

  /** What is held, in order; nothing is held afterwards. */
  #sorted(): PairPart {
    const total = this.#pairs;
    const keys = concat(this.#parts, 'keys', total);
    const values = concat(this.#parts, 'values', total);
    this.#parts.length = 0;
    this.#bytes = 0;
    this.#pairs = 0;
    const order = this.#orderOf(keys, total);
    return { keys: permuted(keys, order, total), values: permuted(values, order, total), n: total };
  }

  #orderOf(keys: ArrayLike<unknown>, n: number): Uint32Array {
    const { compare, ascending, natural } = this.#order;
    if (natural && (keys instanceof Float64Array || keys instanceof Int32Array)) return orderOfNumbers(keys, ascending);
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    const by = compare as (a: unknown, b: unknown) => number;
    return Uint32Array.from(
      Array.from(order).sort(ascending ? (i, j) => by(keys[i], keys[j]) || i - j : (i, j) => by(keys[j], keys[i]) || i - j),
    );
  }
}

function concat(parts: readonly PairPart[], column: 'keys' | 'values', total: number): ArrayLike<unknown> {
  const columns = parts.map((part) => part[column]);
  if (columns.every((values) => values instanceof Int32Array || values instanceof Float64Array)) {
    const all = columns.every((values) => values instanceof Int32Array) ? new Int32Array(total) : new Float64Array(total);
    let at = 0;
    for (const [i, values] of columns.entries()) {
      all.set(values as Float64Array, at);
      at += parts[i]!.n;
    }
    return all;
  }
  const all: unknown[] = new Array(total);
  let at = 0;
  for (const [i, values] of columns.entries()) for (let j = 0; j < parts[i]!.n; j++) all[at++] = values[j];
  return all;
}

function permuted(values: ArrayLike<unknown>, order: Uint32Array, n: number): ArrayLike<unknown> {
  if (values instanceof Int32Array || values instanceof Float64Array) {
    const out = values instanceof Int32Array ? new Int32Array(n) : new Float64Array(n);
    for (let i = 0; i < n; i++) out[i] = values[order[i]!]!;
    return out;
  }
  const out: unknown[] = new Array(n);
  for (let i = 0; i < n; i++) out[i] = values[order[i]!];
  return out;
}

function sizeOf(values: ArrayLike<unknown>, n: number): number {
  if (values instanceof Int32Array || values instanceof Float64Array) return values.byteLength;
  const looked = Math.min(n, LOOKED_AT);
  let bytes = 0;
  for (let i = 0; i < looked; i++) bytes += 8 + estimateSize(values[Math.floor((i * n) / looked)]);
  return looked === 0 ? 0 : (bytes / looked) * n;
}
