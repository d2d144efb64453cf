// Pairs on their way into segments: a small buffer per partition, encoded when it is full. As long as a partition's keys and values are numbers
// they lie in typed arrays and the pairs themselves can be collected at once; with anything else they are arrays of values.
import { encodePairs } from '../rdd/row-codec.ts';
import type { Partitioner } from '../rdd/partitioner.ts';
import { estimateSize } from '../storage/estimate-size.ts';
import type { Segments } from './segments.ts';

/** Pairs in all buffers together, about. */
const ALL_PAIRS = 1 << 17;
const MOST = 4096;
const LEAST = 64;
/** What all buffers together hold, about, when all of them are encoded: few long texts are as much as many numbers. */
const HELD_BYTES = 1 << 24;
/** Objects are measured one in so many, the first of a buffer among them. */
const MEASURED = 32;

type NumberBuffer = { readonly keys: Float64Array; readonly values: Float64Array; n: number };
type Buffers = { numbers: NumberBuffer | undefined; keys: unknown[]; values: unknown[]; bytes: number };

export class PairBuffers {
  readonly #segments: Segments;
  readonly #partitioner: Partitioner;
  readonly #capacity: number;
  readonly #buffers: Buffers[];
  #heldBytes = 0;

  constructor(segments: Segments, partitioner: Partitioner) {
    this.#segments = segments;
    this.#partitioner = partitioner;
    this.#capacity = Math.max(LEAST, Math.min(MOST, Math.floor(ALL_PAIRS / partitioner.numPartitions)));
    this.#buffers = Array.from({ length: partitioner.numPartitions }, () => ({ numbers: undefined, keys: [], values: [], bytes: 0 }));
  }

  addRows(rows: readonly unknown[], n: number): void {
    const partitioner = this.#partitioner;
    for (let i = 0; i < n; i++) {
      const pair = rows[i] as [unknown, unknown];
      const key = pair[0];
      this.#add(partitioner.getPartition(key), key, pair[1]);
    }
  }

  addColumns(keys: ArrayLike<unknown>, values: ArrayLike<unknown>, n: number): void {
    const partitioner = this.#partitioner;
    for (let i = 0; i < n; i++) {
      const key = keys[i];
      this.#add(partitioner.getPartition(key), key, values[i]);
    }
  }

  #add(partition: number, key: unknown, value: unknown): void {
    const buffers = this.#buffers[partition]!;
    if (typeof key === 'number' && typeof value === 'number' && buffers.keys.length === 0) {
      let numbers = buffers.numbers;
      if (!numbers) numbers = buffers.numbers = { keys: new Float64Array(this.#capacity), values: new Float64Array(this.#capacity), n: 0 };
      numbers.keys[numbers.n] = key;
      numbers.values[numbers.n++] = value;
      if (numbers.n === this.#capacity) this.#flushNumbers(partition, numbers);
      return;
    }
    if (buffers.numbers && buffers.numbers.n > 0) this.#flushNumbers(partition, buffers.numbers);
    buffers.values.push(value);
    const n = buffers.keys.push(key);
    const bytes = bytesOf(key, n) + bytesOf(value, n);
    buffers.bytes += bytes;
    this.#heldBytes += bytes;
    if (n === this.#capacity) this.#flushValues(partition, buffers);
    else if (this.#heldBytes > HELD_BYTES) this.flush();
  }

  #flushNumbers(partition: number, numbers: NumberBuffer): void {
    const { n } = numbers;
    numbers.n = 0;
    this.#segments.append(partition, encodePairs(numbers.keys, numbers.values, 0, n), n);
  }

  #flushValues(partition: number, buffers: Buffers): void {
    const { keys, values } = buffers;
    this.#heldBytes -= buffers.bytes;
    buffers.bytes = 0;
    buffers.keys = [];
    buffers.values = [];
    this.#segments.append(partition, encodePairs(keys, values, 0, keys.length), keys.length);
  }

  flush(): void {
    for (const [partition, buffers] of this.#buffers.entries()) {
      if (buffers.numbers && buffers.numbers.n > 0) this.#flushNumbers(partition, buffers.numbers);
      if (buffers.keys.length > 0) this.#flushValues(partition, buffers);
    }
  }
}

/** About; exact for texts, where size matters most. @param n number of the pair */
function bytesOf(value: unknown, n: number): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return n % MEASURED === 1 ? MEASURED * estimateSize(value) : 0;
}
