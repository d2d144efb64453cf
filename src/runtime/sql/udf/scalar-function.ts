// A use of a function of the program → the kernel's scalar function: names and types in its words, and what computes it.
import type { KernelScalarFunction } from '../../../common/sql-kernel.ts';
import { duckdbType } from '../emit/duckdb-types.ts';
import type { UserCall } from '../plan/user-function.ts';
import { ofAggregator } from './aggregate.ts';
import type { Compute } from './border.ts';
import { byBatch, byRow } from './scalar.ts';
import { ofPartitions, ofRows } from './table.ts';

/** @param body what the program wrote, here; @param sqlName what texts call it */
export function userScalar(call: UserCall, body: unknown, sqlName: string): KernelScalarFunction {
  return {
    name: sqlName,
    parameterTypes: call.types.map(duckdbType),
    returnType: duckdbType(call.returnType),
    isVolatile: !call.deterministic,
    compute: computeOf(call, body as never),
  };
}

function computeOf(call: UserCall, body: never): Compute {
  switch (call.how) {
    case 'rows':
      return byRow(call, body);
    case 'batch':
      return byBatch(call, body);
    case 'table':
      return ofRows(call, body);
    case 'partition':
      return ofPartitions(call, body);
    case 'async':
    case 'asyncBatch':
    case 'script':
      throw new Error(`A text calls ${call.name}, which gives promises: a defect of the analyser`);
    default:
      return ofAggregator(call, body);
  }
}
