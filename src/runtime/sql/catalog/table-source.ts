// A table of the catalogue → the source that it is: its folder, or the folders of the partitions that the catalogue knows.
import { partitionFolder } from '../sources/hive-paths.ts';
import type { SourceRequest } from '../sources/open-source.ts';
import { structType } from '../types/data-type.ts';
import { readField } from '../types/text-lengths.ts';
import { CATALOG, type PartitionEntry, sameName, type TableEntry } from './entries.ts';
import { join } from 'node:path';

export function tableRequest(
  entry: TableEntry,
  partitions: readonly PartitionEntry[],
  options: Readonly<Record<string, string>> = {},
): SourceRequest {
  const isPartition = (name: string) => entry.partitionColumns.some((p) => sameName(p, name));
  const common = {
    format: entry.provider ?? 'parquet',
    options: { ...entry.options, ...options },
    schema: structType(entry.schema.fields.filter((f) => !isPartition(f.name)).map(readField)),
    partitionSchema: entry.schema.fields.filter((f) => isPartition(f.name)).map(readField),
    ...(entry.bucket && { buckets: { count: entry.bucket.count, columns: entry.bucket.columns } }),
    name: `${CATALOG}.${entry.database}.${entry.table}`,
  };
  if (entry.partitionColumns.length === 0) return { ...common, paths: [entry.location!] };
  return { ...common, paths: [], partitions: partitions.map((p) => ({ path: p.location, values: p.values })) };
}

export const partitionPath = (entry: TableEntry, values: PartitionEntry['values']): string =>
  join(entry.location!, ...entry.partitionColumns.map((c, i) => partitionFolder(c, values[i] ?? null)));
