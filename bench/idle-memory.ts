/**
 * Memory of an idle cluster: Spark's Master and one Worker beside our ResourceManager and one NodeManager, children included.
 * Our NodeManager keeps executors started ahead (emberloom.executor.prestart): they count, and a line without them stands below.
 * Resident memory counts pages that our processes share (the Node.js program itself) once for each; the proportional figure once in all.
 * Size: `settle-seconds` (10) before the first look; one look a second after that, one for each round.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { alternate, type Side } from './lib/alternate.ts';
import { bench, type Figure } from './lib/bench.ts';
import { startCluster } from './lib/emberloom.ts';
import { peerSpark, startStandalone } from './lib/peer-spark.ts';
import { memoryOf, memoryOfTrees, type Memory } from './lib/resident-memory.ts';

await bench('idle-memory', 5, async (context) => {
  const { options } = context;
  const standalone = options.peer ? await startStandalone(peerSpark(context), context, { cores: 2 }) : undefined;
  const cluster = options.ours ? await startCluster(context) : undefined;
  await pause(options.size('settle-seconds', 10) * 1000);
  const look = (name: string, pids: () => number[]): Side<Look> => ({
    name,
    run: async () => {
      await pause(1_000);
      const roots = pids();
      const looked = { tree: memoryOfTrees(roots), daemons: memoryOf(roots) };
      if (roots.length !== 2 || looked.daemons.residentMb === 0)
        throw new Error(`${name}: ${roots.length} daemons are not a cluster of two`);
      return looked;
    },
  });
  const sides: Side<Look>[] = [];
  if (standalone) sides.push(look('spark', () => [standalone.master.pid, standalone.worker.pid]));
  if (cluster) sides.push(look('emberloom', cluster.pids));
  const results = await alternate(options.rounds, sides);
  const of = (side: string, what: (look: Look) => number): number[] => (results.get(side) ?? []).map(what);
  const figure = (name: string, what: (look: Look) => number): Figure => ({
    name,
    unit: 'MB',
    peer: of('spark', what),
    ours: of('emberloom', what),
  });
  return [
    { ...figure('idle cluster, resident', (l) => l.tree.residentMb), aim: { text: 'below 150 MB', holds: (ours) => ours < 150 } },
    figure('idle cluster, proportional', (l) => l.tree.proportionalMb),
    figure('the two daemons without prestarted executors, resident', (l) => l.daemons.residentMb),
  ];
});

type Look = { readonly tree: Memory; readonly daemons: Memory };
