// What Spark calls a type: `simpleString` (in messages and DESCRIBE), `catalogString` (never shortened), `sql` (can be parsed back), `typeName` (JSON).
// Not here: whole schemas as DDL (type-ddl.ts), as JSON (type-json.ts) or as a tree (schema-tree.ts).
import { type DataType, type DayTimeIntervalType, type StructType, UTF8_BINARY, type YearMonthIntervalType } from './data-type.ts';

/** Spark's `spark.sql.debug.maxToStringFields`: a struct with more fields is cut in `simpleString`. */
const SHOWN_FIELDS = 25;

/** For example `array<struct<a:int,b:decimal(10,2)>>`. Wide structs end in `... n more fields`. */
export function simpleString(type: DataType): string {
  return text(type, SHOWN_FIELDS);
}

/** `simpleString` with every field of every struct. */
export function catalogString(type: DataType): string {
  return text(type, Number.POSITIVE_INFINITY);
}

function text(type: DataType, shown: number): string {
  switch (type.tag) {
    case 'array':
      return `array<${text(type.elementType, shown)}>`;
    case 'map':
      return `map<${text(type.keyType, shown)},${text(type.valueType, shown)}>`;
    case 'struct':
      return `struct<${fieldTexts(type, shown).join(',')}>`;
    case 'null':
      return 'void';
    case 'integer':
      return 'int';
    case 'long':
      return 'bigint';
    case 'short':
      return 'smallint';
    case 'byte':
      return 'tinyint';
    case 'string':
      return type.collation === UTF8_BINARY && !type.isExplicit ? 'string' : `string collate ${type.collation}`;
    case 'char':
    case 'varchar':
      return `${type.tag}(${type.length})${type.collation === UTF8_BINARY ? '' : ` collate ${type.collation}`}`;
    default:
      return typeName(type);
  }
}

function fieldTexts(type: StructType, shown: number): string[] {
  const all = type.fields.map((field) => `${field.name}:${text(field.dataType, shown)}`);
  if (all.length <= shown) return all;
  const kept = Math.max(0, shown - 1);
  return [...all.slice(0, kept), `... ${all.length - kept} more fields`];
}

/** The name in Spark's JSON schema: `integer`, `decimal(10,2)`, `interval day to second`; a complex type gives its bare name. */
export function typeName(type: DataType): string {
  switch (type.tag) {
    case 'null':
      return 'void';
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'char':
    case 'varchar':
      return `${type.tag}(${type.length})`;
    case 'time':
      return `time(${type.precision})`;
    case 'calendarInterval':
      return 'interval';
    case 'geography':
    case 'geometry':
      return `${type.tag}(${type.srid === 'ANY' ? 'any' : type.srid})`;
    case 'dayTimeInterval':
    case 'yearMonthInterval':
      return intervalName(type);
    default:
      return type.tag;
  }
}

function intervalName({ startField, endField }: DayTimeIntervalType | YearMonthIntervalType): string {
  return startField === endField ? `interval ${startField}` : `interval ${startField} to ${endField}`;
}

/** The type as SQL text that the parser reads back: `STRUCT<a: INT NOT NULL, b: ARRAY<STRING>>`. */
export function sqlType(type: DataType): string {
  switch (type.tag) {
    case 'array':
      return `ARRAY<${sqlType(type.elementType)}>`;
    case 'map':
      return `MAP<${sqlType(type.keyType)}, ${sqlType(type.valueType)}>`;
    case 'struct':
      return `STRUCT<${type.fields.map((f) => `${quoteIfNeeded(f.name)}: ${sqlType(f.dataType)}${f.nullable ? '' : ' NOT NULL'}${commentClause(f.metadata.comment)}`).join(', ')}>`;
    case 'string':
    case 'char':
    case 'varchar': {
      const base = type.tag === 'string' ? 'STRING' : `${type.tag.toUpperCase()}(${type.length})`;
      return type.collation === UTF8_BINARY && !('isExplicit' in type) ? base : `${base} COLLATE ${type.collation}`;
    }
    default:
      return simpleString(type).toUpperCase();
  }
}

/** ` COMMENT '…'` with Spark's escapes, or nothing where the value is no text. */
export function commentClause(comment: unknown): string {
  return typeof comment === 'string' ? ` COMMENT '${comment.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : '';
}

/** A name part as SQL text: back quotes only where the bare name could not be read back. Source: Spark's `QuotingUtils.quoteIfNeeded`. */
export function quoteIfNeeded(part: string): string {
  return /^[a-zA-Z0-9_]+$/.test(part) && !/^\d+$/.test(part) ? part : quoteIdentifier(part);
}

export function quoteIdentifier(part: string): string {
  return `\`${part.replaceAll('`', '``')}\``;
}
