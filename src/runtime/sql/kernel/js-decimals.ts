// Products and quotients of decimals that pass DuckDB's 128 bits on the way. Rounding is half up. Source: Decimal.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { byRow, type JsFunction } from './js-function.ts';
import { decimalOfDigits, roundedQuotient, unscaledOf } from './js-numbers.ts';

const abs = (n: bigint): bigint => (n < 0n ? -n : n);

/** Made once: a power of ten costs as much as the division. */
const POWERS = Array.from({ length: 160 }, (_, n) => 10n ** BigInt(n));
const powerOfTen = (n: number): bigint => POWERS[n] ?? 10n ** BigInt(n);

/** `digits` has `scale` places: rounded to the result's. NULL or an error when it does not fit. */
function toResult(digits: bigint, scale: number, [precision, places]: readonly [number, number], mode: string): string | null {
  const rounded = scale > places ? roundedQuotient(digits, powerOfTen(scale - places)) : digits * powerOfTen(places - scale);
  if (abs(rounded) < powerOfTen(precision)) return decimalOfDigits(rounded, places);
  if (mode !== 'ansi') return null;
  throw new AnalysisException('NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION', {
    value: decimalOfDigits(digits, scale),
    precision: String(precision),
    scale: String(places),
    config: '"spark.sql.ansi.enabled"',
  });
}

const typeOf = (name: string): readonly [number, number] => {
  const [, precision, scale] = /\((\d+),\s*(\d+)\)/.exec(name)!;
  return [Number(precision), Number(scale)];
};

function operation(
  name: string,
  compute: (a: string, b: string, result: readonly [number, number], mode: string) => string | null,
): JsFunction {
  return {
    name,
    make: (a, b, result, mode) => {
      const type = typeOf(result!);
      return { parameterTypes: [a!, b!], returnType: result!, compute: byRow((x: string, y: string) => compute(x, y, type, mode!)) };
    },
  };
}

function sum(a: string, b: string, sign: bigint, result: readonly [number, number], mode: string): string | null {
  const [{ digits: x, scale: sx }, { digits: y, scale: sy }] = [unscaledOf(a), unscaledOf(b)];
  const scale = Math.max(sx, sy);
  return toResult(x * powerOfTen(scale - sx) + sign * y * powerOfTen(scale - sy), scale, result, mode);
}

export const JS_DECIMALS: readonly JsFunction[] = [
  operation('decimal_multiply', (a, b, result, mode) => {
    const [{ digits: x, scale: sx }, { digits: y, scale: sy }] = [unscaledOf(a), unscaledOf(b)];
    return toResult(x * y, sx + sy, result, mode);
  }),
  operation('decimal_add', (a, b, result, mode) => sum(a, b, 1n, result, mode)),
  operation('decimal_subtract', (a, b, result, mode) => sum(a, b, -1n, result, mode)),
  operation('decimal_divide', (a, b, result, mode) => {
    const [{ digits: x, scale: sx }, { digits: y, scale: sy }] = [unscaledOf(a), unscaledOf(b)];
    if (y === 0n) return null;
    const places = result[1];
    const shift = places - sx + sy;
    return toResult(
      shift >= 0 ? roundedQuotient(x * powerOfTen(shift), y) : roundedQuotient(x, y * powerOfTen(-shift)),
      places,
      result,
      mode,
    );
  }),
];
