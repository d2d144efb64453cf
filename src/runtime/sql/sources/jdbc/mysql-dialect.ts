// MySQL and MariaDB: their own words for types where they say more than what the kernel reads (platform/mysql-columns.ts), else the kernel's. Source: MySQLDialect of Spark 4.2.
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

/** By the database's own word, where it says more than the kernel's. */
function declared(type: string, kernelType: string): RemoteType | undefined {
  const [, name = '', first, second, unsigned] = /^(\w+)(?:\((\d+)(?:,(\d+))?\))?.*?( unsigned)?(?: zerofill)?$/.exec(type) ?? [];
  const digits = Number(first);
  switch (name) {
    case 'decimal': {
      const [precision, scale] = digits > 38 ? [38, Math.max(0, Number(second) - (digits - 38))] : [digits, Number(second)];
      const is = `DECIMAL(${precision},${scale})`;
      const dataType = T.decimalType(precision, scale);
      if (is === kernelType) return { dataType, kernelType, compares: 'all' };
      // Below 38 digits the value is the same.
      return { dataType, kernelType: is, read: (column) => `CAST(${column} AS ${is})`, compares: digits > 38 ? 'never' : 'all' };
    }
    case 'mediumint':
      return { dataType: T.INTEGER, kernelType, compares: 'all' };
    case 'float':
      return unsigned === undefined ? undefined : { dataType: T.DOUBLE, kernelType, compares: 'never' };
    case 'time':
      return { dataType: T.TIMESTAMP, kernelType: 'TIMESTAMP', read: (column) => `TIMESTAMP('1970-01-01', ${column})`, compares: 'never' };
    case 'year':
      return { dataType: T.DATE, kernelType: 'DATE', read: (column) => `MAKEDATE(${column}, 1)`, compares: 'never' };
    case 'char': {
      // The database takes away the spaces at its end.
      const { convert = (text: string) => text, ...text } = asText(kernelType, 'never');
      return {
        dataType: { tag: 'char', length: digits, collation: T.UTF8_BINARY },
        ...text,
        convert: (of) => `rpad(${convert(of)}, ${digits}, ' ')`,
      };
    }
    case 'json':
    case 'uuid':
    case 'inet4':
    case 'inet6':
      return { dataType: T.STRING, kernelType: 'VARCHAR', read: (column) => `CAST(${column} AS CHAR)`, compares: 'never' };
    default:
      return /(text|varchar)$/.test(name) ? { dataType: T.STRING, ...asText(kernelType, 'equality') } : undefined;
  }
}

/** Texts that compare as bytes come as bytes. */
const asText = (kernelType: string, compares: RemoteType['compares']): Omit<RemoteType, 'dataType'> =>
  kernelType === 'BLOB' ? { kernelType, convert: (text) => `decode(${text})`, compares } : { kernelType: 'VARCHAR', compares };

function typed(kernelType: string, { prefersNtz }: TypeOptions): RemoteType {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(kernelType) ?? [];
  if (precision !== undefined) return { dataType: T.decimalType(Number(precision), Number(scale)), kernelType, compares: 'all' };
  const dateTime = prefersNtz ? T.TIMESTAMP_NTZ : T.TIMESTAMP;
  if (kernelType.startsWith('TIMESTAMP')) return { dataType: dateTime, kernelType, compares: 'never' };
  const dataType = TYPES[kernelType];
  if (dataType === undefined)
    return { dataType: T.STRING, kernelType: 'VARCHAR', compares: kernelType === 'VARCHAR' ? 'equality' : 'never' };
  return { dataType, kernelType, compares: /INT$|INTEGER|DOUBLE|DATE/.test(kernelType) ? 'all' : 'never' };
}

export const MYSQL: Dialect = {
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  text: (value) => quoteText(value.replaceAll('\\', '\\\\')),
  likeIsExact: false,
  typeOf: ({ type, kernelType = '' }, options) => declared(type, kernelType) ?? typed(kernelType, options),
  nameOf: (type) =>
    ({
      string: 'LONGTEXT',
      binary: 'LONGBLOB',
      byte: 'TINYINT',
      short: 'SMALLINT',
      float: 'FLOAT',
      timestamp: 'TIMESTAMP',
      timestamp_ntz: 'DATETIME',
    })[type.tag as string] ?? commonName(type),
  truncate: (table) => `TRUNCATE TABLE ${table}`,
};
