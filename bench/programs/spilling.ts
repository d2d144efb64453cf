/**
 * Program: many pairs through one wide operation, with less memory than they need. Keys are scrambled whole numbers.
 * Counterparts: bench/peer/Spilling.scala, spilling.py. Arguments: pairs, keys, partitions, runs, kind (reduceByKey, groupByKey, join, sortByKey).
 */
import { SparkSession } from 'emberloom';
import { timed } from './report.ts';

/** A bijection on 32-bit numbers with good mixing, the same on all sides. */
function scramble(i: number): number {
  let x = Math.imul(i ^ (i >>> 16), 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  return (x ^ (x >>> 16)) & 0x7fffffff;
}

const [pairs = 10_000_000, keys = 1_000_000, partitions = 8, runs = 2] = process.argv.slice(2, 6).map(Number);
const kind = process.argv[6] ?? 'reduceByKey';
const spark = SparkSession.builder().appName('bench-spilling').getOrCreate();
const sc = spark.sparkContext;
const source = (n: number) => sc.range(0, n, 1, partitions).map((i): [number, number] => [scramble(i) % keys, i % 1000]);

const KINDS: Record<string, () => Promise<string>> = {
  reduceByKey: async () =>
    String(
      await source(pairs)
        .reduceByKey((a, b) => a + b, partitions)
        .map(([, sum]) => sum)
        .reduce((a, b) => a + b),
    ),
  groupByKey: async () => {
    const [groups, values, largest] = await source(pairs)
      .groupByKey(partitions)
      .map(([, group]): [number, number, number] => {
        const all = [...group];
        return [1, all.length, all.length];
      })
      .reduce((a, b) => [a[0] + b[0], a[1] + b[1], Math.max(a[2], b[2])]);
    return `${groups} groups, ${values} values, largest ${largest}`;
  },
  join: async () => {
    const right = source(keys).mapValues((v) => v + 1);
    return String(
      await source(pairs)
        .join(right, partitions)
        .map(([, [a, b]]) => a + b)
        .reduce((a, b) => a + b),
    );
  },
  sortByKey: async () => {
    const faults = await source(pairs)
      .sortByKey(true, partitions)
      .mapPartitions((rows) => {
        let before = -1;
        let wrong = 0;
        let n = 0;
        for (const [key] of rows) {
          if (key < before) wrong++;
          before = key;
          n++;
        }
        return [[n, wrong]];
      })
      .reduce((a, b) => [a[0]! + b[0]!, a[1]! + b[1]!]);
    return `${faults[0]} rows, ${faults[1]} out of order`;
  },
};
for (let run = 0; run < runs; run++) await timed(kind, run, KINDS[kind]!);
await spark.stop();
