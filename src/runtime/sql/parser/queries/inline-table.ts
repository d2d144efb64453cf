// VALUES 1, 2 or VALUES (1, 'a'), (2, 'b') AS t(x, y). Every row must have as many columns as the first.
import type { Expression } from '../../plan/expressions.ts';
import type { Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { tableAlias } from './table-alias.ts';

/** VALUES comes next. */
export function inlineTable(p: Cursor): Relation {
  const from = p.at;
  p.expect('VALUES');
  const rows = p.list(row);
  const expected = rows[0]?.length as number;
  const wrong = rows.findIndex((cells) => cells.length !== expected);
  if (wrong >= 0) report(p, expected, rows[wrong]?.length as number, wrong, from);
  const made = tableAlias(p, { kind: 'inlineTable', rows, origin: p.origin(from) }, from);
  const named = made.kind === 'subqueryAlias' ? made.columnAliases?.length : undefined;
  if (named !== undefined && named !== expected) report(p, named, expected, 0, from);
  return made;
}

function report(p: Cursor, expected: number, actual: number, rowIndex: number, from: number): void {
  const parameters = { expectedNumCols: `${expected}`, actualNumCols: `${actual}`, rowIndex: `${rowIndex}` };
  p.report('INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH', parameters, from);
}

/** `(1, 2)` and `struct(1, 2)` are rows of two columns, anything else of one. */
function row(p: Cursor): readonly Expression[] {
  const value = p.rules.expression(p);
  if (value.kind === 'rowConstructor') return value.elements;
  if (value.kind === 'unresolvedFunction' && value.functionName === 'struct') return value.arguments;
  return [value];
}
