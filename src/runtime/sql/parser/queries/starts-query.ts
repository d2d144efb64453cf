// Whether what follows an opening parenthesis may be a query: a look at the first token past all parentheses. Certain it is not, since
// every keyword can be a name too: callers try the query and fall back.
import type { Cursor } from '../cursor.ts';

const STARTS = new Set(['SELECT', 'WITH', 'FROM', 'VALUES', 'TABLE', 'MAP', 'REDUCE']);

const PIPES = new Set(
  'SELECT EXTEND SET DROP AS WHERE PIVOT UNPIVOT TABLESAMPLE INNER CROSS LEFT SEMI RIGHT FULL ANTI NATURAL JOIN UNION EXCEPT MINUS INTERSECT ORDER CLUSTER DISTRIBUTE SORT WINDOW LIMIT OFFSET AGGREGATE'.split(
    ' ',
  ),
);

/** Whether the bar before `ahead` is a pipe and not a bit-or: an operator's keyword follows. */
export const startsPipe = (p: Cursor, ahead: number): boolean =>
  p.options.singleCharacterPipeOperator !== false && PIPES.has(p.type(ahead));

export function startsQuery(p: Cursor, ahead: number): boolean {
  let at = ahead;
  while (p.type(at) === '(') at++;
  const type = p.type(at);
  if (type === 'MAP' || type === 'REDUCE') return hasUsing(p, at);
  return STARTS.has(type);
}

/** MAP … USING 'script' is a query, map(…) is not. */
function hasUsing(p: Cursor, ahead: number): boolean {
  let depth = 0;
  for (let at = ahead; ; at++) {
    const type = p.type(at);
    if (type === 'eof') return false;
    if (type === '(') depth++;
    else if (type === ')' && --depth < 0) return false;
    else if (depth === 0 && type === 'USING') return true;
  }
}
