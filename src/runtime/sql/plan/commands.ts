// Commands of SQL text: what changes the session, the catalogue or data. Only SQL says them; Spark Connect sends them as text and has its own
// for the DataFrame API (createDataFrameView, writeOperation), which the session makes. Names are those of Spark's own command nodes.
import type { AlterCommand } from './alter-commands.ts';
import type { Assignment, Expression, MergeAction, NamedArgumentExpression } from './expressions.ts';
import type { Origin } from './origin.ts';
import type { Options, Relation } from './relations.ts';
import type { DescribeCommand, ShowCommand } from './show-commands.ts';
import type { ColumnDefinition, TableDefinition, ViewDefinition } from './table-definition.ts';

/** A name as written, or the relation that has IDENTIFIER(expression). */
export type Name = readonly string[] | Relation;
export type PartitionSpec = { readonly [column: string]: Expression | null };
export type CommandCommon = { readonly origin?: Origin };

export type InsertInto = CommandCommon & {
  readonly kind: 'insertInto';
  readonly table: Name;
  readonly query: Relation;
  readonly isOverwrite: boolean;
  readonly partition: PartitionSpec;
  readonly ifPartitionNotExists: boolean;
  readonly columns: readonly string[];
  readonly byName: boolean;
  readonly options: Options;
  /** Of an overwrite: only partitions that rows come for, whatever `spark.sql.sources.partitionOverwriteMode` says. */
  readonly isDynamic?: boolean;
  readonly replaceWhere?: Expression;
  readonly replaceUsing?: readonly string[];
};
export type InsertDirectory = CommandCommon & {
  readonly kind: 'insertDirectory';
  readonly query: Relation;
  readonly isLocal: boolean;
  readonly path?: string;
  readonly provider?: string;
  readonly options: Options;
};
export type MergeInto = CommandCommon & {
  readonly kind: 'mergeInto';
  readonly target: Relation;
  readonly source: Relation;
  readonly condition: Expression;
  readonly matched: readonly MergeAction[];
  readonly notMatched: readonly MergeAction[];
  readonly notMatchedBySource: readonly MergeAction[];
  readonly withSchemaEvolution: boolean;
};

export type Command = CommandCommon &
  (
    | InsertInto
    | InsertDirectory
    | MergeInto
    | AlterCommand
    | ShowCommand
    | DescribeCommand
    | { readonly kind: 'multiInsert'; readonly inserts: readonly (InsertInto | InsertDirectory)[] }
    | {
        readonly kind: 'withCteCommand';
        readonly ctes: Extract<Relation, { kind: 'withCte' }>['definitions'];
        readonly isRecursive: boolean;
        readonly command: Command;
      }
    | { readonly kind: 'deleteFrom'; readonly table: Relation; readonly condition?: Expression }
    | { readonly kind: 'update'; readonly table: Relation; readonly assignments: readonly Assignment[]; readonly condition?: Expression }
    | {
        readonly kind: 'createTable';
        readonly table: Name;
        readonly definition: TableDefinition;
        readonly mode: 'create' | 'ifNotExists' | 'replace' | 'createOrReplace';
        readonly isTemporary: boolean;
        readonly isExternal: boolean;
      }
    | {
        readonly kind: 'createTableLike';
        readonly table: Name;
        readonly source: Name;
        readonly ifNotExists: boolean;
        readonly definition: TableDefinition;
      }
    | { readonly kind: 'createView'; readonly view: Name; readonly definition: ViewDefinition }
    | {
        readonly kind: 'createTempViewUsing';
        readonly view: readonly string[];
        readonly schema?: string;
        readonly isGlobal: boolean;
        readonly replace: boolean;
        readonly provider: readonly string[];
        readonly options: Options;
      }
    | { readonly kind: 'createNamespace'; readonly namespace: Name; readonly ifNotExists: boolean; readonly properties: Options }
    | {
        readonly kind: 'createFunction';
        readonly function: Name;
        readonly className: string;
        readonly isTemporary: boolean;
        readonly ifNotExists: boolean;
        readonly replace: boolean;
        readonly resources: readonly { readonly type: string; readonly uri: string }[];
      }
    | {
        readonly kind: 'createUserDefinedFunction';
        readonly function: Name;
        readonly parameters: string;
        readonly columns: readonly ColumnDefinition[];
        readonly returns?: string;
        readonly isTable: boolean;
        readonly body: Expression | Relation;
        /** The body as it was written. */
        readonly bodyText: string;
        readonly characteristics: readonly string[];
        readonly isTemporary: boolean;
        readonly ifNotExists: boolean;
        readonly replace: boolean;
      }
    | {
        readonly kind: 'createVariable';
        readonly variables: readonly Name[];
        readonly dataType?: string;
        readonly defaultExpression?: Expression;
        readonly replace: boolean;
      }
    | {
        readonly kind: 'createIndex';
        readonly index: string;
        readonly table: Name;
        readonly columns: readonly (readonly string[])[];
        readonly ifNotExists: boolean;
        readonly indexType?: string;
        readonly options: Options;
      }
    | {
        readonly kind: 'drop';
        readonly what: 'table' | 'view' | 'function' | 'variable' | 'namespace';
        readonly name: Name;
        readonly ifExists: boolean;
        readonly purge?: boolean;
        readonly cascade?: boolean;
        readonly isTemporary?: boolean;
      }
    | { readonly kind: 'dropIndex'; readonly index: string; readonly table: Name; readonly ifExists: boolean }
    | { readonly kind: 'use'; readonly name: Name; readonly isNamespace: boolean }
    | { readonly kind: 'setCatalog'; readonly catalog: Expression }
    | { readonly kind: 'comment'; readonly on: 'namespace' | 'table'; readonly name: Name; readonly comment: string | null }
    | {
        readonly kind: 'analyzeTable';
        readonly table: Name;
        readonly partition: PartitionSpec;
        readonly noScan: boolean;
        readonly columns?: readonly string[] | 'all';
      }
    | { readonly kind: 'analyzeTables'; readonly namespace?: Name; readonly noScan: boolean }
    | { readonly kind: 'cacheTable'; readonly table: Name; readonly isLazy: boolean; readonly options: Options; readonly query?: Relation }
    | { readonly kind: 'uncacheTable'; readonly table: Name; readonly ifExists: boolean }
    | { readonly kind: 'clearCache' }
    | { readonly kind: 'refresh'; readonly what: 'table' | 'function'; readonly name: Name }
    | { readonly kind: 'refreshResource'; readonly path: string }
    | {
        readonly kind: 'loadData';
        readonly path: string;
        readonly isLocal: boolean;
        readonly isOverwrite: boolean;
        readonly table: Name;
        readonly partition: PartitionSpec;
      }
    | { readonly kind: 'truncateTable'; readonly table: Name; readonly partition: PartitionSpec }
    | { readonly kind: 'repairTable'; readonly table: Name; readonly option: 'add' | 'drop' | 'sync' }
    | { readonly kind: 'manageResource'; readonly operation: 'add' | 'list'; readonly what: string; readonly text: string }
    | { readonly kind: 'setConfiguration'; readonly key?: string; readonly value?: string }
    | { readonly kind: 'resetConfiguration'; readonly key?: string }
    | { readonly kind: 'setTimeZone'; readonly zone: string }
    | { readonly kind: 'setPath'; readonly elements: readonly (readonly string[])[] }
    | {
        readonly kind: 'setVariable';
        readonly variables: readonly (readonly string[])[];
        readonly values?: readonly Expression[];
        readonly query?: Relation;
      }
    | {
        readonly kind: 'executeImmediate';
        readonly statement: Expression;
        readonly into: readonly (readonly string[])[];
        readonly using: readonly Expression[];
      }
    | { readonly kind: 'call'; readonly procedure: Name; readonly arguments: readonly (Expression | NamedArgumentExpression)[] }
    | {
        readonly kind: 'explain';
        readonly mode: 'simple' | 'extended' | 'formatted' | 'codegen' | 'cost';
        readonly of: { readonly tag: 'relation'; readonly relation: Relation } | { readonly tag: 'command'; readonly command: Command };
      }
  );
