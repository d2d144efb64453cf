/**
 * K-means (Lloyd's algorithm) on the measurements of 342 penguins: do three clusters find the three species again?
 *
 *   ./bin/spark-submit examples/k-means.ts [clusters]
 *
 * The points are cached: every round reads them from memory. The centres travel inside the closure, as captured values.
 * Data: penguins.json of the npm package vega-datasets (a development dependency of this repository).
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SparkSession } from 'emberloom';

type Vector = number[];
type Penguin = { species: string; at: Vector };

const FEATURES = ['Beak Length (mm)', 'Beak Depth (mm)', 'Flipper Length (mm)', 'Body Mass (g)'];
const MAX_ROUNDS = 30;
const PARTITIONS = 4;

const plus = (a: Vector, b: Vector): Vector => a.map((v, i) => v + b[i]!);
const distance = (a: Vector, b: Vector): number => a.reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0);

function nearest(centres: Vector[], at: Vector): number {
  let best = 0;
  for (let i = 1; i < centres.length; i++) if (distance(centres[i]!, at) < distance(centres[best]!, at)) best = i;
  return best;
}

const k = Number(process.argv[2] ?? 3);
const file = fileURLToPath(new URL('../data/penguins.json', import.meta.resolve('vega-datasets')));
const table = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string | number | null>[];
const measured = table.filter((row) => FEATURES.every((feature) => typeof row[feature] === 'number'));

const spark = SparkSession.builder().appName('KMeans').getOrCreate();
const sc = spark.sparkContext;
const raw = sc
  .parallelize(measured, PARTITIONS)
  .map((row): Penguin => ({ species: String(row.Species), at: FEATURES.map((f) => Number(row[f])) }));

// Millimetres and grams in one space: every feature gets mean 0 and deviation 1, or body mass would decide alone.
const columns = await Promise.all(FEATURES.map((_, i) => raw.map((p) => p.at[i]!).stats()));
const scale = columns.map((c) => ({ mean: c.mean, deviation: c.stdev }));
const points = raw
  .map((p): Penguin => ({ species: p.species, at: p.at.map((v, i) => (v - scale[i]!.mean) / scale[i]!.deviation) }))
  .cache();

// Start from penguins that stand far apart in the file: no chance involved, so every run gives the same clusters.
const start = await points.collect();
let centres: Vector[] = Array.from({ length: k }, (_, i) => start[Math.floor((i * start.length) / k)]!.at);
let moved = Number.POSITIVE_INFINITY;
let round = 0;
while (moved > 1e-9 && round < MAX_ROUNDS) {
  const now = centres;
  const sums = await points
    .map((p) => [nearest(now, p.at), { sum: p.at, count: 1 }])
    .reduceByKey((a, b) => ({ sum: plus(a.sum, b.sum), count: a.count + b.count }), PARTITIONS)
    .collect();
  const next = [...now];
  for (const [cluster, { sum, count }] of sums) next[cluster] = sum.map((v) => v / count);
  moved = next.reduce((total, centre, i) => total + distance(centre, now[i]!), 0);
  centres = next;
  round++;
}

const found = centres;
const members = await points
  .map((p) => [`${nearest(found, p.at)} ${p.species}`, 1])
  .reduceByKey((a, b) => a + b, PARTITIONS)
  .sortByKey()
  .collect();

console.log(`${measured.length} penguins, ${k} clusters, still after ${round} rounds`);
for (const [i, centre] of centres.entries()) {
  const size = centre.map((v, f) => (v * scale[f]!.deviation + scale[f]!.mean).toFixed(f === 3 ? 0 : 1));
  console.log(`cluster ${i}: beak ${size[0]} × ${size[1]} mm, flipper ${size[2]} mm, ${size[3]} g`);
  for (const [key, count] of members)
    if (key.startsWith(`${i} `)) console.log(`${String(count).padStart(6)} ${key.slice(String(i).length + 1)}`);
}
await spark.stop();
