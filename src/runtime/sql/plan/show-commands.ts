// SHOW and DESCRIBE as commands: they read the catalogue and give rows.
import type { Name, PartitionSpec } from './commands.ts';
import type { Relation } from './relations.ts';

export type ShowCommand =
  | { readonly kind: 'showNamespaces'; readonly namespace?: readonly string[]; readonly pattern?: string }
  | { readonly kind: 'showTables'; readonly namespace?: Name; readonly pattern?: string }
  | { readonly kind: 'showTableExtended'; readonly namespace?: Name; readonly pattern: string; readonly partition?: PartitionSpec }
  | { readonly kind: 'showViews'; readonly namespace?: Name; readonly pattern?: string }
  | { readonly kind: 'showTableProperties'; readonly table: Name; readonly key?: string }
  | { readonly kind: 'showColumns'; readonly table: Name; readonly namespace?: readonly string[] }
  | { readonly kind: 'showPartitions'; readonly table: Name; readonly partition?: PartitionSpec }
  | { readonly kind: 'showFunctions'; readonly scope: 'all' | 'user' | 'system'; readonly namespace?: Name; readonly pattern?: string }
  | { readonly kind: 'showProcedures'; readonly namespace?: Name }
  | { readonly kind: 'showCreateTable'; readonly table: Name; readonly asSerde: boolean }
  | { readonly kind: 'showCurrentNamespace' }
  | { readonly kind: 'showCatalogs'; readonly pattern?: string }
  | { readonly kind: 'showCollations'; readonly pattern?: string };

export type DescribeCommand =
  | { readonly kind: 'describeFunction'; readonly function: Name; readonly isExtended: boolean }
  | { readonly kind: 'describeProcedure'; readonly procedure: Name }
  | { readonly kind: 'describeNamespace'; readonly namespace: Name; readonly isExtended: boolean }
  | {
      readonly kind: 'describeTable';
      readonly table: Name;
      readonly isExtended: boolean;
      readonly partition?: PartitionSpec;
      readonly column?: readonly string[];
      readonly asJson: boolean;
    }
  | { readonly kind: 'describeQuery'; readonly query: Relation; readonly queryText: string };
