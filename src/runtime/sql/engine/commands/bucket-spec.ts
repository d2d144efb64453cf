// CLUSTERED BY … INTO n BUCKETS and bucketBy: columns as the table calls them, and what Spark refuses.
// Source: BucketSpec, PreprocessTableCreation.normalizeBucketSpec of Spark 4.2.
import { type BucketSpec, CATALOG, sameName, type TableEntry } from '../../catalog/entries.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { SessionSettings } from '../../functions/spec.ts';
import type { TableDefinition } from '../../plan/table-definition.ts';
import type { StructType } from '../../types/data-type.ts';

const MOST_BUCKETS = 100_000;

/** @throws AnalysisException INVALID_BUCKET_COUNT, COLUMN_NOT_DEFINED_IN_TABLE, BUCKET_COLUMN_IS_PARTITION_COLUMN */
export function bucketSpec(
  { count, columns, sorted }: NonNullable<TableDefinition['bucket']>,
  schema: StructType,
  partitionColumns: readonly string[],
  table: string,
  settings: SessionSettings,
): BucketSpec {
  const most = Number(settings.get('spark.sql.sources.bucketing.maxBuckets') ?? MOST_BUCKETS);
  if (!Number.isInteger(count) || count <= 0 || count > most)
    throw new AnalysisException('INVALID_BUCKET_COUNT', { bucketingMaxBuckets: String(most), numBuckets: String(count) });
  const find = (name: string, kind: string): string => {
    const field = schema.fields.find((f) => sameName(f.name, name));
    if (field === undefined)
      throw new AnalysisException('COLUMN_NOT_DEFINED_IN_TABLE', {
        colType: kind,
        colName: `\`${name}\``,
        tableName: table,
        tableCols: schema.fields.map((f) => `\`${f.name}\``).join(', '),
      });
    if (partitionColumns.some((p) => sameName(p, name)))
      throw new AnalysisException('BUCKET_COLUMN_IS_PARTITION_COLUMN', { kind, column: name, partitions: partitionColumns.join(', ') });
    return field.name;
  };
  return { count, columns: columns.map((c) => find(c, 'bucket')), sortColumns: sorted.map((c) => find(c, 'sort')) };
}

/** Of an append: a file that is cut otherwise would be looked for in vain. @throws AnalysisException MISMATCHED_TABLE_BUCKETING */
export function checkSameBuckets(entry: TableEntry, { bucket }: { readonly bucket?: BucketSpec }): void {
  const [given, there] = [shown(bucket), shown(entry.bucket)];
  if (given === there) return;
  throw new AnalysisException('MISMATCHED_TABLE_BUCKETING', {
    tableName: `${CATALOG}.${entry.database}.${entry.table}`,
    specifiedBucketString: given,
    existingBucketString: there,
  });
}

function shown(bucket: BucketSpec | undefined): string {
  if (bucket === undefined) return 'not bucketed';
  const sorted = bucket.sortColumns.length === 0 ? '' : `, sort columns: [${bucket.sortColumns.join(', ').toLowerCase()}]`;
  return `${bucket.count} buckets, bucket columns: [${bucket.columns.join(', ').toLowerCase()}]${sorted}`;
}
