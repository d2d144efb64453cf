/** Two executors of one core and little memory, on Spark Standalone and on our cluster: where spills and lost executors are measured. */
import type { Context } from './bench.ts';
import { startCluster } from './emberloom.ts';
import { peerSpark, startStandalone } from './peer-spark.ts';
import type { Place } from './sides.ts';

/** @param memory of each executor, as the flag takes it */
export async function twoExecutors(context: Context, memory: string): Promise<Place> {
  const spark = context.options.peer ? peerSpark(context) : undefined;
  const standalone = spark && (await startStandalone(spark, context, { cores: 2 }));
  const cluster = context.options.ours ? await startCluster(context) : undefined;
  const executors = ['--executor-cores', '1', '--executor-memory', memory];
  return {
    spark,
    sparkFlags: ['--master', standalone?.url ?? '', ...executors, '--total-executor-cores', '2'],
    oursFlags: ['--master', 'yarn', ...executors, '--num-executors', '2'],
    ...(cluster && { env: cluster.env, pids: cluster.pids }),
  };
}
