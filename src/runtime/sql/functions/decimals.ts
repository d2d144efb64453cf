// Decimals: widths of results and how each operation is computed exactly. DuckDB's own products stop at the physical width of their operands and
// its quotients are floating, so operands are widened first, quotients go over whole numbers, and what passes 128 bits goes to JavaScript.
// Source: DecimalPrecision.scala and Decimal.scala of Spark 4.2.
import type { Call, Expr } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { boundedDecimal, decimalOf } from './coercion.ts';
import type { KernelContext, SessionSettings } from './spec.ts';

type Rule = (a: T.DecimalType, b: T.DecimalType, bounded: Bounded) => T.DecimalType;
/** How a type with too many digits is cut. */
type Bounded = (precision: number, scale: number) => T.DecimalType;

const sum: Rule = (a, b, bounded) => {
  const scale = Math.max(a.scale, b.scale);
  return bounded(Math.max(a.precision - a.scale, b.precision - b.scale) + scale + 1, scale);
};
const remainder: Rule = (a, b, bounded) => {
  const scale = Math.max(a.scale, b.scale);
  return bounded(Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale);
};
const DECIMAL_RULES: { readonly [operator: string]: Rule } = {
  '+': sum,
  '-': sum,
  '*': (a, b, bounded) => bounded(a.precision + b.precision + 1, a.scale + b.scale),
  '/': (a, b, bounded) => {
    const scale = Math.max(6, a.scale + b.precision + 1);
    return bounded(a.precision - a.scale + b.scale + scale, scale);
  },
  '%': remainder,
  pmod: remainder,
};

/** Without loss of precision a type keeps its scale, and values that no longer fit are errors. Source: DecimalPrecision with allowPrecisionLoss off. */
const keepsScale: Bounded = (precision, scale) => T.decimalType(Math.min(precision, 38), Math.min(scale, 38));

export function decimalResult(op: string, a: T.DecimalType, b: T.DecimalType, settings: SessionSettings): T.DecimalType {
  if (settings.get('spark.sql.decimalOperations.allowPrecisionLoss') !== 'false') return DECIMAL_RULES[op]!(a, b, boundedDecimal);
  if (op !== '/') return DECIMAL_RULES[op]!(a, b, keepsScale);
  const whole = Math.min(38, a.precision - a.scale + b.scale);
  const scale = Math.min(38, Math.max(6, a.scale + b.precision + 1));
  const over = whole + scale - 38;
  return over > 0 ? T.decimalType(38, scale - Math.floor(over / 2) - 1) : T.decimalType(whole + scale, scale);
}

/** The decimal of an operand: of a whole number written in the query, only its digits. */
export function decimalOfOperand(e: Expr): T.DecimalType {
  if (
    e.kind === 'literal' &&
    e.value !== null &&
    (typeof e.value === 'number' || typeof e.value === 'bigint') &&
    e.dataType.tag !== 'decimal'
  )
    return T.decimalType(String(e.value).replace('-', '').length, 0);
  return decimalOf(e.dataType);
}

/** Brings a computed decimal to the result's type; outside of ANSI what does not fit is NULL. */
function fitted(text: string, type: T.DecimalType, emit: KernelContext): string {
  return `${emit.settings.ansi ? 'CAST' : 'TRY_CAST'}(${text} AS ${emit.typeName(type)})`;
}

const typesOf = (call: Call): [T.DecimalType, T.DecimalType, T.DecimalType] => [
  call.args[0]!.dataType as T.DecimalType,
  call.args[1]!.dataType as T.DecimalType,
  call.dataType as T.DecimalType,
];

function inJavaScript(operation: string, [a, b]: readonly string[], call: Call, emit: KernelContext): string {
  const [ta, tb, result] = typesOf(call);
  const mode = emit.settings.ansi ? 'ansi' : 'try';
  return `${emit.jsFunction(`decimal_${operation}`, emit.typeName(ta), emit.typeName(tb), emit.typeName(result), mode)}(${a}, ${b})`;
}

/** What 64 bits hold. */
export const NARROW_DIGITS = 18;

const naturalScale = (op: string, a: T.DecimalType, b: T.DecimalType): number =>
  op === '*' ? a.scale + b.scale : Math.max(a.scale, b.scale);

function isNarrowable(op: string, call: Call): boolean {
  const [ta, tb, result] = typesOf(call);
  const natural = naturalScale(op, ta, tb);
  return natural === result.scale && natural < NARROW_DIGITS;
}

/** Whether what is summed, no window's, is computed in 64 bits: 38 digits hold the sum of more rows than there can be. */
export function isSummedNarrow(e: Expr, emit: KernelContext): boolean {
  if (emit.settings.wideDecimals === true || e.kind !== 'call' || e.dataType.tag !== 'decimal') return false;
  const isNarrow = (a: Expr) => (a.dataType.tag === 'decimal' && a.dataType.precision <= NARROW_DIGITS) || isSummedNarrow(a, emit);
  return /^[-+*]$/.test(e.spec.name) && isNarrowable(e.spec.name, e) && e.args.every(isNarrow);
}

export function decimalKernel(op: string, args: readonly string[], call: Call, emit: KernelContext): string {
  const [a, b] = args as [string, string];
  const [ta, tb, result] = typesOf(call);
  const natural = naturalScale(op, ta, tb);
  if (isNarrowable(op, call) && emit.narrowsDecimals()) return `(${a} ${op} ${b})`;
  // DuckDB's own sum fails where all 38 digits are in use.
  const losesPlaces = Math.max(ta.scale, tb.scale) > result.scale;
  if (op !== '*' && result.precision === 38 && (losesPlaces || !emit.settings.ansi))
    return inJavaScript(op === '+' ? 'add' : 'subtract', args, call, emit);
  if (op !== '*') return fitted(`${a} ${op} ${b}`, result, emit);
  const digits = ta.precision + tb.precision;
  // More than 38 digits are an overflow in both; fewer of them after the point are for JavaScript, which rounds once.
  if (digits > T.MAX_DECIMAL_PRECISION && natural === result.scale && emit.settings.ansi) return fitted(`${a} * ${b}`, result, emit);
  if (digits > T.MAX_DECIMAL_PRECISION) return inJavaScript('multiply', args, call, emit);
  if (digits <= 18 || ta.precision > 18 || tb.precision > 18) return fitted(`${a} * ${b}`, result, emit);
  return fitted(`CAST(${a} AS DECIMAL(${Math.max(19, ta.precision)},${ta.scale})) * ${b}`, result, emit);
}

/** The digits of a decimal as a whole number. @param whole the kernel's type that holds them */
export function unscaled(x: string, { precision, scale }: T.DecimalType, whole: 'BIGINT' | 'HUGEINT' = 'HUGEINT'): string {
  if (scale === 0) return `CAST(${x} AS ${whole})`;
  if (precision + scale + 1 <= T.MAX_DECIMAL_PRECISION) return `CAST(${x} * 1${'0'.repeat(scale)} AS ${whole})`;
  return `CAST(replace(CAST(${x} AS VARCHAR), '.', '') AS ${whole})`;
}

const LONGEST_OPERAND = 340;

/** Half up, away from zero. The caller has excluded 0 as the divisor. */
export function decimalQuotient(args: readonly string[], call: Call, emit: KernelContext): string {
  const [a, b] = args as [string, string];
  const [ta, tb, result] = typesOf(call);
  const shift = result.scale - ta.scale + tb.scale;
  if (shift < 0 || ta.precision + shift > 37 || a.length + b.length > LONGEST_OPERAND) return inJavaScript('divide', args, call, emit);
  // A division of 128 bits takes the kernel a microsecond, one of 64 bits next to nothing.
  const whole = ta.precision + shift <= NARROW_DIGITS && tb.precision <= NARROW_DIGITS ? 'BIGINT' : 'HUGEINT';
  const numerator = `(${unscaled(a, ta, whole)} * 1${'0'.repeat(shift)}::${whole})`;
  const divisor = unscaled(b, tb, whole);
  // The quotient and, by the remainder, one more away from zero: as whole numbers.
  const digits = `(${numerator} // ${divisor} + CASE WHEN abs(${numerator} % ${divisor}) * 2 >= abs(${divisor}) THEN sign(${a})::INTEGER * sign(${b})::INTEGER ELSE 0 END)`;
  return takesPoint(result) ? fitted(withPoint(digits, result), result, emit) : inJavaScript('divide', args, call, emit);
}

/** Whether withPoint can make the type's values. */
const takesPoint = ({ precision, scale }: T.DecimalType): boolean => scale === 0 || T.MAX_DECIMAL_PRECISION - scale >= precision;

/** The opposite of unscaled: the point is put in by a product that is exact. */
function withPoint(digits: string, { scale }: T.DecimalType): string {
  if (scale === 0) return digits;
  return `CAST(${digits} AS DECIMAL(${T.MAX_DECIMAL_PRECISION - scale},0)) * 0.${'0'.repeat(scale - 1)}1::DECIMAL(${scale},${scale})`;
}

/** Digits that a sum has more than what is summed: of more rows than there can be. */
export const SUM_DIGITS = 10;

/** Half up, away from zero. @param s the sum of decimals `of`; @param n how many. @returns undefined: it passes 128 bits on the way */
export function decimalMean(s: string, n: string, of: T.DecimalType, result: T.DecimalType): string | undefined {
  const sum = T.decimalType(T.MAX_DECIMAL_PRECISION - 1 - of.scale, of.scale);
  const shift = result.scale - of.scale;
  const isExact = of.precision + SUM_DIGITS <= sum.precision && of.precision + SUM_DIGITS + shift < T.MAX_DECIMAL_PRECISION - 1;
  if (!isExact || shift < 0 || !takesPoint(result)) return undefined;
  const whole = unscaled(`CAST(${s} AS DECIMAL(${sum.precision},${sum.scale}))`, sum);
  const digits = `(sign(${s})::INTEGER * ((abs(${whole}) * 2${'0'.repeat(shift)}::HUGEINT + ${n}::HUGEINT) // (${n}::HUGEINT * 2)))`;
  return `CAST(${withPoint(digits, result)} AS DECIMAL(${result.precision},${result.scale}))`;
}

/** Whole part of the quotient as BIGINT. */
export function decimalDiv([a, b]: readonly string[], call: Call, emit: KernelContext): string {
  const [ta, tb] = typesOf(call);
  const common = Math.max(ta.scale, tb.scale);
  const left = `${unscaled(a!, ta)} * 1${'0'.repeat(common - ta.scale)}::HUGEINT`;
  const right = `${unscaled(b!, tb)} * 1${'0'.repeat(common - tb.scale)}::HUGEINT`;
  return `${emit.settings.ansi ? 'CAST' : 'TRY_CAST'}((${left}) // (${right}) AS BIGINT)`;
}
