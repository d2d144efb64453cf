// ALTER TABLE | VIEW | DATABASE. What ALTER TABLE does to columns and partitions is alter-table.ts.
import type { Command } from '../../plan/commands.ts';
import type { Cursor } from '../cursor.ts';
import { collationName } from '../data-types.ts';
import { identifier, multipartIdentifier } from '../identifiers.ts';
import { propertyList } from '../properties.ts';
import { startsQuery } from '../queries/starts-query.ts';
import { identifierReference } from '../relation-name.ts';
import { stringLiteral } from '../strings.ts';
import { alterTable } from './alter-table.ts';
import { ifExists } from './clauses.ts';
import { schemaBinding } from './create-view.ts';

/** ALTER comes next. */
export function alterStatement(p: Cursor): Command {
  const from = p.at;
  p.at++;
  if (p.isOneOf('DATABASE', 'SCHEMA', 'NAMESPACE')) return alterNamespace(p, from);
  const isView = p.expectOneOf('TABLE', 'VIEW') === 'VIEW';
  const table = identifierReference(p);
  const common = alterEither(p, from, table, isView);
  if (common !== undefined) return common;
  if (!isView) return alterTable(p, from, table);
  if (p.is('WITH', 'SCHEMA')) return { kind: 'alterViewSchemaBinding', table, schemaBinding: schemaBinding(p), origin: p.origin(from) };
  p.accept('AS');
  if (!startsQuery(p, 0)) p.fail();
  const queryFrom = p.at;
  const query = p.rules.query(p);
  return { kind: 'alterViewAs', table, query, queryText: p.source(queryFrom), origin: p.origin(from) };
}

/** What tables and views have in common. */
function alterEither(p: Cursor, from: number, table: ReturnType<typeof identifierReference>, isView: boolean): Command | undefined {
  if (p.accept('RENAME', 'TO')) return { kind: 'renameTable', table, newName: multipartIdentifier(p), isView, origin: p.origin(from) };
  if (p.accept('SET', 'TBLPROPERTIES'))
    return { kind: 'setTableProperties', table, properties: propertyList(p), isView, origin: p.origin(from) };
  if (!p.accept('UNSET', 'TBLPROPERTIES')) return undefined;
  const exists = ifExists(p);
  const keys = Object.keys(propertyList(p));
  return { kind: 'unsetTableProperties', table, keys, ifExists: exists, isView, origin: p.origin(from) };
}

function alterNamespace(p: Cursor, from: number): Command {
  p.at++;
  const namespace = identifierReference(p);
  if (p.accept('DEFAULT', 'COLLATION'))
    return { kind: 'setNamespaceCollation', namespace, collation: collationName([identifier(p)]), origin: p.origin(from) };
  if (p.accept('UNSET')) {
    p.expectOneOf('DBPROPERTIES', 'PROPERTIES');
    return { kind: 'unsetNamespaceProperties', namespace, keys: Object.keys(propertyList(p)), origin: p.origin(from) };
  }
  p.expect('SET');
  if (p.accept('LOCATION')) return { kind: 'setNamespaceLocation', namespace, location: stringLiteral(p), origin: p.origin(from) };
  p.expectOneOf('DBPROPERTIES', 'PROPERTIES');
  return { kind: 'setNamespaceProperties', namespace, properties: propertyList(p), origin: p.origin(from) };
}
