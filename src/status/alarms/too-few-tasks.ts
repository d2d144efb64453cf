// Too few tasks: a stage that takes its time has fewer tasks than there are slots, so some do nothing.
import { ms } from './facts.ts';
import { type StageRule, stageAlarm } from './rule.ts';

const LEAST_MS = 5_000;

export const tooFewTasks: StageRule = (facts) => {
  const { stage, slots, elapsedMs } = facts;
  if (stage.numTasks >= slots || slots < 2 || elapsedMs < LEAST_MS || stage.status === 'PENDING' || stage.status === 'SKIPPED')
    return undefined;
  return stageAlarm('tooFewTasks', stage.numTasks * 2 <= slots ? 'warning' : 'info', facts, {
    message: `${stage.numTasks} ${stage.numTasks === 1 ? 'task' : 'tasks'} for ${slots} slots: ${slots - stage.numTasks} did nothing in ${ms(elapsedMs)}.`,
    advice: `Ask for at least ${slots * 2} partitions: repartition(${slots * 2}), the last argument of parallelize, textFile and the shuffle methods, or spark.default.parallelism.`,
  });
};
