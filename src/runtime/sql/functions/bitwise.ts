// Operators and functions on bits. Shifts take the distance modulo the width, as Java's. Source: bitwiseExpressions.scala, ShiftLeft … of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Expr } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import { castTo, IN, isIntegral, widerType } from './coercion.ts';
import type { FunctionSpec, ScalarSpec } from './spec.ts';
import { wrapped } from './wrap-around.ts';

const bits = (op: string, kernel: string): ScalarSpec => ({
  name: op,
  kind: 'scalar',
  arity: [2, 2],
  coerce: (args) => {
    const [a, b] = args as [Expr, Expr];
    const type = widerType(a.dataType, b.dataType);
    if (type !== undefined && isIntegral(type)) return [castTo(a, type), castTo(b, type)];
    const sqlExpr = `"(${prettySql(a)} ${op} ${prettySql(b)})"`;
    if (type !== undefined && T.sameType(a.dataType, b.dataType))
      throw new AnalysisException(
        'DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE',
        { sqlExpr, inputType: '"INTEGRAL"', actualDataType: `"${sqlType(type)}"` },
        a.origin,
      );
    throw new AnalysisException(
      'DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES',
      { sqlExpr, left: `"${sqlType(a.dataType)}"`, right: `"${sqlType(b.dataType)}"` },
      a.origin,
    );
  },
  result: ([a]) => a!.dataType,
  resultName: ([a, b]) => `(${a} ${op} ${b})`,
  kernel,
});

const intOrLong = {
  ...IN.integer,
  name: '("INT" or "BIGINT")',
  accepts: (t: T.DataType): boolean => t.tag === 'integer' || t.tag === 'long',
};

function shift(op: string, name: string, isFunction: boolean): ScalarSpec {
  return {
    name: isFunction ? name : op,
    kind: 'scalar',
    arity: [2, 2],
    inputs: [intOrLong, IN.integer],
    result: ([a]) => a!.dataType,
    resultName: ([a, b]) => (isFunction ? `${name}(${a}, ${b})` : `(${a} ${op} ${b})`),
    kernel: ([x, by], call) => {
      const isLong = call.dataType.tag === 'long';
      const distance = `(${by} & ${isLong ? 63 : 31})`;
      if (op === '>>') return `CAST(floor_shift AS ${isLong ? 'BIGINT' : 'INTEGER'})`.replace('floor_shift', `(${x}) >> ${distance}`);
      const unsigned = `((${x})::HUGEINT & ${isLong ? '18446744073709551615' : '4294967295'}::HUGEINT)`;
      // What a shift to the left pushes out goes first, so that 128 bits are enough.
      return op === '<<'
        ? wrapped(
            `(${unsigned} * CAST(pow(2::DOUBLE, ${distance}) AS HUGEINT))`.replace(unsigned, isLong ? lowBits(x!, distance) : unsigned),
            call.dataType,
          )
        : wrapped(`(${unsigned} // CAST(pow(2::DOUBLE, ${distance}) AS HUGEINT))`, call.dataType);
    },
  };
}

const lowBits = (x: string, distance: string): string => `((${x})::HUGEINT & (CAST(pow(2::DOUBLE, 64 - ${distance}) AS HUGEINT) - 1))`;

const isBitCount = (t: T.DataType): boolean => isIntegral(t) || t.tag === 'boolean';

export const BITWISE: readonly FunctionSpec[] = [
  bits('&', '($1 & $2)'),
  bits('|', '($1 | $2)'),
  bits('^', 'xor($1, $2)'),
  {
    name: '~',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [IN.integral],
    result: ([a]) => a!.dataType,
    resultName: ([a]) => `~${a}`,
    kernel: '(~ $1)',
  },
  shift('<<', 'shiftleft', false),
  shift('>>', 'shiftright', false),
  shift('>>>', 'shiftrightunsigned', false),
  shift('<<', 'shiftleft', true),
  shift('>>', 'shiftright', true),
  shift('>>>', 'shiftrightunsigned', true),
  {
    name: 'bit_count',
    kind: 'scalar',
    arity: [1, 1],
    inputs: [
      {
        ...IN.integral,
        name: '("INTEGRAL" or "BOOLEAN")',
        accepts: isBitCount,
        castFrom: (t) => (t.tag === 'null' ? T.INTEGER : undefined),
      },
    ],
    result: T.INTEGER,
    // Of the value as a long: a negative one has ones in front.
    kernel: 'CAST(bit_count(CAST($1 AS BIGINT)) AS INTEGER)',
  },
  ...['bit_get', 'getbit'].map(
    (name): ScalarSpec => ({
      name,
      kind: 'scalar',
      arity: [2, 2],
      inputs: [IN.integral, IN.integer],
      result: T.BYTE,
      kernel: ([x, at], call, emit) => {
        const size = { byte: 8, short: 16, integer: 32, long: 64 }[call.args[0]!.dataType.tag as 'byte']!;
        const failure = emit.raiseWith(
          'INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE',
          { functionName: `\`${name}\``, parameter: '`pos`', upper: String(size) },
          { invalidValue: `CAST(${at} AS VARCHAR)` },
        );
        return `CASE WHEN ${at} < 0 OR ${at} >= ${size} THEN ${failure} ELSE CAST((CAST(${x} AS BIGINT) >> ${at}) & 1 AS TINYINT) END`;
      },
    }),
  ),
];
