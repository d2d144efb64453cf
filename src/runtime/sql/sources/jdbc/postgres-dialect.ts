// PostgreSQL's types. What the kernel reads otherwise than Spark is cast by the database: numeric without digits, json, uuid, intervals, arrays.
// Source: PostgresDialect of Spark 4.2.
import { quoteName, quoteText } from '../../../../common/kernel-quotes.ts';
import * as T from '../../types/data-type.ts';
import { commonName } from './common-names.ts';
import type { Dialect, RemoteType, TypeOptions } from './dialect.ts';

const plain = (dataType: T.DataType, kernelType: string, compares: RemoteType['compares'] = 'all'): RemoteType => ({
  dataType,
  kernelType,
  compares,
});
/** As the database shows it: a cast to text cuts CHAR and lengthens INET. */
const shown = (name: string): string => `CASE WHEN ${name} IS NOT NULL THEN format('%s', ${name}) END`;
const asText: RemoteType = { dataType: T.STRING, kernelType: 'VARCHAR', read: (name) => `${name}::text`, compares: 'never' };

function typed(declared: string, options: TypeOptions): RemoteType {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(declared) ?? [];
  if (precision !== undefined) return plain(T.decimalType(Number(precision), Number(scale)), `DECIMAL(${precision},${scale})`);
  switch (declared) {
    case 'smallint':
      return plain(T.SHORT, 'SMALLINT');
    case 'integer':
      return plain(T.INTEGER, 'INTEGER');
    case 'bigint':
      return plain(T.LONG, 'BIGINT');
    case 'oid':
      return { ...plain(T.decimalType(20, 0), 'BIGINT'), read: (name) => `${name}::bigint` };
    case 'real':
      return plain(T.FLOAT, 'FLOAT', 'never');
    case 'double precision':
      return plain(T.DOUBLE, 'DOUBLE');
    case 'boolean':
      return plain(T.BOOLEAN, 'BOOLEAN', 'never');
    case 'numeric':
      return { dataType: T.decimalType(38, 18), kernelType: 'DECIMAL(38,18)', read: (name) => `${name}::numeric(38,18)`, compares: 'all' };
    case 'character':
    case 'inet':
      return { ...asText, read: shown };
    case 'text':
    case 'character varying':
    case 'name':
      return {
        dataType: T.STRING,
        kernelType: 'VARCHAR',
        read: (name) => `${name}::text`,
        compares: 'equality',
      };
    case 'time without time zone':
      return { ...plain(T.TIMESTAMP, 'TIMESTAMP', 'never'), read: (name) => `(date '1970-01-01' + ${name})` };
    case 'date':
      return plain(T.DATE, 'DATE');
    case 'timestamp without time zone':
      return plain(options.prefersNtz ? T.TIMESTAMP_NTZ : T.TIMESTAMP, 'TIMESTAMP', options.prefersNtz ? 'all' : 'never');
    case 'timestamp with time zone':
      return plain(T.TIMESTAMP, 'TIMESTAMPTZ', 'never');
    case 'bytea':
      return plain(T.BINARY, 'BLOB', 'never');
    default:
      return declared.endsWith('[]') ? arrayOf(declared.slice(0, -2), options) : asText;
  }
}

/** Of one dimension; what an element is read as, the database casts all to. */
function arrayOf(element: string, options: TypeOptions): RemoteType {
  const { dataType, kernelType, read } = typed(element, options);
  const type = /^[^:]*::(.*)$/.exec(read?.('x') ?? '')?.[1];
  return {
    dataType: T.arrayType(dataType, true),
    kernelType: `${kernelType}[]`,
    ...(type !== undefined && { read: (name: string) => `${name}::${type}[]` }),
    compares: 'never',
  };
}

function nameOf(type: T.DataType): string | undefined {
  switch (type.tag) {
    case 'string':
      return 'TEXT';
    case 'binary':
      return 'BYTEA';
    case 'boolean':
      return 'BOOLEAN';
    case 'float':
      return 'FLOAT4';
    case 'double':
      return 'FLOAT8';
    case 'short':
    case 'byte':
      return 'SMALLINT';
    case 'timestamp':
      return 'TIMESTAMP WITH TIME ZONE';
    case 'timestamp_ntz':
      return 'TIMESTAMP';
    case 'decimal':
      return `NUMERIC(${type.precision},${type.scale})`;
    case 'array': {
      const element = nameOf(type.elementType);
      return element && `${element}[]`;
    }
    default:
      return commonName(type);
  }
}

export const POSTGRES: Dialect = {
  quote: quoteName,
  text: quoteText,
  likeIsExact: true,
  typeOf: ({ type }, options) => typed(type, options),
  nameOf,
  truncate: (table) => `TRUNCATE TABLE ONLY ${table}`,
};
