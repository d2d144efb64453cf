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
  if (wrong >= 0) {
    const parameters = { expectedNumCols: `${expected}`, actualNumCols: `${rows[wrong]?.length}`, rowIndex: `${wrong}` };
    throw p.error('INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH', parameters, from);
  }
  return tableAlias(p, { kind: 'inlineTable', rows, origin: p.origin(from) }, from);
}

/** `(1, 2)` and `struct(1, 2)` are rows of two columns, anything else of one. */
function row(p: Cursor): readonly Expression[] {
  const value = p.rules.expression(p);
  if (value.kind === 'rowConstructor') return value.elements;
  if (value.kind === 'unresolvedFunction' && value.functionName === 'struct') return value.arguments;
  return [value];
}
