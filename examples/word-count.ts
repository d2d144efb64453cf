/**
 * Counts the words of text files and prints the most frequent ones.
 *
 *   ./bin/spark-submit examples/word-count.ts README.md LICENSE docs
 *
 * Arguments are files and folders; of a folder, all files below it are read. On a cluster give absolute paths:
 * the driver may run in another folder than this shell.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SparkSession } from 'emberloom';

const TOP = 20;
const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu;

function filesUnder(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const paths = process.argv.slice(2);
if (paths.length === 0) {
  console.error('Usage: word-count.ts <file or folder>...');
  process.exit(2);
}

const spark = SparkSession.builder().appName('WordCount').getOrCreate();
const sc = spark.sparkContext;
const files = paths.flatMap(filesUnder);

const counts = sc
  .textFile(files.join(','))
  .flatMap((line) => line.toLowerCase().match(WORD) ?? [])
  .map((word) => [word, 1])
  .reduceByKey((a, b) => a + b)
  .cache();

const different = await counts.count();
const total = await counts.values().sum();
// Most frequent first; words that are as frequent stand in order of the alphabet, so that the answer is one answer.
const top = await counts.takeOrdered(TOP, ([a, m], [b, n]) => n - m || (a < b ? -1 : 1));

console.log(`${total} words, ${different} different ones, in ${files.length} files`);
for (const [word, count] of top) console.log(`${String(count).padStart(7)}  ${word}`);
await spark.stop();
