// f(a, b => c) with DISTINCT, FILTER, WITHIN GROUP, IGNORE NULLS and OVER. Windows themselves are window.ts's.
import type { Expression, SortOrder, UnresolvedFunction } from '../../plan/expressions.ts';
import type { Cursor } from '../cursor.ts';
import { identifier } from '../identifiers.ts';
import { sortItem } from './make.ts';
import { overClause } from './window.ts';

/** The name is taken, the opening parenthesis comes next. */
export function functionCall(p: Cursor, nameParts: readonly string[], from: number, nameExpression?: Expression): Expression {
  p.expect('(');
  let isDistinct = false;
  let args: Expression[] = [];
  if (!p.accept(')')) {
    // ALL and DISTINCT are names too: f(all) is a column.
    const quantified = (p.type() === 'DISTINCT' || p.type() === 'ALL') && ![',', ')', '.', '=>', '('].includes(p.type(1));
    isDistinct = (quantified || p.is('DISTINCT', '(')) && p.next().type === 'DISTINCT';
    args = p.list(functionArgument);
    p.expect(')');
  }
  const withinGroup = p.accept('WITHIN', 'GROUP') ? orderBy(p) : undefined;
  const filter = p.is('FILTER', '(', 'WHERE') ? filterClause(p) : undefined;
  const ignoreNulls = nullsOption(p, from);
  const lastName = nameParts.at(-1) ?? '';
  const made: UnresolvedFunction = {
    kind: 'unresolvedFunction',
    functionName: nameParts.length > 1 ? nameParts.join('.') : lastName.toLowerCase(),
    arguments: ignoreNulls?.inArguments ? args.slice() : args,
    ...(isDistinct && { isDistinct }),
    ...(nameParts.length > 1 && { nameParts }),
    ...(nameExpression && { nameExpression }),
    ...(withinGroup && { withinGroup }),
    ...(filter && { filter }),
    ...(ignoreNulls && { ignoreNulls: ignoreNulls.ignore }),
    origin: p.origin(from),
  };
  return p.type() === 'OVER' && (p.type(1) === '(' || p.tokens[p.at + 1]?.isWord === true) ? overClause(p, made, from) : made;
}

function orderBy(p: Cursor): SortOrder[] {
  p.expect('(', 'ORDER', 'BY');
  const order = p.list(sortItem);
  p.expect(')');
  return order;
}

function filterClause(p: Cursor): Expression {
  p.at += 3;
  const condition = p.rules.expression(p);
  p.expect(')');
  return condition;
}

/** IGNORE NULLS after the parenthesis, or before it as first(x IGNORE NULLS) has it. */
function nullsOption(p: Cursor, from: number): { readonly ignore: boolean; readonly inArguments: boolean } | undefined {
  if (p.accept('IGNORE', 'NULLS')) return { ignore: true, inArguments: false };
  if (p.accept('RESPECT', 'NULLS')) return { ignore: false, inArguments: false };
  const last = p.tokens[p.at - 2]?.type;
  return p.at - from > 4 && last === 'NULLS' && p.tokens[p.at - 3]?.type === 'IGNORE' ? { ignore: true, inArguments: true } : undefined;
}

const IGNORING = new Set(['FIRST', 'LAST', 'ANY_VALUE']);

function functionArgument(p: Cursor): Expression {
  const from = p.at;
  if (p.type(1) === '=>' && p.token.isWord) {
    const key = identifier(p);
    p.at++;
    const value = p.type() === 'TABLE' && p.type(1) !== ')' && p.type(1) !== ',' ? tableArgument(p) : p.rules.expression(p);
    return { kind: 'namedArgumentExpression', key, value, origin: p.origin(from) };
  }
  if (p.type() === 'TABLE' && ![',', ')', '.'].includes(p.type(1))) {
    const table = p.attempt(tableArgument);
    if (table !== undefined) return table;
  }
  const made = p.rules.expression(p);
  if (p.is('IGNORE', 'NULLS', ')') && IGNORING.has(p.tokens[from - 2]?.type ?? '')) p.at += 2;
  return made;
}

/** TABLE t, TABLE (query), with how its rows are divided: arguments of table functions. */
function tableArgument(p: Cursor): Expression {
  return p.rules.tableArgument(p);
}
