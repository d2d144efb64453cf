// A number's digits without an exponent, as BigDecimal(double.toString) has them: what rounding and formats start from.
import { doubleText } from '../types/value-text.ts';

/** @param n a double, a whole number, or a decimal's text */
export function plainDigits(n: number | bigint | string): string {
  return typeof n === 'number' ? ofDouble(n) : String(n);
}

function ofDouble(n: number): string {
  const text = doubleText(n);
  const [mantissa = '', exponent] = text.split('E');
  if (exponent === undefined) return text;
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)\.(\d+)$/.exec(mantissa)!;
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return digits.length <= point ? `${sign}${digits.padEnd(point, '0')}` : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
