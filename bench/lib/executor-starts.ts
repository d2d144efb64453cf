/**
 * How long until the first task of an executor that was not there before: the program executor-starts on both sides, for the benches
 * dynamic-allocation and executor-replacement. The programs say the figure themselves, in ms from the job's begin or from the kill.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './bench.ts';
import { startCluster, submitOurs } from './emberloom.ts';
import { WORK } from './paths.ts';
import { peerSpark, startStandalone } from './peer-spark.ts';
import { valuesOf } from './program-output.ts';

export type Starts = {
  readonly tasks: number;
  readonly napMs: number;
  /** Task that ends its executor; -1: none. */
  readonly killer: number;
  readonly sparkFlags: readonly string[];
  readonly oursFlags: readonly string[];
};
type Side = 'spark' | 'emberloom';

/** @returns ms of each round, by side */
export async function measureStarts(
  context: Context,
  { tasks, napMs, killer, sparkFlags, oursFlags }: Starts,
): Promise<Record<Side, number[]>> {
  const { options } = context;
  const spark = options.peer ? peerSpark(context) : undefined;
  const standalone = spark && (await startStandalone(spark, context, { cores: 4 }));
  const cluster = options.ours ? await startCluster(context) : undefined;
  const figures: Record<Side, number[]> = { spark: [], emberloom: [] };
  const once = async (side: Side): Promise<number> => {
    const folder = mkdtempSync(join(WORK, 'starts-'));
    const args = [tasks, napMs, killer, folder];
    try {
      const { stdout } =
        side === 'spark'
          ? await spark!.submit({ flags: ['--master', standalone!.url, ...sparkFlags], program: 'ExecutorStarts', arguments: args })
          : await submitOurs(context, {
              flags: ['--master', 'yarn', ...oursFlags],
              program: 'executor-starts.ts',
              arguments: args,
              ...(cluster && { env: cluster.env }),
            });
      if (!stdout.includes(`SUM ${(tasks * (tasks - 1)) / 2}`)) throw new Error(`${side} answers ${stdout}`);
      const [ms] = valuesOf(stdout, 'first task of a new executor');
      if (typeof ms !== 'number') throw new Error(`${side} had no new executor: more tasks are needed`);
      return ms;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const sides = [...(spark ? (['spark'] as const) : []), ...(cluster ? (['emberloom'] as const) : [])];
  for (let round = 0; round < options.rounds; round++) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const ms = await once(side);
      console.error(`  round ${round + 1} ${side}: ${ms} ms`);
      figures[side].push(ms);
    }
  }
  return figures;
}
