// ALTER TABLE t …: columns, partitions, location, serde, constraints, clustering. The name is taken already.
import type { ColumnChange } from '../../plan/alter-commands.ts';
import type { Command, Name, PartitionSpec } from '../../plan/commands.ts';
import type { Cursor } from '../cursor.ts';
import { collationName, columnWithType, dataType } from '../data-types.ts';
import { errorCapturingIdentifier, identifier, multipartIdentifier } from '../identifiers.ts';
import { propertyList } from '../properties.ts';
import { stringLiteral } from '../strings.ts';
import { hasPartition, ifExists, ifNotExists, partitionSpec } from './clauses.ts';
import { columnWithPosition, defaultText, position } from './columns.ts';
import { tableConstraint } from './constraints.ts';

export function alterTable(p: Cursor, from: number, table: Name): Command {
  const partition = partitionSpec(p);
  const origin = () => p.origin(from);
  if (p.accept('ADD')) return add(p, from, table);
  if (p.accept('DROP')) return drop(p, from, table);
  if (p.accept('RENAME', 'COLUMN')) {
    const column = multipartIdentifier(p);
    p.expect('TO');
    return { kind: 'renameColumn', table, column, newName: errorCapturingIdentifier(p), origin: origin() };
  }
  if (p.accept('RENAME', 'TO')) return { kind: 'renamePartition', table, from: partition, to: partitionSpec(p), origin: origin() };
  if (p.accept('REPLACE', 'COLUMNS'))
    return { kind: 'replaceColumns', table, columns: p.parenthesized(columnWithPosition), origin: origin() };
  if (p.accept('RECOVER', 'PARTITIONS')) return { kind: 'recoverPartitions', table, origin: origin() };
  if (p.accept('CLUSTER', 'BY', 'NONE')) return { kind: 'alterClusterBy', table, columns: [], origin: origin() };
  if (p.accept('CLUSTER', 'BY')) return { kind: 'alterClusterBy', table, columns: p.parenthesized(multipartIdentifier), origin: origin() };
  if (p.accept('DEFAULT', 'COLLATION'))
    return { kind: 'alterCollation', table, collation: collationName([identifier(p)]), origin: origin() };
  if (p.isOneOf('ALTER', 'CHANGE')) return change(p, from, table);
  if (p.accept('SET')) return set(p, from, table, partition);
  return p.fail();
}

function add(p: Cursor, from: number, table: Name): Command {
  if (p.acceptOneOf('COLUMN', 'COLUMNS') !== undefined) {
    const columns = p.type() === '(' ? p.parenthesized(columnWithPosition) : p.list(columnWithPosition);
    return { kind: 'addColumns', table, columns, origin: p.origin(from) };
  }
  const exists = ifNotExists(p);
  if (hasPartition(p)) {
    const partitions: { spec: PartitionSpec; location?: string }[] = [];
    while (hasPartition(p)) {
      const spec = partitionSpec(p);
      partitions.push(p.accept('LOCATION') ? { spec, location: stringLiteral(p) } : { spec });
    }
    return { kind: 'addPartitions', table, partitions, ifNotExists: exists, origin: p.origin(from) };
  }
  const constraint = tableConstraint(p);
  if (constraint === undefined) p.fail();
  return { kind: 'addConstraint', table, constraint, origin: p.origin(from) };
}

function drop(p: Cursor, from: number, table: Name): Command {
  if (p.acceptOneOf('COLUMN', 'COLUMNS') !== undefined) {
    const exists = ifExists(p);
    const columns = p.type() === '(' ? p.parenthesized(multipartIdentifier) : p.list(multipartIdentifier);
    return { kind: 'dropColumns', table, columns, ifExists: exists, origin: p.origin(from) };
  }
  if (p.accept('CONSTRAINT')) {
    const exists = ifExists(p);
    const name = identifier(p);
    const cascade = p.acceptOneOf('CASCADE', 'RESTRICT') === 'CASCADE';
    return { kind: 'dropConstraint', table, name, ifExists: exists, cascade, origin: p.origin(from) };
  }
  const exists = ifExists(p);
  if (!hasPartition(p)) p.fail();
  const partitions = p.list((c) => partitionSpec(c));
  const purge = p.accept('PURGE');
  return { kind: 'dropPartitions', table, partitions, ifExists: exists, purge, origin: p.origin(from) };
}

function set(p: Cursor, from: number, table: Name, partition: PartitionSpec): Command {
  if (p.accept('LOCATION')) return { kind: 'setTableLocation', table, location: stringLiteral(p), partition, origin: p.origin(from) };
  if (p.accept('SERDEPROPERTIES')) return { kind: 'setTableSerde', table, properties: propertyList(p), partition, origin: p.origin(from) };
  p.expect('SERDE');
  const serde = stringLiteral(p);
  const properties = p.accept('WITH', 'SERDEPROPERTIES') ? propertyList(p) : {};
  return { kind: 'setTableSerde', table, serde, properties, partition, origin: p.origin(from) };
}

/** ALTER COLUMN a TYPE …, several by comma; or Hive's CHANGE COLUMN a b INT COMMENT '…'. */
function change(p: Cursor, from: number, table: Name): Command {
  const isChange = p.next().type === 'CHANGE';
  p.accept('COLUMN');
  const hive = isChange ? p.attempt(hiveChange) : undefined;
  const changes = hive === undefined ? p.list(columnChange) : [hive];
  return { kind: 'alterColumns', table, changes, origin: p.origin(from) };
}

function hiveChange(p: Cursor): ColumnChange {
  const column = multipartIdentifier(p);
  if (p.isOneOf('TYPE', 'COMMENT', 'FIRST', 'AFTER', 'SET', 'DROP')) p.fail();
  const { name, dataType: type, nullable, metadata } = columnWithType(p);
  const comment = metadata.comment as string | undefined;
  const at = p.isOneOf('FIRST', 'AFTER') ? position(p) : undefined;
  return { column, newName: name, dataType: type, nullable, ...(comment !== undefined && { comment }), ...(at && { position: at }) };
}

function columnChange(p: Cursor): ColumnChange {
  const column = multipartIdentifier(p);
  if (p.accept('TYPE')) return { column, dataType: dataType(p) };
  if (p.accept('COMMENT')) return { column, comment: stringLiteral(p) };
  if (p.isOneOf('FIRST', 'AFTER')) return { column, position: position(p) };
  if (p.accept('DROP', 'DEFAULT')) return { column, defaultExpression: null };
  if (p.is('SET', 'DEFAULT')) {
    p.at++;
    return { column, defaultExpression: defaultText(p) };
  }
  const action = p.acceptOneOf('SET', 'DROP');
  if (action === undefined) {
    const message = 'ALTER TABLE table CHANGE COLUMN requires a TYPE, a SET/DROP, a COMMENT, or a FIRST/AFTER';
    p.report('_LEGACY_ERROR_TEMP_0035', { message });
    return { column };
  }
  if (p.acceptOneOf('NOT', '!') === undefined) p.fail();
  p.expect('NULL');
  return { column, nullable: action === 'DROP' };
}
