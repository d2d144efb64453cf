// What DESCRIBE EXTENDED and SHOW TABLE EXTENDED say of a table beside its columns. Source: CatalogTable.toJsonLinkedHashMap of Spark 4.2.
import { quoteIfNeeded } from '../../types/type-names.ts';
import {
  CATALOG,
  type PartitionEntry,
  type PartitionStatistics,
  type TableEntry,
  type ViewSchemaMode,
  type ViewText,
} from '../../catalog/entries.ts';
import type { SessionSettings } from '../../functions/spec.ts';
import { shownPath } from '../../sources/paths.ts';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number): string => String(n).padStart(2, '0');

/** `Sat Nov 28 20:15:44 UTC 2026`. */
export function javaDate(ms: number): string {
  const d = new Date(ms);
  return `${DAYS[d.getUTCDay()]} ${MONTHS[d.getUTCMonth()]} ${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())} UTC ${d.getUTCFullYear()}`;
}

const properties = (values: Readonly<Record<string, string>>): string =>
  `[${Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${quoteIfNeeded(k)}=${redacted(k, v)}`)
    .join(', ')}]`;

/** `spark.sql.redaction.options.regex` and `spark.redaction.regex` as they are without being set. */
const SECRET = /url|secret|password|token|access[.]?key/i;
export const redacted = (key: string, value: string): string => (SECRET.test(key) ? '*********(redacted)' : value);
const SCHEMA_MODES: { readonly [M in ViewSchemaMode]: string } = {
  binding: 'BINDING',
  compensation: 'COMPENSATION',
  typeEvolution: 'TYPE EVOLUTION',
  evolution: 'EVOLUTION',
};

const shownStatistics = ({ bytes, rows }: PartitionStatistics): string => `${bytes} bytes${rows === undefined ? '' : `, ${rows} rows`}`;

/** undefined: views have none while `spark.sql.legacy.viewSchemaBindingMode` is off; one that was made then is shown as BINDING. */
export const schemaModeOf = ({ schemaMode = 'binding' }: ViewText, settings: SessionSettings): string | undefined =>
  settings.get('spark.sql.legacy.viewSchemaBindingMode') === 'false' ? undefined : SCHEMA_MODES[schemaMode];

/** Of one partition, and below it of its table. */
export function partitionDetails(
  entry: TableEntry,
  { values, location, statistics }: PartitionEntry,
  settings: SessionSettings,
): [string, string][] {
  const whole = tableDetails(entry, settings);
  const only = (...names: string[]): [string, string][] => whole.filter(([name]) => names.includes(name));
  return [
    ['Database', entry.database],
    ['Table', entry.table],
    ['Partition Values', `[${entry.partitionColumns.map((c, i) => `${c}=${values[i]}`).join(', ')}]`],
    ['Location', shownPath(location)],
    ...only('Storage Properties'),
    ...only('Created Time', 'Last Access'),
    ...(statistics === undefined ? [] : [['Partition Statistics', shownStatistics(statistics)] as [string, string]]),
    ['', ''],
    ['# Storage Information', ''],
    ...only('Num Buckets', 'Bucket Columns', 'Sort Columns', 'Location', 'Storage Properties'),
  ];
}

/** Names and values in Spark's order. */
export function tableDetails(entry: TableEntry, settings: SessionSettings): [string, string][] {
  const { statistics, view, bucket } = entry;
  const rows: [string, string | undefined][] = [
    ['Catalog', CATALOG],
    ['Database', entry.database],
    ['Table', entry.table],
    ['Owner', entry.owner || undefined],
    ['Created Time', javaDate(entry.createdMs)],
    ['Last Access', 'UNKNOWN'],
    ['Created By', 'Emberloom'],
    ['Type', entry.type],
    ['Provider', entry.provider],
    ['Num Buckets', bucket && String(bucket.count)],
    ['Bucket Columns', bucket && `[${bucket.columns.map((c) => `\`${c}\``).join(', ')}]`],
    ['Sort Columns', bucket && `[${bucket.sortColumns.map((c) => `\`${c}\``).join(', ')}]`],
    ['Comment', entry.comment],
    ['Collation', entry.collation ?? entry.view?.collation],
    ['Table Properties', !view && Object.keys(entry.properties).length > 0 ? properties(entry.properties) : undefined],
    ['Statistics', statistics && shownStatistics(statistics)],
    ['Location', entry.location && shownPath(entry.location)],
    ['Storage Properties', Object.keys(entry.options).length > 0 ? properties(entry.options) : undefined],
    ['Partition Provider', entry.partitionColumns.length > 0 ? 'Catalog' : undefined],
    ['View Text', view?.text],
    ['View Original Text', view?.text],
    ['View Schema Mode', view && schemaModeOf(view, settings)],
    ['View Catalog and Namespace', view && `${CATALOG}.${view.namespace}`],
    ['View Query Output Columns', view && `[${view.queryColumns.map((c) => `\`${c}\``).join(', ')}]`],
    ['Table Properties', view && Object.keys(entry.properties).length > 0 ? properties(entry.properties) : undefined],
  ];
  return rows.filter((r): r is [string, string] => r[1] !== undefined);
}
