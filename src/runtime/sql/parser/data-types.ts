// Types in SQL text: `DECIMAL(10, 2)`, `STRUCT<a: INT NOT NULL>`, `INTERVAL DAY TO SECOND`, and lists of typed columns.
// Source: DataTypeAstBuilder of Spark 4.2.
import { findCollation, similarCollations } from '../types/collations.ts';
import {
  arrayType,
  BINARY,
  BOOLEAN,
  BYTE,
  CALENDAR_INTERVAL,
  charType,
  collatedString,
  type DataType,
  DATE,
  DAY_TIME_FIELDS,
  type DayTimeField,
  dayTimeIntervalType,
  DOUBLE,
  decimalType,
  FLOAT,
  INTEGER,
  LONG,
  MAX_DECIMAL_PRECISION,
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
  VARIANT,
  varcharType,
  YEAR_MONTH_FIELDS,
  type YearMonthField,
  yearMonthIntervalType,
} from '../types/data-type.ts';
import type { Cursor } from './cursor.ts';
import { errorCapturingIdentifier, identifier, multipartIdentifier } from './identifiers.ts';
import { stringLiteral } from './strings.ts';

const PLAIN: { readonly [keyword: string]: DataType } = {
  BOOLEAN,
  TINYINT: BYTE,
  BYTE,
  SMALLINT: SHORT,
  SHORT,
  INT: INTEGER,
  INTEGER,
  BIGINT: LONG,
  LONG,
  FLOAT,
  REAL: FLOAT,
  DOUBLE,
  DATE,
  TIMESTAMP_LTZ: TIMESTAMP,
  TIMESTAMP_NTZ,
  BINARY,
  VOID: NULL,
  VARIANT,
};

export function dataType(p: Cursor): DataType {
  const from = p.at;
  const keyword = p.type();
  const plain = Object.hasOwn(PLAIN, keyword) ? PLAIN[keyword] : undefined;
  if (plain !== undefined) {
    p.at++;
    return plain;
  }
  if (!p.token.isWord) p.fail();
  p.at++;
  switch (keyword) {
    case 'ARRAY':
    case 'MAP':
    case 'STRUCT':
      return nestedType(p, keyword, from);
    case 'STRING':
      return stringOf(collation(p));
    case 'CHAR':
    case 'CHARACTER':
    case 'VARCHAR': {
      const length = sizes(p)[0];
      if (length === undefined) {
        p.report('DATATYPE_MISSING_SIZE', { type: `"${p.textOf(p.tokens[from] as never)}"` }, from);
        return STRING;
      }
      return keyword === 'VARCHAR' ? varcharType(length, collation(p)) : charType(length, collation(p));
    }
    case 'DECIMAL':
    case 'DEC':
    case 'NUMERIC':
      return decimal(p, from);
    case 'INTERVAL':
      return intervalType(p, from);
    case 'TIMESTAMP':
      if (p.accept('WITHOUT', 'TIME', 'ZONE')) return TIMESTAMP_NTZ;
      if (p.accept('WITH', 'LOCAL', 'TIME', 'ZONE')) return TIMESTAMP;
      return p.options.timestampIsLocal ? TIMESTAMP_NTZ : TIMESTAMP;
    case 'TIME': {
      const [precision] = sizes(p);
      p.accept('WITHOUT', 'TIME', 'ZONE');
      return timeType(precision);
    }
    case 'GEOGRAPHY':
    case 'GEOMETRY':
      return p.type() === '(' ? spatial(p, keyword === 'GEOGRAPHY' ? 'geography' : 'geometry') : unsupported(p, from);
    default:
      return unsupported(p, from);
  }
}

const stringOf = (collation: string | undefined): DataType => (collation === undefined ? STRING : collatedString(collation));

function nestedType(p: Cursor, keyword: 'ARRAY' | 'MAP' | 'STRUCT', from: number): DataType {
  if (keyword === 'STRUCT' && p.accept('<>')) return structType([]);
  if (!p.accept('<')) {
    p.report(`INCOMPLETE_TYPE_DEFINITION.${keyword}`, {}, from);
    return NULL;
  }
  let made: DataType;
  if (keyword === 'ARRAY') made = arrayType(dataType(p));
  else if (keyword === 'MAP') {
    const key = dataType(p);
    p.expect(',');
    made = mapType(key, dataType(p));
  } else made = structType(p.type() === '>' ? [] : p.list(structMember));
  p.expect('>');
  return made;
}

function structMember(p: Cursor): StructField {
  const name = errorCapturingIdentifier(p);
  p.accept(':');
  return columnRest(p, name);
}

/** `name type [NOT NULL] [COMMENT '…']` */
export function columnWithType(p: Cursor): StructField {
  return columnRest(p, errorCapturingIdentifier(p));
}

export const columnsWithTypes = (p: Cursor): StructField[] => p.list(columnWithType);

function columnRest(p: Cursor, name: string): StructField {
  const type = dataType(p);
  const isRequired = notNull(p);
  const comment = p.accept('COMMENT') ? { comment: stringLiteral(p) } : {};
  return structField(name, type, !isRequired, comment);
}

export const notNull = (p: Cursor): boolean => p.accept('NOT', 'NULL') || p.accept('!', 'NULL');

function collation(p: Cursor): string | undefined {
  if (!p.accept('COLLATE')) return undefined;
  const from = p.at;
  const name = multipartIdentifier(p).at(-1)!;
  const found = findCollation(name);
  if (found === undefined) p.report('COLLATION_INVALID_NAME', { collationName: name, proposals: similarCollations(name) }, from);
  return found?.name;
}

/** As Spark writes it; one that is not known stays as it is. `system.builtin.` may stand before. */
export const collationName = (parts: readonly string[]): string => findCollation(parts.at(-1)!)?.name ?? parts.at(-1)!;

/** `(10, 2)` as numbers; nothing where there is no parenthesis. */
function sizes(p: Cursor): number[] {
  if (p.type() !== '(') return [];
  return p.parenthesized(integer);
}

function decimal(p: Cursor, from: number): DataType {
  const [precision, scale] = sizes(p);
  if (precision !== undefined && precision > MAX_DECIMAL_PRECISION)
    p.report('DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION', { precision: `${precision}`, maxPrecision: `${MAX_DECIMAL_PRECISION}` }, from);
  return decimalType(precision, scale);
}

function intervalType(p: Cursor, from: number): DataType {
  const start = p.type().toLowerCase();
  const yearMonth = YEAR_MONTH_FIELDS.includes(start as YearMonthField);
  if (!yearMonth && !DAY_TIME_FIELDS.includes(start as DayTimeField)) return CALENDAR_INTERVAL;
  p.at++;
  if (p.type() !== 'TO')
    return yearMonth
      ? yearMonthIntervalType(start as YearMonthField, start as YearMonthField)
      : dayTimeIntervalType(start as DayTimeField, start as DayTimeField);
  p.at++;
  const end = p.next();
  const endField = end.type.toLowerCase();
  const fields: readonly string[] = yearMonth ? YEAR_MONTH_FIELDS : DAY_TIME_FIELDS;
  if (!fields.includes(endField)) p.fail('', p.at - 1);
  if (fields.indexOf(endField) <= fields.indexOf(start))
    p.report('INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION', { input: '', from: start, to: endField }, from);
  return yearMonth
    ? yearMonthIntervalType(start as YearMonthField, endField as YearMonthField)
    : dayTimeIntervalType(start as DayTimeField, endField as DayTimeField);
}

function spatial(p: Cursor, tag: 'geography' | 'geometry'): DataType {
  const [srid] = p.parenthesized((c): number | 'ANY' => (c.accept('ANY') ? 'ANY' : integer(c)));
  return { tag, srid: srid as number | 'ANY' };
}

function integer(p: Cursor): number {
  if (p.type() !== 'integer') p.fail();
  return Number(p.textOf(p.next()));
}

function unsupported(p: Cursor, from: number): DataType {
  p.at = from;
  const name = identifier(p);
  const sized = sizes(p);
  p.report('UNSUPPORTED_DATATYPE', { typeName: `"${(sized.length > 0 ? `${name}(${sized.join(',')})` : name).toUpperCase()}"` }, from);
  return NULL;
}
