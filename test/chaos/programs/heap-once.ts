// One task takes memory until its worker's heap is full, once: the marker in the folder (last argument) says that it has done so. The
// attempt after it gives the answer.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SparkSession } from 'emberloom';

const marker = join(process.argv[2] ?? '', 'leaked');
const spark = SparkSession.builder().appName('heap-once').getOrCreate();
const sum = await spark.sparkContext
  .range(0, 8_000, 1, 4)
  .map((i) => {
    if (i === 2_500 && process.argv[2] !== undefined && !existsSync(marker)) {
      writeFileSync(marker, '');
      const kept: unknown[] = [];
      for (let n = 0; ; n++) kept.push(Array.from({ length: 1000 }, (_, k) => `${n} ${k}`));
    }
    return [i % 7, i];
  })
  .reduceByKey((a, b) => a + b, 3)
  .collect();
console.log(sum.sort(([a], [b]) => a - b).join(' '));
await spark.stop();
