// SQLite: a column has the type that it was declared with, its values have any. Types as Spark has them with the usual driver (Xerial's), but for BIGINT,
// which is DECIMAL(20,0) there, DATETIME, which loses its time there, and columns of no type, which are DECIMAL(38,18) there.
import { quoteName, quoteText } from '../../../../common/kernel-quotes.ts';
import * as T from '../../types/data-type.ts';
import type { Dialect, RemoteType, TypeOptions } from './dialect.ts';
import { commonName } from './common-names.ts';

const whole = (dataType: T.DataType, kernelType: string): RemoteType => ({
  dataType,
  kernelType,
  read: (name) => `CAST(${name} AS INTEGER)`,
  compares: 'all',
});
const real = (dataType: T.DataType): RemoteType => ({
  dataType,
  kernelType: 'DOUBLE',
  read: (name) => `CAST(${name} AS REAL)`,
  compares: 'all',
});
const decimal = (precision: number, scale: number): RemoteType => ({
  dataType: T.decimalType(precision, scale),
  kernelType: 'VARCHAR',
  read: (name) => `CAST(${name} AS TEXT)`,
  compares: 'all',
});
const TEXT: RemoteType = { dataType: T.STRING, kernelType: 'VARCHAR', read: (name) => `CAST(${name} AS TEXT)`, compares: 'all' };

/** Drivers store milliseconds since 1970, others texts: an instant comes with its zone, a text is of the session's. */
const instant = (name: string): string =>
  `CASE typeof(${name}) WHEN 'integer' THEN strftime('%Y-%m-%d %H:%M:%f', ${name} / 1000.0, 'unixepoch') || '+00' WHEN 'real' THEN strftime('%Y-%m-%d %H:%M:%f', ${name}) || '+00' ELSE CASE WHEN ${name} NOT GLOB '*[^0-9]*' AND ${name} <> '' THEN strftime('%Y-%m-%d %H:%M:%f', ${name} / 1000.0, 'unixepoch') || '+00' ELSE ${name} END END`;

function typed(declared: string, { prefersNtz }: TypeOptions): RemoteType {
  const [, name = '', digits] = /^([^(]*?)\s*(?:\(\s*([^)]*)\))?$/.exec(declared.trim().toUpperCase()) ?? [];
  switch (name) {
    case 'INTEGER':
    case 'SMALLINT':
    case 'INT2':
    case 'TINYINT':
      return whole(T.INTEGER, 'INTEGER');
    case 'INT':
    case 'MEDIUMINT':
    case 'BIGINT':
    case 'INT8':
    case 'UNSIGNED BIG INT':
      return whole(T.LONG, 'BIGINT');
    case 'BOOLEAN':
    case 'BIT':
      return { ...whole(T.BOOLEAN, 'BOOLEAN'), compares: 'never' };
    case 'REAL':
    case 'DOUBLE':
    case 'DOUBLE PRECISION':
      return real(T.DOUBLE);
    case 'FLOAT':
      return { ...real(T.FLOAT), compares: 'never' };
    case 'DECIMAL':
    case 'NUMERIC': {
      const [precision, scale = 0] = (digits ?? '').split(',').map(Number);
      return precision ? decimal(Math.min(38, precision), Math.min(scale, 38)) : decimal(38, 18);
    }
    case 'DATE':
      return { dataType: T.DATE, kernelType: 'VARCHAR', read: instant, convert: (text) => `${text}::TIMESTAMPTZ::DATE`, compares: 'never' };
    case 'TIMESTAMP':
    case 'DATETIME':
      return {
        dataType: prefersNtz ? T.TIMESTAMP_NTZ : T.TIMESTAMP,
        kernelType: 'VARCHAR',
        read: instant,
        convert: (text) => `${text}::TIMESTAMPTZ`,
        compares: 'never',
      };
    case 'BLOB':
    case 'BINARY':
    case 'VARBINARY':
      return { dataType: T.BINARY, kernelType: 'BLOB', compares: 'never' };
    case '':
      return { ...TEXT, compares: 'never' };
    default:
      return /CHAR|CLOB|TEXT/.test(name) ? TEXT : { ...TEXT, compares: 'never' };
  }
}

export const SQLITE: Dialect = {
  quote: quoteName,
  text: quoteText,
  binary: (name) => `${name} COLLATE BINARY`,
  likeIsExact: false,
  typeOf: ({ type }, options) => typed(type, options),
  nameOf: (type) => (type.tag === 'byte' ? 'TINYINT' : type.tag === 'boolean' ? 'BOOLEAN' : commonName(type)),
  truncate: (table) => `DELETE FROM ${table}`,
};
