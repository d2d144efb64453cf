// Window.partitionBy(…).orderBy(…).rowsBetween(…): what a function is computed over. Source: org.apache.spark.sql.expressions.Window.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { FrameBoundary, WindowFrame, WindowSpec as PlanSpec } from '../plan/expressions.ts';
import { Column, type ColumnOrName, columnOf, sortOrderOf } from './column.ts';
import { valueExpression } from './literals.ts';

/** Rows or distance from the current row: negative before it. A Column (an interval) only for rangeBetween. */
export type FrameBound = number | bigint | Column;

export class WindowSpec {
  /** @internal */
  readonly spec: PlanSpec;

  /** @internal Programs begin with Window. */
  constructor(spec: PlanSpec) {
    this.spec = spec;
  }

  partitionBy(...columns: readonly ColumnOrName[]): WindowSpec {
    return new WindowSpec({ ...this.spec, partitionSpec: columns.map((c) => columnOf(c).expr) });
  }

  orderBy(...columns: readonly ColumnOrName[]): WindowSpec {
    return new WindowSpec({ ...this.spec, orderSpec: columns.map(sortOrderOf) });
  }

  /** Bounds count rows. */
  rowsBetween(start: FrameBound, end: FrameBound): WindowSpec {
    return this.#framed('row', start, end);
  }

  /** Bounds are distances of the one ORDER BY value. */
  rangeBetween(start: FrameBound, end: FrameBound): WindowSpec {
    return this.#framed('range', start, end);
  }

  #framed(frameType: WindowFrame['frameType'], start: FrameBound, end: FrameBound): WindowSpec {
    return new WindowSpec({ ...this.spec, frameSpec: { frameType, lower: boundary(start), upper: boundary(end) } });
  }
}

/** Farther than any row: as Spark, any bound beyond a JVM's long is unbounded. */
const FAR = 2 ** 63;

function boundary(bound: FrameBound): FrameBoundary {
  if (bound instanceof Column) return { tag: 'value', value: bound.expr };
  const n = Number(bound);
  if (n === 0) return { tag: 'currentRow' };
  if (n <= -FAR || n >= FAR) return { tag: 'unbounded' };
  if (Number.isNaN(n))
    throw new SparkIllegalArgumentException('WINDOW_BOUND', '42K09', 'A bound of a window is a number of rows or a distance, not NaN.');
  return { tag: 'value', value: valueExpression(bound) };
}

const EMPTY = new WindowSpec({ partitionSpec: [], orderSpec: [] });

export const Window = {
  unboundedPreceding: Number.NEGATIVE_INFINITY,
  unboundedFollowing: Number.POSITIVE_INFINITY,
  currentRow: 0,
  partitionBy: (...columns: readonly ColumnOrName[]): WindowSpec => EMPTY.partitionBy(...columns),
  orderBy: (...columns: readonly ColumnOrName[]): WindowSpec => EMPTY.orderBy(...columns),
  rowsBetween: (start: FrameBound, end: FrameBound): WindowSpec => EMPTY.rowsBetween(start, end),
  rangeBetween: (start: FrameBound, end: FrameBound): WindowSpec => EMPTY.rangeBetween(start, end),
};
