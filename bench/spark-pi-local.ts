/** SparkPi on `local[*]`, from submit to exit: what a first try on one's own machine costs. */
import { bench } from './lib/bench.ts';
import { submitOurs } from './lib/emberloom.ts';
import { peerSpark } from './lib/peer-spark.ts';
import { compareSparkPi, SLICES } from './lib/spark-pi.ts';

await bench('spark-pi-local', 5, async (context) => {
  const spark = context.options.peer ? peerSpark(context) : undefined;
  const flags = ['--master', 'local[*]'];
  return compareSparkPi(context, {
    figure: 'SparkPi local[*], submit to exit',
    aim: { text: '≤ 0.2 s', holds: (ours) => ours <= 0.2 },
    peer: spark && (() => spark.submit({ flags, program: 'Pi', arguments: [SLICES] })),
    ours: context.options.ours ? () => submitOurs(context, { flags, program: 'pi.ts', arguments: [SLICES] }) : undefined,
    answerOnStdout: true,
  });
});
