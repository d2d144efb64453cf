// Skew: one task of a stage read far more than most, so all wait for it.
import { bytes, ms, times } from './facts.ts';
import { type StageRule, stageAlarm } from './rule.ts';

const LEAST_TASKS = 4;
const LEAST_BYTES = 1024 * 1024;
const LEAST_MS = 1_000;
const FACTOR = 5;

export const skew: StageRule = (facts) => {
  const { measured, runMs, stage } = facts;
  if (measured < LEAST_TASKS || runMs.max < LEAST_MS) return undefined;
  const shuffled = stage.shuffleReadBytes > 0;
  const read = shuffled ? facts.shuffleReadBytes : facts.inputBytes;
  if (read.max < LEAST_BYTES || read.max < FACTOR * Math.max(1, read.p75) || runMs.max < 2 * Math.max(1, runMs.median)) return undefined;
  return stageAlarm('skew', runMs.max >= 10 * runMs.median ? 'serious' : 'warning', facts, {
    message: `The largest task read ${bytes(read.max)}, ${times(read.max / Math.max(1, read.p75))} what three quarters of the tasks read at most (${bytes(read.p75)}); it ran ${ms(runMs.max)}, the median ${ms(runMs.median)}.`,
    advice: shuffled
      ? 'A few keys have most of the rows. Use reduceByKey or aggregateByKey instead of groupByKey (they combine before the shuffle), spread hot keys by a random prefix and combine twice, or join the small side by broadcast.'
      : 'One input split is far larger than the others. Ask for more partitions (textFile(path, minPartitions)), split the large file, or repartition after reading.',
  });
};
