// format_string: java.util.Formatter's conversions for the values that SQL has. Not here: dates (%t). Source: FormatString of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { DataType } from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import { dateText, doubleText, floatText, localTimestampText } from '../types/value-text.ts';
import { roundText } from './js-math.ts';
import { plainDigits } from './plain-digits.ts';

const DIRECTIVE = /%(?:(\d+)\$)?([-#+ 0,(<]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;

export function formatString(format: string, values: readonly unknown[], types: readonly DataType[]): string {
  let next = 0;
  return format.replace(
    DIRECTIVE,
    (_, index: string | undefined, flags: string, width: string | undefined, precision: string | undefined, conversion: string) => {
      if (conversion === '%') return padded('%', flags, width);
      if (conversion === 'n') return '\n';
      const at = index === undefined ? next++ : Number(index) - 1;
      if (at < 0)
        throw new AnalysisException('INVALID_PARAMETER_VALUE.ZERO_INDEX', { functionName: '`format_string`', parameter: '`strfmt`' });
      if (at >= values.length) throw invalid(format, `the directive %${conversion} has no argument`);
      const places = precision === undefined ? undefined : Number(precision);
      const text = converted(conversion, values[at], types[at]!, flags, places, width, format);
      const upper = conversion >= 'A' && conversion <= 'Z';
      return padded(upper ? text.toUpperCase() : text, flags, width);
    },
  );
}

const invalid = (format: string, why: string): AnalysisException =>
  new AnalysisException('INVALID_PARAMETER_VALUE.PATTERN', {
    functionName: '`format_string`',
    parameter: '`strfmt`',
    value: `'${format}' (${why})`,
  });

function padded(text: string, flags: string, width: string | undefined): string {
  const size = Number(width ?? 0);
  return flags.includes('-') ? text.padEnd(size) : text.padStart(size);
}

function converted(
  conversion: string,
  value: unknown,
  type: DataType,
  flags: string,
  precision: number | undefined,
  width: string | undefined,
  format: string,
): string {
  const kind = conversion.toLowerCase();
  if (kind === 'b') return cut(String(type.tag === 'boolean' ? (value ?? false) : value !== null), precision);
  if (value === null) return cut('null', precision);
  if (kind === 's') return cut(textOf(value, type), precision);
  if (kind === 'h') return Number(value).toString(16);
  const isWhole = type.tag === 'byte' || type.tag === 'short' || type.tag === 'integer' || type.tag === 'long';
  const isFraction = type.tag === 'float' || type.tag === 'double' || type.tag === 'decimal';
  if (kind === 'c' && isWhole) return String.fromCodePoint(Number(value));
  if (isWhole && 'dox'.includes(kind)) return wholeText(kind, BigInt(value as number | bigint), type, flags, width);
  if (isFraction && 'feg'.includes(kind)) return fractionText(kind, value as number | string, flags, precision ?? 6, width);
  throw invalid(format, `${kind} != ${sqlType(type)}`);
}

const cut = (text: string, precision: number | undefined): string => (precision === undefined ? text : text.slice(0, precision));

function textOf(value: unknown, type: DataType): string {
  switch (type.tag) {
    case 'double':
      return doubleText(value as number);
    case 'float':
      return floatText(value as number);
    case 'date':
      return dateText(value as number);
    case 'timestamp_ntz':
      return localTimestampText(value as bigint).replace(' ', 'T');
    default:
      return String(value);
  }
}

const WIDTH: { readonly [tag: string]: number } = { byte: 8, short: 16, integer: 32, long: 64 };

function wholeText(kind: string, value: bigint, type: DataType, flags: string, width: string | undefined): string {
  if (kind !== 'd') {
    const text = BigInt.asUintN(Math.max(32, WIDTH[type.tag]!), value).toString(kind === 'x' ? 16 : 8);
    return zeroFilled(`${flags.includes('#') ? (kind === 'x' ? '0x' : '0') : ''}${text}`, '', flags, width);
  }
  const size = String(value < 0n ? -value : value);
  return signed(flags.includes(',') ? separated(size) : size, value < 0n, flags, width);
}

const separated = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

function signed(text: string, negative: boolean, flags: string, width: string | undefined): string {
  if (negative && flags.includes('(')) return `(${text})`;
  return zeroFilled(text, negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '', flags, width);
}

function zeroFilled(text: string, sign: string, flags: string, width: string | undefined): string {
  return flags.includes('0') ? sign + text.padStart(Number(width ?? 0) - sign.length, '0') : sign + text;
}

function fractionText(kind: string, value: number | string, flags: string, precision: number, width: string | undefined): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? 'NaN' : signed('Infinity', value < 0, flags.replace('0', ''), width);
  const negative = typeof value === 'number' ? value < 0 || Object.is(value, -0) : value.startsWith('-');
  const size = plainDigits(value).replace('-', '');
  const magnitude = Number(size);
  const isScientific = kind === 'e' || (kind === 'g' && magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 10 ** Math.max(precision, 1)));
  if (isScientific) {
    const [mantissa = '', exponent = '0'] = magnitude.toExponential(kind === 'g' ? Math.max(precision, 1) - 1 : precision).split('e');
    const digits = exponent.replace(/[+-]/, '').padStart(2, '0');
    return signed(`${mantissa}e${exponent.startsWith('-') ? '-' : '+'}${digits}`, negative, flags, width);
  }
  const places = kind === 'g' ? Math.max(precision, 1) - (magnitude === 0 ? 1 : Math.floor(Math.log10(magnitude)) + 1) : precision;
  const rounded = roundText(size, 'half_up', Math.max(0, places));
  const [whole = '', fraction = ''] = rounded.split('.');
  const digits = fraction.padEnd(Math.max(0, places), '0');
  const text = `${flags.includes(',') ? separated(whole) : whole}${digits === '' ? '' : `.${digits}`}`;
  return signed(text, negative, flags, width);
}
