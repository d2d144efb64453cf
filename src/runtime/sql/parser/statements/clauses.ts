// Pieces that many statements share: IF [NOT] EXISTS, PARTITION (…), comments, locations, patterns, collations.
import type { PartitionSpec } from '../../plan/commands.ts';
import type { Expression } from '../../plan/expressions.ts';
import { quoteIdentifier } from '../../types/type-names.ts';
import type { Cursor } from '../cursor.ts';
import { constant } from '../expressions/constants.ts';
import { identifier } from '../identifiers.ts';
import type { MessageParameters } from '../../errors/conditions.ts';
import { isString, stringLiteral } from '../strings.ts';

export const ifExists = (p: Cursor): boolean => p.accept('IF', 'EXISTS');
export const ifNotExists = (p: Cursor): boolean => p.accept('IF', 'NOT', 'EXISTS') || p.accept('IF', '!', 'EXISTS');

/** PARTITION (a = 1, b): null is a column without value. Empty where none comes next. @param needsValues refuses `b` without value */
export function partitionSpec(p: Cursor, needsValues = false): PartitionSpec {
  const from = p.at;
  const made: { [column: string]: Expression | null } = {};
  if (!p.is('PARTITION', '(')) return made;
  p.at++;
  p.parenthesized((c) => {
    const column = identifier(c);
    if (Object.hasOwn(made, column)) throw c.error('DUPLICATE_KEY', { keyColumn: quoteIdentifier(column) }, from);
    if (!c.accept('=')) made[column] = null;
    else if (c.type() === 'DEFAULT') {
      c.at++;
      made[column] = { kind: 'unresolvedAttribute', nameParts: ['DEFAULT'], origin: c.origin(c.at - 1) };
    } else made[column] = constant(c) ?? c.fail();
  });
  const empty = Object.entries(made).find(([, value]) => value === null);
  if (needsValues && empty) throw p.error('INVALID_SQL_SYNTAX.EMPTY_PARTITION_VALUE', { partKey: quoteIdentifier(empty[0]) }, from);
  return made;
}

export const hasPartition = (p: Cursor): boolean => p.is('PARTITION', '(');

/** `[LIKE] 'pattern'` */
export function pattern(p: Cursor): string | undefined {
  if (p.type() === 'LIKE') p.at++;
  else if (!isString(p.type())) return undefined;
  return stringLiteral(p);
}

/** Keeps what was set first and refuses a second time, in any order of clauses. */
export function once<T>(p: Cursor, from: number, clauseName: string, before: T | undefined, read: () => T): T {
  if (before !== undefined) throw p.error('DUPLICATE_CLAUSES', { clauseName }, from);
  return read();
}

/** Temporary things live in no database: what the error about `db.name` says. */
export function qualifiedTemporary(objectType: 'FUNCTION' | 'VIEW', name: readonly string[]): MessageParameters {
  return { objectType, objectName: quoteIdentifier(name.at(-1) as string), qualifier: name.slice(0, -1).map(quoteIdentifier).join('.') };
}
