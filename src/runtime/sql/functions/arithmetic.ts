// The operators + - * / % div, pmod, signs, abs, and their try_ forms. Dates and intervals: datetime-arithmetic.ts; widths of decimals: decimals.ts.
// In ANSI mode overflow and a zero divisor are errors; outside of it numbers wrap around and quotients are NULL.
// Source: arithmetic.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Call, Expr } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import { castTo, IN, isAnsiInterval, isDatetime, isFractional, isIntegral, isNumeric, isString, widerType } from './coercion.ts';
import {
  coerceTemporal,
  hasInterval,
  isTemporal,
  isTextAndInterval,
  temporalKernel,
  temporalName,
  temporalType,
} from './datetime-arithmetic.ts';
import { decimalDiv, decimalKernel, decimalOfOperand, decimalQuotient, decimalResult } from './decimals.ts';
import type { FunctionSpec, KernelContext, ScalarSpec, SessionSettings } from './spec.ts';
import { wrapped } from './wrap-around.ts';

const OPERAND_TYPES: { readonly [op: string]: string } = {
  '+': '("NUMERIC" or "INTERVAL DAY TO SECOND" or "INTERVAL YEAR TO MONTH" or "INTERVAL")',
  '-': '("NUMERIC" or "INTERVAL DAY TO SECOND" or "INTERVAL YEAR TO MONTH" or "INTERVAL")',
  '*': '"NUMERIC"',
  '/': '("DOUBLE" or "DECIMAL")',
  '%': '"NUMERIC"',
  pmod: '"NUMERIC"',
  div: '("BIGINT" or "DECIMAL" or "INTERVAL DAY TO SECOND" or "INTERVAL YEAR TO MONTH")',
};

function shown(op: string, a: string, b: string): string {
  return op === 'pmod' ? `pmod(${a}, ${b})` : `(${a} ${op} ${b})`;
}

/** Both sides to one type; decimals keep their own widths. */
function coerceBinary(op: string): (args: readonly Expr[], settings: SessionSettings) => readonly Expr[] {
  return (args, settings) => {
    if (hasInterval(args) && op !== '%' && op !== 'pmod') return coerceTemporal(op, args, settings.ansi);
    if ((op === '+' || op === '-') && isTemporal(args)) return coerceTemporal(op, args, settings.ansi);
    const [a, b] = args as [Expr, Expr];
    const sqlExpr = `"${shown(op, prettySql(a), prettySql(b))}"`;
    let type: T.DataType | undefined = numericType(a.dataType, b.dataType, settings);
    if (type?.tag === 'null') type = T.DOUBLE;
    if (type !== undefined && isString(type))
      throw new AnalysisException(
        'DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE',
        { sqlExpr, inputType: OPERAND_TYPES[op]!, actualDataType: '"STRING"' },
        a.origin,
      );
    if (type === undefined || !isNumeric(type)) {
      const types = { left: `"${sqlType(a.dataType)}"`, right: `"${sqlType(b.dataType)}"` };
      if (type !== undefined)
        throw new AnalysisException(
          'DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE',
          { sqlExpr, inputType: OPERAND_TYPES[op]!, actualDataType: `"${sqlType(type)}"` },
          a.origin,
        );
      throw new AnalysisException('DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES', { sqlExpr, ...types }, a.origin);
    }
    if (type.tag === 'decimal') return [castTo(a, decimalOfOperand(a)), castTo(b, decimalOfOperand(b))];
    if (op === '/') return [castTo(a, T.DOUBLE), castTo(b, T.DOUBLE)];
    if (op === 'div') {
      if (isFractional(type))
        throw new AnalysisException(
          'DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE',
          { sqlExpr, inputType: OPERAND_TYPES[op]!, actualDataType: `"${sqlType(type)}"` },
          a.origin,
        );
      return [castTo(a, T.LONG), castTo(b, T.LONG)];
    }
    return [castTo(a, type), castTo(b, type)];
  };
}

function numericType(a: T.DataType, b: T.DataType, settings: SessionSettings): T.DataType | undefined {
  if (!settings.ansi && (isString(a) || isString(b)) && (isNumeric(a) || isNumeric(b) || (isString(a) && isString(b)))) return T.DOUBLE;
  // A day and an instant are no operands together.
  if (isDatetime(a) && isDatetime(b) && a.tag !== b.tag) return undefined;
  return widerType(a, b);
}

const resultOf =
  (op: string) =>
  (args: readonly Expr[], settings: SessionSettings): T.DataType => {
    if (op === 'div') return T.LONG;
    if (isTemporal(args)) return temporalType(op, args);
    const [a, b] = [args[0]!.dataType, args[1]!.dataType];
    return a.tag === 'decimal' && b.tag === 'decimal' ? decimalResult(op, a, b, settings) : a;
  };

const ANSI = { config: '"spark.sql.ansi.enabled"' };

/** NULL outside of ANSI. */
function zeroGuard(divisor: string, text: string, emit: KernelContext, condition = 'DIVIDE_BY_ZERO'): string {
  if (!emit.settings.ansi) return `CASE WHEN ${divisor} <> 0 THEN ${text} END`;
  return `CASE WHEN ${divisor} = 0 THEN ${emit.raise(condition, ANSI)} ELSE ${text} END`;
}

/** The kernel divides for it, and the least number by -1 overflows. */
function remainderText(a: string, b: string, type: T.DataType): string {
  const isSafe = !isIntegral(type) || /^(?:CAST\()?\d+(?:::\w+)?(?: AS \w+\))?$/.test(b);
  return isSafe ? `${a} % ${b}` : `CASE WHEN ${b} = -1 THEN ${a} - ${a} ELSE ${a} % ${b} END`;
}

function numericKernel(op: string, args: readonly string[], call: Call, emit: KernelContext): string {
  const [a, b] = args as [string, string];
  const type = call.args[0]!.dataType;
  switch (op) {
    case '/':
      return zeroGuard(b, type.tag === 'decimal' ? decimalQuotient(args, call, emit) : `${a} / ${b}`, emit);
    case 'div':
      return zeroGuard(b, type.tag === 'decimal' ? decimalDiv(args, call, emit) : `${a} // ${b}`, emit);
    case '%':
      return zeroGuard(
        b,
        type.tag === 'decimal' ? `CAST(${a} % ${b} AS ${emit.typeName(call.dataType)})` : remainderText(a, b, type),
        emit,
        'REMAINDER_BY_ZERO',
      );
    case 'pmod': {
      const r = remainderText(a, b, type);
      const remainder = `CASE WHEN ${r} < 0 THEN (${r} + ${b}) % ${b} ELSE ${r} END`;
      return zeroGuard(
        b,
        type.tag === 'decimal' ? `CAST(${remainder} AS ${emit.typeName(call.dataType)})` : remainder,
        emit,
        'REMAINDER_BY_ZERO',
      );
    }
    default:
      if (type.tag === 'decimal') return decimalKernel(op, args, call, emit);
      if (emit.settings.ansi || !isIntegral(type)) return `(${a} ${op} ${b})`;
      return wrapped(`(${a}::HUGEINT ${op} ${b}::HUGEINT)`, type);
  }
}

const kernelOf = (op: string) => (args: readonly string[], call: Call, emit: KernelContext) =>
  isTemporal(call.args) ? temporalKernel(op, args, call, emit) : numericKernel(op, args, call, emit);

function nullableOf(op: string): ScalarSpec['nullable'] {
  const divides = op === '/' || op === 'div' || op === '%' || op === 'pmod';
  return (args) => args.some((a) => a.nullable) || isTextAndInterval(args) || (divides && !(isTemporal(args) && op !== 'div'));
}

const binary = (op: string): ScalarSpec => ({
  name: op,
  kind: 'scalar',
  arity: [2, 2],
  coerce: coerceBinary(op),
  result: resultOf(op),
  nullable: nullableOf(op)!,
  resultName: (args, exprs) => (isTemporal(exprs) ? temporalName(op, args, exprs) : shown(op, args[0]!, args[1]!)),
  kernel: kernelOf(op),
});

const isBefore = (a: Expr | undefined, b: Expr | undefined): boolean => (a?.origin?.start ?? Infinity) < (b?.origin?.start ?? 0);

/** NULL where the operator is an error. */
const tolerant = (name: string, op: string): ScalarSpec => ({
  ...binary(op),
  name,
  nullable: true,
  // As written: what is added to is brought to the front.
  resultName: ([a, b], exprs) => (isTemporal(exprs) && isBefore(exprs[1], exprs[0]) ? `${name}(${b}, ${a})` : `${name}(${a}, ${b})`),
  kernel: (args, call, emit) => {
    const [a, b] = args as [string, string];
    const tolerates = asContext(emit, { ...emit.settings, ansi: false });
    if (isTemporal(call.args)) {
      const type = emit.typeName(call.dataType);
      if (op === '*')
        return `TRY_CAST(${isIntegral(call.args[1]!.dataType) ? `${a}::HUGEINT * ${b}` : `round(${a}::DOUBLE * ${b})`} AS ${type})`;
      const divisor = op === '/' ? `CASE WHEN ${b} <> 0 THEN ${b} END` : b;
      return op === '/'
        ? `TRY_CAST(round(${a}::DOUBLE / (${divisor})) AS ${emit.typeName(call.dataType)})`
        : tried(temporalKernel(op, args, call, emit));
    }
    const type = call.args[0]!.dataType;
    if (isIntegral(type) && op !== '/' && op !== '%') return `TRY_CAST(${a}::HUGEINT ${op} ${b}::HUGEINT AS ${emit.typeName(type)})`;
    return numericKernel(op, args, call, tolerates);
  },
});

/** DuckDB's TRY takes no function that it holds for volatile: those of JavaScript, and error(). */
const tried = (text: string): string => (/\b(error|js_\w+|udf_\w+)\(/.test(text) ? text : `TRY(${text})`);

/** The same context with other settings: kernels are written for ANSI and tolerated outside. */
function asContext(emit: KernelContext, settings: SessionSettings): KernelContext {
  return Object.create(emit, { settings: { value: settings } }) as KernelContext;
}

const signed: NonNullable<ScalarSpec['inputs']> = [
  {
    ...IN.numeric,
    name: '("NUMERIC" or "INTERVAL DAY TO SECOND" or "INTERVAL YEAR TO MONTH" or "INTERVAL")',
    accepts: (t) => isNumeric(t) || isAnsiInterval(t) || t.tag === 'calendarInterval',
  },
];

function unary(name: string, sign: string | undefined, kernel: (x: string) => string): FunctionSpec {
  return {
    name,
    kind: 'scalar',
    arity: [1, 1],
    inputs: signed,
    result: ([a]) => a!.dataType,
    ...(sign !== undefined && { resultName: ([a]: readonly string[]) => `(${sign} ${a})` }),
    kernel: ([x], call, emit) => {
      const { dataType } = call;
      if (emit.settings.ansi || !isIntegral(dataType)) return kernel(x!);
      return wrapped(kernel(`(${x})::HUGEINT`), dataType);
    },
  };
}

const negated = (x: string): string => `(- ${x})`;
/** What a minus before an expression is: `-x` is printed so, `negative(x)` as it was called. */
export const UNARY_MINUS: FunctionSpec = unary('negative', '-', negated);

export const ARITHMETIC: readonly FunctionSpec[] = [
  binary('+'),
  binary('-'),
  binary('*'),
  binary('/'),
  binary('%'),
  { ...binary('%'), name: 'mod', resultName: ([a, b]) => `mod(${a}, ${b})` },
  binary('div'),
  binary('pmod'),
  tolerant('try_add', '+'),
  tolerant('try_subtract', '-'),
  tolerant('try_multiply', '*'),
  tolerant('try_divide', '/'),
  tolerant('try_mod', '%'),
  unary('negative', undefined, negated),
  unary('positive', '+', (x) => x),
  unary('abs', undefined, (x) => `abs(${x})`),
];
