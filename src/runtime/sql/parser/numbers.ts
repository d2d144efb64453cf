// Number tokens → literals: the smallest of int, bigint, decimal for whole numbers, decimal for points, double for exponents, and the suffixes.
// Source: AstBuilder.visitIntegerLiteral and its neighbours, Spark 4.2.
import type { LiteralValue } from '../plan/literal.ts';
import { MAX_DECIMAL_PRECISION, NULL } from '../types/data-type.ts';
import type { Cursor } from './cursor.ts';
import type { Token } from './token.ts';

const WHOLE = {
  tinyint: { type: 'byte', min: -128n, max: 127n },
  smallint: { type: 'short', min: -32768n, max: 32767n },
  bigint: { type: 'long', min: -(2n ** 63n), max: 2n ** 63n - 1n },
} as const;

/** Reads the number that comes next. @param from index of the minus before it, or of the number */
export function numberLiteral(p: Cursor, isNegative: boolean, from: number): LiteralValue {
  const token = p.next();
  const text = (isNegative ? '-' : '') + p.textOf(token);
  switch (token.type) {
    case 'integer':
      return wholeNumber(p, text, from);
    case 'decimal':
      return decimalLiteral(p, text, from);
    case 'exponent':
      return floating(p, 'double', text, from);
    case 'tinyint':
    case 'smallint':
    case 'bigint':
      return suffixed(p, token, text.slice(0, -1), from);
    case 'double':
      return floating(p, 'double', text.slice(0, -1), from);
    case 'float':
      return floating(p, 'float', text.slice(0, -1), from);
    case 'bigdecimal':
      return decimalLiteral(p, text.slice(0, -2), from);
    default:
      return p.fail('', p.at - 1);
  }
}

function wholeNumber(p: Cursor, text: string, from: number): LiteralValue {
  if (text.length < 10) return { type: 'integer', value: Number(text) };
  const value = BigInt(text.startsWith('-') ? text.slice(1) : text) * (text.startsWith('-') ? -1n : 1n);
  if (value >= -2147483648n && value <= 2147483647n) return { type: 'integer', value: Number(value) };
  if (value >= WHOLE.bigint.min && value <= WHOLE.bigint.max) return { type: 'long', value };
  return decimalLiteral(p, text, from);
}

function suffixed(p: Cursor, token: Token, digits: string, from: number): LiteralValue {
  const kind = token.type as keyof typeof WHOLE;
  const { type, min, max } = WHOLE[kind];
  const value = BigInt(digits.replace('-', '')) * (digits.startsWith('-') ? -1n : 1n);
  if (value < min || value > max) outOfRange(p, digits, `${min}`, `${max}`, kind, from);
  return type === 'long' ? { type, value } : { type, value: Number(value) };
}

/** The largest finite values, and how Java's BigDecimal spells them in the message. */
const FLOATING = {
  double: { max: Number.MAX_VALUE, spelled: '1.7976931348623157E+308' },
  float: { max: 3.4028234663852886e38, spelled: '3.4028234663852886E+38' },
} as const;

function floating(p: Cursor, type: 'double' | 'float', digits: string, from: number): LiteralValue {
  const value = Number(digits);
  const { max, spelled } = FLOATING[type];
  if (Math.abs(value) > max) outOfRange(p, digits, `-${spelled}`, spelled, type, from);
  return { type, value: type === 'float' ? Math.fround(value) : value };
}

function outOfRange(p: Cursor, digits: string, minValue: string, maxValue: string, typeName: string, from: number): void {
  p.report('INVALID_NUMERIC_LITERAL_RANGE', { rawStrippedQualifier: digits, minValue, maxValue, typeName }, from);
}

function decimalLiteral(p: Cursor, text: string, from: number): LiteralValue {
  const [mantissa = '', exponentText = '0'] = text.toLowerCase().split('e');
  const isNegative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const significant = (whole + fraction).replace(/^0+(?=\d)/, '');
  const written = fraction.length - Number(exponentText);
  const scale = Math.max(0, written);
  // Zeros that a positive exponent adds are counted before they are written: 1e999999999BD must not become that long a text.
  const precision = Math.max(significant === '0' ? 1 : significant.length - Math.min(0, written), scale);
  if (precision > MAX_DECIMAL_PRECISION) {
    p.report('DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION', { precision: `${precision}`, maxPrecision: `${MAX_DECIMAL_PRECISION}` }, from);
    return { type: 'null', dataType: NULL };
  }
  const digits = significant === '0' ? '0' : significant + '0'.repeat(-Math.min(0, written));
  const padded = digits.padStart(scale + 1, '0');
  const value = scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  // A decimal has no negative zero.
  return { type: 'decimal', value: isNegative && significant !== '0' ? `-${value}` : value, precision, scale };
}
