// Which logs the cleaner removes: those that were not written to for too long, then the oldest completed ones while there are too many or they
// are too large together. Pure; removing is service/cleaner.ts. Source: Spark's FsHistoryProvider.cleanLogs.
import type { LogFile } from './log-file.ts';

export type CleanLimits = { readonly maxAgeMs: number; readonly maxCount: number; readonly maxBytes: number };
/** @param isCompleted a log in progress is removed by age only: its application is long dead */
export type CleanCandidate = { readonly log: LogFile; readonly isCompleted: boolean };

export function planCleaning(candidates: readonly CleanCandidate[], limits: CleanLimits, nowMs: number): LogFile[] {
  const removed: LogFile[] = [];
  const kept: CleanCandidate[] = [];
  for (const candidate of candidates) {
    const { log } = candidate;
    // A log whose time is not known (it could not be looked at) is not ours to judge.
    if (log.parts.length > 0 && nowMs - log.changedAtMs > limits.maxAgeMs) removed.push(log);
    else kept.push(candidate);
  }
  let count = kept.length;
  let bytes = kept.reduce((sum, { log }) => sum + log.sizeBytes, 0);
  const oldest = kept
    .filter(({ log, isCompleted }) => isCompleted && log.parts.length > 0)
    .sort((a, b) => a.log.changedAtMs - b.log.changedAtMs || (a.log.key < b.log.key ? -1 : 1));
  for (const { log } of oldest) {
    if (count <= limits.maxCount && bytes <= limits.maxBytes) break;
    removed.push(log);
    count--;
    bytes -= log.sizeBytes;
  }
  return removed;
}
