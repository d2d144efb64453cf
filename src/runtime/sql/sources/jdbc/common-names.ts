// What most databases call Spark's types. Source: JdbcUtils.getCommonJDBCType of Spark 4.2.
import type { DataType } from '../../types/data-type.ts';

export function commonName(type: DataType): string | undefined {
  switch (type.tag) {
    case 'integer':
    case 'short':
      return 'INTEGER';
    case 'long':
      return 'BIGINT';
    case 'double':
      return 'DOUBLE PRECISION';
    case 'float':
      return 'REAL';
    case 'byte':
      return 'BYTE';
    case 'boolean':
      return 'BIT(1)';
    case 'string':
      return 'TEXT';
    case 'binary':
      return 'BLOB';
    case 'char':
      return `CHAR(${type.length})`;
    case 'varchar':
      return `VARCHAR(${type.length})`;
    case 'timestamp':
    case 'timestamp_ntz':
      return 'TIMESTAMP';
    case 'date':
      return 'DATE';
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    default:
      return undefined;
  }
}
