// Spill: data of tasks did not fit into their memory and went to disk and back.
import { bytes, percent } from './facts.ts';
import { type StageRule, stageAlarm } from './rule.ts';

const LEAST_BYTES = 16 * 1024 * 1024;

export const spill: StageRule = (facts) => {
  const { stage } = facts;
  if (stage.diskBytesSpilled < LEAST_BYTES) return undefined;
  const moved = stage.shuffleReadBytes + stage.shuffleWriteBytes + stage.inputBytes;
  const share = moved > 0 ? `, ${percent(stage.diskBytesSpilled / moved)} of what it read and wrote` : '';
  return stageAlarm('spill', stage.diskBytesSpilled > moved ? 'serious' : 'warning', facts, {
    message: `Tasks wrote ${bytes(stage.diskBytesSpilled)} to disk because their memory was full (${bytes(stage.memoryBytesSpilled)} in memory)${share}.`,
    advice: `Smaller tasks or more memory: raise the number of partitions (now ${stage.numTasks}; the last argument of reduceByKey, join and the like, or spark.default.parallelism), or spark.executor.memory, or lower spark.executor.cores so that fewer tasks share it.`,
  });
};
