// df.toArrow and createDataFrame of Arrow tables: Spark's types as Arrow's and back. The tables are the adapter's (platform/arrow.ts), which the session
// loads when the first one is asked for. Source: org.apache.spark.sql.util.ArrowUtils and PySpark's to_arrow_type of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { ArrowContent, ArrowField, ArrowTables, ArrowType } from '../../../common/arrow-column.ts';
import type { KernelColumn, KernelValue } from '../../../common/sql-kernel.ts';
import type { Value } from '../logical/expressions.ts';
import type { ProgramRows } from '../plan/program-rows.ts';
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
} from '../types/data-type.ts';
import { simpleString } from '../types/type-names.ts';

let load: () => Promise<ArrowTables> = async () => {
  throw new SparkIllegalArgumentException(
    'NO_ACTIVE_SESSION',
    '08003',
    'Arrow tables can be made when there is a SparkSession: make one first (SparkSession.builder().getOrCreate()).',
  );
};
/** For src/runtime/session.ts, and for tests. */
export function setArrowTables(loader: () => Promise<ArrowTables>): void {
  load = loader;
}
export const arrowTables = (): Promise<ArrowTables> => load();

/** @param timeZone of the session: what TIMESTAMP columns say. @throws Error UNSUPPORTED_DATA_TYPE_FOR_ARROW_CONVERSION */
export function arrowField(
  { name, dataType, nullable }: Pick<StructField, 'name' | 'dataType' | 'nullable'>,
  timeZone: string,
): ArrowField {
  return { name, type: arrowType(dataType, timeZone), nullable };
}

function arrowType(type: DataType, timeZone: string): ArrowType {
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
      return { kind: 'timeNs' };
    case 'dayTimeInterval':
      return { kind: 'durationUs' };
    case 'yearMonthInterval':
      return { kind: 'yearMonth' };
    case 'null':
      return { kind: 'null' };
    case 'array':
      return { kind: 'list', element: arrowField({ name: 'element', dataType: type.elementType, nullable: type.containsNull }, timeZone) };
    case 'map':
      return {
        kind: 'map',
        key: arrowField({ name: 'key', dataType: type.keyType, nullable: false }, timeZone),
        value: arrowField({ name: 'value', dataType: type.valueType, nullable: type.valueContainsNull }, timeZone),
      };
    case 'struct':
      return { kind: 'struct', fields: type.fields.map((f) => arrowField(f, timeZone)) };
    default:
      throw new SparkIllegalArgumentException(
        'UNSUPPORTED_DATA_TYPE_FOR_ARROW_CONVERSION',
        '0A000',
        `${simpleString(type)} is not supported in conversion to Arrow.`,
      );
  }
}

/** The kernel counts time of day in µs, Arrow's columns here in ns. */
export function arrowValues(type: DataType, column: KernelColumn): KernelColumn {
  const convert = timesOfDay(type, (micros) => micros * 1000n);
  return convert === undefined ? column : Array.from({ length: column.length }, (_, i) => convert(column[i]!));
}

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

/** @param given what isArrow says is one. @throws Error UNSUPPORTED_ARROWTYPE */
export async function rowsOfArrow(given: unknown): Promise<ProgramRows> {
  const content = (await arrowTables()).read(given);
  if (content === undefined)
    throw new SparkIllegalArgumentException('NOT_ARROW', '42K09', 'This is no Table of Arrow and no bytes of its IPC format.');
  return programRowsOf(content);
}

/** Told by its looks, so that the package is loaded for nothing else: a Table, a RecordBatch, or IPC bytes. */
export function isArrow(given: unknown): boolean {
  if (given instanceof Uint8Array) return hasIpcHead(given);
  const table = given as { schema?: { fields?: unknown }; getChildAt?: unknown } | null;
  return typeof table === 'object' && table !== null && Array.isArray(table.schema?.fields) && typeof table.getChildAt === 'function';
}

/** A file begins with a word, a stream with the mark of a message. */
const hasIpcHead = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(6, bytes.length)).equals(Buffer.from('ARROW1')) ||
  (bytes.length >= 8 && bytes.subarray(0, 4).every((byte) => byte === 0xff));

function programRowsOf({ fields, columns, rows }: ArrowContent): ProgramRows {
  const schema = structType(fields.map((f) => structField(f.name, sparkType(f.type), f.nullable)));
  return { kind: 'programRows', schema, columns: columns as readonly (readonly Value[])[], rows };
}

function sparkType(type: ArrowType): DataType {
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
