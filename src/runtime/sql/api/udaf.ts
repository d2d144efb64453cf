// Aggregate functions of the program as functions of Columns; spark.udf.register makes functions of SQL of them. How they are computed is
// ../functions/user-aggregates.ts. Source: org.apache.spark.sql.functions.udaf of Spark 4.2.
import type { DataType } from '../types/data-type.ts';
import type { Aggregator } from './aggregator.ts';
import { encodedType } from './encoded-type.ts';
import { callable, type Udf } from './udf.ts';

/**
 * An Aggregator as a function of Columns.
 * @param inputTypes of its arguments; what is given is cast to them as Spark casts implicitly. Of several, `reduce` gets an array.
 * All values of a group are kept as one list until they are reduced: docs/SQL.md says what that costs.
 */
export function udaf<IN, BUF, OUT>(
  aggregator: Aggregator<IN, BUF, OUT>,
  ...inputTypes: readonly [DataType | string, ...(DataType | string)[]]
): Udf {
  for (const method of ['zero', 'reduce', 'merge', 'finish'] as const)
    if (typeof aggregator[method] !== 'function') throw new TypeError(`udaf() needs an Aggregator: it has no ${method}()`);
  if (inputTypes.length === 0) throw new TypeError('udaf() needs the type of its input, such as udaf(aggregator, "double")');
  const { bufferEncoder, outputEncoder } = aggregator;
  return callable({
    how: 'aggregator',
    name: aggregator.constructor === Object ? 'udaf' : aggregator.constructor.name || 'udaf',
    inputTypes: inputTypes.map(encodedType),
    bufferType: bufferEncoder === undefined ? undefined : encodedType(bufferEncoder),
    returnType: encodedType(outputEncoder),
    deterministic: true,
    body: aggregator,
  });
}
