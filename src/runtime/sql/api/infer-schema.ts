// Rows of a program → their schema, as PySpark infers it: all rows are looked at, and types must agree. What JavaScript does otherwise: a column of
// whole numbers is BIGINT and one with a fraction anywhere is DOUBLE; nested objects are STRUCTs; Maps are MAPs. Source: PySpark's _infer_schema.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import {
  arrayType,
  BINARY,
  BOOLEAN,
  CALENDAR_INTERVAL,
  type DataType,
  DATE,
  dayTimeIntervalType,
  decimalType,
  DOUBLE,
  LONG,
  mapType,
  NULL,
  STRING,
  type StructType,
  structField,
  structType,
  TIMESTAMP,
  TIMESTAMP_NTZ,
  timeType,
  yearMonthIntervalType,
  sameType,
} from '../types/data-type.ts';
import { simpleString } from '../types/type-names.ts';
import { kindOf } from './arguments.ts';
import { Decimal } from './decimal.ts';
import { Row } from './rows.ts';
import { CalendarInterval, DayTimeInterval, LocalDate, LocalTime, LocalTimestamp, YearMonthInterval } from './times.ts';

/** Spark's type for decimals that nobody said the width of. */
const WIDE_DECIMAL = decimalType(38, 18);

/** @param names for rows that are arrays or single values; `_1`, `_2` … where they are missing. @throws Error CANNOT_INFER_EMPTY_SCHEMA, CANNOT_MERGE_TYPE, CANNOT_DETERMINE_TYPE */
export function inferSchema(rows: readonly unknown[], names: readonly string[] = []): StructType {
  if (rows.length === 0)
    throw new SparkIllegalArgumentException(
      'CANNOT_INFER_EMPTY_SCHEMA',
      '42000',
      'Can not infer schema from empty dataset: say it, as in createDataFrame([], "a INT, b STRING").',
    );
  if (rows.some((row) => row === null || row === undefined) && rows.some((row) => Array.isArray(row) || isPlain(row)))
    throw new SparkIllegalArgumentException('CANNOT_INFER_SCHEMA_FOR_TYPE', '42000', 'A row is null: rows are objects or arrays here.');
  const schema = rows.map((row) => rowSchema(row, names)).reduce(mergeSchemas);
  refuseUnknown(schema, '');
  return schema;
}

/** Of two rows, or of two parts of the rows. @throws Error CANNOT_MERGE_TYPE */
export const mergeSchemas = (a: StructType, b: StructType): StructType => merge(a, b, 'value') as StructType;

/** Columns without a value in it have the type NULL. @param names of arrays' values; objects have names of their own */
export function rowSchema(row: unknown, names: readonly string[]): StructType {
  const field = (name: string, value: unknown) => structField(name, typeOf(value));
  if (Array.isArray(row)) return structType(row.map((value, i) => field(names[i] ?? `_${i + 1}`, value)));
  if (row instanceof Row) return structType(row.columnNames.map((name, i) => field(name, row.get(i))));
  if (isPlain(row)) return structType(Object.entries(row).map(([name, value]) => field(name, value)));
  return structType([field(names[0] ?? 'value', row)]);
}

/** Objects of JavaScript whose properties are not what they are about. */
const NO_ROWS = [Map, Set, WeakMap, WeakSet, RegExp, Promise, Error, ArrayBuffer];

export function isPlain(value: unknown): value is { [name: string]: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  return (
    classified(value) === undefined &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !(value instanceof Row) &&
    !NO_ROWS.some((no) => value instanceof no)
  );
}

function classified(value: object): DataType | undefined {
  if (value instanceof LocalDate) return DATE;
  if (value instanceof LocalTimestamp) return TIMESTAMP_NTZ;
  if (value instanceof Date) return TIMESTAMP;
  if (value instanceof Uint8Array) return BINARY;
  if (value instanceof Decimal) return WIDE_DECIMAL;
  if (value instanceof DayTimeInterval) return dayTimeIntervalType();
  if (value instanceof YearMonthInterval) return yearMonthIntervalType();
  if (value instanceof CalendarInterval) return CALENDAR_INTERVAL;
  return value instanceof LocalTime ? timeType() : undefined;
}

function typeOf(value: unknown): DataType {
  if (value === null || value === undefined) return NULL;
  switch (typeof value) {
    case 'boolean':
      return BOOLEAN;
    case 'string':
      return STRING;
    case 'bigint':
      return LONG;
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? LONG : DOUBLE;
    case 'object': {
      const known = classified(value);
      if (known !== undefined) return known;
      if (Array.isArray(value) || ArrayBuffer.isView(value))
        return arrayType(
          Array.from(value as unknown as ArrayLike<unknown>, typeOf).reduce((a, b) => merge(a, b, 'element'), NULL as DataType),
        );
      if (value instanceof Map) {
        const [keys, values] = [[...value.keys()], [...value.values()]];
        const all = (list: unknown[], what: string) => list.map(typeOf).reduce((a, b) => merge(a, b, what), NULL as DataType);
        return mapType(all(keys, 'key'), all(values, 'value'));
      }
      if (!isPlain(value) && !(value instanceof Row)) throw unsupported(value);
      return rowSchema(value, []);
    }
    default:
      throw unsupported(value);
  }
}

function merge(a: DataType, b: DataType, path: string): DataType {
  if (a.tag === 'null' || a === b) return b;
  if (b.tag === 'null' || sameType(a, b)) return a;
  if ((a.tag === 'long' && b.tag === 'double') || (a.tag === 'double' && b.tag === 'long')) return DOUBLE;
  if (a.tag === 'array' && b.tag === 'array') return arrayType(merge(a.elementType, b.elementType, `element of ${path}`));
  if (a.tag === 'map' && b.tag === 'map')
    return mapType(merge(a.keyType, b.keyType, `key of ${path}`), merge(a.valueType, b.valueType, `value of ${path}`));
  if (a.tag === 'struct' && b.tag === 'struct') {
    const other = new Map(b.fields.map((f) => [f.name, f]));
    const mine = a.fields.map((f) => structField(f.name, merge(f.dataType, other.get(f.name)?.dataType ?? NULL, f.name)));
    const known = new Set(a.fields.map((f) => f.name));
    return structType([...mine, ...b.fields.filter((f) => !known.has(f.name))]);
  }
  throw new SparkIllegalArgumentException(
    'CANNOT_MERGE_TYPE',
    '42825',
    `Can not merge type \`${simpleString(a)}\` and \`${simpleString(b)}\` (${path}): say the schema.`,
  );
}

/** @throws Error CANNOT_DETERMINE_TYPE */
export function refuseUnknown(type: DataType, path: string): void {
  if (type.tag === 'null')
    throw new SparkIllegalArgumentException(
      'CANNOT_DETERMINE_TYPE',
      '42000',
      `Some of types cannot be determined after inferring: ${path} has no value in any row: say the schema.`,
    );
  if (type.tag === 'struct') for (const f of type.fields) refuseUnknown(f.dataType, path === '' ? f.name : `${path}.${f.name}`);
  if (type.tag === 'array') refuseUnknown(type.elementType, `${path}[]`);
  if (type.tag === 'map') {
    refuseUnknown(type.keyType, `${path} key`);
    refuseUnknown(type.valueType, `${path} value`);
  }
}

const unsupported = (value: unknown): Error =>
  new SparkIllegalArgumentException(
    'UNSUPPORTED_DATA_TYPE',
    '0A000',
    `Unsupported DataType: a value of the type ${kindOf(value)} can't stand in a row.`,
  );
