/**
 * Program: π by throwing darts, with the slices and darts of Spark's SparkPi. Counterpart: bench/peer/Pi.scala.
 * Arguments: slices. `range` stands for Scala's `parallelize(1 until n)`, which ships the range's ends and not its numbers.
 */
import { SparkSession } from 'emberloom';

const spark = SparkSession.builder().appName('bench-pi').getOrCreate();
const slices = Number(process.argv[2] ?? 2);
const darts = Math.min(100_000 * slices, 2 ** 31 - 1);
const inside = await spark.sparkContext
  .range(1, darts, 1, slices)
  .map(() => {
    const x = Math.random() * 2 - 1;
    const y = Math.random() * 2 - 1;
    return x * x + y * y <= 1 ? 1 : 0;
  })
  .reduce((a, b) => a + b);
console.log(`Pi is roughly ${(4 * inside) / (darts - 1)}`);
await spark.stop();
