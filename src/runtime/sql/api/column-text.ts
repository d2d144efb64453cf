// What a Column shows of itself. Names of results are ../logical/pretty-sql.ts.
import type { Expression } from '../plan/expressions.ts';

/** Short text of an expression, for people. */
export function columnText(e: Expression): string {
  switch (e.kind) {
    case 'unresolvedAttribute':
      return e.nameParts.join('.');
    case 'literal':
      return 'value' in e.value ? String(e.value.value) : 'NULL';
    case 'alias':
      return `${columnText(e.expr)} AS ${e.name.join(', ')}`;
    case 'unresolvedFunction':
      return /^\W+$|^(and|or)$/.test(e.functionName) && e.arguments.length === 2
        ? `(${columnText(e.arguments[0]!)} ${e.functionName} ${columnText(e.arguments[1]!)})`
        : `${e.functionName}(${e.arguments.map(columnText).join(', ')})`;
    case 'sortOrder':
      return `${columnText(e.child)} ${e.direction === 'ascending' ? 'ASC' : 'DESC'}`;
    case 'cast':
      return `CAST(${columnText(e.expr)} AS ${e.type.tag})`;
    case 'window':
      return `${columnText(e.windowFunction)} OVER (…)`;
    default:
      return e.kind;
  }
}
