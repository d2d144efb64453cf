// Session variables: DECLARE, SET VAR, EXECUTE IMMEDIATE. Scripts (BEGIN … END) are script.ts.
import type { Command } from '../../plan/commands.ts';
import type { Expression } from '../../plan/expressions.ts';
import { quoteIdentifier } from '../../types/type-names.ts';
import type { Cursor } from '../cursor.ts';
import { dataType } from '../data-types.ts';
import { namedExpressions } from '../expressions/named.ts';
import { multipartIdentifier } from '../identifiers.ts';
import { identifierReference } from '../relation-name.ts';

/** DECLARE [OR REPLACE] [VAR] a, b [type] [DEFAULT e] */
export function declareVariable(p: Cursor): Command {
  const from = p.at;
  p.at++;
  const replace = p.accept('OR', 'REPLACE');
  if (p.tokens[p.at + 1]?.isWord === true && p.type(1) !== 'DEFAULT') p.acceptOneOf('VARIABLE', 'VAR');
  const variables = p.list(identifierReference);
  let typeText: string | undefined;
  if (p.token.isWord && p.type() !== 'DEFAULT') {
    const typeFrom = p.at;
    dataType(p);
    typeText = p.source(typeFrom);
  }
  const defaultExpression = p.acceptOneOf('DEFAULT', '=') === undefined ? undefined : p.rules.expression(p);
  if (typeText === undefined && defaultExpression === undefined)
    throw p.error('INVALID_SQL_SYNTAX.VARIABLE_TYPE_OR_DEFAULT_REQUIRED', {}, from);
  return {
    kind: 'createVariable',
    variables,
    ...(typeText !== undefined && { dataType: typeText }),
    ...(defaultExpression && { defaultExpression }),
    replace,
    origin: p.origin(from),
  };
}

/** SET VAR a = 1, b = 2 or SET VAR (a, b) = (query). VAR comes next. */
export function setVariable(p: Cursor, from: number): Command {
  p.at++;
  if (p.type() !== '(') {
    const variables: string[][] = [];
    const values: Expression[] = [];
    p.list((c) => {
      variables.push(multipartIdentifier(c));
      c.expect('=');
      values.push(c.rules.expression(c));
    });
    return { kind: 'setVariable', variables, values, origin: p.origin(from) };
  }
  const variables = p.parenthesized(multipartIdentifier);
  p.expect('=', '(');
  const query = p.rules.query(p);
  p.expect(')');
  return { kind: 'setVariable', variables, query, origin: p.origin(from) };
}

export function executeImmediate(p: Cursor): Command {
  const from = p.at;
  p.expect('EXECUTE', 'IMMEDIATE');
  const statement = p.rules.expression(p);
  const into = p.accept('INTO') ? p.list(multipartIdentifier) : [];
  let using: Expression[] = [];
  if (p.accept('USING')) {
    const inParentheses =
      p.type() === '('
        ? p.attempt((c) => {
            c.at++;
            const list = namedExpressions(c);
            c.expect(')');
            if (c.type() !== 'eof' && c.type() !== ';') c.fail();
            return list;
          })
        : undefined;
    using = inParentheses ?? namedExpressions(p);
  }
  const names = using.flatMap((e) => (e.kind === 'alias' ? e.name : []));
  const repeated = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
  if (repeated.length > 0)
    throw p.error('EXEC_IMMEDIATE_DUPLICATE_ARGUMENT_ALIASES', { aliases: repeated.map(quoteIdentifier).join(', ') }, from);
  return { kind: 'executeImmediate', statement, into, using, origin: p.origin(from) };
}
