// Rows that a program gave, by column, with their schema: what createDataFrame hands to the engine (../engine/plan-of-rows.ts). Values are those of
// literals (../logical/expressions.ts). Or an RDD of them, which executors read.
import type { ProgramRdd } from '../../rdd/sql-fragment.ts';
import type { Value } from '../logical/expressions.ts';
import type { StructType } from '../types/data-type.ts';

export type ProgramRows = {
  readonly kind: 'programRows';
  readonly schema: StructType;
  readonly columns: readonly (readonly Value[])[];
  readonly rows: number;
};

export const isProgramRows = (plan: unknown): plan is ProgramRows => (plan as { kind?: unknown }).kind === 'programRows';

/** Rows of an RDD: the schema is the columns of its shape. */
export type ProgramRddRows = ProgramRdd & { readonly kind: 'programRdd'; readonly schema: StructType };

export const isProgramRdd = (plan: unknown): plan is ProgramRddRows => (plan as { kind?: unknown }).kind === 'programRdd';
