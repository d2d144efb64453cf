// Spark's types as Arrow's and back, and the values where they differ: for tables of programs (../api/arrow.ts) and for files.
// Source: org.apache.spark.sql.util.ArrowUtils and PySpark's to_arrow_type of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { ArrowField, ArrowType } from '../../../common/arrow-column.ts';
import type { KernelColumn, KernelValue } from '../../../common/sql-kernel.ts';
import {
  arrayType,
  BINARY,
  BOOLEAN,
  BYTE,
  type DataType,
  DATE,
  dayTimeIntervalType,
  decimalType,
  DOUBLE,
  FLOAT,
  INTEGER,
  LONG,
  mapType,
  NULL,
  SHORT,
  STRING,
  type StructField,
  structField,
  structType,
  TIMESTAMP,
  TIMESTAMP_NTZ,
  timeType,
  yearMonthIntervalType,
} from './data-type.ts';
import { simpleString } from './type-names.ts';

type Field = Pick<StructField, 'name' | 'dataType' | 'nullable'>;
type Time = 'timeNs' | 'timeUs';

/**
 * @param timeZone of the session: what TIMESTAMP columns say; @param time what TIME columns are: PySpark's tables have ns, values of the kernel are µs
 * @throws Error UNSUPPORTED_DATA_TYPE_FOR_ARROW_CONVERSION
 */
export function arrowField({ name, dataType, nullable }: Field, timeZone: string, time: Time = 'timeNs'): ArrowField {
  return { name, type: arrowType(dataType, timeZone, time), nullable };
}

function arrowType(type: DataType, timeZone: string, time: Time): ArrowType {
  const field = (name: string, dataType: DataType, nullable: boolean) => arrowField({ name, dataType, nullable }, timeZone, time);
  switch (type.tag) {
    case 'boolean':
      return { kind: 'bool' };
    case 'byte':
      return { kind: 'int', bits: 8 };
    case 'short':
      return { kind: 'int', bits: 16 };
    case 'integer':
      return { kind: 'int', bits: 32 };
    case 'long':
      return { kind: 'int', bits: 64 };
    case 'float':
      return { kind: 'float', bits: 32 };
    case 'double':
      return { kind: 'float', bits: 64 };
    case 'decimal':
      return { kind: 'decimal', precision: type.precision, scale: type.scale };
    case 'string':
    case 'char':
    case 'varchar':
      return { kind: 'utf8' };
    case 'binary':
      return { kind: 'binary' };
    case 'date':
      return { kind: 'date' };
    case 'timestamp':
      return { kind: 'timestampUs', timeZone };
    case 'timestamp_ntz':
      return { kind: 'timestampUs', timeZone: undefined };
    case 'time':
      return { kind: time };
    case 'dayTimeInterval':
      return { kind: 'durationUs' };
    case 'yearMonthInterval':
      return { kind: 'yearMonth' };
    case 'null':
      return { kind: 'null' };
    case 'array':
      return { kind: 'list', element: field('element', type.elementType, type.containsNull) };
    case 'map':
      return { kind: 'map', key: field('key', type.keyType, false), value: field('value', type.valueType, type.valueContainsNull) };
    case 'struct':
      return { kind: 'struct', fields: type.fields.map((f) => arrowField(f, timeZone, time)) };
    default:
      throw new SparkIllegalArgumentException(
        'UNSUPPORTED_DATA_TYPE_FOR_ARROW_CONVERSION',
        '0A000',
        `${simpleString(type)} is not supported in conversion to Arrow.`,
      );
  }
}

/** The kernel counts time of day in µs, Arrow's columns here in ns. */
export const arrowValues = (type: DataType, column: KernelColumn): KernelColumn =>
  converted(
    column,
    timesOfDay(type, (micros) => micros * 1000n),
  );
export const kernelValues = (type: DataType, column: KernelColumn): KernelColumn =>
  converted(
    column,
    timesOfDay(type, (nanos) => nanos / 1000n),
  );

const converted = (column: KernelColumn, convert: Convert | undefined): KernelColumn =>
  convert === undefined ? column : Array.from({ length: column.length }, (_, i) => convert(column[i]!));

type Convert = (value: any) => any;
/** @returns undefined when there is no time of day in the type */
function timesOfDay(type: DataType, convert: (value: bigint) => bigint): Convert | undefined {
  const orNull =
    (f: Convert): Convert =>
    (v) =>
      v === null || v === undefined ? null : f(v);
  switch (type.tag) {
    case 'time':
      return orNull(convert);
    case 'array': {
      const element = timesOfDay(type.elementType, convert);
      return element && orNull((list: ArrayLike<KernelValue>) => Array.from(list, element));
    }
    case 'map': {
      const [key, value] = [timesOfDay(type.keyType, convert), timesOfDay(type.valueType, convert)];
      if (key === undefined && value === undefined) return undefined;
      return orNull((entries: readonly [KernelValue, KernelValue][]) => entries.map(([k, v]) => [key ? key(k) : k, value ? value(v) : v]));
    }
    case 'struct': {
      const fields = type.fields.map((f) => timesOfDay(f.dataType, convert));
      return fields.every((f) => f === undefined)
        ? undefined
        : orNull((values: readonly KernelValue[]) => values.map((v, i) => fields[i]?.(v) ?? v));
    }
    default:
      return undefined;
  }
}

export function sparkType(type: ArrowType): DataType {
  switch (type.kind) {
    case 'null':
      return NULL;
    case 'bool':
      return BOOLEAN;
    case 'utf8':
      return STRING;
    case 'binary':
      return BINARY;
    case 'date':
      return DATE;
    case 'timeNs':
    case 'timeUs':
      return timeType();
    case 'durationUs':
      return dayTimeIntervalType();
    case 'yearMonth':
      return yearMonthIntervalType();
    case 'int':
      return { 8: BYTE, 16: SHORT, 32: INTEGER, 64: LONG }[type.bits];
    case 'float':
      return type.bits === 32 ? FLOAT : DOUBLE;
    case 'decimal':
      return decimalType(type.precision, type.scale);
    case 'timestampUs':
      return type.timeZone === undefined ? TIMESTAMP_NTZ : TIMESTAMP;
    case 'list':
      return arrayType(sparkType(type.element.type), type.element.nullable);
    case 'map':
      return mapType(sparkType(type.key.type), sparkType(type.value.type), type.value.nullable);
    case 'struct':
      return structType(type.fields.map((f) => structField(f.name, sparkType(f.type), f.nullable)));
  }
}
