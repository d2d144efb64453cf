// Branches and loops of scripts: IF, CASE, WHILE, REPEAT, LOOP, FOR. Bodies are script.ts's, handed in since each needs the other.
import type { Expression } from '../../plan/expressions.ts';
import type { ScriptStatement } from '../../plan/script.ts';
import type { Cursor } from '../cursor.ts';
import { identifier } from '../identifiers.ts';

type Tools = {
  readonly statements: (p: Cursor, ...ends: readonly string[]) => ScriptStatement[];
  readonly endLabel: (p: Cursor, label: string | undefined) => void;
};
type Branch = { readonly condition: Expression; readonly body: readonly ScriptStatement[] };

/** IF or CASE; undefined when neither comes next. */
export function branches(p: Cursor, { statements }: Tools): ScriptStatement | undefined {
  const keyword = p.acceptOneOf('IF', 'CASE');
  if (keyword === undefined) return undefined;
  const made: Branch[] = [];
  const branch = (...ends: readonly string[]) => {
    const condition = p.rules.expression(p);
    p.expect('THEN');
    made.push({ condition, body: statements(p, ...ends) });
  };
  let value: Expression | undefined;
  if (keyword === 'IF') {
    branch('ELSEIF', 'ELSE', 'END');
    while (p.accept('ELSEIF')) branch('ELSEIF', 'ELSE', 'END');
  } else {
    if (p.type() !== 'WHEN') value = p.rules.expression(p);
    p.expect('WHEN');
    do branch('WHEN', 'ELSE', 'END');
    while (p.accept('WHEN'));
  }
  const elseBody = p.accept('ELSE') ? statements(p, 'END') : undefined;
  p.expect('END', keyword);
  const rest = { branches: made, ...(elseBody && { elseBody }) };
  return keyword === 'IF' ? { kind: 'ifElse', ...rest } : { kind: 'case', ...(value && { value }), ...rest };
}

/** WHILE, REPEAT, LOOP or FOR; undefined when none comes next. */
export function loops(p: Cursor, name: string | undefined, { statements, endLabel }: Tools): ScriptStatement | undefined {
  const keyword = p.acceptOneOf('WHILE', 'REPEAT', 'LOOP', 'FOR');
  if (keyword === undefined) return undefined;
  const label = name !== undefined && { label: name };
  let made: ScriptStatement;
  if (keyword === 'WHILE') {
    const condition = p.rules.expression(p);
    p.expect('DO');
    made = { kind: 'while', ...label, condition, body: statements(p, 'END') };
  } else if (keyword === 'REPEAT') {
    const body = statements(p, 'UNTIL');
    p.expect('UNTIL');
    made = { kind: 'repeat', ...label, body, condition: p.rules.expression(p) };
  } else if (keyword === 'LOOP') made = { kind: 'loop', ...label, body: statements(p, 'END') };
  else {
    const variable = p.type(1) === 'AS' && p.token.isWord ? identifier(p) : undefined;
    if (variable !== undefined) p.expect('AS');
    const query = p.rules.query(p);
    p.expect('DO');
    made = { kind: 'for', ...label, ...(variable !== undefined && { variable }), query, body: statements(p, 'END') };
  }
  p.expect('END', keyword);
  endLabel(p, name);
  return made;
}
