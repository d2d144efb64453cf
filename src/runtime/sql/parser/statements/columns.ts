// Columns of CREATE and ALTER TABLE: type, NOT NULL, DEFAULT, GENERATED, IDENTITY, COMMENT, position. Constraints are constraints.ts.
import type { ColumnDefinition } from '../../plan/table-definition.ts';
import type { Cursor } from '../cursor.ts';
import { dataType, notNull } from '../data-types.ts';
import { errorCapturingIdentifier, multipartIdentifier } from '../identifiers.ts';
import { stringLiteral } from '../strings.ts';
import { columnConstraint } from './constraints.ts';

type Draft = { -readonly [key in keyof ColumnDefinition]: ColumnDefinition[key] };

/** `name type option…` in CREATE TABLE and CREATE FUNCTION. */
export function columnDefinition(p: Cursor): ColumnDefinition {
  return withOptions(p, { name: [errorCapturingIdentifier(p)], dataType: dataType(p), nullable: true }, false);
}

/** `a.b type option…` with FIRST and AFTER, in ALTER TABLE. */
export function columnWithPosition(p: Cursor): ColumnDefinition {
  return withOptions(p, { name: multipartIdentifier(p), dataType: dataType(p), nullable: true }, true);
}

function withOptions(p: Cursor, column: Draft, takesPosition: boolean): ColumnDefinition {
  for (;;) {
    if (notNull(p)) column.nullable = false;
    else if (p.accept('COMMENT')) column.comment = stringLiteral(p);
    else if (p.type() === 'DEFAULT') column.defaultExpression = defaultText(p);
    else if (takesPosition && p.isOneOf('FIRST', 'AFTER')) column.position = position(p);
    else if (!takesPosition && p.type() === 'GENERATED') generated(p, column);
    else {
      const constraint = takesPosition ? undefined : columnConstraint(p);
      if (constraint === undefined) return column;
      column.constraints = [...(column.constraints ?? []), constraint];
    }
  }
}

/** DEFAULT comes next. @returns the expression as written */
export function defaultText(p: Cursor): string {
  p.at++;
  const from = p.at;
  p.rules.expression(p);
  return p.source(from);
}

export function position(p: Cursor): 'first' | { readonly after: string } {
  return p.next().type === 'FIRST' ? 'first' : { after: errorCapturingIdentifier(p) };
}

/** GENERATED ALWAYS AS (e), GENERATED ALWAYS | BY DEFAULT AS IDENTITY (…) */
function generated(p: Cursor, column: Draft): void {
  p.at++;
  const allowsExplicitInsert = p.accept('BY', 'DEFAULT');
  if (!allowsExplicitInsert) p.expect('ALWAYS');
  p.expect('AS');
  if (p.accept('IDENTITY')) {
    column.identity = { ...identity(p), allowsExplicitInsert };
    return;
  }
  if (allowsExplicitInsert) p.fail();
  p.expect('(');
  const from = p.at;
  p.rules.expression(p);
  column.generationExpression = p.source(from);
  p.expect(')');
}

function identity(p: Cursor): { start: bigint; step: bigint } {
  let start = 1n;
  let step = 1n;
  if (!p.accept('(')) return { start, step };
  while (!p.accept(')')) {
    const keyword = p.expectOneOf('START', 'INCREMENT');
    p.expect(keyword === 'START' ? 'WITH' : 'BY');
    const sign = p.accept('-') ? -1n : 1n;
    if (!p.isOneOf('integer', 'bigint')) p.fail();
    const value = sign * BigInt(p.textOf(p.next()).replace(/L$/i, ''));
    if (keyword === 'START') start = value;
    else step = value;
  }
  return { start, step };
}
