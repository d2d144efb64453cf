// CREATE of databases, functions by class, indexes; tables and views are create-table.ts and create-view.ts, SQL functions create-function.ts.
import type { Command } from '../../plan/commands.ts';
import type { Cursor } from '../cursor.ts';
import { collationName } from '../data-types.ts';
import { identifier, multipartIdentifier } from '../identifiers.ts';
import { propertyList } from '../properties.ts';
import { identifierReference } from '../relation-name.ts';
import { stringLiteral } from '../strings.ts';
import { ifNotExists } from './clauses.ts';
import { createFunction } from './create-function.ts';
import { createTable } from './create-table.ts';
import { createView } from './create-view.ts';

/** CREATE or REPLACE comes next. */
export function createStatement(p: Cursor): Command {
  const from = p.at;
  const isCreate = p.next().type === 'CREATE';
  const replace = !isCreate || p.accept('OR', 'REPLACE');
  if (!isCreate && p.type() !== 'TABLE') p.fail();
  const isGlobal = p.accept('GLOBAL');
  const isTemporary = p.accept('TEMPORARY');
  if (p.accept('VIEW')) return createView(p, from, { replace, isGlobal, isTemporary });
  if (isGlobal) p.fail();
  if (p.accept('FUNCTION')) return createFunction(p, from, replace, isTemporary);
  if (p.type() === 'TABLE' || p.is('EXTERNAL', 'TABLE')) return createTable(p, from, isCreate, replace, isTemporary);
  if (isTemporary || replace) p.fail();
  if (p.isOneOf('DATABASE', 'SCHEMA', 'NAMESPACE')) return createNamespace(p, from);
  if (p.accept('INDEX')) return createIndex(p, from);
  return p.fail();
}

function createNamespace(p: Cursor, from: number): Command {
  p.at++;
  const exists = ifNotExists(p);
  const namespace = identifierReference(p);
  const properties: { [key: string]: string } = {};
  const seen = new Set<string>();
  const clause = (name: string) => {
    if (seen.has(name)) throw p.error('DUPLICATE_CLAUSES', { clauseName: name }, from);
    seen.add(name);
  };
  for (;;) {
    if (p.accept('COMMENT')) {
      clause('COMMENT');
      properties.comment = stringLiteral(p);
    } else if (p.accept('LOCATION')) {
      clause('LOCATION');
      properties.location = stringLiteral(p);
    } else if (p.accept('DEFAULT', 'COLLATION')) {
      clause('DEFAULT COLLATION');
      properties.collation = collationName([identifier(p)]);
    } else if (p.is('WITH', 'DBPROPERTIES') || p.is('WITH', 'PROPERTIES')) {
      clause(p.type(1));
      p.at += 2;
      Object.assign(properties, propertyList(p));
    } else break;
  }
  if (seen.has('DBPROPERTIES') && seen.has('PROPERTIES')) throw p.error('UNSUPPORTED_FEATURE.SET_PROPERTIES_AND_DBPROPERTIES', {}, from);
  return { kind: 'createNamespace', namespace, ifNotExists: exists, properties, origin: p.origin(from) };
}

function createIndex(p: Cursor, from: number): Command {
  const exists = ifNotExists(p);
  const index = identifier(p);
  p.expect('ON');
  p.accept('TABLE');
  const table = identifierReference(p);
  const indexType = p.accept('USING') ? identifier(p) : undefined;
  const columns = p.parenthesized((c) => {
    const column = multipartIdentifier(c);
    if (c.accept('OPTIONS')) propertyList(c);
    return column;
  });
  const options = p.accept('OPTIONS') ? propertyList(p) : {};
  return {
    kind: 'createIndex',
    index,
    table,
    columns,
    ifNotExists: exists,
    ...(indexType && { indexType }),
    options,
    origin: p.origin(from),
  };
}
