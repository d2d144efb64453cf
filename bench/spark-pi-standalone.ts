/** SparkPi from submit to exit on a warm cluster in client mode: Spark Standalone beside our ResourceManager, one worker each. */
import { bench } from './lib/bench.ts';
import { startCluster, submitOurs } from './lib/emberloom.ts';
import { peerSpark, startStandalone } from './lib/peer-spark.ts';
import { compareSparkPi, SLICES } from './lib/spark-pi.ts';

await bench('spark-pi-standalone', 5, async (context) => {
  const { options } = context;
  const spark = options.peer ? peerSpark(context) : undefined;
  const standalone = spark && (await startStandalone(spark, context, { cores: 2 }));
  const cluster = options.ours ? await startCluster(context) : undefined;
  return compareSparkPi(context, {
    figure: 'SparkPi on a warm cluster, client mode, submit to exit',
    aim: { text: '≤ 0.25 s and 50 times faster', holds: (ours, ratio) => ours <= 0.25 && (ratio === undefined || ratio >= 50) },
    peer:
      spark &&
      standalone &&
      (() => spark.submit({ flags: ['--master', standalone.url, '--deploy-mode', 'client'], program: 'Pi', arguments: [SLICES] })),
    ours:
      cluster &&
      (() =>
        submitOurs(context, {
          flags: ['--master', 'yarn', '--deploy-mode', 'client'],
          program: 'pi.ts',
          arguments: [SLICES],
          env: cluster.env,
        })),
    answerOnStdout: true,
  });
});
