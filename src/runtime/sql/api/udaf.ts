// Aggregate functions of the program as functions of Columns; spark.udf.register makes functions of SQL of them. How they are computed is
// ../functions/user-aggregates.ts. Source: org.apache.spark.sql.functions.udaf of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Aggregator } from './aggregator.ts';
import type { Column } from './column.ts';
import { type Encoded, encodedType } from './encoded-type.ts';
import { Encoder } from './encoders.ts';
import { columnsOfShape, type Shape } from './shapes.ts';
import { callable, type Udf } from './udf.ts';

export type Udaf = Udf & {
  /** Over the columns that its input's encoder names, for typed Datasets: `ds.select(average.toColumn())`. `value` where that is a single value. */
  toColumn(): Column;
};

/**
 * An Aggregator as a function of Columns.
 * @param inputTypes of its arguments; what is given is cast to them as Spark casts implicitly. Of several, `reduce` gets an array. An encoder of objects or
 * tuples stands for as many arguments as it has columns.
 * All values of a group are kept as one list until they are reduced: docs/SQL.md says what that costs.
 */
export function udaf<IN, BUF, OUT>(aggregator: Aggregator<IN, BUF, OUT>, ...inputTypes: readonly [Encoded, ...Encoded[]]): Udaf {
  for (const method of ['zero', 'reduce', 'merge', 'finish'] as const)
    if (typeof aggregator[method] !== 'function')
      throw new SparkIllegalArgumentException('NOT_AGGREGATOR', '42K09', `udaf() needs an Aggregator: it has no ${method}()`);
  if (inputTypes.length === 0)
    throw new SparkIllegalArgumentException(
      'MISSING_INPUT_TYPE',
      '42K09',
      'udaf() needs the type of its input, such as udaf(aggregator, "double")',
    );
  const { bufferEncoder, outputEncoder } = aggregator;
  const [only] = inputTypes;
  const input = inputTypes.length === 1 && only instanceof Encoder ? withoutOwners(only.shape) : undefined;
  const columns = input && columnsOfShape(input).fields;
  const made = callable({
    how: 'aggregator',
    name: aggregator.constructor === Object ? 'udaf' : aggregator.constructor.name || 'udaf',
    inputTypes: columns?.map((c) => c.dataType) ?? inputTypes.map(encodedType),
    ...(input && { input }),
    bufferType: bufferEncoder === undefined ? undefined : encodedType(bufferEncoder),
    returnType: encodedType(outputEncoder),
    deterministic: true,
    body: aggregator,
  });
  const toColumn = (): Column => {
    if (columns === undefined)
      throw new SparkIllegalArgumentException(
        'MISSING_INPUT_ENCODER',
        '42K09',
        "toColumn() needs the input's encoder, such as udaf(aggregator, Encoders.product('a INT, b INT'))",
      );
    return made(...columns.map((c) => c.name));
  };
  return Object.assign(made, { toColumn });
}

/** Plain objects: rows of a query are no instances yet. */
function withoutOwners(shape: Shape): Shape {
  if (shape.kind === 'tuple') return { ...shape, parts: shape.parts.map(withoutOwners) };
  if (shape.kind === 'value' || shape.owner === undefined) return shape;
  const { owner: _, ...plain } = shape;
  return plain;
}
