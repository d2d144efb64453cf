// Garbage collection takes a large part of the tasks' time: their heaps are nearly full.
import { ms, percent } from './facts.ts';
import { type StageRule, stageAlarm } from './rule.ts';

const LEAST_MS = 2_000;
const SHARE = 0.1;
const SERIOUS = 0.3;

export const garbageCollection: StageRule = (facts) => {
  const { stage } = facts;
  const share = stage.executorRunTime > 0 ? stage.jvmGcTime / stage.executorRunTime : 0;
  if (stage.jvmGcTime < LEAST_MS || share < SHARE) return undefined;
  return stageAlarm('gc', share >= SERIOUS ? 'serious' : 'warning', facts, {
    message: `${percent(share)} of the tasks' run time was garbage collection (${ms(stage.jvmGcTime)} of ${ms(stage.executorRunTime)}).`,
    advice:
      'The heaps are nearly full: raise spark.executor.memory, lower spark.executor.cores, ask for more partitions, cache with MEMORY_AND_DISK_SER or DISK_ONLY, and unpersist what is no longer read.',
  });
};
