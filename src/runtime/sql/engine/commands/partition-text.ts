// Partitions as texts: `p=1/q=x` of SHOW PARTITIONS, PARTITION (`p` = 1) of messages.
import type { TableEntry } from '../../catalog/entries.ts';
import { partitionFolder } from '../../sources/hive-paths.ts';

export type CatalogStoreKey = readonly (string | null)[];

export const partitionName = (entry: TableEntry, values: CatalogStoreKey): string =>
  entry.partitionColumns.map((c, i) => partitionFolder(c, values[i]!)).join('/');

export const shownSpec = (entry: TableEntry, values: readonly (string | null | undefined)[]): string =>
  `PARTITION (${entry.partitionColumns.flatMap((c, i) => (values[i] === undefined ? [] : [`\`${c}\` = ${values[i] ?? 'null'}`])).join(', ')})`;
