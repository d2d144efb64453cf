// Spark's types as DuckDB's. One place: casts, schemas of shuffle files and the decoder of results stand on it.
import { quoteName } from '../../../common/kernel-quotes.ts';
import type { DataType } from '../types/data-type.ts';

/**
 * Day-time intervals are BIGINT microseconds and year-month intervals INTEGER months, so they compare and add exactly.
 * TIMESTAMP is an instant (TIMESTAMPTZ), TIMESTAMP_NTZ a local time.
 */
export function duckdbType(type: DataType): string {
  switch (type.tag) {
    case 'boolean':
      return 'BOOLEAN';
    case 'byte':
      return 'TINYINT';
    case 'short':
      return 'SMALLINT';
    case 'integer':
    case 'yearMonthInterval':
    case 'null':
      return 'INTEGER';
    case 'long':
    case 'dayTimeInterval':
      return 'BIGINT';
    case 'float':
      return 'FLOAT';
    case 'double':
      return 'DOUBLE';
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'string':
    case 'char':
    case 'varchar':
    case 'variant':
      return 'VARCHAR';
    case 'binary':
    case 'geography':
    case 'geometry':
      return 'BLOB';
    case 'date':
      return 'DATE';
    case 'timestamp':
      return 'TIMESTAMPTZ';
    case 'timestamp_ntz':
      return 'TIMESTAMP';
    case 'time':
      return 'TIME';
    case 'calendarInterval':
      return 'INTERVAL';
    case 'array':
      return `${duckdbType(type.elementType)}[]`;
    case 'map':
      return `MAP(${duckdbType(type.keyType)}, ${duckdbType(type.valueType)})`;
    case 'struct':
      return `STRUCT(${type.fields.map((f) => `${quoteName(f.name)} ${duckdbType(f.dataType)}`).join(', ')})`;
  }
}
