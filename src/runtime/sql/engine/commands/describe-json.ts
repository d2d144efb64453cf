// DESCRIBE EXTENDED … AS JSON: one text that programs read, its keys in Spark's order. Source: DescribeRelationJsonCommand of Spark 4.2.
import { CATALOG, type PartitionEntry, type TableEntry, type ViewText } from '../../catalog/entries.ts';
import type { SessionSettings } from '../../functions/spec.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import { shownPath } from '../../sources/paths.ts';
import type { DataType, StructField, StructType } from '../../types/data-type.ts';
import { simpleString } from '../../types/type-names.ts';
import { resultRows, text } from './results.ts';
import { redacted, schemaModeOf } from './table-details.ts';

type Json = { readonly [key: string]: unknown };

/** @param entry left out: a temporary view; @param partition one of its partitions alone */
export function describeJson(of: {
  readonly schema: StructType;
  readonly entry?: TableEntry;
  readonly partition?: PartitionEntry;
  readonly settings: SessionSettings;
}): LogicalPlan {
  const { schema, entry, partition, settings } = of;
  const facts: Json = {
    ...(entry && { table_name: entry.table, catalog_name: CATALOG, namespace: [entry.database], schema_name: entry.database }),
    columns: schema.fields.map(columnOf),
    ...(entry && (partition === undefined ? tableFacts(entry, settings) : partitionFacts(entry, partition))),
  };
  return resultRows([text('json_metadata')], [[JSON.stringify(facts)]]);
}

const tableFacts = (entry: TableEntry, settings: SessionSettings): Json => ({
  ...bucketFacts(entry),
  ...(entry.location !== undefined && { location: shownPath(entry.location) }),
  ...(Object.keys(entry.options).length > 0 && { storage_properties: properties(entry.options) }),
  ...origins(entry),
  ...(entry.comment !== undefined && { comment: entry.comment }),
  ...(entry.view && viewFacts(entry.view, settings)),
  ...(Object.keys(entry.properties).length > 0 && { table_properties: properties(entry.properties) }),
  ...(entry.statistics && { statistics: statistics(entry.statistics) }),
  ...partitioning(entry),
});

const partitionFacts = (entry: TableEntry, { values, location, statistics: counted }: PartitionEntry): Json => ({
  partition_values: Object.fromEntries(entry.partitionColumns.map((c, i) => [c, values[i]])),
  location: shownPath(location),
  ...(Object.keys(entry.options).length > 0 && { storage_properties: properties(entry.options) }),
  ...origins(entry),
  ...(counted && { partition_statistics: statistics(counted) }),
  ...bucketFacts(entry),
  ...(Object.keys(entry.properties).length > 0 && { table_properties: properties(entry.properties) }),
  ...partitioning(entry),
});

const bucketFacts = ({ bucket }: TableEntry): Json =>
  bucket === undefined ? {} : { num_buckets: bucket.count, bucket_columns: bucket.columns, sort_columns: bucket.sortColumns };
const origins = ({ owner, createdMs, type, provider }: TableEntry): Json => ({
  ...(owner !== '' && { owner }),
  created_time: new Date(createdMs).toISOString().replace(/\.\d+Z$/, 'Z'),
  last_access: 'UNKNOWN',
  created_by: 'Emberloom',
  type,
  ...(provider !== undefined && { provider }),
});
const viewFacts = (view: ViewText, settings: SessionSettings): Json => ({
  view_text: view.text,
  view_original_text: view.text,
  view_schema_mode: schemaModeOf(view, settings),
  view_catalog_and_namespace: `${CATALOG}.${view.namespace}`,
  view_query_output_columns: view.queryColumns,
});
const partitioning = ({ partitionColumns, ...entry }: TableEntry): Json => ({
  ...(partitionColumns.length > 0 && { partition_provider: 'Catalog', partition_columns: partitionColumns }),
  collation: entry.collation ?? entry.view?.collation ?? 'UTF8_BINARY',
});
const statistics = ({ bytes, rows }: { readonly bytes: number; readonly rows?: number }): Json => ({
  size_in_bytes: bytes,
  ...(rows !== undefined && { num_rows: rows }),
});
const properties = (values: Readonly<Record<string, string>>): Json =>
  Object.fromEntries(
    Object.entries(values)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, redacted(k, v)]),
  );

const columnOf = ({ name, dataType, nullable, metadata }: StructField): Json => ({
  name,
  type: typeOf(dataType),
  ...(typeof metadata.comment === 'string' && { comment: metadata.comment }),
  nullable,
  ...(typeof metadata.CURRENT_DEFAULT === 'string' && { default: metadata.CURRENT_DEFAULT }),
});

function typeOf(type: DataType): Json {
  switch (type.tag) {
    case 'string':
      return { name: 'string', collation: type.collation };
    case 'char':
    case 'varchar':
      return { name: type.tag, length: type.length };
    case 'decimal':
      return { name: 'decimal', precision: type.precision, scale: type.scale };
    case 'array':
      return { name: 'array', element_type: typeOf(type.elementType), element_nullable: type.containsNull };
    case 'map':
      return { name: 'map', key_type: typeOf(type.keyType), value_type: typeOf(type.valueType), value_nullable: type.valueContainsNull };
    case 'struct':
      return { name: 'struct', fields: type.fields.map(columnOf) };
    case 'yearMonthInterval':
    case 'dayTimeInterval':
      return { name: 'interval', start_unit: type.startField, end_unit: type.endField };
    case 'timestamp':
      return { name: 'timestamp_ltz' };
    default:
      return { name: simpleString(type) };
  }
}
