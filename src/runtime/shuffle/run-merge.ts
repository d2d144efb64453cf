// Sorted runs on disk, and their merge: one batch of each run in memory, the least head found by a heap. More runs than can be open at once are
// first merged to longer ones. Who makes the runs is pair-sorter.ts. Source: Spark's ExternalSorter and UnsafeSorterSpillMerger.
import { columnRows } from '../rdd/columns.ts';
import type { Compare } from '../rdd/natural-order.ts';
import { encodePairs, readBatches } from '../rdd/row-codec.ts';
import { handedOn, Segments, type SpillPlace } from './segments.ts';

export type PairOrder = { readonly compare: Compare; readonly ascending: boolean; readonly natural: boolean };
export type PairPart = { keys: ArrayLike<unknown>; values: ArrayLike<unknown>; n: number };

/** Pairs of one batch of a run, at most, and about its bytes: a merge holds a batch of every run. */
const RUN_BATCH = 4096;
const RUN_BATCH_BYTES = 1 << 18;
/** What of a run is read at once. */
const RUN_PIECE_BYTES = 1 << 18;
/** Runs of one merge: with what they hold they stay below 32 MB. */
const FAN_IN = 32;
const MERGED_AT_ONCE = 512;
/** How much more a packed row takes when it is read. */
const UNPACKED = 4;

/**
 * One run = one partition of segments of its own, all of it on disk.
 * @param perPair bytes of a pair, about
 * @throws AppError LOCAL_DISK
 */
export function writeRun(parts: Iterable<PairPart>, place: SpillPlace, perPair: number): Segments {
  const step = pairsAtOnce(perPair, RUN_BATCH);
  const run = new Segments(1, handedOn(place));
  for (const { keys, values, n } of parts) {
    for (let at = 0; at < n; at += step) {
      const to = Math.min(n, at + step);
      run.append(0, encodePairs(keys, values, at, to), to - at);
    }
  }
  run.spill();
  return run;
}

const pairsAtOnce = (perPair: number, most: number) => Math.max(1, Math.min(most, Math.floor(RUN_BATCH_BYTES / perPair)));

/** Equal keys come in the order of their runs, so the sort is stable. @param runs those that were merged to longer ones are replaced in it */
export function* mergeRuns(runs: Segments[], order: PairOrder, place: SpillPlace): Generator<PairPart> {
  const perPair =
    (runs.reduce((sum, run) => sum + run.bytesOf(0), 0) / runs.reduce((sum, run) => sum + run.rows, 1)) * (place.pack ? UNPACKED : 1);
  while (runs.length > FAN_IN) {
    for (let first = 0; first < runs.length; first++) {
      const some = runs.slice(first, first + FAN_IN);
      if (some.length === 1) continue;
      const merged = writeRun(regrouped(mergeOnce(some, order, perPair), pairsAtOnce(perPair, RUN_BATCH)), place, perPair);
      runs.splice(first, some.length, merged);
      for (const run of some) run.discard();
    }
  }
  yield* mergeOnce(runs, order, perPair);
}

/** Larger parts, so that a run's batches are not smaller than those of the runs that it is made of. */
function* regrouped(parts: Iterable<PairPart>, pairs: number): Generator<PairPart> {
  let held: PairPart[] = [];
  let n = 0;
  const joined = (): PairPart => ({
    keys: held.flatMap((p) => p.keys as unknown[]),
    values: held.flatMap((p) => p.values as unknown[]),
    n,
  });
  for (const part of parts) {
    held.push(part);
    n += part.n;
    if (n < pairs) continue;
    yield joined();
    held = [];
    n = 0;
  }
  if (n > 0) yield joined();
}

type Cursor = { readonly run: number; readonly batches: Iterator<PairPart>; part: PairPart; at: number };

function* mergeOnce(runs: readonly Segments[], { compare, ascending }: PairOrder, perPair: number): Generator<PairPart> {
  const atOnce = pairsAtOnce(perPair, MERGED_AT_ONCE);
  const by = compare as (a: unknown, b: unknown) => number;
  const before = (a: Cursor, b: Cursor): boolean => {
    const c = by(a.part.keys[a.at], b.part.keys[b.at]);
    return ((ascending ? c : -c) || a.run - b.run) < 0;
  };
  const heap = runs
    .map((run, i): Cursor => ({ run: i, batches: runBatches(run), part: { keys: [], values: [], n: 0 }, at: 0 }))
    .filter(advance);
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i, before);
  let keys: unknown[] = [];
  let values: unknown[] = [];
  while (heap.length > 0) {
    const least = heap[0]!;
    keys.push(least.part.keys[least.at]);
    values.push(least.part.values[least.at]);
    least.at++;
    if (least.at >= least.part.n && !advance(least)) {
      const last = heap.pop()!;
      if (heap.length > 0) heap[0] = last;
    }
    sink(heap, 0, before);
    if (keys.length === atOnce) {
      yield { keys, values, n: keys.length };
      [keys, values] = [[], []];
    }
  }
  if (keys.length > 0) yield { keys, values, n: keys.length };
}

/** Lets the cursor at i go down to where no child is before it. */
function sink(heap: Cursor[], i: number, before: (a: Cursor, b: Cursor) => boolean): void {
  for (;;) {
    let least = i;
    const left = 2 * i + 1;
    if (left < heap.length && before(heap[left]!, heap[least]!)) least = left;
    if (left + 1 < heap.length && before(heap[left + 1]!, heap[least]!)) least = left + 1;
    if (least === i) return;
    [heap[i], heap[least]] = [heap[least]!, heap[i]!];
    i = least;
  }
}

function advance(cursor: Cursor): boolean {
  const { value, done } = cursor.batches.next();
  if (done) return false;
  cursor.part = value;
  cursor.at = 0;
  return true;
}

function* runBatches(run: Segments): Generator<PairPart> {
  for (const bytes of run.read(0, RUN_PIECE_BYTES)) {
    for (const { column, rows } of readBatches(bytes)) {
      const pairs = columnRows(column, rows) as [unknown, unknown][];
      yield { keys: pairs.map((pair) => pair[0]), values: pairs.map((pair) => pair[1]), n: rows };
    }
  }
}
