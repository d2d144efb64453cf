// Cores without work: the stage had tasks enough and slots were there, yet tasks ran only part of the time.
import { ms, percent } from './facts.ts';
import { type StageRule, stageAlarm } from './rule.ts';

const LEAST_MS = 5_000;
const BUSY_ENOUGH = 0.5;

export const idleCores: StageRule = (facts) => {
  const { stage, slots, elapsedMs, schedulerDelayMs } = facts;
  if (stage.status !== 'COMPLETE' || slots === 0 || elapsedMs < LEAST_MS || stage.numTasks < slots) return undefined;
  const busy = stage.executorRunTime / (elapsedMs * slots);
  if (busy >= BUSY_ENOUGH) return undefined;
  return stageAlarm('idleCores', 'info', facts, {
    message: `${slots} slots worked ${percent(busy)} of the ${ms(elapsedMs)} that the stage took; the median task waited ${ms(schedulerDelayMs.median)} besides its work.`,
    advice:
      'Look at the timeline: gaps at the end are a straggler or skew, gaps everywhere are tasks that are too short or wait for locality (spark.locality.wait), gaps at the start are executors that came late. spark.dynamicAllocation.enabled=true gives idle ones back.',
  });
};
