/**
 * Program: reduceByKey of many pairs with fewer keys, and sortByKey of as many; keys are scrambled whole numbers.
 * Counterpart: bench/peer/Shuffle.scala. Arguments: pairs, keys, partitions, runs, kinds (reduceByKey,sortByKey).
 */
import { SparkSession } from 'emberloom';
import { timed } from './report.ts';

/** A bijection on 32-bit numbers with good mixing; the Scala side has the same one, so both sides shuffle equal keys. */
function scramble(i: number): number {
  let x = Math.imul(i ^ (i >>> 16), 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
  return (x ^ (x >>> 16)) & 0x7fffffff;
}

const [pairs = 10_000_000, keys = 1_000_000, partitions = 4, runs = 3] = process.argv.slice(2, 6).map(Number);
const kinds = (process.argv[6] ?? 'reduceByKey,sortByKey').split(',');
const spark = SparkSession.builder().appName('bench-shuffle').getOrCreate();
const sc = spark.sparkContext;

const reduced = () =>
  sc
    .range(0, pairs, 1, partitions)
    .map((i): [number, number] => [scramble(i) % keys, 1])
    .reduceByKey((a, b) => a + b)
    .count();

/** Reads every record of every sorted partition: its length, its ends, and that nothing is out of order. */
const sorted = async (): Promise<string> => {
  const parts = await sc
    .range(0, pairs, 1, partitions)
    .map((i): [number, number] => [scramble(i), 1])
    .sortByKey(true, partitions)
    .mapPartitions((records) => {
      let count = 0;
      let first = -1;
      let last = -1;
      let faults = 0;
      for (const [key] of records) {
        if (count === 0) first = key;
        if (key < last) faults++;
        last = key;
        count++;
      }
      return [{ count, first, last, faults }];
    })
    .collect();
  let total = 0;
  let before = -1;
  let wrong = 0;
  for (const { count, first, last, faults } of parts) {
    total += count;
    wrong += faults + (count > 0 && first < before ? 1 : 0);
    if (count > 0) before = last;
  }
  return `${total} records, last ${before}, ${wrong} out of order`;
};

for (let run = 0; run < runs; run++) {
  if (kinds.includes('reduceByKey')) await timed('reduceByKey', run, async () => String(await reduced()));
  if (kinds.includes('sortByKey')) await timed('sortByKey', run, sorted);
}
await spark.stop();
