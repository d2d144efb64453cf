// LATERAL VIEW [OUTER] explode(x) t AS a, b: a generator over each row. Source: AstBuilder.withGenerate of Spark 4.2.
import type { Expression } from '../../plan/expressions.ts';
import type { Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { call } from '../expressions/make.ts';
import { goesOn } from '../expressions/named.ts';
import { identifier, multipartIdentifier } from '../identifiers.ts';

const ONE_ROW: Relation = { kind: 'project', expressions: [] };

/** All LATERAL VIEWs that come next, each over the ones before it. */
export function lateralViews(p: Cursor, input: Relation | undefined): Relation | undefined {
  let made = input;
  while (p.is('LATERAL', 'VIEW')) made = lateralView(p, made ?? ONE_ROW);
  return made;
}

function lateralView(p: Cursor, input: Relation): Relation {
  const from = p.at;
  p.at += 2;
  const isOuter = p.type() === 'OUTER' && p.type(1) !== '(' && p.accept('OUTER');
  const nameFrom = p.at;
  const nameParts = multipartIdentifier(p);
  p.expect('(');
  const args: Expression[] = p.type() === ')' ? [] : p.list(p.rules.expression);
  p.expect(')');
  const name = nameParts.length > 1 ? nameParts.join('.') : (nameParts[0] as string).toLowerCase();
  const generator = { ...call(p, nameFrom, name, ...args), ...(nameParts.length > 1 && { nameParts }) };
  const alias = identifier(p);
  const hasColumns = p.accept('AS') || (p.token.isWord && !goesOn(p) && p.isStrictWord);
  const columnAliases = hasColumns ? p.list(identifier) : [];
  return { kind: 'generate', input, generator, isOuter, alias, columnAliases, origin: p.origin(from) };
}
