// Whether a setting of SQL may be set while a session runs, and to this value: what spark.conf.set and SET ask before they take it. Which settings there
// are is spark-keys.ts. Source: SQLConf.setConfString, ConfigBuilder and RuntimeConfigImpl of Spark 4.2.
import type { Key } from './key.ts';
import { SparkIllegalArgumentException } from './spark-error.ts';
import { SPARK_KEYS } from './spark-keys.ts';

const KNOWN: ReadonlyMap<string, Key> = new Map(Object.values(SPARK_KEYS).map((k) => [k.name, k as Key]));
/** Read once, when the first session begins. Source: StaticSQLConf. */
const STATIC = new Set([
  'spark.sql.warehouse.dir',
  'spark.sql.catalogImplementation',
  'spark.sql.extensions',
  'spark.sql.globalTempDatabase',
  'spark.sql.ui.retainedExecutions',
  'spark.emberloom.sql.extensionsDirectory',
]);
/** Spark keeps these among the session's, where they change nothing. */
const TAKEN = new Set(['spark.app.name', 'spark.app.id', 'spark.local.dir', 'spark.master']);
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'spark.sql.functionResolution.sessionOrder': ['first', 'second', 'last'],
  'spark.sql.mapKeyDedupPolicy': ['EXCEPTION', 'LAST_WIN'],
  'spark.sql.parquet.compression.codec': ['brotli', 'uncompressed', 'lzo', 'snappy', 'lz4_raw', 'none', 'zstd', 'lz4', 'gzip'],
  'spark.sql.sources.partitionOverwriteMode': ['DYNAMIC', 'STATIC'],
  'spark.sql.storeAssignmentPolicy': ['ANSI', 'LEGACY', 'STRICT'],
  'spark.sql.timestampType': ['TIMESTAMP_NTZ', 'TIMESTAMP_LTZ'],
};
const LONGS = new Set(['spark.sql.files.maxRecordsPerFile']);
const REQUIREMENTS: Readonly<Record<string, readonly [isMet: (value: number) => boolean, words: string]>> = {
  'spark.sql.shuffle.partitions': [(n) => n > 0, 'The value of spark.sql.shuffle.partitions must be positive'],
};
const SIZE_WORDS =
  'Size must be specified as bytes (b), kibibytes (k), mebibytes (m), gibibytes (g), tebibytes (t), or pebibytes(p). E.g. 50b, 100k, or 250m.';
const TIME_WORDS =
  'Time must be specified as seconds (s), milliseconds (ms), microseconds (us), minutes (m or min), hour (h), or day (d). E.g. 50s, 100ms, or 250us.';

const isOfSession = (name: string): boolean => /^spark\.(emberloom\.)?sql\./.test(name);
/** Whether spark.conf.set of it changes what comes later. */
export const isModifiable = (name: string): boolean => isOfSession(name) && KNOWN.has(name) && !STATIC.has(name);
/** What RESET leaves as it is. */
export const isStaticSetting = (name: string): boolean => STATIC.has(name);

/** @throws SparkIllegalArgumentException CANNOT_MODIFY_STATIC_CONFIG, CANNOT_MODIFY_CONFIG */
export function checkModifiable(name: string): void {
  if (STATIC.has(name)) refuse('CANNOT_MODIFY_STATIC_CONFIG', `Cannot modify the value of the static Spark config: "${name}".`);
  if (KNOWN.has(name) && !isOfSession(name) && !TAKEN.has(name))
    refuse('CANNOT_MODIFY_CONFIG', `Cannot modify the value of the Spark config: "${name}".`);
  function refuse(condition: string, words: string): never {
    throw new SparkIllegalArgumentException(condition, '46110', words, { key: `"${name}"` });
  }
}

/**
 * @param isZone whether there is such a time zone
 * @throws SparkIllegalArgumentException INVALID_CONF_VALUE.…
 */
export function checkValue(name: string, value: string, isZone: (zone: string) => boolean): void {
  const refuse = (why: string, words: string, more: Readonly<Record<string, string>> = {}): never => {
    const said = `The value '${value}' in the config "${name}" is invalid. ${words}`;
    throw new SparkIllegalArgumentException(`INVALID_CONF_VALUE.${why}`, '22022', said, { confName: name, confValue: value, ...more });
  };
  const require = (holds: boolean, confRequirement: string) => holds || refuse('REQUIREMENT', confRequirement, { confRequirement });
  const typed = (holds: boolean, confType: string) =>
    holds || refuse('TYPE_MISMATCH', `It should be a/an '${confType}' value.`, { confType });
  if (!isOfSession(name)) return;
  const text = value.trim();
  if (name === 'spark.sql.session.timeZone' && !isZone(text)) refuse('TIME_ZONE', 'Cannot resolve the given timezone.');
  const options = OPTIONS[name];
  if (options !== undefined && !options.some((o) => o.toLowerCase() === text.toLowerCase())) {
    const confOptions = options.join(', ');
    refuse('OUT_OF_RANGE_OF_OPTIONS', `It should be one of '${confOptions}'.`, { confOptions });
  }
  const known = KNOWN.get(name);
  switch (known?.unit) {
    case 'bool':
      typed(/^(true|false)$/i.test(text), 'boolean');
      break;
    case 'count':
      typed(/^[+-]?\d+$/.test(text) && Math.abs(Number(text)) < (LONGS.has(name) ? 2 ** 53 : 2 ** 31), LONGS.has(name) ? 'long' : 'int');
      break;
    case 'ratio':
      typed(text !== '' && Number.isFinite(Number(text)), 'double');
      break;
    case 'bytes':
    case 'kib':
    case 'MB':
      require(/^-?\d+\s*([kmgtp]i?b?|b)?$/i.test(text), SIZE_WORDS);
      break;
    case 'ms':
    case 'seconds':
      require(/^-?\d+\s*(us|ms|s|m|min|h|d)?$/i.test(text), TIME_WORDS);
      break;
    default:
  }
  const [isMet, words] = REQUIREMENTS[name] ?? [];
  if (isMet !== undefined) require(isMet(Number(text)), words!);
}
