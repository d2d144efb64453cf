// histogram_numeric: where a group's values lie, in few bins. Source: HistogramNumeric of Spark 4.2.
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { literalOf, mismatch, unexpectedInput } from './arguments.ts';
import { castTo, isIntegral, isNumeric } from './coercion.ts';
import { freshName } from './kernel-text.ts';
import type { FunctionSpec } from './spec.ts';

/** A value as a number, and a number as a value. undefined: there is none of the type. */
function asNumber(type: T.DataType): { readonly to: (x: string) => string; readonly from: (x: string) => string } | undefined {
  if (isIntegral(type)) return { to: (x) => x, from: (x) => `trunc(${x})` };
  if (isNumeric(type)) return { to: (x) => x, from: (x) => x };
  switch (type.tag) {
    case 'date':
      return { to: (x) => `(${x} - DATE '1970-01-01')`, from: (x) => `(DATE '1970-01-01' + CAST(trunc(${x}) AS INTEGER))` };
    case 'timestamp':
      return { to: (x) => `epoch_us(${x})`, from: (x) => `make_timestamptz(CAST(trunc(${x}) AS BIGINT))` };
    case 'timestamp_ntz':
      return { to: (x) => `epoch_us(${x})`, from: (x) => `make_timestamp(CAST(trunc(${x}) AS BIGINT))` };
    case 'dayTimeInterval':
    case 'yearMonthInterval':
      return { to: (x) => x, from: (x) => `trunc(${x})` };
    default:
      return undefined;
  }
}

export const HISTOGRAM: readonly FunctionSpec[] = [
  {
    name: 'histogram_numeric',
    kind: 'aggregate',
    arity: [2, 2],
    coerce: (args) => {
      const [x, bins] = [args[0]!, args[1]!];
      if (asNumber(x.dataType) === undefined) {
        if (x.dataType.tag !== 'null')
          throw unexpectedInput(
            'histogram_numeric',
            args,
            0,
            '("NUMERIC" or "DATE" or "TIMESTAMP" or "TIMESTAMP_NTZ" or "INTERVAL YEAR TO MONTH" or "INTERVAL DAY TO SECOND")',
          );
      }
      const value = literalOf(bins)?.value;
      if (value === undefined)
        throw mismatch('NON_FOLDABLE_INPUT', 'histogram_numeric', args, {
          inputName: '`nb`',
          inputType: '"INT"',
          inputExpr: `"${prettySql(bins)}"`,
        });
      if (value === null) throw mismatch('UNEXPECTED_NULL', 'histogram_numeric', args, { exprName: 'nb' });
      if (Number(value) < 2)
        throw mismatch('VALUE_OUT_OF_RANGE', 'histogram_numeric', args, {
          exprName: 'histogram',
          valueRange: '[2, 2147483647]',
          currentValue: String(value),
        });
      return [x.dataType.tag === 'null' ? castTo(x, T.DOUBLE) : x, castTo(bins, T.INTEGER)];
    },
    result: ([x]) => T.arrayType(T.structType([T.structField('x', x!.dataType), T.structField('y', T.DOUBLE)])),
    nullable: true,
    kernel: ([x], call, emit) => {
      const type = call.args[0]!.dataType;
      const { to, from } = asNumber(type)!;
      const values = emit.aggregateOf(call, 'list', [`CAST(${to(x!)} AS DOUBLE)`], { where: `${x} IS NOT NULL` });
      const bins = `${emit.jsFunction('histogram_numeric', String(literalOf(call.args[1])!.value))}(${values})`;
      const b = freshName(x!, 'bin');
      return `list_transform(${bins}, lambda ${b}: struct_pack(x := CAST(${from(`${b}.x`)} AS ${emit.typeName(type)}), y := ${b}.y))`;
    },
  },
];
