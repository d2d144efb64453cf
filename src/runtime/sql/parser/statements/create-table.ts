// CREATE | REPLACE TABLE with columns, AS query, or LIKE another table. Clauses come in any order, each at most once.
import type { Command } from '../../plan/commands.ts';
import type { ColumnDefinition, Constraint, Partitioning, TableDefinition } from '../../plan/table-definition.ts';
import type { Cursor } from '../cursor.ts';
import { collationName, dataType } from '../data-types.ts';
import { constant } from '../expressions/constants.ts';
import { errorCapturingIdentifier, identifier, identifierList, multipartIdentifier } from '../identifiers.ts';
import { expressionPropertyList, propertyList } from '../properties.ts';
import { startsQuery } from '../queries/starts-query.ts';
import { identifierReference } from '../relation-name.ts';
import { rowFormat } from '../row-format.ts';
import { stringLiteral } from '../strings.ts';
import { ifNotExists, once } from './clauses.ts';
import { columnDefinition } from './columns.ts';
import { tableConstraint } from './constraints.ts';
import { fileFormat, tableProvider } from './storage.ts';

type Draft = { -readonly [key in keyof TableDefinition]: TableDefinition[key] };

const empty = (): Draft => ({ columns: [], constraints: [], partitioning: [], options: {}, properties: {} });

/** EXTERNAL or TABLE comes next. */
export function createTable(p: Cursor, from: number, isCreate: boolean, replace: boolean, isTemporary: boolean): Command {
  const isExternal = p.accept('EXTERNAL');
  p.expect('TABLE');
  const exists = ifNotExists(p);
  const table = identifierReference(p);
  if (!replace && !isTemporary && !isExternal && p.accept('LIKE')) {
    const source = identifierReference(p);
    const definition = clauses(p, from, empty());
    return { kind: 'createTableLike', table, source, ifNotExists: exists, definition, origin: p.origin(from) };
  }
  const definition = empty();
  const isQuery = p.type() === '(' && startsQuery(p, 0) && isQueryHere(p);
  if (p.type() === '(' && !isQuery) {
    const { columns, constraints } = tableElements(p);
    definition.columns = columns;
    definition.constraints = constraints;
  }
  clauses(p, from, definition);
  if (p.accept('AS') || p.isOneOf('SELECT', 'WITH', 'FROM', 'VALUES', 'TABLE', '(', 'MAP', 'REDUCE')) definition.query = p.rules.query(p);
  const mode = replace ? (isCreate ? 'createOrReplace' : 'replace') : exists ? 'ifNotExists' : 'create';
  return { kind: 'createTable', table, definition, mode, isTemporary, isExternal, origin: p.origin(from) };
}

function isQueryHere(p: Cursor): boolean {
  const at = p.at;
  const query = p.attempt(p.rules.query);
  p.at = at;
  return query !== undefined;
}

function tableElements(p: Cursor): { columns: ColumnDefinition[]; constraints: Constraint[] } {
  const columns: ColumnDefinition[] = [];
  const constraints: Constraint[] = [];
  p.parenthesized((c) => {
    const constraint = tableConstraint(c);
    if (constraint !== undefined) constraints.push(constraint);
    else columns.push(columnDefinition(c));
  });
  return { columns, constraints };
}

function clauses(p: Cursor, from: number, d: Draft): Draft {
  let options: Draft['options'] | undefined;
  let properties: Draft['properties'] | undefined;
  let partitioning: Draft['partitioning'] | undefined;
  for (;;) {
    if (p.type() === 'USING') d.provider = once(p, from, 'USING', d.provider, () => tableProvider(p) as string[]);
    else if (p.is('OPTIONS', '(')) options = once(p, from, 'OPTIONS', options, () => afterKeyword(p, expressionPropertyList));
    else if (p.accept('PARTITIONED', 'BY'))
      partitioning = once(p, from, 'PARTITIONED BY', partitioning, () => p.parenthesized(partitionField));
    else if (p.is('SKEWED', 'BY')) skewed(p, from);
    else if (p.accept('CLUSTER', 'BY')) d.clusterBy = once(p, from, 'CLUSTER BY', d.clusterBy, () => p.parenthesized(multipartIdentifier));
    else if (p.accept('CLUSTERED', 'BY')) d.bucket = once(p, from, 'CLUSTERED BY', d.bucket, () => bucketSpec(p));
    else if (p.accept('LOCATION')) d.location = once(p, from, 'LOCATION', d.location, () => stringLiteral(p));
    else if (p.accept('COMMENT')) d.comment = once(p, from, 'COMMENT', d.comment, () => stringLiteral(p));
    else if (p.accept('DEFAULT', 'COLLATION'))
      d.collation = once(p, from, 'DEFAULT COLLATION', d.collation, () => collationName([identifier(p)]));
    else if (p.accept('TBLPROPERTIES')) properties = once(p, from, 'TBLPROPERTIES', properties, () => propertyList(p));
    else {
      const stored = storage(p);
      if (stored === undefined) break;
      d.serde = { ...d.serde, ...stored };
    }
  }
  d.options = options ?? {};
  d.properties = properties ?? {};
  d.partitioning = partitioning ?? [];
  return d;
}

function afterKeyword<T>(p: Cursor, rule: (p: Cursor) => T): T {
  p.at++;
  return rule(p);
}

function storage(p: Cursor): { readonly [key: string]: string } | undefined {
  const row = rowFormat(p);
  if (row !== undefined) return { ...row.options, ...(row.serde !== undefined && { serde: row.serde }) };
  return fileFormat(p) as { readonly [key: string]: string } | undefined;
}

function bucketSpec(p: Cursor): NonNullable<Draft['bucket']> {
  const columns = identifierList(p);
  const sorted = p.accept('SORTED', 'BY')
    ? p.parenthesized((c) => {
        const name = errorCapturingIdentifier(c);
        c.acceptOneOf('ASC', 'DESC');
        return name;
      })
    : [];
  p.expect('INTO');
  if (p.type() !== 'integer') p.fail();
  const count = Number(p.textOf(p.next()));
  p.expect('BUCKETS');
  return { columns, sorted, count };
}

/** Hive's skewed tables: read, then refused as Spark does. */
function skewed(p: Cursor, from: number): never {
  throw p.error('_LEGACY_ERROR_TEMP_0035', { message: 'CREATE TABLE ... SKEWED BY' }, from);
}

/** `a`, `a INT`, `bucket(4, a)` */
function partitionField(p: Cursor): Partitioning {
  const isColumn = p.type(1) === ',' || p.type(1) === ')' || p.type(1) === '.';
  if (isColumn) return { name: multipartIdentifier(p) };
  if (p.type(1) === '(') {
    const transform = identifier(p);
    return {
      transform,
      arguments: p.parenthesized((c) => constant(c) ?? { kind: 'unresolvedAttribute', nameParts: multipartIdentifier(c) }),
    };
  }
  const name = errorCapturingIdentifier(p);
  const type = dataType(p);
  p.accept('NOT', 'NULL');
  if (p.accept('COMMENT')) stringLiteral(p);
  return { name: [name], dataType: type };
}
