// Two runs side by side, as the history server answers and pages and commands show it. How stages are aligned: src/history/core/compare.ts.

/** Sums of a stage or of all; times in ms. */
export type Cost = {
  readonly durationMs: number;
  readonly tasks: number;
  readonly failedTasks: number;
  readonly runTimeMs: number;
  readonly cpuTimeMs: number;
  readonly gcTimeMs: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly shuffleReadBytes: number;
  readonly shuffleWriteBytes: number;
  readonly memorySpilledBytes: number;
  readonly diskSpilledBytes: number;
};
export type StageSide = {
  readonly stageId: number;
  readonly attemptId: number;
  readonly name: string;
  readonly status: string;
  readonly cost: Cost;
};
/** One side is missing: only the other run has such a stage. */
export type StagePair = {
  readonly left: StageSide | undefined;
  readonly right: StageSide | undefined;
  readonly by: 'name' | 'position' | 'none';
};
export type RunSide = {
  readonly id: string;
  readonly attemptId: string | undefined;
  readonly name: string;
  readonly startTimeMs: number;
  readonly durationMs: number;
  readonly completed: boolean;
  readonly total: Cost;
};
export type Comparison = { readonly left: RunSide; readonly right: RunSide; readonly stages: readonly StagePair[] };
