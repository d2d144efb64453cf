// Mathematics where DuckDB's last digit, its range or its random numbers are not Java's. V8 has the same algorithms (fdlibm) as Java's StrictMath.
// Source: mathExpressions.scala, randomExpressions.scala, XORShiftRandom, NumberConverter of Spark 4.2.
import type { KernelColumn } from '../../../common/sql-kernel.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { byRow, type JsFunction, jsFunction } from './js-function.ts';
import { decimalOfDigits, roundedQuotient } from './js-numbers.ts';
import { trimAll } from './js-casts.ts';
import { gaussian, integers, xorShift } from './random.ts';
import { plainDigits } from './plain-digits.ts';

const FUNCTIONS: { readonly [name: string]: (x: number) => number } = {
  cbrt: Math.cbrt,
  expm1: Math.expm1,
  log1p: Math.log1p,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  // Spark's own formulas, not the library's.
  asinh: (x) => (x === -Infinity ? -Infinity : Math.log(x + Math.sqrt(x * x + 1))),
  acosh: (x) => Math.log(x + Math.sqrt(x * x - 1)),
  atanh: (x) => 0.5 * (Math.log1p(x) - Math.log1p(-x)),
};

/** Digits of a decimal's text, rounded to a number of places. */
export function roundText(text: string, mode: string, places: number): string {
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = (negative ? text.slice(1) : text).split('.');
  const digits = BigInt(whole + fraction) * (negative ? -1n : 1n);
  const drop = fraction.length - places;
  if (drop <= 0) return text;
  const unit = 10n ** BigInt(drop);
  const quotient = digits / unit;
  const rest = digits % unit;
  let rounded = quotient;
  if (mode === 'half_up') rounded = roundedQuotient(digits, unit);
  else if (mode === 'ceil') rounded = rest > 0n ? quotient + 1n : quotient;
  else if (mode === 'floor') rounded = rest < 0n ? quotient - 1n : quotient;
  else {
    const twice = (rest < 0n ? -rest : rest) * 2n;
    if (twice > unit || (twice === unit && quotient % 2n !== 0n)) rounded = digits < 0n ? quotient - 1n : quotient + 1n;
  }
  return places >= 0 ? decimalOfDigits(rounded, places) : String(rounded * 10n ** BigInt(-places));
}

function roundDouble(n: number, mode: string, places: number): number {
  return Number.isFinite(n) ? Number(roundText(plainDigits(n), mode, places)) : n;
}

const BITS: { readonly [type: string]: bigint } = { byte: 8n, short: 16n, integer: 32n, long: 64n };

/** @param type '' where there is no limit */
function withinLimit(text: string, type: string): string {
  const bits = BITS[type];
  if (bits === undefined || BigInt.asIntN(Number(bits), BigInt(text)) === BigInt(text)) return text;
  throw new AnalysisException('ARITHMETIC_OVERFLOW', { message: 'Overflow', alternative: '', config: '"spark.sql.ansi.enabled"' });
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const TOP = 2n ** 64n;

/** A number's text from one base to another, unsigned unless the target base is negative. */
function convert(text: string, from: number, to: number, mode: string): string | null {
  const toBase = Math.abs(to);
  if (from < 2 || from > 36 || toBase < 2 || toBase > 36) return null;
  const trimmed = trimAll(text);
  if (trimmed === '') return null;
  const negative = trimmed.startsWith('-');
  let value = 0n;
  for (const c of (negative ? trimmed.slice(1) : trimmed).toUpperCase()) {
    const digit = DIGITS.indexOf(c);
    if (digit < 0 || digit >= from) break;
    value = value * BigInt(from) + BigInt(digit);
    if (value < TOP) continue;
    if (mode === 'ansi')
      throw new AnalysisException('ARITHMETIC_OVERFLOW', {
        message: `Overflow in function conv()`,
        alternative: '',
        config: '"spark.sql.ansi.enabled"',
      });
    value = TOP - 1n;
    break;
  }
  // What is no signed number any more is -1.
  if (negative && to > 0) value = value >= TOP / 2n ? TOP - 1n : (TOP - value) % TOP;
  if (to > 0) return value.toString(toBase).toUpperCase();
  const signed = !negative && value >= TOP / 2n ? value - TOP : negative ? -value : value;
  return signed.toString(toBase).toUpperCase();
}

function widthBucket(value: number, low: number, high: number, buckets: bigint): bigint | null {
  if (buckets <= 0n || buckets === 2n ** 63n - 1n || Number.isNaN(value) || low === high || !Number.isFinite(low) || !Number.isFinite(high))
    return null;
  const [least, most] = [Math.min(low, high), Math.max(low, high)];
  if (low < high) {
    if (value < least) return 0n;
    if (value >= most) return buckets + 1n;
    return BigInt(Math.trunc((Number(buckets) * (value - least)) / (most - least))) + 1n;
  }
  if (value > most) return 0n;
  if (value <= least) return buckets + 1n;
  return BigInt(Math.trunc((Number(buckets) * (most - value)) / (most - least))) + 1n;
}

/** java.lang's cast of a double to long. */
function toLong(x: number): bigint {
  if (Number.isNaN(x)) return 0n;
  return x >= 2 ** 63 ? 2n ** 63n - 1n : x <= -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.trunc(x));
}

const random = (name: string, of: (uniform: () => number) => () => number): JsFunction => ({
  name,
  isVolatile: true,
  make: (seed) => {
    const next = of(seed === '' ? Math.random : xorShift(BigInt(seed!)));
    return {
      parameterTypes: [],
      returnType: 'DOUBLE',
      compute: (_: readonly KernelColumn[], rows: number) => Float64Array.from({ length: rows }, next),
    };
  },
});

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Source: ExpressionImplUtils.randStr. */
function randomText(next: () => number, length: number): string {
  return Array.from({ length }, () => LETTERS[Math.abs(next() % LETTERS.length)]).join('');
}

export const JS_MATH: readonly JsFunction[] = [
  { name: 'math', make: (name) => ({ parameterTypes: ['DOUBLE'], returnType: 'DOUBLE', compute: byRow(FUNCTIONS[name!]!) }) },
  jsFunction('hypot', ['DOUBLE', 'DOUBLE'], 'DOUBLE', byRow(Math.hypot)),
  jsFunction('double_to_long', ['DOUBLE'], 'BIGINT', byRow(toLong)),
  {
    name: 'round_double',
    make: (mode, places) => ({
      parameterTypes: ['DOUBLE'],
      returnType: 'DOUBLE',
      compute: byRow((x: number) => roundDouble(x, mode!, Number(places))),
    }),
  },
  {
    name: 'round_decimal',
    make: (mode, places, from, to, limit) => ({
      parameterTypes: [from!],
      returnType: to!,
      compute: byRow((x: string | bigint) => withinLimit(roundText(String(x), mode!, Number(places)), limit!)),
    }),
  },
  jsFunction(
    'bin',
    ['BIGINT'],
    'VARCHAR',
    byRow((x: bigint) => BigInt.asUintN(64, x).toString(2)),
  ),
  {
    name: 'conv',
    make: (mode) => ({
      parameterTypes: ['VARCHAR', 'INTEGER', 'INTEGER'],
      returnType: 'VARCHAR',
      compute: byRow((text: string, from: number, to: number) => convert(text, from, to, mode!)),
    }),
  },
  jsFunction('width_bucket', ['DOUBLE', 'DOUBLE', 'DOUBLE', 'BIGINT'], 'BIGINT', byRow(widthBucket)),
  random('rand', (uniform) => uniform),
  random('randn', gaussian),
  {
    name: 'randstr',
    isVolatile: true,
    make: (seed) => {
      const next = seed === '' ? () => Math.trunc(Math.random() * 2 ** 31) : integers(BigInt(seed!));
      return { parameterTypes: ['INTEGER'], returnType: 'VARCHAR', compute: byRow((length: number) => randomText(next, length)) };
    },
  },
];
