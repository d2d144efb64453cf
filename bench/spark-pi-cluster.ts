/**
 * SparkPi in cluster mode, from submit to the final report: both submit commands stay until the application has ended.
 * Spark Standalone does so with `spark.standalone.submit.waitAppCompletion`, and then asks the Master after 5 s and every 10 s,
 * so its exit comes late. A second figure takes the instant at which the Master itself knows that the driver has ended, looked up every 50 ms.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { bench, type Figure } from './lib/bench.ts';
import type { Finished } from './lib/command.ts';
import { startCluster, submitOurs } from './lib/emberloom.ts';
import { peerSpark, startStandalone, type Standalone } from './lib/peer-spark.ts';
import { compareSparkPi, SLICES } from './lib/spark-pi.ts';

await bench('spark-pi-cluster', 5, async (context) => {
  const { options } = context;
  const spark = options.peer ? peerSpark(context) : undefined;
  // One core more than for client mode: in cluster mode Standalone's driver holds one of the worker's.
  const standalone = spark && (await startStandalone(spark, context, { cores: 3 }));
  const cluster = options.ours ? await startCluster(context) : undefined;
  const wait = ['--conf', 'spark.standalone.submit.waitAppCompletion=true'];
  const driverSeconds: number[] = [];
  const [figure] = await compareSparkPi(context, {
    figure: 'SparkPi on a warm cluster, cluster mode, submit to final report',
    aim: { text: '≤ 0.4 s', holds: (ours) => ours <= 0.4 },
    peer:
      spark &&
      standalone &&
      (async () => {
        const flags = ['--master', standalone.url, '--deploy-mode', 'cluster', ...wait];
        const [finished, seconds] = await withDriverEnd(standalone, () => spark.submit({ flags, program: 'Pi', arguments: [SLICES] }));
        driverSeconds.push(seconds);
        return finished;
      }),
    ours:
      cluster &&
      (() =>
        submitOurs(context, {
          flags: ['--master', 'yarn', '--deploy-mode', 'cluster'],
          program: 'pi.ts',
          arguments: [SLICES],
          env: cluster.env,
        })),
    answerOnStdout: false,
  });
  if (figure === undefined) return [];
  // The first run is the one that compareSparkPi does not count.
  const known: Figure = { ...figure, name: 'the same, until the cluster knows of the end', peer: driverSeconds.slice(1) };
  return [figure, known];
});

/** @throws Error when the submit command ends before the Master has counted the driver among the finished */
async function withDriverEnd(standalone: Standalone, submit: () => Promise<Finished>): Promise<[Finished, number]> {
  const before = await standalone.finishedDrivers();
  const from = performance.now();
  let submitted = true;
  const finished = submit().finally(() => {
    submitted = false;
  });
  // A submit that fails is reported below, by awaiting it; not as an unhandled rejection meanwhile.
  finished.catch(() => undefined);
  let seconds: number | undefined;
  while (submitted && seconds === undefined) {
    if ((await standalone.finishedDrivers()) > before) seconds = (performance.now() - from) / 1000;
    else await pause(50);
  }
  const result = await finished;
  if (seconds === undefined) throw new Error(`the driver did not end well:\n${result.stderr}`);
  return [result, seconds];
}
