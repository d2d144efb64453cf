// The list of applications as the page shows it: found, filtered, sorted and cut to one page by the server, since there may be 100,000. The
// ResourceManager lends its applications through an AppReader; nothing is copied but the rows that are shown.
import { type Field, matches, wordsOf } from './search-words.ts';
import { type Order, selectPage, type TableQuery } from './select-page.ts';

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

export type AppQuery = TableQuery<SortKey>;
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
  const byAge = query.sortBy === 'id';
  const byState: Record<string, number> = {};
  const found: A[] = [];
  const keys: (number | string)[] = [];
  let looked = 0;
  for (const app of reader.all()) {
    if (++looked % AT_ONCE === 0) await pause();
    if (words.length > 0 && !matches(words, (field) => reader.text(app, field))) continue;
    const state = reader.state(app);
    byState[state] = (byState[state] ?? 0) + 1;
    if (wanted.size > 0 && !wanted.has(state)) continue;
    found.push(app);
    if (!byAge) keys.push(reader.sortBy(app, query.sortBy));
  }
  await pause();
  const { offset, length, descending } = query;
  const shown = byAge
    ? pageByAge(found.length, offset, length, descending)
    : selectPage(found.length, orderOf(keys, descending), offset, length);
  return { total: found.length, byState, rows: shown.map((i) => reader.row(found[i]!)) };
}

/** They come in order of age: nothing is to be sorted. */
function pageByAge(count: number, offset: number, length: number, descending: boolean): number[] {
  const shown = Math.max(0, Math.min(length, count - offset));
  return Array.from({ length: shown }, (_, i) => (descending ? count - 1 - offset - i : offset + i));
}

/** Equal ones by age. */
function orderOf(keys: readonly (number | string)[], descending: boolean): Order {
  const sign = descending ? -1 : 1;
  // Numbers side by side are compared in half the time.
  const column = typeof keys[0] === 'number' ? Float64Array.from(keys as readonly number[]) : keys;
  return (a, b) => {
    const x = column[a]!;
    const y = column[b]!;
    if (x === y) return sign * (a - b);
    return x < y ? -sign : sign;
  };
}
