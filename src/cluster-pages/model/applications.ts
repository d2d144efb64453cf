// The list of applications as the page shows it: found, filtered, sorted and cut to one page by the server, since there may be 100,000. The
// ResourceManager lends its applications through an AppReader; nothing is copied but the rows that are shown.
import { type Field, matches, wordsOf } from './search-words.ts';
import { selectPage } from './select-page.ts';

export type AppRow = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly user: string;
  readonly queue: string;
  readonly tags: readonly string[];
  readonly priority: number;
  readonly state: string;
  readonly finalStatus: string;
  /** 0 to 100. */
  readonly progress: number;
  readonly submittedAtMs: number;
  /** 0: not yet. */
  readonly launchedAtMs: number;
  readonly finishedAtMs: number;
  readonly containers: number;
  readonly memoryMb: number;
  readonly vcores: number;
  readonly others: Readonly<Record<string, number>>;
  /** One sentence with numbers; '' when it waits for nothing. */
  readonly waiting: string;
  /** The driver has pages, to be reached below /proxy/ID/. */
  readonly hasPages: boolean;
};

export const SORT_KEYS = [
  'id',
  'name',
  'type',
  'user',
  'queue',
  'priority',
  'state',
  'finalStatus',
  'progress',
  'submittedAtMs',
  'launchedAtMs',
  'finishedAtMs',
  'containers',
  'memoryMb',
  'vcores',
  'elapsedMs',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export type AppReader<A> = {
  /** In order of submission. */
  readonly all: () => Iterable<A>;
  readonly state: (app: A) => string;
  readonly text: (app: A, field: Field) => string;
  readonly sortBy: (app: A, key: SortKey) => number | string;
  readonly row: (app: A) => AppRow;
};

export type AppQuery = {
  readonly offset: number;
  readonly length: number;
  readonly sortBy: SortKey;
  readonly descending: boolean;
  readonly search: string;
  /** None: all. */
  readonly states: readonly string[];
};
export type AppTable = {
  /** That match the search and the states. */
  readonly total: number;
  /** That match the search, by state. */
  readonly byState: Readonly<Record<string, number>>;
  readonly rows: readonly AppRow[];
};

/** Applications between two pauses: about a millisecond's work, so that the daemon's other work is not held up. */
const AT_ONCE = 5_000;

/** @param pause lets the daemon's other work go first */
export async function applicationTable<A>(reader: AppReader<A>, query: AppQuery, pause: () => Promise<void>): Promise<AppTable> {
  const words = wordsOf(query.search);
  const wanted = new Set(query.states);
  const byState: Record<string, number> = {};
  const found: A[] = [];
  let looked = 0;
  for (const app of reader.all()) {
    if (++looked % AT_ONCE === 0) await pause();
    if (words.length > 0 && !matches(words, (field) => reader.text(app, field))) continue;
    const state = reader.state(app);
    byState[state] = (byState[state] ?? 0) + 1;
    if (wanted.size === 0 || wanted.has(state)) found.push(app);
  }
  const keys = query.sortBy === 'id' ? undefined : found.map((app) => reader.sortBy(app, query.sortBy));
  await pause();
  const sign = query.descending ? -1 : 1;
  const order = (a: number, b: number): number => {
    const x = keys?.[a];
    const y = keys?.[b];
    if (x !== undefined && y !== undefined && x !== y) return x < y ? -sign : sign;
    return sign * (a - b); // by age
  };
  const rows = selectPage(found.length, order, query.offset, query.length).map((i) => reader.row(found[i]!));
  return { total: found.length, byState, rows };
}
