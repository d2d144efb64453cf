// INSERT INTO | OVERWRITE a table or a directory, REPLACE WHERE | USING | ON, and FROM t INSERT … INSERT ….
// Source: the insertInto and multiInsertQueryBody rules of Spark 4.2.
import type { Command, InsertDirectory, InsertInto } from '../../plan/commands.ts';
import type { Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { identifierList } from '../identifiers.ts';
import { type Properties, propertyList } from '../properties.ts';
import { fromStatementBody } from '../queries/from-statement.ts';
import { fromClause } from '../queries/from.ts';
import { startsQuery } from '../queries/starts-query.ts';
import { tableAlias } from '../queries/table-alias.ts';
import { identifierReference } from '../relation-name.ts';
import { rowFormat } from '../row-format.ts';
import { isString, stringLiteral } from '../strings.ts';
import { ifNotExists, partitionSpec } from './clauses.ts';
import { fileFormat, tableProvider } from './storage.ts';

type Target = Omit<InsertInto, 'query'> | Omit<InsertDirectory, 'query'>;

export function insertStatement(p: Cursor): Command {
  const from = p.at;
  const target = insertTarget(p);
  const query = insertQuery(p);
  return { ...target, query, origin: p.origin(from) } as Command;
}

/** A query in parentheses may have an alias after it. */
function insertQuery(p: Cursor): Relation {
  const from = p.at;
  const made = p.rules.query(p);
  return tableAlias(p, made, from);
}

/** INSERT comes next. */
function insertTarget(p: Cursor): Target {
  const from = p.at;
  p.expect('INSERT');
  p.accept('WITH', 'SCHEMA', 'EVOLUTION');
  const isOverwrite = p.expectOneOf('OVERWRITE', 'INTO') === 'OVERWRITE';
  if (isOverwrite && (p.is('DIRECTORY') || p.is('LOCAL', 'DIRECTORY')) && p.type(1) !== 'SELECT') return directory(p);
  const hasTable = p.type() === 'TABLE' && p.tokens[p.at + 1]?.isWord === true && !['SELECT', 'VALUES'].includes(p.type(1));
  if (hasTable) p.at++;
  const table = identifierReference(p);
  const replaced = isOverwrite ? undefined : p.attempt((c) => replaceClause(c));
  const options = p.is('WITH', '(') && !startsQuery(p, 1) ? afterKeyword(p) : {};
  const base = { kind: 'insertInto', table, isOverwrite, options, origin: p.origin(from) } as const;
  if (replaced) return { ...base, ...replaced, partition: {}, ifPartitionNotExists: false, columns: [] };
  const partition = partitionSpec(p);
  const ifPartitionNotExists = ifNotExists(p);
  const byName = p.accept('BY', 'NAME');
  const columns = !byName && p.type() === '(' && !startsQuery(p, 0) ? identifierList(p) : [];
  return { ...base, partition, ifPartitionNotExists, byName, columns };
}

/** [alias] [WITH (options)] [BY NAME] REPLACE WHERE c | ON c | USING (columns) */
function replaceClause(p: Cursor): Pick<InsertInto, 'replaceWhere' | 'replaceUsing' | 'byName'> {
  tableAlias(p, { kind: 'project', expressions: [] }, p.at);
  if (p.is('WITH', '(')) {
    p.at++;
    propertyList(p);
  }
  const byName = p.accept('BY', 'NAME');
  p.expect('REPLACE');
  if (p.expectOneOf('WHERE', 'ON', 'USING') === 'USING') return { byName, replaceUsing: identifierList(p) };
  return { byName, replaceWhere: p.rules.expression(p) };
}

function afterKeyword(p: Cursor): Properties {
  p.at++;
  return propertyList(p);
}

function directory(p: Cursor): Omit<InsertDirectory, 'query'> {
  const isLocal = p.accept('LOCAL');
  p.expect('DIRECTORY');
  const path = isString(p.type()) ? stringLiteral(p) : undefined;
  const provider = tableProvider(p);
  const made = { kind: 'insertDirectory', isLocal, ...(path !== undefined && { path }) } as const;
  if (provider !== undefined) {
    const options = p.is('OPTIONS', '(') ? afterKeyword(p) : {};
    return { ...made, provider: provider.join('.'), options };
  }
  if (path === undefined) p.fail();
  const options = rowFormat(p)?.options ?? {};
  const format = fileFormat(p);
  return { ...made, options, ...(format?.format !== undefined && { provider: format.format }) };
}

/** Whether FROM … is followed by INSERT outside of parentheses. */
export function isMultiInsert(p: Cursor): boolean {
  let depth = 0;
  for (let ahead = 1; p.type(ahead) !== 'eof'; ahead++) {
    const type = p.type(ahead);
    if (type === '(') depth++;
    else if (type === ')') depth--;
    else if (depth === 0 && type === 'INSERT' && ['INTO', 'OVERWRITE', 'WITH'].includes(p.type(ahead + 1))) return true;
    else if (depth === 0 && type === 'SELECT') return false;
  }
  return false;
}

export function multiInsert(p: Cursor): Command {
  const from = p.at;
  const input = fromClause(p);
  const inserts: (InsertInto | InsertDirectory)[] = [];
  while (p.type() === 'INSERT') {
    const target = insertTarget(p);
    inserts.push({ ...target, query: fromStatementBody(p, input) } as InsertInto | InsertDirectory);
  }
  return { kind: 'multiInsert', inserts, origin: p.origin(from) };
}
