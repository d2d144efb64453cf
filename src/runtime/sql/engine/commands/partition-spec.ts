// PARTITION (p = 1, q): constants as the texts that folders and the catalogue have. Source: ResolvePartitionSpec and PartitioningUtils.castPartitionSpec.
import { shownTable } from '../../catalog/session-catalog.ts';
import type { CatalogStoreKey } from './partition-text.ts';
import { sameName, type TableEntry } from '../../catalog/entries.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { castTo } from '../../functions/coercion.ts';
import { aliasOf } from '../../logical/expressions.ts';
import type { PartitionSpec } from '../../plan/commands.ts';
import { STRING } from '../../types/data-type.ts';
import type { CommandContext } from './command-context.ts';

/** By partition column, in the table's order; undefined where the spec says no value. */
export type StaticValues = readonly (string | null | undefined)[];

/** @throws AnalysisException PARTITIONS_NOT_FOUND-like conditions for columns that are none of the table's */
export async function partitionValues(entry: TableEntry, spec: PartitionSpec, context: CommandContext): Promise<StaticValues> {
  for (const column of Object.keys(spec))
    if (!entry.partitionColumns.some((p) => sameName(p, column)))
      throw new AnalysisException('NON_PARTITION_COLUMN', { columnName: `\`${column}\`` });
  return Promise.all(
    entry.partitionColumns.map(async (column) => {
      const found = Object.entries(spec).find(([name]) => sameName(name, column));
      if (found === undefined || found[1] === null) return undefined;
      const type = entry.schema.fields.find((f) => sameName(f.name, column))!.dataType;
      const value = castTo(castTo(await context.constant(found[1]), type), STRING);
      const [row] = await context.rows({ kind: 'project', child: { kind: 'oneRow' }, projectList: [aliasOf(value, 'value')] });
      const text = row![0] as string | null;
      return text === '' ? null : text;
    }),
  );
}

/** Every column must have a value. */
export async function fullPartition(entry: TableEntry, spec: PartitionSpec, context: CommandContext): Promise<CatalogStoreKey> {
  const values = await partitionValues(entry, spec, context);
  if (values.some((v) => v === undefined))
    throw new AnalysisException('_LEGACY_ERROR_TEMP_1232', {
      specKeys: entry.partitionColumns.filter((_, i) => values[i] !== undefined).join(', '),
      partitionColumnNames: entry.partitionColumns.join(', '),
      tableName: shownTable(entry),
    });
  return values as CatalogStoreKey;
}

export const matchesSpec = (values: CatalogStoreKey, spec: StaticValues): boolean =>
  spec.every((v, i) => v === undefined || v === values[i]);

/** Whether a command is about some of a table's partitions. */
export const namesPartition = (spec: PartitionSpec | undefined): spec is PartitionSpec =>
  spec !== undefined && Object.keys(spec).length > 0;
