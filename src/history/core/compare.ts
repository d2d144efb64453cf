// Two runs side by side: their stages aligned, by what they do (the name without line numbers) and else by their order, and for each pair what
// it cost in both. Pure: made of the REST API's objects. Spark has nothing like it.
import type { Comparison, Cost, RunSide, StagePair, StageSide } from '../../status/comparison.ts';
import type { ApplicationInfo, StageData } from '../../status/store/api-types.ts';

export type RunOfComparison = {
  readonly application: ApplicationInfo;
  readonly attemptId: string | undefined;
  /** The last attempt of each stage that ran. */
  readonly stages: readonly StageData[];
};

/** Above it, a table of all pairs would be too large: stages are paired by position only. */
const MOST_TO_ALIGN = 2_000;

export function compareRuns(left: RunOfComparison, right: RunOfComparison): Comparison {
  return { left: runSide(left), right: runSide(right), stages: alignStages(ordered(left.stages), ordered(right.stages)) };
}

const ordered = (stages: readonly StageData[]): StageData[] => {
  const last = new Map<number, StageData>();
  for (const stage of stages) {
    if (stage.submissionTimeMs === undefined) continue; // skipped: its output was there already
    const before = last.get(stage.stageId);
    if (before === undefined || before.attemptId < stage.attemptId) last.set(stage.stageId, stage);
  }
  return [...last.values()].sort((a, b) => a.stageId - b.stageId);
};

/** `map at job.ts:14` and `map at job.ts:20` do the same: lines move when a program is edited. */
const sameName = (stage: StageData): string => stage.name.replace(/:\d+(:\d+)?/g, '').replace(/\d{4,}/g, '#');

/** The longest common sequence of names; between its pairs, what is left on both sides is paired in order. */
export function alignStages(left: readonly StageData[], right: readonly StageData[]): StagePair[] {
  const pairs: StagePair[] = [];
  const paired = left.length > MOST_TO_ALIGN || right.length > MOST_TO_ALIGN ? [] : commonSequence(left.map(sameName), right.map(sameName));
  let [i, j] = [0, 0];
  const gap = (toI: number, toJ: number): void => {
    while (i < toI && j < toJ) pairs.push({ left: side(left[i++]!), right: side(right[j++]!), by: 'position' });
    while (i < toI) pairs.push({ left: side(left[i++]!), right: undefined, by: 'none' });
    while (j < toJ) pairs.push({ left: undefined, right: side(right[j++]!), by: 'none' });
  };
  for (const [a, b] of paired) {
    gap(a, b);
    pairs.push({ left: side(left[i++]!), right: side(right[j++]!), by: 'name' });
  }
  gap(left.length, right.length);
  return pairs;
}

function commonSequence(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i * width + j] =
        a[i] === b[j] ? length[(i + 1) * width + j + 1]! + 1 : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
  const found: [number, number][] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) found.push([i++, j++]);
    else if (length[(i + 1) * width + j]! >= length[i * width + j + 1]!) i++;
    else j++;
  }
  return found;
}

const side = (stage: StageData): StageSide => ({
  stageId: stage.stageId,
  attemptId: stage.attemptId,
  name: stage.name,
  status: stage.status,
  cost: costOf([stage]),
});

function costOf(stages: readonly StageData[]): Cost {
  const sum = (value: (stage: StageData) => number): number => stages.reduce((total, stage) => total + value(stage), 0);
  return {
    durationMs: sum((s) => Math.max(0, (s.completionTimeMs ?? s.submissionTimeMs ?? 0) - (s.submissionTimeMs ?? 0))),
    tasks: sum((s) => s.numTasks),
    failedTasks: sum((s) => s.numFailedTasks),
    runTimeMs: sum((s) => s.executorRunTime),
    cpuTimeMs: sum((s) => s.executorCpuTime / 1e6),
    gcTimeMs: sum((s) => s.jvmGcTime),
    inputBytes: sum((s) => s.inputBytes),
    outputBytes: sum((s) => s.outputBytes),
    shuffleReadBytes: sum((s) => s.shuffleReadBytes),
    shuffleWriteBytes: sum((s) => s.shuffleWriteBytes),
    memorySpilledBytes: sum((s) => s.memoryBytesSpilled),
    diskSpilledBytes: sum((s) => s.diskBytesSpilled),
  };
}

function runSide({ application, attemptId, stages }: RunOfComparison): RunSide {
  const attempt = application.attempts.find((a) => attemptId === undefined || a.attemptId === attemptId) ?? application.attempts[0]!;
  return {
    id: application.id,
    attemptId: attempt.attemptId,
    name: application.name,
    startTimeMs: attempt.startTimeMs,
    durationMs: attempt.durationMs,
    completed: attempt.completed,
    total: costOf(stages.filter((stage) => stage.submissionTimeMs !== undefined)),
  };
}
