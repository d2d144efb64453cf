// Aggregate functions, in one step and in two. Source: org.apache.spark.sql.catalyst.expressions.aggregate of Spark 4.2.
import * as T from '../types/data-type.ts';
import { boundedDecimal, IN, isIntegral } from './coercion.ts';
import type { FunctionSpec } from './spec.ts';

/** Source: Sum.resultType. */
function sumType(t: T.DataType): T.DataType {
  if (t.tag === 'decimal') return boundedDecimal(t.precision + 10, t.scale);
  return isIntegral(t) ? T.LONG : T.DOUBLE;
}

/** Of several columns those rows count in which none is NULL. */
function countedText(args: readonly string[]): string {
  if (args.length <= 1) return args[0] ?? '*';
  return `CASE WHEN ${args.map((a) => `${a} IS NOT NULL`).join(' AND ')} THEN (${args.join(', ')}) END`;
}

export const AGGREGATES: readonly FunctionSpec[] = [
  {
    name: 'count',
    kind: 'aggregate',
    arity: [0, Number.POSITIVE_INFINITY],
    result: T.LONG,
    nullable: false,
    kernel: (args, call, emit) => emit.aggregateOf(call, 'count', [countedText(args)]),
    partials: () => ({ parts: [{ dataType: T.LONG, partial: 'count($1)', merge: 'sum' }], final: 'coalesce($1, 0)' }),
  },
  {
    name: 'sum',
    kind: 'aggregate',
    arity: [1, 1],
    inputs: [IN.numeric],
    result: ([a]) => sumType(a!.dataType),
    nullable: true,
    kernel: (args, call, emit) => `CAST(${emit.aggregateOf(call, 'sum', args)} AS ${emit.typeName(call.dataType)})`,
  },
  { name: 'min', kind: 'aggregate', arity: [1, 1], result: ([a]) => a!.dataType, nullable: true, kernel: 'min($1)' },
  { name: 'max', kind: 'aggregate', arity: [1, 1], result: ([a]) => a!.dataType, nullable: true, kernel: 'max($1)' },
];
