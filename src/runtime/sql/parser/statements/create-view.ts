// CREATE VIEW … AS query, and CREATE TEMPORARY VIEW … USING a source.
import type { Command } from '../../plan/commands.ts';
import type { ViewDefinition } from '../../plan/table-definition.ts';
import { toDdl } from '../../types/type-ddl.ts';
import { structType } from '../../types/data-type.ts';
import type { Cursor } from '../cursor.ts';
import { collationName, columnsWithTypes } from '../data-types.ts';
import { identifier, identifierList, multipartIdentifier } from '../identifiers.ts';
import { propertyList } from '../properties.ts';
import { identifierReference } from '../relation-name.ts';
import { stringLiteral } from '../strings.ts';
import { ifNotExists, once, qualifiedTemporary } from './clauses.ts';

type Flags = { readonly replace: boolean; readonly isGlobal: boolean; readonly isTemporary: boolean };
type Draft = { -readonly [key in keyof ViewDefinition]?: ViewDefinition[key] };

/** The name comes next, or IF NOT EXISTS. */
export function createView(p: Cursor, from: number, flags: Flags): Command {
  if (flags.isTemporary && hasUsing(p)) return tempViewUsing(p, from, flags);
  const exists = ifNotExists(p);
  const view = identifierReference(p);
  if (flags.isTemporary && Array.isArray(view) && view.length > 1)
    p.report('INVALID_TEMP_OBJ_QUALIFIER', qualifiedTemporary('VIEW', view), from);
  const columns = p.type() === '(' ? p.parenthesized(viewColumn) : [];
  const draft = clauses(p, from);
  p.expect('AS');
  const queryFrom = p.at;
  const query = p.rules.query(p);
  const scope = flags.isGlobal ? 'globalTemporary' : flags.isTemporary ? 'temporary' : 'persistent';
  const definition: ViewDefinition = {
    ...draft,
    properties: draft.properties ?? {},
    columns,
    scope,
    replace: flags.replace,
    ifNotExists: exists,
    query,
    queryText: p.source(queryFrom),
  };
  return { kind: 'createView', view, definition, origin: p.origin(from) };
}

/** Whether USING follows the name and a list in parentheses. */
function hasUsing(p: Cursor): boolean {
  let depth = 0;
  for (let ahead = 0; ; ahead++) {
    const type = p.type(ahead);
    if (type === '(') depth++;
    else if (type === ')') depth--;
    else if (type === 'eof' || (depth === 0 && type === 'AS')) return false;
    else if (depth === 0 && type === 'USING') return ahead > 0;
  }
}

function viewColumn(p: Cursor): { name: string; comment?: string } {
  const name = identifier(p);
  return p.accept('COMMENT') ? { name, comment: stringLiteral(p) } : { name };
}

function clauses(p: Cursor, from: number): Draft {
  const draft: Draft = {};
  for (;;) {
    if (p.accept('COMMENT')) draft.comment = once(p, from, 'COMMENT', draft.comment, () => stringLiteral(p));
    else if (p.is('WITH', 'SCHEMA')) draft.schemaBinding = once(p, from, 'WITH SCHEMA', draft.schemaBinding, () => schemaBinding(p));
    else if (p.accept('DEFAULT', 'COLLATION'))
      draft.collation = once(p, from, 'DEFAULT COLLATION', draft.collation, () => collationName([identifier(p)]));
    else if (p.accept('TBLPROPERTIES')) draft.properties = once(p, from, 'TBLPROPERTIES', draft.properties, () => propertyList(p));
    else if (p.accept('PARTITIONED', 'ON')) {
      identifierList(p);
      throw p.error('_LEGACY_ERROR_TEMP_0035', { message: 'CREATE VIEW ... PARTITIONED ON' }, from);
    } else return draft;
  }
}

/** WITH SCHEMA comes next. */
export function schemaBinding(p: Cursor): NonNullable<ViewDefinition['schemaBinding']> {
  p.at += 2;
  if (p.accept('TYPE', 'EVOLUTION')) return 'typeEvolution';
  return p.expectOneOf('BINDING', 'COMPENSATION', 'EVOLUTION').toLowerCase() as 'binding' | 'compensation' | 'evolution';
}

function tempViewUsing(p: Cursor, from: number, { replace, isGlobal }: Flags): Command {
  const view = multipartIdentifier(p);
  let schema: string | undefined;
  if (p.accept('(')) {
    schema = toDdl(structType(columnsWithTypes(p)));
    p.expect(')');
  }
  p.expect('USING');
  const provider = multipartIdentifier(p);
  const options = p.accept('OPTIONS') ? propertyList(p) : {};
  return {
    kind: 'createTempViewUsing',
    view,
    ...(schema !== undefined && { schema }),
    isGlobal,
    replace,
    provider,
    options,
    origin: p.origin(from),
  };
}
