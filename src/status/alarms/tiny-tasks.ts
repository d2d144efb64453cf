// Too small tasks: so many and so short that launching them costs more than they do.
import { ms } from './facts.ts';
import { type StageRule, stageAlarm } from './rule.ts';

const LEAST_TASKS = 1_000;
const TINY_MS = 10;
const WORTH_MS = 200;

export const tinyTasks: StageRule = (facts) => {
  const { stage, measured, runMs, slots } = facts;
  if (stage.numTasks < LEAST_TASKS || measured < LEAST_TASKS / 2 || runMs.p75 > TINY_MS) return undefined;
  const enough = Math.max(slots * 3, Math.ceil(runMs.total / WORTH_MS), 1);
  if (enough >= stage.numTasks / 2) return undefined;
  return stageAlarm('tinyTasks', 'info', facts, {
    message: `${stage.numTasks} tasks, half of them done in ${ms(runMs.median)}: ${ms(runMs.total)} of work in all, for ${slots} slots.`,
    advice: `About ${enough} partitions would do: coalesce(${enough}) after reading, a smaller number of partitions at the shuffle, or spark.default.parallelism.`,
  });
};
