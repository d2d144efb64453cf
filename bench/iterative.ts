/**
 * k-means and PageRank over a cached set, time per iteration (PageRank: of two steps), on `local[2]`: Scala RDDs, PySpark RDDs, ours.
 * Sizes: `points` (400,000), `pages` (200,000), `partitions` (4), `iterations` (6), `python-iterations` (2), `python` (2; 1 leaves it out).
 */
import { bench, type Figure } from './lib/bench.ts';
import { DRIVER_MEMORY, peerSpark } from './lib/peer-spark.ts';
import { figuresOf, runSides } from './lib/sides.ts';

await bench('iterative', 1, async (context) => {
  const { options } = context;
  const flags = ['--master', 'local[2]', '--driver-memory', DRIVER_MEMORY];
  const place = { spark: options.peer ? peerSpark(context) : undefined, sparkFlags: flags, oursFlags: flags };
  const python = options.size('python', 2) > 1 ? { python: 'iterative.py' } : {};
  const partitions = options.size('partitions', 4);
  const figures: Figure[] = [];
  for (const [kind, size, what] of [
    ['kmeans', options.size('points', 400_000), 'points of 8 dimensions, 10 centres'],
    ['pagerank', options.size('pages', 200_000), 'pages of 5 links, two steps'],
  ] as const) {
    console.error(kind);
    const programs = { scala: 'Iterative', ours: 'iterative.ts', ...python };
    const args = [kind, size, partitions, options.size('iterations', 6)];
    const outputs = await runSides(context, programs, place, args, [kind, size, partitions, options.size('python-iterations', 2)]);
    figures.push(...figuresOf(outputs, kind, `${kind}, ${size.toLocaleString('en-US')} ${what}, an iteration`));
  }
  return figures;
});
