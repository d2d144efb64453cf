// CAST as Spark means it, in DuckDB's words. Source: Cast.scala of Spark 4.2.
import type { Cast } from '../logical/expressions.ts';
import { sameType } from '../types/data-type.ts';
import { duckdbType } from './duckdb-types.ts';
import type { Emit } from './emit-context.ts';

export function castText({ child, dataType, mode }: Cast, emit: Emit): string {
  const text = emit.emit(child);
  if (sameType(child.dataType, dataType)) return text;
  return `${mode === 'ansi' ? 'CAST' : 'TRY_CAST'}(${text} AS ${duckdbType(dataType)})`;
}
