// SHOW … and DESCRIBE ….
import type { Command, Name } from '../../plan/commands.ts';
import type { Cursor } from '../cursor.ts';
import { errorCapturingIdentifier, identifier, multipartIdentifier } from '../identifiers.ts';
import { propertyKey } from '../properties.ts';
import { startsQuery } from '../queries/starts-query.ts';
import { identifierReference } from '../relation-name.ts';
import { isString, stringLiteral } from '../strings.ts';
import { hasPartition, partitionSpec, pattern } from './clauses.ts';

const inNamespace = (p: Cursor): { namespace?: Name } =>
  p.acceptOneOf('FROM', 'IN') === undefined ? {} : { namespace: identifierReference(p) };

function withPattern(p: Cursor): { pattern?: string } {
  const found = pattern(p);
  return found === undefined ? {} : { pattern: found };
}

export function showStatement(p: Cursor): Command {
  const from = p.at;
  p.at++;
  return { ...show(p, from), origin: p.origin(from) };
}

function show(p: Cursor, from: number): Command {
  const keyword = p.type();
  if (p.is(keyword, 'FUNCTIONS') || keyword === 'FUNCTIONS') return showFunctions(p, from);
  p.next();
  switch (keyword) {
    case 'DATABASES':
    case 'SCHEMAS':
    case 'NAMESPACES': {
      const namespace = p.acceptOneOf('FROM', 'IN') === undefined ? undefined : multipartIdentifier(p);
      return { kind: 'showNamespaces', ...(namespace && { namespace }), ...withPattern(p) };
    }
    case 'TABLES':
      return { kind: 'showTables', ...inNamespace(p), ...withPattern(p) };
    case 'VIEWS':
      return { kind: 'showViews', ...inNamespace(p), ...withPattern(p) };
    case 'TABLE': {
      p.expect('EXTENDED');
      const namespace = inNamespace(p);
      p.expect('LIKE');
      const text = stringLiteral(p);
      return { kind: 'showTableExtended', ...namespace, pattern: text, ...(hasPartition(p) && { partition: partitionSpec(p, true) }) };
    }
    case 'TBLPROPERTIES': {
      const table = identifierReference(p);
      return { kind: 'showTableProperties', table, ...(p.type() === '(' && { key: p.parenthesized(propertyKey)[0] as string }) };
    }
    case 'COLUMNS': {
      p.expectOneOf('FROM', 'IN');
      const table = identifierReference(p);
      return { kind: 'showColumns', table, ...(p.acceptOneOf('FROM', 'IN') !== undefined && { namespace: multipartIdentifier(p) }) };
    }
    case 'PARTITIONS': {
      const table = identifierReference(p);
      return { kind: 'showPartitions', table, ...(hasPartition(p) && { partition: partitionSpec(p, true) }) };
    }
    case 'CREATE': {
      p.expect('TABLE');
      const table = identifierReference(p);
      return { kind: 'showCreateTable', table, asSerde: p.accept('AS', 'SERDE') };
    }
    case 'CURRENT':
      p.expectOneOf('DATABASE', 'SCHEMA', 'NAMESPACE');
      return { kind: 'showCurrentNamespace' };
    case 'PROCEDURES':
      return { kind: 'showProcedures', ...inNamespace(p) };
    case 'CATALOGS':
      return { kind: 'showCatalogs', ...withPattern(p) };
    case 'COLLATIONS':
      return { kind: 'showCollations', ...withPattern(p) };
    default:
      return p.fail('', p.at - 1);
  }
}

function showFunctions(p: Cursor, from: number): Command {
  const word = p.type() === 'FUNCTIONS' && p.type(1) !== 'FUNCTIONS' ? 'all' : identifier(p).toLowerCase();
  p.expect('FUNCTIONS');
  if (word !== 'all' && word !== 'user' && word !== 'system')
    throw p.error('INVALID_SQL_SYNTAX.SHOW_FUNCTIONS_INVALID_SCOPE', { scope: `\`${word}\`` }, from);
  const namespace = inNamespace(p);
  const hasLike = p.accept('LIKE');
  if (isString(p.type())) return { kind: 'showFunctions', scope: word, ...namespace, pattern: stringLiteral(p) };
  if (hasLike || p.token.isWord)
    return { kind: 'showFunctions', scope: word, ...namespace, pattern: multipartIdentifier(p).at(-1) as string };
  return { kind: 'showFunctions', scope: word, ...namespace };
}

const OPERATORS = [
  '=',
  '<=>',
  '<>',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  'DIV',
  '~',
  '&',
  '|',
  '||',
  '^',
  'OR',
  'AND',
  'IN',
  'NOT',
  '<<',
  '>>',
  '>>>',
  '!',
];

export function describeStatement(p: Cursor): Command {
  const from = p.at;
  p.at++;
  const made = describe(p, from);
  return { ...made, origin: p.origin(from) };
}

function describe(p: Cursor, from: number): Command {
  const isLast = p.type(1) === 'eof' || p.type(1) === ';';
  if (!isLast && p.type(1) !== '.') {
    if (p.accept('FUNCTION')) return describeFunction(p);
    if (p.accept('PROCEDURE')) return { kind: 'describeProcedure', procedure: identifierReference(p) };
    if (p.acceptOneOf('DATABASE', 'SCHEMA', 'NAMESPACE') !== undefined) {
      const isExtended = p.tokens[p.at + 1]?.isWord === true && p.accept('EXTENDED');
      return { kind: 'describeNamespace', namespace: identifierReference(p), isExtended };
    }
    if (p.is('QUERY') && startsQuery(p, 1)) {
      p.at++;
      return describeQuery(p);
    }
  }
  if (startsQuery(p, 0) && !(p.type() === 'TABLE')) {
    const query = p.attempt(describeQuery);
    if (query !== undefined) return query;
  }
  return describeTable(p, from);
}

function describeFunction(p: Cursor): Command {
  const isExtended = p.type() === 'EXTENDED' && p.type(1) !== 'eof' && p.accept('EXTENDED');
  if (isString(p.type())) return { kind: 'describeFunction', function: [stringLiteral(p)], isExtended };
  const operator = p.acceptOneOf(...OPERATORS);
  if (operator !== undefined) return { kind: 'describeFunction', function: [p.textOf(p.tokens[p.at - 1] as never)], isExtended };
  return { kind: 'describeFunction', function: identifierReference(p), isExtended };
}

function describeQuery(p: Cursor): Command {
  const from = p.at;
  const query = p.rules.query(p);
  return { kind: 'describeQuery', query, queryText: p.source(from) };
}

function describeTable(p: Cursor, from: number): Command {
  const follows = () => p.tokens[p.at + 1]?.isWord === true;
  if (p.type() === 'TABLE' && follows() && p.type(1) !== 'AS') p.at++;
  const option = (p.type() === 'EXTENDED' || p.type() === 'FORMATTED') && follows() && p.type(1) !== 'AS' ? p.next().type : undefined;
  const table = identifierReference(p);
  const partition = hasPartition(p) ? partitionSpec(p, true) : undefined;
  const column = p.token.isWord && p.type() !== 'AS' ? describedColumn(p) : undefined;
  const asJson = p.accept('AS', 'JSON');
  const name = Array.isArray(table) ? table.join('.') : '';
  if (asJson && option === undefined) throw p.error('DESCRIBE_JSON_NOT_EXTENDED', { tableName: name }, from);
  if (column && partition) throw p.error('UNSUPPORTED_FEATURE.DESC_TABLE_COLUMN_PARTITION', {}, from);
  if (asJson && column) throw p.error('UNSUPPORTED_FEATURE.DESC_TABLE_COLUMN_JSON', {}, from);
  return {
    kind: 'describeTable',
    table,
    isExtended: option !== undefined,
    asJson,
    ...(partition && { partition }),
    ...(column && { column }),
  };
}

function describedColumn(p: Cursor): string[] {
  const parts = [errorCapturingIdentifier(p)];
  while (p.accept('.')) parts.push(errorCapturingIdentifier(p));
  return parts;
}
