/**
 * Program: word count over a text file, several times in one application; the first run is cold, the others warm.
 * Counterparts: bench/peer/WordCount.scala, bench/peer/word_count.py. Arguments: path, runs.
 */
import { SparkSession } from 'emberloom';
import { timed } from './report.ts';

const path = process.argv[2] ?? '';
const runs = Number(process.argv[3] ?? 3);
const spark = SparkSession.builder().appName('bench-word-count').getOrCreate();
const sc = spark.sparkContext;
const counts = () =>
  sc
    .textFile(path)
    .flatMap((line) => line.split(' '))
    .map((word): [string, number] => [word, 1])
    .reduceByKey((a, b) => a + b);
for (let run = 0; run < runs; run++) await timed('wordCount', run, async () => String(await counts().count()));
// Not a figure: the counts themselves, so that both sides can be held to the same answer.
await timed('total', 0, async () =>
  String(
    await counts()
      .map(([word, count]) => count * word.length)
      .reduce((a, b) => a + b),
  ),
);
await spark.stop();
