// The parser's front door: text → statement, query, expression, type, names. Everything else in this folder is its grammar.
// Errors are ParseExceptions as Spark prints them. Source: AbstractSqlParser and SparkSqlParser of Spark 4.2.
import type { Command } from '../plan/commands.ts';
import type { Expression } from '../plan/expressions.ts';
import type { Relation } from '../plan/relations.ts';
import type { CompoundBody } from '../plan/script.ts';
import { type DataType, type StructType, structType } from '../types/data-type.ts';
import { Cursor, type Rules } from './cursor.ts';
import { columnsWithTypes, dataType } from './data-types.ts';
import { expression } from './expressions/boolean.ts';
import { namedExpression } from './expressions/named.ts';
import { primaryExpression } from './expressions/primary.ts';
import { valueExpression } from './expressions/value.ts';
import { errorCapturingIdentifier, multipartIdentifier } from './identifiers.ts';
import type { ParserOptions } from './parser-options.ts';
import { relation } from './queries/from.ts';
import { query } from './queries/query.ts';
import { tableArgument } from './queries/table-function.ts';
import { pathElements } from './statements/set.ts';
import { script, startsScript } from './statements/script.ts';
import { statement } from './statements/statement.ts';

/** What a statement is: a relation to compute, a command, or a script of both. */
export type Plan =
  | { readonly tag: 'relation'; readonly relation: Relation }
  | { readonly tag: 'command'; readonly command: Command }
  | { readonly tag: 'script'; readonly script: CompoundBody };

const RULES: Rules = { query, expression, valueExpression, primaryExpression, tableArgument, relation };

/** One statement or script, with semicolons after it or not. */
export function parseStatement(text: string, options: ParserOptions = {}): Plan {
  return parse(text, options, (p) => {
    const made: Plan = startsScript(p) ? { tag: 'script', script: script(p) } : statement(p);
    while (p.accept(';'));
    return made;
  });
}

export const parseQuery = (text: string, options: ParserOptions = {}): Relation => parse(text, options, query);

/** An expression, with an alias or not: what selectExpr and expr take. */
export const parseExpression = (text: string, options: ParserOptions = {}): Expression => parse(text, options, namedExpression);

export const parseDataType = (text: string, options: ParserOptions = {}): DataType => parse(text, options, dataType);

/** `a INT NOT NULL COMMENT 'x', b STRING`: a schema in DDL form. */
export const parseTableSchema = (text: string, options: ParserOptions = {}): StructType =>
  structType(parse(text, options, columnsWithTypes));

/** `db.table` or `table`. */
export function parseTableIdentifier(text: string, options: ParserOptions = {}): { readonly table: string; readonly database?: string } {
  return parse(text, options, (p) => {
    const first = errorCapturingIdentifier(p);
    return p.accept('.') ? { database: first, table: errorCapturingIdentifier(p) } : { table: first };
  });
}

/** Elements of a SQL path: `spark_catalog.db, current_schema`. */
export const parsePath = (text: string): readonly (readonly string[])[] => parse(text, {}, pathElements);

export const parseMultipartIdentifier = (text: string, options: ParserOptions = {}): readonly string[] =>
  parse(text, options, multipartIdentifier);

/** @throws ParseException when the text does not fit, or when anything is left after it */
const parse = <T>(text: string, options: ParserOptions, rule: (p: Cursor) => T): T => new Cursor(text, RULES, options).whole(rule);
