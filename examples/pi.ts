/**
 * Estimates π by throwing darts at a square: the share that lands in the circle is π/4.
 *
 *   ./bin/spark-submit examples/pi.ts [slices]
 *
 * Like Spark's SparkPi, with 100,000 darts a slice, but every slice has a seed: the same slices give the same digits.
 */
import { SparkSession } from 'emberloom';

const DARTS_PER_SLICE = 100_000;

/** mulberry32: a small seeded generator; returns a function that gives numbers in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const slices = Number(process.argv[2] ?? 2);
if (!Number.isInteger(slices) || slices < 1) {
  console.error('Usage: pi.ts [slices], a whole number from 1');
  process.exit(2);
}

const spark = SparkSession.builder().appName('Pi').getOrCreate();
const darts = slices * DARTS_PER_SLICE;
const inside = await spark.sparkContext
  .range(0, darts, 1, slices)
  .mapPartitionsWithIndex((slice, throws) => {
    const random = seeded(slice);
    let hits = 0;
    for (const _ of throws) {
      const x = random() * 2 - 1;
      const y = random() * 2 - 1;
      if (x * x + y * y <= 1) hits++;
    }
    return [hits];
  })
  .reduce((a, b) => a + b);

console.log(`Pi is roughly ${(4 * inside) / darts}`);
await spark.stop();
