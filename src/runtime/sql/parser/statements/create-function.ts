// CREATE FUNCTION … AS 'class', and SQL functions: CREATE FUNCTION f(x INT) RETURNS INT RETURN x + 1.
import type { Command } from '../../plan/commands.ts';
import type { Expression } from '../../plan/expressions.ts';
import type { Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { columnsWithTypes, dataType } from '../data-types.ts';
import { errorCapturingIdentifier, identifier } from '../identifiers.ts';
import { startsQuery } from '../queries/starts-query.ts';
import { identifierReference } from '../relation-name.ts';
import { stringLiteral } from '../strings.ts';
import { ifNotExists, qualifiedTemporary } from './clauses.ts';
import { columnDefinition } from './columns.ts';

export function createFunction(p: Cursor, from: number, replace: boolean, isTemporary: boolean): Command {
  const exists = ifNotExists(p);
  const name = identifierReference(p);
  const flags = { isTemporary, ifNotExists: exists, replace };
  if (p.type() === '(') return userDefined(p, from, name, flags);
  p.expect('AS');
  const className = stringLiteral(p);
  const resources = p.accept('USING') ? p.list((c) => ({ type: identifier(c).toLowerCase(), uri: stringLiteral(c) })) : [];
  refuseFlags(p, from, flags);
  if (isTemporary && Array.isArray(name) && name.length > 1)
    p.report('INVALID_TEMP_OBJ_QUALIFIER', qualifiedTemporary('FUNCTION', name), from);
  return { kind: 'createFunction', function: name, className, resources, ...flags, origin: p.origin(from) };
}

function emptyList(p: Cursor): [] {
  p.at += 2;
  return [];
}

type Flags = { readonly isTemporary: boolean; readonly ifNotExists: boolean; readonly replace: boolean };

function refuseFlags(p: Cursor, from: number, flags: Flags): void {
  if (flags.ifNotExists && flags.replace) throw p.error('INVALID_SQL_SYNTAX.CREATE_ROUTINE_WITH_IF_NOT_EXISTS_AND_REPLACE', {}, from);
  if (flags.ifNotExists && flags.isTemporary) throw p.error('INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_IF_NOT_EXISTS', {}, from);
}

function userDefined(p: Cursor, from: number, name: ReturnType<typeof identifierReference>, flags: Flags): Command {
  const parametersFrom = p.at;
  const columns = p.is('(', ')') ? emptyList(p) : p.parenthesized(columnDefinition);
  const parameters = p.source(parametersFrom).slice(1, -1).trim();
  let returns: string | undefined;
  let isTable = false;
  if (p.accept('RETURNS')) {
    const returnsFrom = p.at;
    isTable = p.type() === 'TABLE' && p.accept('TABLE');
    if (!isTable) dataType(p);
    else if (p.type() === '(') {
      p.at++;
      columnsWithTypes(p);
      p.expect(')');
    }
    returns = p.source(returnsFrom);
  }
  const characteristics = routineCharacteristics(p);
  p.expect('RETURN');
  const bodyFrom = p.at;
  const body: Expression | Relation = startsQuery(p, 0) ? (p.attempt(p.rules.query) ?? p.rules.expression(p)) : p.rules.expression(p);
  const bodyText = p.source(bodyFrom);
  if (columns.some((c) => c.generationExpression !== undefined || c.identity))
    throw p.error('INVALID_SQL_SYNTAX.CREATE_FUNC_WITH_GENERATED_COLUMNS_AS_PARAMETERS', {}, parametersFrom + 1);
  if (columns.some((c) => c.constraints)) throw p.error('INVALID_SQL_SYNTAX.CREATE_FUNC_WITH_COLUMN_CONSTRAINTS', {}, parametersFrom + 1);
  refuseFlags(p, from, flags);
  if (flags.isTemporary && Array.isArray(name) && name.length > 1)
    p.report('INVALID_TEMP_OBJ_QUALIFIER', qualifiedTemporary('FUNCTION', name), from);
  return {
    kind: 'createUserDefinedFunction',
    function: name,
    parameters,
    columns,
    ...(returns !== undefined && { returns }),
    isTable,
    body,
    bodyText,
    characteristics,
    ...flags,
    origin: p.origin(from),
  };
}

const CHARACTERISTICS = [
  'LANGUAGE SQL',
  'LANGUAGE ident',
  'DETERMINISTIC',
  'NOT DETERMINISTIC',
  'NO SQL',
  'CONTAINS SQL',
  'READS SQL DATA',
  'MODIFIES SQL DATA',
  'RETURNS NULL ON NULL INPUT',
  'CALLED ON NULL INPUT',
  'SQL SECURITY INVOKER',
  'SQL SECURITY DEFINER',
].map((words) => words.split(' '));

function routineCharacteristics(p: Cursor): string[] {
  const made: string[] = [];
  for (;;) {
    const from = p.at;
    if (p.accept('COMMENT')) stringLiteral(p);
    else if (p.accept('SPECIFIC')) errorCapturingIdentifier(p);
    else if (p.accept('DEFAULT', 'COLLATION')) identifier(p);
    else {
      const words = CHARACTERISTICS.find((candidate) => p.is(...candidate));
      if (words === undefined) return made;
      p.at += words.length;
    }
    made.push(p.source(from));
  }
}
