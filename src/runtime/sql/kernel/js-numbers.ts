// Exact arithmetic on decimals in JavaScript. Source: Average, Decimal of Spark 4.2.
import { conditionSentence } from '../errors/conditions.ts';
import { byRow, type JsFunction, jsFunction } from './js-function.ts';

/** Half away from zero. */
export function roundedQuotient(a: bigint, b: bigint): bigint {
  const [n, d] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const q = (2n * n + d) / (2n * d);
  return a < 0n === b < 0n ? q : -q;
}

export function unscaledOf(text: string): { digits: bigint; scale: number } {
  const point = text.indexOf('.');
  if (point < 0) return { digits: BigInt(text), scale: 0 };
  return { digits: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

export function decimalOfDigits(digits: bigint, scale: number): string {
  if (scale === 0) return String(digits);
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  return `${digits < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}

/** Sums of the second to fourth powers of the distances to the mean, one value after the other as Spark adds them. */
function moments(values: readonly number[]): { n: number; m2: number; m3: number; m4: number } {
  let [n, mean, m2, m3, m4] = [0, 0, 0, 0, 0];
  for (const x of values) {
    n++;
    const delta = x - mean;
    const deltaN = delta / n;
    mean += deltaN;
    const [delta2, deltaN2] = [delta * delta, deltaN * deltaN];
    const newM2 = m2 + delta * (delta - deltaN);
    const newM3 = m3 - 3 * deltaN * newM2 + delta * (delta2 - deltaN2);
    m4 = m4 - 4 * deltaN * newM3 - 6 * deltaN2 * newM2 + delta * (delta * delta2 - deltaN * deltaN2);
    [m2, m3] = [newM2, newM3];
  }
  return { n, m2, m3, m4 };
}

export const JS_NUMBERS: readonly JsFunction[] = [
  jsFunction(
    'skewness',
    ['DOUBLE[]'],
    'DOUBLE',
    byRow((values: number[]) => {
      const { n, m2, m3 } = moments(values);
      return n === 0 || m2 === 0 ? null : (Math.sqrt(n) * m3) / Math.sqrt(m2 * m2 * m2);
    }),
  ),
  jsFunction(
    'kurtosis',
    ['DOUBLE[]'],
    'DOUBLE',
    byRow((values: number[]) => {
      const { n, m2, m4 } = moments(values);
      return n === 0 || m2 === 0 ? null : (n * m4) / (m2 * m2) - 3;
    }),
  ),
  {
    name: 'decimal_average',
    // Sum of decimals by their count, rounded half up to the result's scale.
    make: (sumType: string, precision: string, scale: string, onOverflow: string) => ({
      parameterTypes: [sumType, 'BIGINT'],
      returnType: `DECIMAL(${precision},${scale})`,
      compute: byRow((sum: string, count: bigint) => {
        if (count === 0n) return null;
        const { digits, scale: sumScale } = unscaledOf(sum);
        const more = Number(scale) - sumScale;
        const result = roundedQuotient(digits * 10n ** BigInt(Math.max(more, 0)), count * 10n ** BigInt(Math.max(-more, 0)));
        if (result > -(10n ** BigInt(precision)) && result < 10n ** BigInt(precision)) return decimalOfDigits(result, Number(scale));
        if (onOverflow === 'null') return null;
        throw new Error(
          conditionSentence('NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION', {
            value: decimalOfDigits(result, Number(scale)),
            precision,
            scale,
            config: '"spark.sql.ansi.enabled"',
          }),
        );
      }),
    }),
  },
];
