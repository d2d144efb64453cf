// The settings of the history server (spark.history.*), with Spark's names, defaults and meaning; read from conf/spark-defaults.conf,
// --properties-file and SPARK_HISTORY_OPTS. What it writes itself (emberloom.history.*) has names of ours. docs/CONFIG.md is written from this list.
import { AppError } from './errors.ts';
import { type Key, key, parseValue, type Unit, type ValueOf } from './key.ts';

export const HISTORY_KEYS = {
  logDirectory: key({
    name: 'spark.history.fs.logDirectory',
    unit: 'text',
    fallback: 'file:/tmp/spark-events',
    since: '0.2',
    doc: 'Folder of event logs: a path, or file:/path. Applications write there with spark.eventLog.enabled and spark.eventLog.dir.',
  }),
  updateIntervalMs: key({
    name: 'spark.history.fs.update.interval',
    unit: 'ms',
    fallback: '10s',
    since: '0.2',
    doc: 'How often the folder is looked through for logs that are new or have grown. A bare number counts seconds, as in Spark.',
  }),
  port: key({
    name: 'spark.history.ui.port',
    unit: 'count',
    fallback: '18080',
    since: '0.2',
    doc: 'Port of pages and REST API. 0: any free one.',
  }),
  bindAddress: key({
    name: 'emberloom.history.ui.bindAddress',
    unit: 'text',
    fallback: '127.0.0.1',
    since: '0.2',
    doc: 'Address that the server listens at. Whoever reaches it reads all logs: put a proxy with a login before it to open it to others.',
  }),
  maxApplications: key({
    name: 'spark.history.ui.maxApplications',
    unit: 'count',
    fallback: undefined,
    since: '0.2',
    doc: 'Applications in the list, the newest. Others are found by their address still. Default: all.',
  }),
  retainedApplications: key({
    name: 'spark.history.retainedApplications',
    unit: 'count',
    fallback: '50',
    since: '0.2',
    doc: 'Applications whose indexes stay open, the last ones used: each costs memory for its jobs and stages.',
  }),
  storePath: key({
    name: 'spark.history.store.path',
    unit: 'text',
    fallback: undefined,
    since: '0.2',
    doc: 'Folder of the indexes, one SQLite file a log. A cache: it can be removed while no server runs. Default: history/ under EMBERLOOM_DATA.',
  }),
  maxDiskUsage: key({
    name: 'spark.history.store.maxDiskUsage',
    unit: 'bytes',
    fallback: '10g',
    since: '0.2',
    doc: 'Size of all indexes together. Above it those that were not used for longest go; they are made anew when asked for.',
  }),
  indexAhead: key({
    name: 'emberloom.history.indexAhead',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'Read logs into their indexes as they come, one at a time, so that pages open at once. Off: at the first visit.',
  }),
  maxFilesToRetain: key({
    name: 'spark.history.fs.eventLog.rolling.maxFilesToRetain',
    unit: 'count',
    fallback: '2147483647',
    since: '0.2',
    doc: 'Of a rolled log with more files than this the older ones are compacted into one, without what concerns ended jobs (docs/HISTORY.md). Above 0. Default: never.',
  }),
  compactionScore: key({
    name: 'spark.history.fs.eventLog.rolling.compaction.score.threshold',
    unit: 'ratio',
    fallback: '0.7',
    since: '0.2',
    doc: 'Share of the tasks of those files that must be over before they are compacted, 0 to 1.',
  }),
  cleanerEnabled: key({
    name: 'spark.history.fs.cleaner.enabled',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Remove old logs from the folder, by age, number and size.',
  }),
  cleanerIntervalMs: key({
    name: 'spark.history.fs.cleaner.interval',
    unit: 'ms',
    fallback: '1d',
    since: '0.2',
    doc: 'How often the cleaner looks. A bare number counts seconds, as in Spark.',
  }),
  cleanerMaxAgeMs: key({
    name: 'spark.history.fs.cleaner.maxAge',
    unit: 'ms',
    fallback: '7d',
    since: '0.2',
    doc: 'A log that was not written to for longer is removed. A bare number counts seconds, as in Spark.',
  }),
  cleanerMaxNum: key({
    name: 'spark.history.fs.cleaner.maxNum',
    unit: 'count',
    fallback: '2147483647',
    since: '0.2',
    doc: 'With more logs than this the oldest completed ones are removed.',
  }),
  cleanerMaxBytes: key({
    name: 'emberloom.history.fs.cleaner.maxSize',
    unit: 'bytes',
    fallback: undefined,
    since: '0.2',
    doc: 'When all logs together are larger than this the oldest completed ones are removed. Default: no limit.',
  }),
};

/** Spark reads a bare number of these in seconds. */
const IN_SECONDS: ReadonlySet<string> = new Set([
  HISTORY_KEYS.updateIntervalMs.name,
  HISTORY_KEYS.cleanerIntervalMs.name,
  HISTORY_KEYS.cleanerMaxAgeMs.name,
]);

export class HistorySettings {
  readonly #values: ReadonlyMap<string, { readonly value: string; readonly where: string }>;

  /** @param sources later ones win; names that are not of the history server are others' */
  constructor(sources: readonly { readonly where: string; readonly pairs: Iterable<readonly [string, string]> }[]) {
    const values = new Map<string, { value: string; where: string }>();
    for (const { where, pairs } of sources) for (const [name, value] of pairs) values.set(name, { value, where });
    this.#values = values;
    for (const k of Object.values(HISTORY_KEYS) as Key[]) this.get(k);
    this.#within(HISTORY_KEYS.maxFilesToRetain, (n) => n > 0, 'a whole number above 0');
    this.#within(HISTORY_KEYS.compactionScore, (n) => n >= 0 && n <= 1, 'a number from 0 to 1');
  }

  /** @throws AppError CONFIG_BAD_VALUE */
  get<U extends Unit>(k: Key<U>): ValueOf<U> | undefined {
    const found = this.#values.get(k.name);
    const value = found?.value ?? k.fallback;
    if (value === undefined) return undefined;
    const text = IN_SECONDS.has(k.name) && /^\d+$/.test(value.trim()) ? `${value.trim()}s` : value;
    return parseValue(k, text, found?.where ?? 'default');
  }

  #within(k: Key<'count' | 'ratio'>, fits: (value: number) => boolean, expected: string): void {
    if (fits(this.need(k))) return;
    const { value, where } = this.#values.get(k.name)!;
    throw new AppError('CONFIG_BAD_VALUE', { key: k.name, value, expected, where });
  }

  /** For keys that have a fallback. */
  need<U extends Unit>(k: Key<U>): ValueOf<U> {
    return this.get(k)!;
  }
}
