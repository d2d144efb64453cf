// Spark's data types as values: one discriminated union, and the makers with their defaults and limits.
// Not here: how a type is called and printed (type-names.ts, type-ddl.ts), JSON (type-json.ts), text → type (../parser/data-types.ts).
// Source: org.apache.spark.sql.types of Spark 4.2.

/** JSON-like values beside a column: its comment, its default, whatever a source wrote there. */
export type Metadata = { readonly [key: string]: MetadataValue };
export type MetadataValue = string | number | boolean | null | readonly MetadataValue[] | Metadata;

export type StructField = { readonly name: string; readonly dataType: DataType; readonly nullable: boolean; readonly metadata: Metadata };

export type DayTimeField = 'day' | 'hour' | 'minute' | 'second';
export type YearMonthField = 'year' | 'month';

export type BooleanType = { readonly tag: 'boolean' };
export type ByteType = { readonly tag: 'byte' };
export type ShortType = { readonly tag: 'short' };
export type IntegerType = { readonly tag: 'integer' };
export type LongType = { readonly tag: 'long' };
export type FloatType = { readonly tag: 'float' };
export type DoubleType = { readonly tag: 'double' };
export type DecimalType = { readonly tag: 'decimal'; readonly precision: number; readonly scale: number };
/** `isExplicit`: UTF8_BINARY was written; it is the same type and says so in its names. */
export type StringType = { readonly tag: 'string'; readonly collation: string; readonly isExplicit?: true };
export type CharType = { readonly tag: 'char'; readonly length: number; readonly collation: string };
export type VarcharType = { readonly tag: 'varchar'; readonly length: number; readonly collation: string };
export type BinaryType = { readonly tag: 'binary' };
export type DateType = { readonly tag: 'date' };
export type TimestampType = { readonly tag: 'timestamp' };
export type TimestampNtzType = { readonly tag: 'timestamp_ntz' };
/** Time of day; precision is the number of digits after the second, 0 to 6. */
export type TimeType = { readonly tag: 'time'; readonly precision: number };
export type DayTimeIntervalType = { readonly tag: 'dayTimeInterval'; readonly startField: DayTimeField; readonly endField: DayTimeField };
export type YearMonthIntervalType = {
  readonly tag: 'yearMonthInterval';
  readonly startField: YearMonthField;
  readonly endField: YearMonthField;
};
/** Months, days and microseconds side by side: Spark's old interval, still the type of `INTERVAL` alone. */
export type CalendarIntervalType = { readonly tag: 'calendarInterval' };
export type ArrayType = { readonly tag: 'array'; readonly elementType: DataType; readonly containsNull: boolean };
export type MapType = {
  readonly tag: 'map';
  readonly keyType: DataType;
  readonly valueType: DataType;
  readonly valueContainsNull: boolean;
};
export type StructType = { readonly tag: 'struct'; readonly fields: readonly StructField[] };
export type VariantType = { readonly tag: 'variant' };
/** `srid` is the spatial reference, or ANY where it differs by row. */
export type GeographyType = { readonly tag: 'geography'; readonly srid: number | 'ANY' };
export type GeometryType = { readonly tag: 'geometry'; readonly srid: number | 'ANY' };
export type NullType = { readonly tag: 'null' };

export type DataType =
  | BooleanType
  | ByteType
  | ShortType
  | IntegerType
  | LongType
  | FloatType
  | DoubleType
  | DecimalType
  | StringType
  | CharType
  | VarcharType
  | BinaryType
  | DateType
  | TimestampType
  | TimestampNtzType
  | TimeType
  | DayTimeIntervalType
  | YearMonthIntervalType
  | CalendarIntervalType
  | ArrayType
  | MapType
  | StructType
  | VariantType
  | GeographyType
  | GeometryType
  | NullType;

/** The collation of a plain STRING: bytes compared as unsigned numbers. */
export const UTF8_BINARY = 'UTF8_BINARY';
export const MAX_DECIMAL_PRECISION = 38;
export const MAX_TIME_PRECISION = 6;
export const DAY_TIME_FIELDS: readonly DayTimeField[] = ['day', 'hour', 'minute', 'second'];
export const YEAR_MONTH_FIELDS: readonly YearMonthField[] = ['year', 'month'];

export const BOOLEAN: BooleanType = { tag: 'boolean' };
export const BYTE: ByteType = { tag: 'byte' };
export const SHORT: ShortType = { tag: 'short' };
export const INTEGER: IntegerType = { tag: 'integer' };
export const LONG: LongType = { tag: 'long' };
export const FLOAT: FloatType = { tag: 'float' };
export const DOUBLE: DoubleType = { tag: 'double' };
export const STRING: StringType = { tag: 'string', collation: UTF8_BINARY };
export const BINARY: BinaryType = { tag: 'binary' };
export const DATE: DateType = { tag: 'date' };
export const TIMESTAMP: TimestampType = { tag: 'timestamp' };
export const TIMESTAMP_NTZ: TimestampNtzType = { tag: 'timestamp_ntz' };
export const CALENDAR_INTERVAL: CalendarIntervalType = { tag: 'calendarInterval' };
export const VARIANT: VariantType = { tag: 'variant' };
export const NULL: NullType = { tag: 'null' };

/** @param precision digits in all, 1 to 38; @param scale of them after the point. Defaults as `DECIMAL` alone: (10,0). The caller checks the limits: each place has its own error. */
export const decimalType = (precision = 10, scale = 0): DecimalType => ({ tag: 'decimal', precision, scale });
export const stringType = (collation = UTF8_BINARY): StringType => (collation === UTF8_BINARY ? STRING : { tag: 'string', collation });
/** As `STRING COLLATE name` has it. */
export const collatedString = (collation: string): StringType =>
  collation === UTF8_BINARY ? { ...STRING, isExplicit: true } : stringType(collation);
export const charType = (length: number, collation = UTF8_BINARY): CharType => ({ tag: 'char', length, collation });
export const varcharType = (length: number, collation = UTF8_BINARY): VarcharType => ({ tag: 'varchar', length, collation });
export const timeType = (precision = MAX_TIME_PRECISION): TimeType => ({ tag: 'time', precision });
export const arrayType = (elementType: DataType, containsNull = true): ArrayType => ({ tag: 'array', elementType, containsNull });
export const mapType = (keyType: DataType, valueType: DataType, valueContainsNull = true): MapType => ({
  tag: 'map',
  keyType,
  valueType,
  valueContainsNull,
});
export const structType = (fields: readonly StructField[]): StructType => ({ tag: 'struct', fields });
export const structField = (name: string, dataType: DataType, nullable = true, metadata: Metadata = {}): StructField => ({
  name,
  dataType,
  nullable,
  metadata,
});

export function dayTimeIntervalType(
  startField: DayTimeField = 'day',
  endField: DayTimeField = startField === 'day' ? 'second' : startField,
): DayTimeIntervalType {
  return { tag: 'dayTimeInterval', startField, endField };
}

export function yearMonthIntervalType(startField: YearMonthField = 'year', endField: YearMonthField = 'month'): YearMonthIntervalType {
  return { tag: 'yearMonthInterval', startField, endField };
}

/** Whether two types are the same type, field names and nullability included; metadata counts only where asked. */
export function sameType(a: DataType, b: DataType, withMetadata = false): boolean {
  if (a === b) return true;
  if (a.tag !== b.tag) return false;
  switch (a.tag) {
    case 'array': {
      const other = b as ArrayType;
      return a.containsNull === other.containsNull && sameType(a.elementType, other.elementType, withMetadata);
    }
    case 'map': {
      const other = b as MapType;
      return (
        a.valueContainsNull === other.valueContainsNull &&
        sameType(a.keyType, other.keyType, withMetadata) &&
        sameType(a.valueType, other.valueType, withMetadata)
      );
    }
    case 'struct': {
      const other = b as StructType;
      return (
        a.fields.length === other.fields.length &&
        a.fields.every((field, i) => sameField(field, other.fields[i] as StructField, withMetadata))
      );
    }
    case 'string':
      return a.collation === (b as StringType).collation;
    default:
      return Object.entries(a).every(([key, value]) => (b as Record<string, unknown>)[key] === value);
  }
}

function sameField(a: StructField, b: StructField, withMetadata: boolean): boolean {
  if (a.name !== b.name || a.nullable !== b.nullable || !sameType(a.dataType, b.dataType, withMetadata)) return false;
  return !withMetadata || JSON.stringify(a.metadata) === JSON.stringify(b.metadata);
}
