// CHECK, UNIQUE, PRIMARY KEY, FOREIGN KEY, REFERENCES with ENFORCED and RELY, on a column or on a table.
import type { Constraint } from '../../plan/table-definition.ts';
import type { Cursor } from '../cursor.ts';
import { errorCapturingIdentifier, identifierList, multipartIdentifier } from '../identifiers.ts';

export function columnConstraint(p: Cursor): Constraint | undefined {
  const at = p.at;
  const name = constraintName(p);
  if (p.is('CHECK', '(')) return finish(p, name, check(p));
  if (p.accept('UNIQUE')) return finish(p, name, { kind: 'unique', columns: [] });
  if (p.accept('PRIMARY', 'KEY')) return finish(p, name, { kind: 'primaryKey', columns: [] });
  if (p.type() === 'REFERENCES') return finish(p, name, { kind: 'foreignKey', columns: [], references: references(p) });
  p.at = at;
  return undefined;
}

/** @returns undefined when what comes next is a column, perhaps one called check */
export function tableConstraint(p: Cursor): Constraint | undefined {
  const at = p.at;
  const name = constraintName(p);
  if (p.is('CHECK', '(')) return finish(p, name, check(p));
  if (p.is('UNIQUE', '(')) {
    p.at++;
    return finish(p, name, { kind: 'unique', columns: identifierList(p) });
  }
  if (p.is('PRIMARY', 'KEY')) {
    p.at += 2;
    return finish(p, name, { kind: 'primaryKey', columns: identifierList(p) });
  }
  if (p.is('FOREIGN', 'KEY')) {
    p.at += 2;
    const columns = identifierList(p);
    return finish(p, name, { kind: 'foreignKey', columns, references: references(p) });
  }
  p.at = at;
  return undefined;
}

function constraintName(p: Cursor): string | undefined {
  return p.type() === 'CONSTRAINT' && p.tokens[p.at + 1]?.isWord === true && p.type(2) !== '(' && p.accept('CONSTRAINT')
    ? errorCapturingIdentifier(p)
    : undefined;
}

function check(p: Cursor): Pick<Constraint, 'kind' | 'columns' | 'condition'> {
  p.at += 2;
  const condition = p.rules.expression(p);
  p.expect(')');
  return { kind: 'check', columns: [], condition };
}

function references(p: Cursor): NonNullable<Constraint['references']> {
  p.expect('REFERENCES');
  const table = multipartIdentifier(p);
  return { table, columns: p.type() === '(' ? identifierList(p) : [] };
}

function finish(p: Cursor, name: string | undefined, rest: Omit<Constraint, 'name' | 'characteristics'>): Constraint {
  const characteristics: string[] = [];
  for (;;) {
    if (p.accept('NOT', 'ENFORCED')) characteristics.push('NOT ENFORCED');
    else {
      const word = p.acceptOneOf('ENFORCED', 'RELY', 'NORELY');
      if (word === undefined) break;
      characteristics.push(word);
    }
  }
  return { ...rest, ...(name !== undefined && { name }), characteristics };
}
