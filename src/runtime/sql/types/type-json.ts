// Spark's JSON schema, read and written: what Parquet footers, Delta logs and df.schema.json() carry.
// Key order is Spark's, so equal schemas give equal text. Source: DataType.json and DataType.fromJson of Spark 4.2.
import {
  arrayType,
  BINARY,
  BOOLEAN,
  BYTE,
  CALENDAR_INTERVAL,
  charType,
  type DataType,
  DATE,
  type DayTimeField,
  dayTimeIntervalType,
  DOUBLE,
  decimalType,
  FLOAT,
  INTEGER,
  LONG,
  type Metadata,
  mapType,
  NULL,
  SHORT,
  STRING,
  type StructField,
  type StructType,
  collatedString,
  structType,
  TIMESTAMP,
  TIMESTAMP_NTZ,
  timeType,
  UTF8_BINARY,
  VARIANT,
  varcharType,
  type YearMonthField,
  yearMonthIntervalType,
} from './data-type.ts';
import { typeName } from './type-names.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A type as compact JSON text, for example `{"type":"struct","fields":[…]}` or `"integer"`. */
export const typeToJson = (type: DataType): string => JSON.stringify(typeToJsonValue(type));

export function typeToJsonValue(type: DataType): Json {
  switch (type.tag) {
    case 'array':
      return { type: 'array', elementType: typeToJsonValue(type.elementType), containsNull: type.containsNull };
    case 'map':
      return {
        type: 'map',
        keyType: typeToJsonValue(type.keyType),
        valueType: typeToJsonValue(type.valueType),
        valueContainsNull: type.valueContainsNull,
      };
    case 'struct':
      return { type: 'struct', fields: type.fields.map(fieldToJson) };
    default:
      return typeName(type);
  }
}

function fieldToJson(field: StructField): Json {
  const collations = collationsIn(field.dataType, field.name);
  const metadata = {
    ...(field.metadata as { [key: string]: Json }),
    ...(Object.keys(collations).length > 0 && { [COLLATIONS]: collations }),
  };
  return { name: field.name, type: typeToJsonValue(field.dataType), nullable: field.nullable, metadata };
}

/** A string's collation is not in its JSON type but beside the field, by path, so that old readers see a plain string. */
const COLLATIONS = '__COLLATIONS';

function collationsIn(type: DataType, path: string): { [path: string]: string } {
  switch (type.tag) {
    case 'string':
    case 'char':
    case 'varchar':
      return type.collation === UTF8_BINARY && !('isExplicit' in type) ? {} : { [path]: `${providerOf(type.collation)}.${type.collation}` };
    case 'array':
      return collationsIn(type.elementType, `${path}.element`);
    case 'map':
      return { ...collationsIn(type.keyType, `${path}.key`), ...collationsIn(type.valueType, `${path}.value`) };
    default:
      return {};
  }
}

const providerOf = (collation: string): string => (collation.startsWith('UTF8_') ? 'spark' : 'icu');

/** @throws Error with the offending piece when the text is no Spark schema */
export const typeFromJson = (json: string): DataType => typeFromJsonValue(JSON.parse(json) as Json);

export function typeFromJsonValue(json: Json, path = '', collations: { [path: string]: string } = {}): DataType {
  if (typeof json === 'string') return withCollation(namedType(json), collations[path]);
  if (json !== null && typeof json === 'object' && !Array.isArray(json)) {
    switch (json.type) {
      case 'array':
        return arrayType(typeFromJsonValue(json.elementType as Json, `${path}.element`, collations), json.containsNull as boolean);
      case 'map':
        return mapType(
          typeFromJsonValue(json.keyType as Json, `${path}.key`, collations),
          typeFromJsonValue(json.valueType as Json, `${path}.value`, collations),
          json.valueContainsNull as boolean,
        );
      case 'struct':
        return structType((json.fields as { [key: string]: Json }[]).map(fieldFromJson));
    }
  }
  throw new Error(`Not a type of Spark's JSON schema: ${JSON.stringify(json)}`);
}

export function schemaFromJson(json: string): StructType {
  const type = typeFromJson(json);
  if (type.tag !== 'struct') throw new Error(`Not a schema: ${json}`);
  return type;
}

function fieldFromJson(json: { [key: string]: Json }): StructField {
  const { [COLLATIONS]: collations, ...metadata } = (json.metadata ?? {}) as { [key: string]: Json };
  const name = json.name as string;
  const byPath = Object.fromEntries(
    Object.entries((collations ?? {}) as { [path: string]: string }).map(([path, full]) => [path, full.slice(full.indexOf('.') + 1)]),
  );
  return {
    name,
    dataType: typeFromJsonValue(json.type as Json, name, byPath),
    nullable: (json.nullable ?? true) as boolean,
    metadata: metadata as Metadata,
  };
}

function withCollation(type: DataType, collation: string | undefined): DataType {
  if (collation === undefined) return type;
  return type.tag === 'string' ? collatedString(collation) : type.tag === 'char' || type.tag === 'varchar' ? { ...type, collation } : type;
}

const PLAIN: { readonly [name: string]: DataType } = {
  void: NULL,
  null: NULL,
  boolean: BOOLEAN,
  byte: BYTE,
  short: SHORT,
  integer: INTEGER,
  long: LONG,
  float: FLOAT,
  double: DOUBLE,
  decimal: decimalType(),
  string: STRING,
  binary: BINARY,
  date: DATE,
  timestamp: TIMESTAMP,
  timestamp_ltz: TIMESTAMP,
  timestamp_ntz: TIMESTAMP_NTZ,
  interval: CALENDAR_INTERVAL,
  variant: VARIANT,
};

function namedType(name: string): DataType {
  const plain = Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
  if (plain !== undefined) return plain;
  const sized = /^(decimal|char|varchar|time)\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)$/.exec(name);
  if (sized !== null) {
    const size = Number(sized[2]);
    if (sized[1] === 'decimal') return decimalType(size, Number(sized[3] ?? 0));
    return sized[1] === 'char' ? charType(size) : sized[1] === 'varchar' ? varcharType(size) : timeType(size);
  }
  const interval = /^interval (day|hour|minute|second|year|month)(?: to (hour|minute|second|month))?$/.exec(name);
  if (interval === null) throw new Error(`Not a type of Spark's JSON schema: "${name}"`);
  const [, start, end = start] = interval;
  if (start === 'year' || start === 'month') return yearMonthIntervalType(start, end as YearMonthField);
  return dayTimeIntervalType(start as DayTimeField, end as DayTimeField);
}
