// A large closure: most of the tasks' time before they work goes into taking apart the functions and values that were sent with them.
import { ms, percent } from './facts.ts';
import { type StageRule, stageAlarm } from './rule.ts';

const LEAST_MS = 1_000;
const SHARE = 0.25;

export const largeClosure: StageRule = (facts) => {
  const { stage } = facts;
  const whole = stage.executorRunTime + stage.executorDeserializeTime;
  const share = whole > 0 ? stage.executorDeserializeTime / whole : 0;
  if (stage.executorDeserializeTime < LEAST_MS || share < SHARE) return undefined;
  return stageAlarm('largeClosure', 'warning', facts, {
    message: `Tasks spent ${ms(stage.executorDeserializeTime)} (${percent(share)} of their time) taking apart the functions and values that were sent with them.`,
    advice:
      'A function uses a large value of the driver: pass it as sc.broadcast(value) and read .value in the function. spark.closure.warnSizeKb names the function in the log.',
  });
};
