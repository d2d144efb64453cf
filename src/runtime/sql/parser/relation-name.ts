// The name of a table or view in a statement: `a.b.c`, or IDENTIFIER(expression) whose name is known after evaluation.
import type { Relation } from '../plan/relations.ts';
import type { Cursor } from './cursor.ts';
import { isLiteralClause, multipartIdentifier } from './identifiers.ts';

/** A relation to be read. */
export function relationName(p: Cursor): Relation {
  const from = p.at;
  const name = identifierReference(p);
  if (Array.isArray(name)) return { kind: 'read', namedTable: { nameParts: name, options: {} }, origin: p.origin(from) };
  return name as Relation;
}

/** A name that a command acts on: parts, or the relation that has the expression. */
export function identifierReference(p: Cursor): readonly string[] | Relation {
  if (p.is('IDENTIFIER', '(') && !isLiteralClause(p)) {
    const made = p.attempt((c): Relation => {
      const from = c.at;
      c.at += 2;
      const nameExpression = c.rules.expression(c);
      c.expect(')');
      if (c.type() === '.') c.fail();
      return { kind: 'relationByExpression', nameExpression, origin: c.origin(from) };
    });
    if (made !== undefined) return made;
  }
  return multipartIdentifier(p);
}
