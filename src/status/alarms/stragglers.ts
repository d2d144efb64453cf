// Stragglers: a task runs far longer than the others without having more to do, or still runs while they have ended long ago.
import { ms, times } from './facts.ts';
import { type StageRule, stageAlarm } from './rule.ts';

const LEAST_TASKS = 4;
const LEAST_MS = 2_000;
const FACTOR = 4;

export const stragglers: StageRule = (facts) => {
  const { measured, durationMs, oldestRunning, stage } = facts;
  if (measured < LEAST_TASKS) return undefined;
  const typical = Math.max(1, durationMs.median);
  const advice =
    'The same work takes longer there: look at that executor (garbage collection, a busy or slow host, its log). spark.speculation=true runs a copy of such tasks elsewhere and takes the first answer.';
  if (oldestRunning !== undefined && oldestRunning.forMs >= LEAST_MS && oldestRunning.forMs >= FACTOR * typical) {
    return stageAlarm('straggler', oldestRunning.forMs >= 10 * typical ? 'serious' : 'warning', facts, {
      message: `Task ${oldestRunning.taskId} on executor ${oldestRunning.executorId} (${oldestRunning.host}) has run for ${ms(oldestRunning.forMs)}, ${times(oldestRunning.forMs / typical)} the median of ${ms(typical)}.`,
      advice,
    });
  }
  const read = stage.shuffleReadBytes > 0 ? facts.shuffleReadBytes : facts.inputBytes;
  const hadMore = read.max > 2 * Math.max(1, read.median); // that is skew
  if (hadMore || durationMs.max < LEAST_MS || durationMs.max < FACTOR * typical) return undefined;
  return stageAlarm('straggler', 'info', facts, {
    message: `The slowest task took ${ms(durationMs.max)}, ${times(durationMs.max / typical)} the median of ${ms(typical)}, and had no more to read.`,
    advice,
  });
};
