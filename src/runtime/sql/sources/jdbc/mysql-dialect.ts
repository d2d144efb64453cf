// MySQL and MariaDB, by the types that the kernel says of their columns. Source: MySQLDialect of Spark 4.2.
import { quoteText } from '../../../../common/kernel-quotes.ts';
import * as T from '../../types/data-type.ts';
import { commonName } from './common-names.ts';
import type { Dialect, RemoteType, TypeOptions } from './dialect.ts';

/** By the kernel's names. */
const TYPES: Readonly<Record<string, T.DataType>> = {
  BOOLEAN: T.BOOLEAN,
  TINYINT: T.BYTE,
  UTINYINT: T.SHORT,
  SMALLINT: T.SHORT,
  USMALLINT: T.INTEGER,
  INTEGER: T.INTEGER,
  UINTEGER: T.LONG,
  BIGINT: T.LONG,
  UBIGINT: T.decimalType(20, 0),
  FLOAT: T.FLOAT,
  DOUBLE: T.DOUBLE,
  DATE: T.DATE,
  BLOB: T.BINARY,
};

function typed(kernelType: string, { prefersNtz }: TypeOptions): RemoteType {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(kernelType) ?? [];
  if (precision !== undefined) return { dataType: T.decimalType(Number(precision), Number(scale)), kernelType, compares: 'all' };
  if (kernelType.startsWith('TIMESTAMP')) return { dataType: prefersNtz ? T.TIMESTAMP_NTZ : T.TIMESTAMP, kernelType, compares: 'never' };
  const dataType = TYPES[kernelType];
  if (dataType === undefined)
    return { dataType: T.STRING, kernelType: 'VARCHAR', compares: kernelType === 'VARCHAR' ? 'equality' : 'never' };
  return { dataType, kernelType, compares: /INT$|INTEGER|DOUBLE|DATE/.test(kernelType) ? 'all' : 'never' };
}

export const MYSQL: Dialect = {
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  text: (value) => quoteText(value.replaceAll('\\', '\\\\')),
  likeIsExact: false,
  typeOf: ({ type }, options) => typed(type, options),
  nameOf: (type) =>
    ({ string: 'LONGTEXT', binary: 'LONGBLOB', byte: 'TINYINT', float: 'FLOAT', timestamp: 'TIMESTAMP', timestamp_ntz: 'DATETIME' })[
      type.tag as string
    ] ?? commonName(type),
  truncate: (table) => `TRUNCATE TABLE ${table}`,
};
