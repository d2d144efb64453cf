// Windows of time: the struct of start and end that a time falls into, or all of them where windows overlap, and window_time. Which call makes
// them: ../analysis/relations/time-windows.ts. Source: TimeWindow, TimeWindowing.getWindow, WindowTime of Spark 4.2.
import type { Call, Expr } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { mismatch, unexpectedInput } from './arguments.ts';
import { letIn } from './kernel-text.ts';
import type { FunctionSpec, ScalarSpec } from './spec.ts';

/** Microseconds. Equal width and slide: windows do not overlap. */
export type WindowTimes = { readonly width: bigint; readonly slide: bigint; readonly start: bigint };

/**
 * The window of a time; where windows overlap, an array of them.
 * @throws AnalysisException DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE, DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION
 */
export function windowOfTimes(time: Expr, { width, slide, start }: WindowTimes): Call {
  check([time], { width, slide, start });
  const type = T.structType([T.structField('start', time.dataType, true), T.structField('end', time.dataType, true)]);
  const isSliding = width !== slide;
  const make = time.dataType.tag === 'timestamp' ? 'make_timestamptz' : 'make_timestamp';
  const at = (micros: string): string => `struct_pack("start" := ${make}(${micros}), "end" := ${make}(${micros} + ${width}))`;
  const spec: ScalarSpec = {
    name: 'window',
    kind: 'scalar',
    arity: [1, 1],
    result: isSliding ? T.arrayType(type, false) : type,
    nullable: false,
    kernel: ([t]) =>
      letIn(`epoch_us(${t})`, (micros) => {
        const last = `(${micros} - (((${micros} - ${start}) % ${slide} + ${slide}) % ${slide}))`;
        if (!isSliding) return at(last);
        const starts = Array.from({ length: Number((width + slide - 1n) / slide) }, (_, i) => `${last} - ${BigInt(i) * slide}`);
        return `list_transform(list_filter([${starts.join(', ')}], lambda s: ${micros} < s + ${width}), lambda s: ${at('s')})`;
      }),
  };
  return { kind: 'call', spec, args: [time], dataType: spec.result as T.DataType, nullable: false };
}

function check(args: readonly Expr[], { width, slide, start }: WindowTimes): void {
  const positive = (exprName: string, value: bigint): void => {
    if (value <= 0n)
      throw mismatch('VALUE_OUT_OF_RANGE', 'window', args, {
        exprName: `\`${exprName}\``,
        valueRange: `(0, ${2n ** 63n - 1n}]`,
        currentValue: String(value),
      });
  };
  positive('window_duration', width);
  positive('slide_duration', slide);
  const within = (name: string, value: bigint, limit: string, constraint: string, other: bigint): void => {
    throw mismatch('PARAMETER_CONSTRAINT_VIOLATION', 'window', args, {
      leftExprName: `\`${name}\``,
      leftExprValue: String(value),
      constraint,
      rightExprName: `\`${limit}\``,
      rightExprValue: String(other),
    });
  };
  if (slide > width) within('slide_duration', slide, 'window_duration', '<=', width);
  const size = start < 0n ? -start : start;
  if (size >= slide) within('abs(start_time)', size, 'slide_duration', '<', slide);
}

export const TIME_WINDOWS: readonly FunctionSpec[] = [
  {
    name: 'window_time',
    kind: 'scalar',
    arity: [1, 1],
    coerce: (args) => {
      const { dataType } = args[0]!;
      if (dataType.tag !== 'struct' || dataType.fields.map((f) => f.name).join() !== 'start,end')
        throw unexpectedInput('window_time', args, 0, '"STRUCT<start: TIMESTAMP, end: TIMESTAMP>"');
      return args;
    },
    result: ([w]) => (w!.dataType as T.StructType).fields[1]!.dataType,
    kernel: ([w]) => `(struct_extract(${w}, 'end') - INTERVAL 1 MICROSECOND)`,
  },
];
