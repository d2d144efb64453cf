// Columns by a pattern of their names: df.colRegex, and names in backquotes in SELECT lists where `spark.sql.parser.quotedRegexColumnNames` says so.
// Source: UnresolvedRegex, AstBuilder.visitColumnReference of Spark 4.2.
import type { NamedExpr } from '../logical/expressions.ts';
import type { Expression } from '../plan/expressions.ts';
import type { Analysis } from './analysis.ts';
import { isQualifier, type Scope } from './scope.ts';

/** All columns whose whole name fits. */
export function regexColumns(pattern: string, scope: Scope, qualifier: readonly string[] = []): readonly NamedExpr[] {
  // An optional group that gives nothing back, as Java's `(a)?+`: what a lookahead has matched stays.
  let groups = 0;
  const kept = (_: string, group: string): string => `(?=(?<kept${++groups}>${group}?))\\k<kept${groups}>`;
  const plain = pattern.replace(/^`|`$/g, '').replace(/(\([^()]*\))\?\+/g, kept);
  const regex = new RegExp(`^(?:${plain})$`, 'i');
  return scope.attributes.filter((a) => regex.test(a.name) && isQualifier(qualifier, a.qualifier));
}

/** @returns undefined: the expression is no such name, or no column fits */
export function quotedRegexColumns(e: Expression, scope: Scope, analysis: Analysis): readonly NamedExpr[] | undefined {
  if (e.kind !== 'unresolvedAttribute' || !e.origin?.fragment.endsWith('`')) return undefined;
  if (analysis.settings.get('spark.sql.parser.quotedRegexColumnNames') !== 'true') return undefined;
  const found = regexColumns(e.nameParts.at(-1)!, scope, e.nameParts.slice(0, -1));
  return found.length === 0 ? undefined : found;
}
