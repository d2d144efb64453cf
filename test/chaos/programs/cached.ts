// Rounds over a set that is cached: what a lost executor held must be made again. Arguments: records, rounds. Prints a line a round.
import { SparkSession } from 'emberloom';

const [records, rounds] = process.argv.slice(2).map(Number) as [number, number];
const spark = SparkSession.builder().appName('cached').getOrCreate();
const set = spark.sparkContext
  .range(0, records, 1, 8)
  .map((i) => [i % 1013, (Math.imul(i, 0x5bd1e995) >>> 7) % 9973])
  .cache();
for (let round = 0; round < rounds; round++) {
  const sums = await set
    .mapValues((v) => (v * (round + 1)) % 9973)
    .reduceByKey((a, b) => (a + b) % 1_000_003, 4)
    .collect();
  console.log(`round ${round}: ${sums.length} keys, check ${sums.reduce((h, [key, value]) => (h + key * 13 + value * 7) % 1_000_003, 0)}`);
}
await spark.stop();
