// How the API reads SQL text (expr, selectExpr, cast('int'), schemas in DDL) without carrying the parser: it belongs to SQL's own bundle, which the
// session loads (../../load-sql.ts) when the first text comes.
import { wrongType } from './arguments.ts';
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Expression } from '../plan/expressions.ts';
import type { DataType, StructType } from '../types/data-type.ts';

export type SqlTexts = {
  readonly parseExpression: (text: string) => Expression;
  readonly parseDataType: (text: string) => DataType;
  readonly parseTableSchema: (text: string) => StructType;
  readonly parseMultipartIdentifier: (text: string) => readonly string[];
};

let load: () => SqlTexts = () => {
  throw new SparkIllegalArgumentException(
    'NO_ACTIVE_SESSION',
    '08003',
    'SQL text can be read when there is a SparkSession: make one first (SparkSession.builder().getOrCreate()).',
  );
};

/** For src/runtime/session.ts, and for tests. */
export function setSqlTexts(loader: () => SqlTexts): void {
  load = loader;
}

/** @throws ParseException */
export const sqlTexts = (): SqlTexts => load();

/** `a.b`, `` `a.b`.c ``: parts of a column's name. Source: UnresolvedAttribute.parseAttributeName. */
export function nameParts(name: string): readonly string[] {
  if (!name.includes('`')) return name.split('.');
  const parts = [...name.matchAll(/(?:`((?:[^`]|``)*)`|([^.`]+))(?:\.|$)/gy)];
  const read = parts.reduce((n, m) => n + m[0].length, 0);
  if (read !== name.length || name.endsWith('.'))
    throw new SparkIllegalArgumentException(
      'INVALID_ATTRIBUTE_NAME_SYNTAX',
      '42601',
      `Syntax error in the attribute name: ${name}. Check that backticks appear in pairs, a quoted string is a complete name part and use a backtick only inside quoted name parts.`,
    );
  return parts.map((m) => m[1]?.replaceAll('``', '`') ?? m[2]!);
}

/** A type as a program gives it: Spark's text or the type itself. */
export function toDataType(type: DataType | string): DataType {
  if (typeof type === 'string') return sqlTexts().parseDataType(type);
  if (typeof type?.tag === 'string') return type;
  throw wrongType('NOT_DATATYPE_OR_STR', 'dataType', 'a type or its name', type);
}
