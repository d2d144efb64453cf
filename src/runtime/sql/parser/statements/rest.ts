// The rest of a statement as it is written, for the few commands whose values have no quotes: SET key=value, ADD JAR path, REFRESH path.
import type { Cursor } from '../cursor.ts';

/** Takes everything to the end but semicolons there. @returns the text between, trimmed */
export function restOfStatement(p: Cursor): string {
  const { text } = p.sqlText;
  const start = p.tokens[p.at - 1]?.end ?? 0;
  p.at = p.tokens.length - 1;
  return text
    .slice(start)
    .replace(/[;\s]+$/, '')
    .trim();
}
