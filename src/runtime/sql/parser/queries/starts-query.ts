// Whether what follows an opening parenthesis may be a query: a look at the first token past all parentheses. Certain it is not, since
// every keyword can be a name too: callers try the query and fall back.
import type { Cursor } from '../cursor.ts';

const STARTS = new Set(['SELECT', 'WITH', 'FROM', 'VALUES', 'TABLE', 'MAP', 'REDUCE']);

export function startsQuery(p: Cursor, ahead: number): boolean {
  let at = ahead;
  while (p.type(at) === '(') at++;
  return STARTS.has(p.type(at));
}
