// USE, COMMENT ON, CALL.
import type { Command } from '../../plan/commands.ts';
import type { Expression } from '../../plan/expressions.ts';
import type { Cursor } from '../cursor.ts';
import { identifier } from '../identifiers.ts';
import { identifierReference } from '../relation-name.ts';
import { stringLiteral } from '../strings.ts';

export function useStatement(p: Cursor): Command {
  const from = p.at;
  p.at++;
  const isNamespace = p.tokens[p.at + 1]?.isWord === true && p.acceptOneOf('DATABASE', 'SCHEMA', 'NAMESPACE') !== undefined;
  return { kind: 'use', name: identifierReference(p), isNamespace, origin: p.origin(from) };
}

export function commentOn(p: Cursor): Command {
  const from = p.at;
  p.expect('COMMENT', 'ON');
  const on = p.expectOneOf('DATABASE', 'SCHEMA', 'NAMESPACE', 'TABLE') === 'TABLE' ? 'table' : 'namespace';
  const name = identifierReference(p);
  p.expect('IS');
  const comment = p.accept('NULL') ? null : stringLiteral(p);
  return { kind: 'comment', on, name, comment, origin: p.origin(from) };
}

export function callProcedure(p: Cursor): Command {
  const from = p.at;
  p.at++;
  const procedure = identifierReference(p);
  p.expect('(');
  const args = p.type() === ')' ? [] : p.list(argument);
  p.expect(')');
  return { kind: 'call', procedure, arguments: args, origin: p.origin(from) };
}

function argument(p: Cursor): Expression {
  const from = p.at;
  if (p.type(1) !== '=>') return p.rules.expression(p);
  const key = identifier(p);
  p.at++;
  return { kind: 'namedArgumentExpression', key, value: p.rules.expression(p), origin: p.origin(from) };
}
