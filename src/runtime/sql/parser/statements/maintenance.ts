// What keeps tables fresh: CACHE, UNCACHE, REFRESH, ANALYZE, LOAD DATA, TRUNCATE, MSCK REPAIR, ADD and LIST of files.
import type { Command } from '../../plan/commands.ts';
import type { Cursor } from '../cursor.ts';
import { errorCapturingIdentifier, identifier } from '../identifiers.ts';
import { propertyList } from '../properties.ts';
import { startsQuery } from '../queries/starts-query.ts';
import { identifierReference } from '../relation-name.ts';
import { isString, stringLiteral } from '../strings.ts';
import { ifExists, partitionSpec } from './clauses.ts';
import { restOfStatement } from './rest.ts';

export function cacheTable(p: Cursor): Command {
  const from = p.at;
  p.at++;
  const isLazy = p.accept('LAZY');
  p.expect('TABLE');
  const table = identifierReference(p);
  const options = p.accept('OPTIONS') ? propertyList(p) : {};
  const query = p.accept('AS') || startsQuery(p, 0) ? p.rules.query(p) : undefined;
  return { kind: 'cacheTable', table, isLazy, options, ...(query && { query }), origin: p.origin(from) };
}

export function uncacheTable(p: Cursor): Command {
  const from = p.at;
  p.expect('UNCACHE', 'TABLE');
  const exists = ifExists(p);
  return { kind: 'uncacheTable', table: identifierReference(p), ifExists: exists, origin: p.origin(from) };
}

export function clearCache(p: Cursor): Command {
  p.expect('CLEAR', 'CACHE');
  return { kind: 'clearCache', origin: p.origin(p.at - 2) };
}

/** REFRESH TABLE t, REFRESH FUNCTION f, or REFRESH path, quoted or to the end of the text. */
export function refresh(p: Cursor): Command {
  const from = p.at;
  p.at++;
  const what = p.tokens[p.at + 1]?.isWord === true ? p.acceptOneOf('TABLE', 'FUNCTION') : undefined;
  if (what !== undefined)
    return { kind: 'refresh', what: what === 'TABLE' ? 'table' : 'function', name: identifierReference(p), origin: p.origin(from) };
  const path = isString(p.type()) ? stringLiteral(p) : restOfStatement(p);
  if (path === '' || /\s/.test(path)) throw p.error('_LEGACY_ERROR_TEMP_0035', { message: 'REFRESH' }, from);
  return { kind: 'refreshResource', path, origin: p.origin(from) };
}

export function analyze(p: Cursor): Command {
  const from = p.at;
  p.at++;
  if (p.accept('TABLES')) {
    const namespace = p.acceptOneOf('FROM', 'IN') === undefined ? undefined : identifierReference(p);
    p.expect('COMPUTE', 'STATISTICS');
    const noScan = p.token.isWord && isNoScan(p, from);
    return { kind: 'analyzeTables', ...(namespace && { namespace }), noScan, origin: p.origin(from) };
  }
  p.expect('TABLE');
  const table = identifierReference(p);
  const partition = partitionSpec(p);
  p.expect('COMPUTE', 'STATISTICS');
  const base = { kind: 'analyzeTable', table, partition } as const;
  if (p.accept('FOR', 'ALL', 'COLUMNS')) return { ...base, noScan: false, columns: 'all', origin: p.origin(from) };
  if (p.accept('FOR', 'COLUMNS')) return { ...base, noScan: false, columns: p.list(errorCapturingIdentifier), origin: p.origin(from) };
  const noScan = p.token.isWord && isNoScan(p, from);
  return { ...base, noScan, origin: p.origin(from) };
}

function isNoScan(p: Cursor, from: number): boolean {
  const word = identifier(p);
  if (word.toUpperCase() !== 'NOSCAN') throw p.error('INVALID_SQL_SYNTAX.ANALYZE_TABLE_UNEXPECTED_NOSCAN', { ctx: word }, from);
  return true;
}

export function loadData(p: Cursor): Command {
  const from = p.at;
  p.expect('LOAD', 'DATA');
  const isLocal = p.accept('LOCAL');
  p.expect('INPATH');
  const path = stringLiteral(p);
  const isOverwrite = p.accept('OVERWRITE');
  p.expect('INTO', 'TABLE');
  const table = identifierReference(p);
  return { kind: 'loadData', path, isLocal, isOverwrite, table, partition: partitionSpec(p, true), origin: p.origin(from) };
}

export function truncateTable(p: Cursor): Command {
  const from = p.at;
  p.expect('TRUNCATE', 'TABLE');
  const table = identifierReference(p);
  return { kind: 'truncateTable', table, partition: partitionSpec(p, true), origin: p.origin(from) };
}

export function repairTable(p: Cursor): Command {
  const from = p.at;
  p.accept('MSCK');
  p.expect('REPAIR', 'TABLE');
  const table = identifierReference(p);
  const option = p.acceptOneOf('ADD', 'DROP', 'SYNC');
  if (option !== undefined) p.expect('PARTITIONS');
  return { kind: 'repairTable', table, option: (option ?? 'ADD').toLowerCase() as 'add' | 'drop' | 'sync', origin: p.origin(from) };
}

/** ADD JAR path …, LIST FILES …: the rest of the text as it stands. */
export function manageResource(p: Cursor): Command {
  const from = p.at;
  const operation = p.next().type === 'ADD' ? 'add' : 'list';
  const what = identifier(p).toLowerCase();
  return { kind: 'manageResource', operation, what, text: restOfStatement(p), origin: p.origin(from) };
}
