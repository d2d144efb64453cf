// Constants as DuckDB text, always with their type: an untyped one would take another in a stage's file.
import { quoteText } from '../../../common/kernel-quotes.ts';
import type { CalendarInterval, Literal, Value } from '../logical/expressions.ts';
import type { DataType } from '../types/data-type.ts';
import { duckdbType } from './duckdb-types.ts';

export const literalText = ({ value, dataType }: Literal): string => valueText(value, dataType);

export function valueText(value: Value, type: DataType): string {
  if (value === null) return `NULL::${duckdbType(type)}`;
  switch (type.tag) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'integer':
      // The least number is a minus before one that an INTEGER has not.
      if (value === -2147483648) return `(${value})::INTEGER`;
      return (value as number) < 0 ? `(${value})` : `${value}`;
    case 'float':
    case 'double':
      return `${numberText(value as number)}::${duckdbType(type)}`;
    case 'string':
    case 'char':
    case 'varchar':
    case 'variant':
      return textOf(value as string);
    case 'binary':
      return `from_hex('${Buffer.from(value as Uint8Array).toString('hex')}')`;
    case 'date':
      return dateText(value as number);
    case 'timestamp':
      return `make_timestamptz(${value}::BIGINT)`;
    case 'timestamp_ntz':
      return `make_timestamp(${value}::BIGINT)`;
    case 'time':
      return `('00:00:00'::TIME + to_microseconds(${(value as bigint) / 1000n}))::TIME`;
    case 'calendarInterval': {
      const { months, days, microseconds } = value as CalendarInterval;
      return `(to_months(${months}) + to_days(${days}) + to_microseconds(${microseconds}))`;
    }
    case 'array':
      return `[${(value as readonly Value[]).map((v) => valueText(v, type.elementType)).join(', ')}]::${duckdbType(type)}`;
    case 'struct':
      return `ROW(${(value as readonly Value[]).map((v, i) => valueText(v, type.fields[i]!.dataType)).join(', ')})::${duckdbType(type)}`;
    case 'map': {
      const pairs = value as readonly (readonly [Value, Value])[];
      const [keys, values] = [pairs.map(([k]) => valueText(k, type.keyType)), pairs.map(([, v]) => valueText(v, type.valueType))];
      return `MAP([${keys.join(', ')}], [${values.join(', ')}])::${duckdbType(type)}`;
    }
    case 'decimal':
      // The kernel reads a number of more digits than a decimal has as a double; the nought before the point is one.
      return type.precision < MOST_DIGITS ? `(${value})::${duckdbType(type)}` : `'${value}'::${duckdbType(type)}`;
    default:
      return `(${value})::${duckdbType(type)}`;
  }
}

const MOST_DIGITS = 38;

/** Days since 1970; the kernel reads years of four digits as they are. */
function dateText(days: number): string {
  const date = new Date(days * 86_400_000);
  const year = date.getUTCFullYear();
  return year > 0 && year < 10_000 ? `DATE '${date.toISOString().slice(0, 10)}'` : `(DATE '1970-01-01' + (${days}))::DATE`;
}

function numberText(n: number): string {
  if (Number.isNaN(n)) return "'nan'";
  if (!Number.isFinite(n)) return n > 0 ? "'inf'" : "'-inf'";
  return Object.is(n, -0) ? "'-0.0'" : `'${n}'`;
}

/** A NUL can stand in no text that DuckDB reads; it is put in by chr(0). */
function textOf(text: string): string {
  return text.includes('\0') ? `(${text.split('\0').map(quoteText).join(' || chr(0) || ')})` : quoteText(text);
}
