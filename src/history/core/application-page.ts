// One page of the list of applications, in the order and with the words that were asked for. Pure.
import type { ApplicationAttemptInfo, ApplicationInfo } from '../../status/store/api-types.ts';

export type ApplicationPage = {
  readonly offset: number;
  readonly length: number;
  /** id, name, startTime, endTime, duration, sparkUser, lastUpdated, sparkVersion; another name: the order they came in. */
  readonly sortBy: string;
  readonly descending: boolean;
  /** In id, name, user or version; any case. */
  readonly search: string;
  /** undefined: all. */
  readonly completed: boolean | undefined;
};

type Newest = (app: ApplicationInfo, attempt: ApplicationAttemptInfo) => string | number;
const SORTS: Readonly<Record<string, Newest>> = {
  id: (app) => app.id,
  name: (app) => app.name.toLowerCase(),
  startTime: (_, attempt) => attempt.startTimeMs,
  endTime: (_, attempt) => (attempt.completed ? attempt.endTimeMs : Number.POSITIVE_INFINITY),
  duration: (_, attempt) => attempt.durationMs,
  lastUpdated: (_, attempt) => attempt.lastUpdatedMs,
  sparkUser: (_, attempt) => attempt.sparkUser.toLowerCase(),
  sparkVersion: (_, attempt) => attempt.appSparkVersion,
};

/** @param all each with at least one attempt, the newest first: it speaks for the application */
export function applicationPage(
  all: readonly ApplicationInfo[],
  page: ApplicationPage,
): { total: number; applications: readonly ApplicationInfo[] } {
  const words = page.search.toLowerCase();
  const found = all.filter((app) => {
    const attempt = app.attempts[0]!;
    if (page.completed !== undefined && attempt.completed !== page.completed) return false;
    return [app.id, app.name, attempt.sparkUser, attempt.appSparkVersion].some((text) => text.toLowerCase().includes(words));
  });
  const by = Object.hasOwn(SORTS, page.sortBy) ? SORTS[page.sortBy] : undefined;
  if (by !== undefined) {
    const value = new Map(found.map((app) => [app, by(app, app.attempts[0]!)] as const));
    found.sort((a, b) => (value.get(a)! < value.get(b)! ? -1 : value.get(a)! > value.get(b)! ? 1 : a.id < b.id ? -1 : 1));
    if (page.descending) found.reverse();
  }
  return { total: found.length, applications: found.slice(page.offset, page.offset + page.length) };
}
