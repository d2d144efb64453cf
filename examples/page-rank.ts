/**
 * PageRank over the dependency graph of an npm project: which packages does everything else stand on?
 *
 *   ./bin/spark-submit examples/page-rank.ts [package-lock.json] [rounds]
 *
 * A package passes its rank on to what it depends on. `links` is partitioned once and cached, and ranks keep its partitioning:
 * the join of every round then needs no shuffle of the links. Source: Page and others, "The PageRank Citation Ranking", 1999.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SparkSession } from 'emberloom';

type Lock = {
  packages: Record<
    string,
    { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string>; devDependencies?: Record<string, string> }
  >;
};

const DAMPING = 0.85;
const PARTITIONS = 4;

const [lockFile = fileURLToPath(new URL('../package-lock.json', import.meta.url)), roundsGiven = '10'] = process.argv.slice(2);
const rounds = Number(roundsGiven);
const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as Lock;

/** `node_modules/a/node_modules/@b/c` → `@b/c`; the project itself has the empty path. */
const nameOf = (path: string) => path.split('node_modules/').at(-1) || '(this project)';

const edges = Object.entries(lock.packages).flatMap(([path, p]) =>
  Object.keys({ ...p.dependencies, ...p.optionalDependencies, ...(path === '' ? p.devDependencies : {}) }).map((to): [string, string] => [
    nameOf(path),
    to,
  ]),
);

const spark = SparkSession.builder().appName('PageRank').getOrCreate();
const sc = spark.sparkContext;
const links = sc.parallelize(edges, PARTITIONS).distinct().groupByKey(PARTITIONS).cache();
const names = links
  .flatMap(([from, targets]) => [from, ...targets])
  .distinct(PARTITIONS)
  .map((name) => [name, 0])
  .cache();
const packages = await names.count();

let ranks = names.mapValues(() => 1);
for (let round = 0; round < rounds; round++) {
  const given = links.join(ranks, PARTITIONS).flatMap(([, [targets, rank]]) => {
    const all = [...targets];
    return all.map((to) => [to, rank / all.length]);
  });
  // Packages that nobody depends on get nothing, and must not drop out: the union keeps them in with 0.
  ranks = given
    .union(names)
    .reduceByKey((a, b) => a + b, PARTITIONS)
    .mapValues((sum) => 1 - DAMPING + DAMPING * sum);
}

const top = await ranks.takeOrdered(15, ([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
console.log(
  `${packages} packages, ${await links
    .mapValues((targets) => [...targets].length)
    .values()
    .sum()} dependencies, ${rounds} rounds`,
);
for (const [name, rank] of top) console.log(`${rank.toFixed(4).padStart(9)}  ${name}`);
await spark.stop();
