// What a result task does with its rows, by the names of rdd/ops.ts. The answer is a number (the fast path of task statuses), bytes of
// rdd/row-codec.ts, or nothing.
import { saveCheckpoint } from './checkpoint-rows.ts';
import { cloneValue } from '../../rdd/clone-value.ts';
import type { PartitionResult } from '../../rdd/context.ts';
import { naturalOrder } from '../../rdd/natural-order.ts';
import type { ResultAction } from '../../rdd/ops.ts';
import { refusePromise } from '../../rdd/not-awaited.ts';
import { encodeRows } from '../../rdd/row-codec.ts';
import { estimateSize } from '../../storage/estimate-size.ts';
import { StatCounter } from '../../rdd/stat-counter.ts';
import { openIterator } from './partition-iterator.ts';
import { byteswap32, XorShiftRandom } from '../../rdd/java-random.ts';
import { after, drain, type Rows } from './rows.ts';
import type { Task } from './running-task.ts';
import { copiesOf } from './sampler.ts';
import { saveAsText } from './save-text.ts';
import { LeastRows } from './least-rows.ts';

type Any = any;
type Answer = PartitionResult | Promise<PartitionResult>;
type Run = (source: Rows, action: Any, functions: readonly Any[], task: Task) => Answer;

/** One value as an answer: numbers as themselves. */
const answerOf = (value: unknown): PartitionResult => (typeof value === 'number' ? value : encodeRows([value]));

const collect: Run = (source, _action, _functions, task) => {
  const all: unknown[] = [];
  return after(
    drain(source, (rows, n) => {
      for (let i = 0; i < n; i++) all.push(rows[i]);
    }),
    () => serialized(all, task),
  );
};

const BATCH = 16_384;
/** A batch's texts become one string, which V8 limits to half a gigabyte. */
const BATCH_CHARACTERS = 1 << 25;
/** Rows that are no texts are measured one in so many. */
const MEASURED = 8;

/** Below this it is not counted, ms: figures are whole ms, and tiny tasks have none. */
const COUNTED_MS = 0.5;

function serialized(rows: readonly unknown[], task: Task): Uint8Array {
  const began = performance.now();
  const bytes = encodeInBatches(rows);
  const ms = performance.now() - began;
  if (ms >= COUNTED_MS) task.metrics.resultSerializationTime += ms;
  return bytes;
}

function encodeInBatches(rows: readonly unknown[]): Uint8Array {
  const batches: Buffer[] = [];
  for (let at = 0; at < rows.length; ) {
    const to = batchEnd(rows, at);
    batches.push(encodeRows(rows, at, to));
    at = to;
  }
  return batches.length === 1 ? batches[0]! : batches.length === 0 ? encodeRows(rows) : Buffer.concat(batches);
}

function batchEnd(rows: readonly unknown[], from: number): number {
  const most = Math.min(rows.length, from + BATCH);
  if (most - from < 2 || typeof rows[from] === 'number') return most;
  let characters = 0;
  for (let i = from; i < most; i++) {
    const row = rows[i];
    if (typeof row === 'string') characters += row.length;
    else if (i % MEASURED === 0) characters += MEASURED * estimateSize(row);
    if (characters > BATCH_CHARACTERS) return Math.max(from + 1, i);
  }
  return most;
}

function count(source: Rows): Answer {
  let total = 0;
  return after(
    drain(source, (_, n) => {
      total += n;
    }),
    () => total,
  );
}

const take: Run = (source, { limit }: { limit: number }, _functions, task) => {
  const all: unknown[] = [];
  const drained = drain(source, (rows, n) => {
    for (let i = 0; i < n && all.length < limit; i++) all.push(rows[i]);
    return all.length < limit;
  });
  return after(drained, () => serialized(all, task));
};

const reduce: Run = (source, _, [f]) => {
  let acc: unknown;
  let empty = true;
  const drained = drain(source, (rows, n) => {
    let i = 0;
    if (empty && n > 0) {
      acc = rows[i++];
      empty = false;
    }
    for (; i < n; i++) acc = f(acc, rows[i]);
    refusePromise(acc, 'reduce');
  });
  return after(drained, () => (empty ? undefined : answerOf(acc)));
};

const fold: Run = (source, { method }, [zero, merge]) => {
  let acc = cloneValue(zero);
  return after(
    drain(source, (rows, n) => {
      for (let i = 0; i < n; i++) acc = merge(acc, rows[i]);
      refusePromise(acc, method);
    }),
    () => answerOf(acc),
  );
};

/** Synchronous until a row's function gives a promise; then each is awaited before the next row. */
const foreach: Run = (source, _, [f]) => {
  for (;;) {
    const n = source.next();
    if (typeof n !== 'number') return foreachLater(source, n, f, 0);
    if (n < 0) return undefined;
    for (let i = 0; i < n; i++) {
      const given = f(source.rows[i]);
      if (given instanceof Promise) return given.then(() => foreachLater(source, n, f, i + 1));
    }
  }
};

async function foreachLater(source: Rows, chunk: number | Promise<number>, f: (row: unknown) => unknown, from: number): Promise<undefined> {
  let first = from;
  for (let n = await chunk; n >= 0; n = await source.next()) {
    for (let i = first; i < n; i++) await f(source.rows[i]);
    first = 0;
  }
  return undefined;
}

/** What an asynchronous function gives is awaited; so is what an iterator or async iterator that it gives has yet to do. */
const foreachPartition: Run = (source, _, [f]) => {
  const iterator = openIterator(source);
  return iterator instanceof Promise ? iterator.then((rows) => exhausted(f(rows))) : exhausted(f(iterator));
};

/** A generator function has done nothing yet, nor has `rows.map(send)`: both are pulled to their end. */
function exhausted(given: unknown): undefined | Promise<undefined> {
  if (given instanceof Promise) return given.then(exhausted);
  if (typeof given !== 'object' || given === null) return undefined;
  if (Symbol.asyncIterator in given) return exhaustedLater(given as AsyncIterable<unknown>);
  if (given instanceof Iterator) for (const _ of given);
  return undefined;
}

async function exhaustedLater(given: AsyncIterable<unknown>): Promise<undefined> {
  for await (const _ of given);
  return undefined;
}

const top: Run = (source, { limit, largest }, [compare]) => {
  const order = compare ?? naturalOrder;
  const least = new LeastRows(limit, largest ? (a, b) => order(b, a) : order);
  return after(
    drain(source, (rows, n) => {
      for (let i = 0; i < n; i++) least.add(rows[i]);
    }),
    () => encodeRows(least.sorted()),
  );
};

const extreme: Run = (source, { largest }, [compare]) => {
  const order = compare ?? naturalOrder;
  return reduce(
    source,
    undefined,
    [(a: unknown, b: unknown) => ((largest ? order(a, b) >= 0 : order(a, b) <= 0) ? a : b)],
    undefined as never,
  );
};

function stats(source: Rows): Answer {
  const counter = new StatCounter();
  const drained = drain(source, (rows, n) => {
    for (let i = 0; i < n; i++) counter.merge(rows[i] as number);
  });
  return after(drained, () => encodeRows([counter.count, counter.mean, counter.m2, counter.max, counter.min]));
}

function sum(source: Rows): Answer {
  let total = 0;
  return after(
    drain(source, (rows, n) => {
      for (let i = 0; i < n; i++) total += rows[i] as number;
    }),
    () => total,
  );
}

/** How many rows there are, and a fair sample of their keys. Source: Spark's SamplingUtils.reservoirSampleAndCount, RangePartitioner.sketch. */
const reservoir: Run = (source, { perPartition, shift }, _, task) => {
  const random = new XorShiftRandom(byteswap32(task.partition ^ (shift << 16)));
  const keys: unknown[] = [];
  let seen = 0;
  const drained = drain(source, (rows, n) => {
    for (let i = 0; i < n; i++) {
      seen++;
      if (keys.length < perPartition) keys.push((rows[i] as [unknown])[0]);
      else {
        const at = Math.floor(random.nextDouble() * seen);
        if (at < perPartition) keys[at] = (rows[i] as [unknown])[0];
      }
    }
  });
  return after(drained, () => encodeRows([seen, ...keys]));
};

const sampleKeys: Run = (source, { fraction, seeds }, _, task) => {
  const copies = copiesOf(false, fraction, BigInt(seeds[task.partition]));
  const keys: unknown[] = [];
  const drained = drain(source, (rows, n) => {
    for (let i = 0; i < n; i++) if (copies() > 0) keys.push((rows[i] as [unknown])[0]);
  });
  return after(drained, () => encodeRows(keys));
};

export const RESULT_ACTIONS: Readonly<Record<ResultAction['kind'], Run>> = {
  collect,
  count,
  take,
  reduce,
  fold,
  foreach,
  foreachPartition,
  top,
  extreme,
  stats,
  sum,
  reservoir,
  sampleKeys,
  saveAsTextFile: saveAsText,
  saveCheckpoint,
};
