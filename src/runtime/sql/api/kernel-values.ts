// A program's values as constants of a plan, by the type that the schema says; what does not fit is refused with the column's name.
// The other direction is values.ts. Source: PySpark's _make_type_verifier.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Value } from '../logical/expressions.ts';
import type { DataType, StructType } from '../types/data-type.ts';
import { simpleString } from '../types/type-names.ts';
import { kindOf } from './arguments.ts';
import { Decimal } from './decimal.ts';
import { isPlain } from './infer-schema.ts';
import { microsOf } from './literals.ts';
import { CalendarInterval, DayTimeInterval, LocalTime, YearMonthInterval } from './times.ts';
import { Row } from './rows.ts';
import { VariantVal } from './variant-val.ts';

const RANGES: { readonly [tag: string]: readonly [number, number] } = {
  byte: [-(2 ** 7), 2 ** 7 - 1],
  short: [-(2 ** 15), 2 ** 15 - 1],
  integer: [-(2 ** 31), 2 ** 31 - 1],
};
const LONG_MAX = 2n ** 63n;

/** @param path of the column, for messages. @throws Error FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME, VALUE_OUT_OF_BOUNDS, FIELD_NOT_NULLABLE_WITH_NAME */
export function kernelValue(value: unknown, type: DataType, path: string): Value {
  if (value === null || value === undefined) return null;
  const refuse = (): never => {
    throw new SparkIllegalArgumentException(
      'FIELD_DATA_TYPE_UNACCEPTABLE_WITH_NAME',
      '42846',
      `${path}: ${simpleString(type)} can not accept object ${show(value)} in type ${kindOf(value)}.`,
    );
  };
  switch (type.tag) {
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse();
    case 'byte':
    case 'short':
    case 'integer': {
      const n = typeof value === 'bigint' ? Number(value) : value;
      if (typeof n !== 'number' || !Number.isInteger(n)) return refuse();
      const [least, most] = RANGES[type.tag]!;
      if (n < least || n > most)
        throw new SparkIllegalArgumentException(
          'VALUE_OUT_OF_BOUNDS',
          '22003',
          `Value for \`${path}\` must be between ${least} and ${most} (inclusive), got ${n}.`,
        );
      return n;
    }
    case 'long': {
      if (typeof value === 'number' ? !Number.isSafeInteger(value) : typeof value !== 'bigint') return refuse();
      const n = BigInt(value as bigint);
      if (n < -LONG_MAX || n >= LONG_MAX)
        throw new SparkIllegalArgumentException(
          'VALUE_OUT_OF_BOUNDS',
          '22003',
          `Value for \`${path}\` must be between ${-LONG_MAX} and ${LONG_MAX - 1n} (inclusive), got ${n}.`,
        );
      return n;
    }
    case 'float':
      return typeof value === 'number' || typeof value === 'bigint' ? Math.fround(Number(value)) : refuse();
    case 'double':
      return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : refuse();
    case 'decimal':
      return decimalText(value, type.precision, type.scale, path) ?? refuse();
    case 'string':
    case 'char':
    case 'varchar':
      return typeof value === 'string' ? value : refuse();
    case 'binary':
      return value instanceof Uint8Array ? value : refuse();
    case 'variant':
      return value instanceof VariantVal ? value.kernelText : refuse();
    case 'date':
      return value instanceof Date ? Math.floor(Number(microsOf(value)) / 86_400_000_000) : refuse();
    case 'timestamp':
    case 'timestamp_ntz':
      return value instanceof Date ? microsOf(value) : refuse();
    case 'time':
      return value instanceof LocalTime ? value.nanosOfDay : refuse();
    case 'dayTimeInterval':
      return value instanceof DayTimeInterval ? value.microseconds : refuse();
    case 'yearMonthInterval':
      return value instanceof YearMonthInterval ? value.months : refuse();
    case 'calendarInterval':
      return value instanceof CalendarInterval ? value : refuse();
    case 'array':
      if (!Array.isArray(value) && !(ArrayBuffer.isView(value) && 'length' in value)) return refuse();
      return Array.from(value as ArrayLike<unknown>, (v, i) => kernelValue(v, type.elementType, `${path}[${i}]`));
    case 'map':
      return entriesOf(value, refuse).map(([k, v]) => [
        kernelValue(k, type.keyType, `${path} key`),
        kernelValue(v, type.valueType, `${path}[${String(k)}]`),
      ]);
    case 'struct':
      return Array.isArray(value) || value instanceof Row || isPlain(value) ? rowValues(value, type, path) : refuse();
    case 'null':
      return refuse();
    default:
      throw new SparkIllegalArgumentException(
        'NOT_BUILT',
        '0A000',
        `Values of the type ${simpleString(type)} from a program are not built in Emberloom yet.`,
      );
  }
}

/** One row's values in the schema's order. @param row an array, a Row or an object; properties that are not there are NULL */
export function rowValues(row: unknown, { fields }: StructType, path = ''): Value[] {
  if (Array.isArray(row) && row.length !== fields.length)
    throw new SparkIllegalArgumentException(
      'LENGTH_SHOULD_BE_THE_SAME',
      '42K09',
      `A row has ${row.length} values and the schema ${fields.length} columns${path && ` (${path})`}.`,
    );
  const isPositional = Array.isArray(row);
  return fields.map((f, i) => {
    const given = isPositional ? row[i] : row instanceof Row ? row.getAs(f.name) : (row as { [name: string]: unknown })[f.name];
    const at = path === '' ? f.name : `${path}.${f.name}`;
    if ((given === null || given === undefined) && !f.nullable)
      throw new SparkIllegalArgumentException('FIELD_NOT_NULLABLE_WITH_NAME', '42000', `${at}: This field is not nullable, but got None.`);
    return kernelValue(given, f.dataType, at);
  });
}

function entriesOf(value: unknown, refuse: () => never): readonly [unknown, unknown][] {
  if (value instanceof Map) return [...value];
  return isPlain(value) ? Object.entries(value) : refuse();
}

/** Rounded half up to the scale. @returns undefined: no number at all */
function decimalText(value: unknown, precision: number, scale: number, path: string): string | undefined {
  if (!(value instanceof Decimal || typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)))) return undefined;
  const given = value instanceof Decimal ? value : Decimal.parse(String(value));
  let unscaled = given.unscaled;
  if (given.scale <= scale) unscaled *= 10n ** BigInt(scale - given.scale);
  else {
    const unit = 10n ** BigInt(given.scale - scale);
    const half = unscaled < 0n ? -unit / 2n : unit / 2n;
    unscaled = (unscaled + half) / unit;
  }
  const made = new Decimal(unscaled, scale);
  if (made.precision > Math.max(precision, scale))
    throw new SparkIllegalArgumentException(
      'NUMERIC_VALUE_OUT_OF_RANGE.WITHOUT_SUGGESTION',
      '22003',
      `${path}: The ${given} rounded half up from the precision ${given.precision} and scale ${given.scale} cannot be represented as Decimal(${precision}, ${scale}).`,
    );
  return made.toString();
}

const show = (value: unknown): string =>
  typeof value === 'string'
    ? `'${value}'`
    : typeof value === 'object'
      ? JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v))
      : String(value);
