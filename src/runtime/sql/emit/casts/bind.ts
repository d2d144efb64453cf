// A value that a text needs more than once: short texts are repeated (DuckDB computes equal ones once), long ones get a name, or a chain of casts
// would double at each step. DuckDB has no LET; a list of one element under list_transform is one, and stays vectorised.
import type { Emit } from '../emit-context.ts';

export type CastMode = 'ansi' | 'try' | 'legacy';

const LONGEST_REPEATED = 120;

export function bind(text: string, emit: Pick<Emit, 'nextAlias'>, use: (name: string) => string): string {
  if (text.length <= LONGEST_REPEATED) return use(text);
  const name = emit.nextAlias();
  return `list_transform([${text}], lambda ${name}: ${use(name)})[1]`;
}

/** `CAST` or `TRY_CAST`. */
export const castWord = (mode: CastMode): string => (mode === 'ansi' ? 'CAST' : 'TRY_CAST');
