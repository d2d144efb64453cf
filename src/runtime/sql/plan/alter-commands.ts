// ALTER TABLE, VIEW and DATABASE as commands. Names are those of Spark's own nodes.
import type { Name, PartitionSpec } from './commands.ts';
import type { Options, Relation } from './relations.ts';
import type { ColumnDefinition, Constraint, ViewDefinition } from './table-definition.ts';
import type { DataType } from '../types/data-type.ts';

export type ColumnChange = {
  readonly column: readonly string[];
  readonly dataType?: DataType;
  readonly nullable?: boolean;
  readonly comment?: string;
  readonly position?: 'first' | { readonly after: string };
  /** SQL text; null drops the default. */
  readonly defaultExpression?: string | null;
  /** Hive's CHANGE COLUMN gives the name again, possibly a new one. */
  readonly newName?: string;
};

type OnTable = { readonly table: Name };

export type AlterCommand =
  | (OnTable & { readonly kind: 'addColumns'; readonly columns: readonly ColumnDefinition[] })
  | (OnTable & { readonly kind: 'replaceColumns'; readonly columns: readonly ColumnDefinition[] })
  | (OnTable & { readonly kind: 'renameColumn'; readonly column: readonly string[]; readonly newName: string })
  | (OnTable & { readonly kind: 'dropColumns'; readonly columns: readonly (readonly string[])[]; readonly ifExists: boolean })
  | (OnTable & { readonly kind: 'alterColumns'; readonly changes: readonly ColumnChange[] })
  | (OnTable & { readonly kind: 'renameTable'; readonly newName: readonly string[]; readonly isView: boolean })
  | (OnTable & { readonly kind: 'setTableProperties'; readonly properties: Options; readonly isView: boolean })
  | (OnTable & {
      readonly kind: 'unsetTableProperties';
      readonly keys: readonly string[];
      readonly ifExists: boolean;
      readonly isView: boolean;
    })
  | (OnTable & { readonly kind: 'setTableSerde'; readonly serde?: string; readonly properties: Options; readonly partition: PartitionSpec })
  | (OnTable & { readonly kind: 'setTableLocation'; readonly location: string; readonly partition: PartitionSpec })
  | (OnTable & {
      readonly kind: 'addPartitions';
      readonly partitions: readonly { readonly spec: PartitionSpec; readonly location?: string }[];
      readonly ifNotExists: boolean;
    })
  | (OnTable & { readonly kind: 'renamePartition'; readonly from: PartitionSpec; readonly to: PartitionSpec })
  | (OnTable & {
      readonly kind: 'dropPartitions';
      readonly partitions: readonly PartitionSpec[];
      readonly ifExists: boolean;
      readonly purge: boolean;
    })
  | (OnTable & { readonly kind: 'recoverPartitions' })
  | (OnTable & { readonly kind: 'alterClusterBy'; readonly columns: readonly (readonly string[])[] })
  | (OnTable & { readonly kind: 'alterCollation'; readonly collation: string })
  | (OnTable & { readonly kind: 'addConstraint'; readonly constraint: Constraint })
  | (OnTable & { readonly kind: 'dropConstraint'; readonly name: string; readonly ifExists: boolean; readonly cascade: boolean })
  | (OnTable & { readonly kind: 'alterViewAs'; readonly query: Relation; readonly queryText: string })
  | (OnTable & { readonly kind: 'alterViewSchemaBinding'; readonly schemaBinding: NonNullable<ViewDefinition['schemaBinding']> })
  | { readonly kind: 'setNamespaceProperties'; readonly namespace: Name; readonly properties: Options }
  | { readonly kind: 'unsetNamespaceProperties'; readonly namespace: Name; readonly keys: readonly string[] }
  | { readonly kind: 'setNamespaceLocation'; readonly namespace: Name; readonly location: string }
  | { readonly kind: 'setNamespaceCollation'; readonly namespace: Name; readonly collation: string };
