// Where the bundle begins that worker threads load when a fragment calls JavaScript or a function of the program sees rows: the engine's functions,
// functions of the program, and the classes that the latter extend, make and are given. Only this bundle of a worker has those classes.
import type { KernelScalarFunction, SqlKernel } from '../../../common/sql-kernel.ts';
import type { FragmentFunction } from '../../rdd/sql-fragment.ts';
import { Aggregator } from '../api/aggregator.ts';
import { Decimal } from '../api/decimal.ts';
import { Encoder, Encoders } from '../api/encoders.ts';
import {
  AnalyzeResult,
  OrderingColumn,
  PartitioningColumn,
  SelectedColumn,
  SkipRestOfInputTableException,
} from '../api/table-function-analysis.ts';
import { Row } from '../api/rows.ts';
import { VariantVal } from '../api/variant-val.ts';
import { CalendarInterval, DayTimeInterval, LocalDate, LocalTime, LocalTimestamp, Timestamp, YearMonthInterval } from '../api/times.ts';
import { scalarFunction } from '../kernel/js-functions.ts';
import type { UserCall } from '../plan/user-function.ts';
import { userScalar } from './scalar-function.ts';
import { runSteps as run, type Step } from './steps.ts';

/** @param bodies what the program wrote, as this task has it */
export const functionOf = (f: FragmentFunction, bodies: readonly unknown[]): KernelScalarFunction =>
  'call' in f ? userScalar(f.call as UserCall, bodies[f.body], f.sqlName) : scalarFunction(f.engine, f.parameters, f.sqlName);

export const runSteps = (kernel: SqlKernel, steps: readonly object[], bodies: readonly unknown[], check: () => void) =>
  run(kernel, steps as readonly Step[], bodies, { check });

/** By their names in the package. */
export const PROGRAM_CLASSES = {
  Aggregator,
  AnalyzeResult,
  CalendarInterval,
  DayTimeInterval,
  Decimal,
  Encoder,
  Encoders,
  LocalDate,
  LocalTime,
  LocalTimestamp,
  OrderingColumn,
  PartitioningColumn,
  SelectedColumn,
  SkipRestOfInputTableException,
  SqlRow: Row,
  Timestamp,
  VariantVal,
  YearMonthInterval,
};
export { inferRow, mergeInferred } from '../api/infer-shape.ts';
export { columnsEncoder, decoderOf, normaliserOf } from '../api/shapes.ts';
export { makeCopy } from '../sources/make-copy.ts';
export { VALUE_CODECS } from '../api/value-records.ts';
