/**
 * Program: k-means and PageRank over a cached set, time per iteration. Counterparts: bench/peer/Iterative.scala, iterative.py.
 * Arguments: kind (kmeans, pagerank), size (points or pages), partitions, iterations.
 */
import { SparkSession, type RDD } from 'emberloom';
import { timed } from './report.ts';

const DIMENSIONS = 8;
const K = 10;
const EDGES = 5;
const [kind = 'kmeans', ...rest] = process.argv.slice(2);
const [size = 400_000, partitions = 4, iterations = 6] = rest.map(Number);
const spark = SparkSession.builder().appName('bench-iterative').getOrCreate();
const sc = spark.sparkContext;

/** Park and Miller's generator: the same numbers on all sides. */
const next = (seed: number): number => (seed * 16_807) % 2_147_483_647;

const point = (i: number): number[] => {
  let seed = next(i + 1);
  const p = new Array<number>(DIMENSIONS);
  for (let d = 0; d < DIMENSIONS; d++) {
    seed = next(seed);
    p[d] = seed / 2_147_483_647 + (i % K);
  }
  return p;
};

async function kmeans(): Promise<void> {
  const points = sc.range(0, size, 1, partitions).map(point).cache();
  await points.count();
  const start = Array.from({ length: K }, (_, i) => point(i)); // each iteration from here, so that all runs have one answer
  for (let run = 0; run < iterations; run++) {
    await timed('kmeans', run, async () => {
      const sums = await points
        .map((p): [number, [number[], number]] => {
          let best = 0;
          let least = Number.POSITIVE_INFINITY;
          for (let c = 0; c < start.length; c++) {
            const center = start[c]!;
            let distance = 0;
            for (let d = 0; d < p.length; d++) distance += (p[d]! - center[d]!) ** 2;
            if (distance < least) {
              least = distance;
              best = c;
            }
          }
          return [best, [p, 1]];
        })
        .reduceByKey(([a, n], [b, m]): [number[], number] => [a.map((x, d) => x + b[d]!), n + m])
        .collect();
      const centers = [...sums].sort(([a], [b]) => a - b).map(([, [sum, n]]) => sum.map((x) => x / n));
      return centers.map((c) => c[0]!.toFixed(4)).join(' ');
    });
  }
}

async function pagerank(): Promise<void> {
  const links = sc
    .range(0, size, 1, partitions)
    .flatMap((page): [number, number][] => Array.from({ length: EDGES }, (_, e) => [page, (page * 31 + e * e * 7919 + 1) % size]))
    .groupByKey(partitions)
    .mapValues((targets) => [...targets])
    .cache();
  await links.count();
  for (let run = 0; run < iterations; run++) {
    await timed('pagerank', run, async () => {
      let ranks: RDD<[number, number]> = links.mapValues(() => 1);
      for (let step = 0; step < 2; step++) {
        ranks = links
          .join(ranks, partitions)
          .flatMap(([, [targets, rank]]): [number, number][] => targets.map((target) => [target, rank / targets.length]))
          .reduceByKey((a, b) => a + b, partitions)
          .mapValues((sum) => 0.15 + 0.85 * sum);
      }
      return (await ranks.map(([, rank]) => rank).reduce((a, b) => Math.max(a, b))).toFixed(6);
    });
  }
}

await (kind === 'kmeans' ? kmeans() : pagerank());
await spark.stop();
