// Rows of a query inside of a script, all of them: a script goes on when they are there.
import type { KernelChunk } from '../../../../common/sql-kernel.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { Value } from '../../logical/expressions.ts';
import type { Origin } from '../../plan/origin.ts';
import type { ProgramRows } from '../../plan/program-rows.ts';
import { structField, structType } from '../../types/data-type.ts';
import { valueOfKernel } from '../../kernel/kernel-form.ts';
import type { PreparedQuery } from '../prepared-query.ts';

export type Rows = ProgramRows;

export async function computedRows(query: PreparedQuery, run: (query: PreparedQuery) => AsyncIterable<KernelChunk>): Promise<Rows> {
  const columns: Value[][] = query.output.map(() => []);
  let rows = 0;
  for await (const chunk of run(query)) {
    query.output.forEach(({ dataType }, c) => {
      for (let r = 0; r < chunk.rows; r++) columns[c]!.push(valueOfKernel(chunk.columns[c]![r]!, dataType));
    });
    rows += chunk.rows;
  }
  const schema = structType(query.output.map((a) => structField(a.name, a.dataType, a.nullable)));
  return { kind: 'programRows', schema, columns, rows };
}

/** The one value of a condition; NULL is false. @throws AnalysisException INVALID_BOOLEAN_STATEMENT */
export function booleanOf({ schema, columns }: Rows, origin: Origin | undefined): boolean {
  if (schema.fields.length !== 1 || schema.fields[0]!.dataType.tag !== 'boolean')
    throw new AnalysisException('INVALID_BOOLEAN_STATEMENT', { invalidStatement: (origin?.fragment ?? '').toUpperCase() }, origin);
  return columns[0]![0] === true;
}
