// SET, RESET, SET TIME ZONE. Source: SetCommand and ResetCommand of Spark 4.2.
import { checkModifiable, checkValue, isStaticSetting } from '../../../../common/check-setting.ts';
import { kernelZone } from '../../../../common/kernel-zone.ts';
import { isDefaultPath } from '../../catalog/search-path.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { isTimeZone } from '../../kernel/time-zones.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import type { Command } from '../../plan/commands.ts';
import type { CommandContext } from './command-context.ts';
import { noResult, resultRows, text } from './results.ts';
import { redacted } from './table-details.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** What SET shows of settings that nobody has set. Source: SQLConf's defaults. */
const DEFAULTS: Readonly<Record<string, string>> = {
  'spark.sql.ansi.enabled': 'true',
  'spark.sql.adaptive.enabled': 'true',
  'spark.sql.autoBroadcastJoinThreshold': '10485760b',
  'spark.sql.caseSensitive': 'false',
  'spark.sql.columnNameOfCorruptRecord': '_corrupt_record',
  'spark.sql.files.ignoreCorruptFiles': 'false',
  'spark.sql.files.ignoreMissingFiles': 'false',
  'spark.sql.files.maxPartitionBytes': '134217728b',
  'spark.sql.files.maxRecordsPerFile': '0',
  'spark.sql.legacy.viewSchemaBindingMode': 'true',
  'spark.sql.legacy.viewSchemaCompensation': 'true',
  'spark.sql.parquet.compression.codec': 'snappy',
  'spark.sql.parquet.mergeSchema': 'false',
  'spark.sql.shuffle.partitions': '200',
  'spark.sql.sources.default': 'parquet',
  'spark.sql.sources.partitionColumnTypeInference.enabled': 'true',
  'spark.sql.sources.partitionOverwriteMode': 'STATIC',
  'spark.sql.storeAssignmentPolicy': 'ANSI',
  'spark.sql.warehouse.dir': 'spark-warehouse',
};
const DEFAULT_PATH_VALUE =
  'The value must be empty or a comma-separated SET PATH element list (same grammar as SET PATH, except PATH is not allowed).';
const TIME_ZONE = 'spark.sql.session.timeZone';
const COLUMNS = [text('key'), text('value')];

export async function setConfiguration({ key, value }: Of<'setConfiguration'>, { conf, settings }: CommandContext): Promise<LogicalPlan> {
  const shown = (k: string): string => conf.get(k) ?? (k === TIME_ZONE ? settings.timeZone : (DEFAULTS[k] ?? '<undefined>'));
  if (key === undefined)
    return resultRows(
      COLUMNS,
      [...conf.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, redacted(k, v)]),
    );
  if (key === '-v') throw new AnalysisException('NOT_BUILT', { feature: 'SET -v' });
  if (value === undefined) return resultRows(COLUMNS, [[key, redacted(key, shown(key))]]);
  checkModifiable(key);
  if (key === 'spark.sql.defaultPath' && !isDefaultPath(value))
    throw new AnalysisException('INVALID_CONF_VALUE.REQUIREMENT', { confName: key, confValue: value, confRequirement: DEFAULT_PATH_VALUE });
  check(key, value);
  conf.set(key, value);
  return resultRows(COLUMNS, [[key, redacted(key, value)]]);
}

export async function resetConfiguration({ key }: Of<'resetConfiguration'>, { conf }: CommandContext): Promise<LogicalPlan> {
  if (key !== undefined) checkModifiable(key);
  const keys =
    key === undefined ? [...conf.entries()].map(([k]) => k).filter((k) => k.startsWith('spark.sql.') && !isStaticSetting(k)) : [key];
  for (const k of keys) conf.set(k, undefined);
  return noResult();
}

export async function setTimeZone({ zone }: Of<'setTimeZone'>, { conf, localTimeZone }: CommandContext): Promise<LogicalPlan> {
  const value = zone.toUpperCase() === 'LOCAL' ? localTimeZone : zone;
  check(TIME_ZONE, value);
  conf.set(TIME_ZONE, value);
  return resultRows(COLUMNS, [[TIME_ZONE, value]]);
}

/** @throws AnalysisException NOT_BUILT for an offset that the kernel has no zone for; what checkValue throws */
function check(key: string, value: string): void {
  if (key === TIME_ZONE && kernelZone(value) === undefined)
    throw new AnalysisException('NOT_BUILT', { feature: `The session time zone ${value} (whole hours from -12:00 to +14:00, or a name)` });
  checkValue(key, value, isTimeZone);
}
