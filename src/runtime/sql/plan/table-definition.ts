// What CREATE TABLE and CREATE VIEW say of the thing they make. Types are kept; nothing is checked against a catalogue here.
import type { DataType } from '../types/data-type.ts';
import type { Expression } from './expressions.ts';
import type { Options, Relation } from './relations.ts';

export type ColumnDefinition = {
  readonly name: readonly string[];
  readonly dataType: DataType;
  readonly nullable: boolean;
  readonly comment?: string;
  /** SQL text of the default and of a generated value, since Spark stores text. */
  readonly defaultExpression?: string;
  readonly generationExpression?: string;
  readonly identity?: { readonly start: bigint; readonly step: bigint; readonly allowsExplicitInsert: boolean };
  readonly constraints?: readonly Constraint[];
  /** ALTER TABLE ADD COLUMN: where it goes. */
  readonly position?: 'first' | { readonly after: string };
};
export type Constraint = {
  readonly name?: string;
  readonly kind: 'check' | 'unique' | 'primaryKey' | 'foreignKey';
  readonly columns: readonly string[];
  readonly condition?: Expression;
  readonly references?: { readonly table: readonly string[]; readonly columns: readonly string[] };
  readonly characteristics: readonly string[];
};
/** A partitioning column by name, with its type where it is declared there, or a transform such as `bucket(4, id)`. */
export type Partitioning =
  | { readonly name: readonly string[]; readonly dataType?: DataType }
  | { readonly transform: string; readonly arguments: readonly Expression[] };
export type TableDefinition = {
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly Constraint[];
  readonly provider?: readonly string[];
  readonly partitioning: readonly Partitioning[];
  readonly bucket?: { readonly columns: readonly string[]; readonly sorted: readonly string[]; readonly count: number };
  readonly clusterBy?: readonly (readonly string[])[];
  readonly options: Options;
  readonly properties: Options;
  readonly location?: string;
  readonly comment?: string;
  readonly collation?: string;
  readonly serde?: { readonly [key: string]: string };
  readonly query?: Relation;
};
export type ViewDefinition = {
  readonly columns: readonly { readonly name: string; readonly comment?: string }[];
  readonly scope: 'persistent' | 'temporary' | 'globalTemporary';
  readonly replace: boolean;
  readonly ifNotExists: boolean;
  readonly comment?: string;
  readonly collation?: string;
  readonly schemaBinding?: 'binding' | 'compensation' | 'evolution' | 'typeEvolution';
  readonly properties: Options;
  readonly query: Relation;
  /** The text of the query, which a persistent view is stored as. */
  readonly queryText: string;
};
