// The list of applications: what each log's first and last events say, attempts of one application joined, newest first. Pure: logs are
// found and looked into by the service. Source: Spark's FsHistoryProvider and its ApplicationInfoWrapper.
import type { ApplicationAttemptInfo, ApplicationInfo } from '../../status/store/api-types.ts';
import type { LogFile } from './log-file.ts';

/** What the first and last events of a log say. */
export type LogSummary = {
  readonly applicationId: string;
  readonly attemptId: string | undefined;
  readonly name: string;
  readonly user: string;
  readonly sparkVersion: string;
  readonly startedAtMs: number;
  /** undefined: no event says so; it runs, or it was cut off. */
  readonly endedAtMs: number | undefined;
};

export type Attempt = {
  readonly log: LogFile;
  readonly summary: LogSummary;
  /** What is wrong with the log, for people; undefined: nothing. */
  readonly note: string | undefined;
};

/** An application is completed when its log was closed, or says that it ended. */
export const isCompleted = ({ log, summary }: Pick<Attempt, 'log' | 'summary'>): boolean =>
  !log.inProgress || summary.endedAtMs !== undefined;

export function attemptInfo({ log, summary }: Attempt): ApplicationAttemptInfo {
  const completed = isCompleted({ log, summary });
  // A log that was closed without an ApplicationEnd: its last change is the best that is known.
  const endTimeMs = completed ? (summary.endedAtMs ?? log.changedAtMs) : -1;
  return {
    ...(summary.attemptId !== undefined && { attemptId: summary.attemptId }),
    startTimeMs: summary.startedAtMs,
    endTimeMs,
    lastUpdatedMs: log.changedAtMs,
    durationMs: Math.max(0, (completed ? endTimeMs : log.changedAtMs) - summary.startedAtMs),
    sparkUser: summary.user,
    completed,
    appSparkVersion: summary.sparkVersion,
  };
}

/** Attempts numbers count: 10 is after 9. */
const byAttempt = (a: Attempt, b: Attempt): number =>
  b.summary.startedAtMs - a.summary.startedAtMs ||
  Number(b.summary.attemptId ?? 0) - Number(a.summary.attemptId ?? 0) ||
  (a.log.key < b.log.key ? -1 : 1);

/** By application, newest attempt first; of two logs of one attempt the one that changed last. Applications that began last come first. */
export function applicationsOf(attempts: Iterable<Attempt>): ReadonlyMap<string, readonly Attempt[]> {
  const byId = new Map<string, Map<string, Attempt>>();
  for (const attempt of attempts) {
    const { applicationId, attemptId } = attempt.summary;
    let mine = byId.get(applicationId);
    if (mine === undefined) byId.set(applicationId, (mine = new Map()));
    const other = mine.get(attemptId ?? '');
    if (other === undefined || other.log.changedAtMs <= attempt.log.changedAtMs) mine.set(attemptId ?? '', attempt);
  }
  const sorted = [...byId].map(([id, mine]) => [id, [...mine.values()].sort(byAttempt)] as const);
  sorted.sort(([a, [x]], [b, [y]]) => y!.summary.startedAtMs - x!.summary.startedAtMs || (a < b ? -1 : 1));
  return new Map(sorted);
}

export const applicationInfo = (id: string, attempts: readonly Attempt[]): ApplicationInfo => ({
  id,
  name: attempts[0]!.summary.name,
  attempts: attempts.map(attemptInfo),
});
