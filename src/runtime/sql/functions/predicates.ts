// Comparisons, logic, conditionals. Source: predicates.scala, conditionalExpressions.scala, nullExpressions.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { unscaledOf } from '../kernel/js-numbers.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { BOOLEAN, type DataType, LONG, STRING } from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import { castTo, comparedType, IN, implicitCasts, isIntegral, isString, toWidest, widestOf } from './coercion.ts';
import { decimalOfOperand } from './decimals.ts';
import type { FunctionSpec, SessionSettings } from './spec.ts';

/** `i > 1.1` of a whole number is `i > 1`: which way the constant is rounded is the comparison's. Source: DecimalPrecisionTypeCoercion.integralAndDecimalLiteral. */
const ROUNDED: Readonly<Record<string, readonly [right: 'floor' | 'ceil', left: 'floor' | 'ceil']>> = {
  '>': ['floor', 'ceil'],
  '>=': ['ceil', 'floor'],
  '<': ['ceil', 'floor'],
  '<=': ['floor', 'ceil'],
};

function asWholes(op: string, [a, b]: readonly [Expr, Expr]): readonly [Expr, Expr] {
  const how = ROUNDED[op];
  if (how === undefined) return [a, b];
  return [isIntegral(b.dataType) ? wholeOf(a, how[1]) : a, isIntegral(a.dataType) ? wholeOf(b, how[0]) : b];
}

/** A decimal constant as a BIGINT; anything else, and what is too large, as it is. */
function wholeOf(e: Expr, how: 'floor' | 'ceil'): Expr {
  if (e.kind !== 'literal' || e.dataType.tag !== 'decimal' || e.value === null) return e;
  const { digits, scale } = unscaledOf(String(e.value));
  const unit = 10n ** BigInt(scale);
  const isOver = digits % unit !== 0n && (how === 'floor' ? digits < 0n : digits > 0n);
  const whole = digits / unit + (isOver ? (how === 'floor' ? -1n : 1n) : 0n);
  return BigInt.asIntN(64, whole) === whole ? literal(whole, LONG, e.origin) : e;
}

function coerceComparison(op: string): (args: readonly Expr[], settings: SessionSettings) => readonly Expr[] {
  return (args, settings) => {
    const [a, b] = asWholes(op, args as [Expr, Expr]);
    const isDecimal = a.dataType.tag === 'decimal' || b.dataType.tag === 'decimal';
    // A whole number written in the query has its own digits only beside a decimal.
    const typeOf = (e: Expr): DataType => (isDecimal && isIntegral(e.dataType) ? decimalOfOperand(e) : e.dataType);
    const type = comparedType(typeOf(a), typeOf(b), settings.ansi);
    if (type === undefined)
      throw new AnalysisException(
        'DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES',
        {
          sqlExpr: `"(${prettySql(a)} ${op} ${prettySql(b)})"`,
          left: `"${sqlType(a.dataType)}"`,
          right: `"${sqlType(b.dataType)}"`,
        },
        a.origin,
      );
    return [castTo(a, type), castTo(b, type)];
  };
}

const comparison = (name: string, shown: string, kernel: string, nullable?: boolean): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [2, 2],
  coerce: coerceComparison(shown),
  result: BOOLEAN,
  ...(nullable !== undefined && { nullable }),
  resultName: ([a, b]) => `(${a} ${shown} ${b})`,
  kernel,
});
const logic = (name: 'and' | 'or'): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [2, 2],
  coerce: (args) => {
    const [a, b] = args as [Expr, Expr];
    const other = args.find((e) => e.dataType.tag !== 'boolean' && e.dataType.tag !== 'null' && !isString(e.dataType));
    if (other === undefined) return [castTo(a, BOOLEAN), castTo(b, BOOLEAN)];
    const both = a.dataType.tag === b.dataType.tag;
    throw new AnalysisException(
      both ? 'DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE' : 'DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES',
      {
        sqlExpr: `"(${prettySql(a)} ${name.toUpperCase()} ${prettySql(b)})"`,
        left: `"${sqlType(a.dataType)}"`,
        right: `"${sqlType(b.dataType)}"`,
        inputType: '"BOOLEAN"',
        actualDataType: `"${sqlType(a.dataType)}"`,
      },
      a.origin,
    );
  },
  result: BOOLEAN,
  resultName: ([a, b]) => `(${a} ${name.toUpperCase()} ${b})`,
  kernel: `($1 ${name.toUpperCase()} $2)`,
});
const firstType = (args: readonly Expr[]): DataType => args[0]!.dataType;

/** `when`: condition, value, condition, value, …, and the ELSE value when their number is odd. */
const branchesOf = (args: readonly Expr[]): Expr[] =>
  args.filter((_, i) => i % 2 === 1 || (i === args.length - 1 && args.length % 2 === 1));

/** A list in which nothing is compared but with the value: all of one type. */
const coerceIn = (args: readonly Expr[], { ansi }: SessionSettings): readonly Expr[] => {
  const types = args.map((a) => a.dataType);
  if (!ansi && widestOf(types, false)?.tag === 'string' && !isString(types[0]!)) {
    // Outside of ANSI mode a list of one is a comparison.
    const type = args.length === 2 ? comparedType(types[0]!, types[1]!, false) : STRING;
    if (type !== undefined) return args.map((a) => castTo(a, type));
  }
  return toWidest('in', args, ansi);
};

function conditionOf(e: Expr, at: number, args: readonly Expr[], settings: SessionSettings): Expr {
  const type = e.dataType.tag;
  if (type === 'boolean' || type === 'null') return castTo(e, BOOLEAN);
  const whens = args.map(prettySql);
  const text = Array.from({ length: Math.floor(args.length / 2) }, (_, i) => ` WHEN ${whens[2 * i]} THEN ${whens[2 * i + 1]}`).join('');
  const strict = { ...IN.boolean, castFrom: () => undefined };
  return implicitCasts(`CASE${text}${args.length % 2 === 1 ? ` ELSE ${whens.at(-1)}` : ''} END`, [e], [strict], settings, at)[0]!;
}

export const PREDICATES: readonly FunctionSpec[] = [
  comparison('==', '=', '($1 = $2)'),
  comparison('!=', '<>', '($1 <> $2)'),
  comparison('<', '<', '($1 < $2)'),
  comparison('<=', '<=', '($1 <= $2)'),
  comparison('>', '>', '($1 > $2)'),
  comparison('>=', '>=', '($1 >= $2)'),
  comparison('<=>', '<=>', '($1 IS NOT DISTINCT FROM $2)', false),
  logic('and'),
  logic('or'),
  {
    name: 'not',
    aliases: ['!'],
    kind: 'scalar',
    arity: [1, 1],
    inputs: [IN.boolean],
    result: BOOLEAN,
    resultName: ([a]) => `(NOT ${a})`,
    kernel: '(NOT $1)',
  },
  {
    name: 'isnull',
    kind: 'scalar',
    arity: [1, 1],
    result: BOOLEAN,
    nullable: false,
    resultName: ([a]) => `(${a} IS NULL)`,
    kernel: '($1 IS NULL)',
  },
  {
    name: 'isnotnull',
    kind: 'scalar',
    arity: [1, 1],
    result: BOOLEAN,
    nullable: false,
    resultName: ([a]) => `(${a} IS NOT NULL)`,
    kernel: '($1 IS NOT NULL)',
  },
  {
    name: 'in',
    kind: 'scalar',
    arity: [1, Number.POSITIVE_INFINITY],
    coerce: coerceIn,
    result: BOOLEAN,
    resultName: ([a, ...rest]) => `(${a} IN (${rest.join(', ')}))`,
    // Of none, as `isin([])` has it: nothing is in it, not even NULL.
    kernel: ([a, ...rest]) => (rest.length === 0 ? 'false' : `(${a} IN (${rest.join(', ')}))`),
  },
  {
    name: 'coalesce',
    kind: 'scalar',
    arity: [1, Number.POSITIVE_INFINITY],
    coerce: (args, { ansi }) => toWidest('coalesce', args, ansi),
    result: firstType,
    nullable: (args) => args.every((a) => a.nullable),
    kernel: 'coalesce($*)',
  },
  {
    name: 'when',
    kind: 'scalar',
    arity: [2, Number.POSITIVE_INFINITY],
    coerce: (args, settings) => {
      const wide = toWidest('casewhen', branchesOf(args), settings.ansi);
      let at = 0;
      return args.map((a, i) =>
        i % 2 === 1 || (i === args.length - 1 && args.length % 2 === 1) ? wide[at++]! : conditionOf(a, i, args, settings),
      );
    },
    result: (args) => args[1]!.dataType,
    nullable: (args) => args.length % 2 === 0 || branchesOf(args).some((a) => a.nullable),
    resultName: (args) => {
      const whens: string[] = [];
      for (let i = 0; i + 1 < args.length; i += 2) whens.push(`WHEN ${args[i]} THEN ${args[i + 1]}`);
      return `CASE ${whens.join(' ')}${args.length % 2 === 1 ? ` ELSE ${args.at(-1)}` : ''} END`;
    },
    kernel: (args) => {
      const whens: string[] = [];
      for (let i = 0; i + 1 < args.length; i += 2) whens.push(`WHEN ${args[i]} THEN ${args[i + 1]}`);
      return `CASE ${whens.join(' ')}${args.length % 2 === 1 ? ` ELSE ${args.at(-1)}` : ''} END`;
    },
  },
];
