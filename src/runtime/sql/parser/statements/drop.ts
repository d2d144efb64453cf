// DROP TABLE | VIEW | DATABASE | FUNCTION | TEMPORARY VARIABLE | INDEX.
import type { Command } from '../../plan/commands.ts';
import type { Cursor } from '../cursor.ts';
import { identifier } from '../identifiers.ts';
import { identifierReference } from '../relation-name.ts';
import { ifExists, qualifiedTemporary } from './clauses.ts';

export function dropStatement(p: Cursor): Command {
  const from = p.at;
  p.at++;
  const isTemporary = p.accept('TEMPORARY');
  const kind = isTemporary ? p.expectOneOf('FUNCTION', 'VARIABLE', 'VAR') : p.next().type;
  switch (kind) {
    case 'TABLE': {
      const exists = ifExists(p);
      const name = identifierReference(p);
      return { kind: 'drop', what: 'table', name, ifExists: exists, purge: p.accept('PURGE'), origin: p.origin(from) };
    }
    case 'VIEW':
    case 'FUNCTION':
    case 'VAR':
    case 'VARIABLE': {
      if (!isTemporary && kind.startsWith('VAR')) p.fail('', from + 1);
      const exists = ifExists(p);
      const what = kind === 'VIEW' ? 'view' : kind === 'FUNCTION' ? 'function' : 'variable';
      const name = identifierReference(p);
      if (isTemporary && what === 'function' && Array.isArray(name) && name.length > 1)
        p.report('INVALID_TEMP_OBJ_QUALIFIER', qualifiedTemporary('FUNCTION', name), from);
      return { kind: 'drop', what, name, ifExists: exists, isTemporary, origin: p.origin(from) };
    }
    case 'DATABASE':
    case 'SCHEMA':
    case 'NAMESPACE': {
      const exists = ifExists(p);
      const name = identifierReference(p);
      const cascade = p.acceptOneOf('RESTRICT', 'CASCADE') === 'CASCADE';
      return { kind: 'drop', what: 'namespace', name, ifExists: exists, cascade, origin: p.origin(from) };
    }
    case 'INDEX': {
      const exists = ifExists(p);
      const index = identifier(p);
      p.expect('ON');
      p.accept('TABLE');
      return { kind: 'dropIndex', index, table: identifierReference(p), ifExists: exists, origin: p.origin(from) };
    }
    default:
      return p.fail('', from + 1);
  }
}
