// What a stage asks of executors and for each of its tasks, as data that RDD nodes carry. What users write is rdd/resource-profile.ts, what
// becomes of it driver/core/resource-profiles.ts. Source: Spark's ResourceProfile, TaskResourceProfile.

/** Names as in Spark: `cores`, `memory`, `memoryOverhead`, `offHeap` (MiB) of an executor; `cpus` of a task. */
export type Amounts = ReadonlyMap<string, number>;

export type StageResources = {
  readonly id: number;
  /** Empty: only tasks differ. What is not said is as in the settings. */
  readonly executorAmounts: Amounts;
  readonly taskAmounts: Amounts;
};

export const DEFAULT_PROFILE_ID = 0;
let nextId = DEFAULT_PROFILE_ID + 1;

/** One that asks for this; its id is new in the process. */
export const stageResources = (executorAmounts: Amounts, taskAmounts: Amounts): StageResources => ({
  id: nextId++,
  executorAmounts,
  taskAmounts,
});
