// Sorts pairs by key, stably. Over its budget it writes sorted runs to disk and merges them at the end, so memory holds one batch of each run.
// Number keys in natural order are sorted by radix (number-order.ts). Source: Spark's ExternalSorter.
import { columnRows } from '../rdd/columns.ts';
import type { Compare } from '../rdd/natural-order.ts';
import { encodePairs, readBatches } from '../rdd/row-codec.ts';
import { estimateSize } from '../storage/estimate-size.ts';
import { orderOfNumbers } from './number-order.ts';
import { Segments, type SpillPlace } from './segments.ts';

export type PairOrder = { readonly compare: Compare; readonly ascending: boolean; readonly natural: boolean };
export type PairPart = { keys: ArrayLike<unknown>; values: ArrayLike<unknown>; n: number };

/** Pairs of one batch of a run, at most, and about its bytes: the merge holds a batch of every run. */
const RUN_BATCH = 4096;
const RUN_BATCH_BYTES = 1 << 18;
const MERGED_AT_ONCE = 512;
/** Of a run that is being written. */
const HELD_BYTES = 1 << 24;
const LOOKED_AT = 16;

export class PairSorter {
  readonly #order: PairOrder;
  readonly #place: SpillPlace;
  readonly #parts: PairPart[] = [];
  readonly #runs: Segments[] = [];
  #bytes = 0;
  #pairs = 0;

  constructor(order: PairOrder, place: SpillPlace) {
    this.#order = order;
    this.#place = place;
  }

  add(keys: ArrayLike<unknown>, values: ArrayLike<unknown>, n: number): void {
    this.#parts.push({ keys, values, n });
    this.#pairs += n;
    this.#bytes += sizeOf(keys, n) + sizeOf(values, n) + 8 * n;
    if (this.#bytes > this.#place.budgetBytes) this.#spill();
  }

  /** One run = one partition of segments of its own, all of it on disk. */
  #spill(): void {
    const perPair = this.#bytes / Math.max(1, this.#pairs);
    const step = Math.max(1, Math.min(RUN_BATCH, Math.floor(RUN_BATCH_BYTES / perPair)));
    const { keys, values, n } = this.#sorted();
    const run = new Segments(1, { ...this.#place, budgetBytes: HELD_BYTES });
    for (let at = 0; at < n; at += step) {
      const to = Math.min(n, at + step);
      run.append(0, encodePairs(keys, values, at, to), to - at);
    }
    run.spill();
    this.#runs.push(run);
  }

  *finish(): Generator<PairPart> {
    if (this.#runs.length === 0) {
      yield this.#sorted();
      return;
    }
    try {
      if (this.#parts.length > 0) this.#spill();
      yield* mergeRuns(this.#runs, this.#order);
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

type Cursor = { readonly run: number; readonly batches: Iterator<PairPart>; part: PairPart; at: number };

/** k-way merge; equal keys in the order of their runs, so the sort is stable. */
function* mergeRuns(runs: readonly Segments[], { compare, ascending }: PairOrder): Generator<PairPart> {
  const by = compare as (a: unknown, b: unknown) => number;
  const before = (a: Cursor, b: Cursor) => {
    const c = by(a.part.keys[a.at], b.part.keys[b.at]);
    return (ascending ? c : -c) || a.run - b.run;
  };
  const cursors = runs
    .map((run, i): Cursor => ({ run: i, batches: runBatches(run), part: { keys: [], values: [], n: 0 }, at: 0 }))
    .filter(advance);
  let keys: unknown[] = [];
  let values: unknown[] = [];
  while (cursors.length > 0) {
    // Few runs: the budget is tens of megabytes, so a linear look is as fast as a heap.
    let least = cursors[0]!;
    for (let i = 1; i < cursors.length; i++) if (before(cursors[i]!, least) < 0) least = cursors[i]!;
    keys.push(least.part.keys[least.at]);
    values.push(least.part.values[least.at]);
    least.at++;
    if (least.at >= least.part.n && !advance(least)) cursors.splice(cursors.indexOf(least), 1);
    if (keys.length === MERGED_AT_ONCE) {
      yield { keys, values, n: keys.length };
      [keys, values] = [[], []];
    }
  }
  if (keys.length > 0) yield { keys, values, n: keys.length };
}

function advance(cursor: Cursor): boolean {
  const { value, done } = cursor.batches.next();
  if (done) return false;
  cursor.part = value;
  cursor.at = 0;
  return true;
}

function* runBatches(run: Segments): Generator<PairPart> {
  for (const bytes of run.read(0)) {
    for (const { column, rows } of readBatches(bytes)) {
      const pairs = columnRows(column, rows) as [unknown, unknown][];
      yield { keys: pairs.map((pair) => pair[0]), values: pairs.map((pair) => pair[1]), n: rows };
    }
  }
}
