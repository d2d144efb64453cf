// GROUP BY: plain, ALL, WITH ROLLUP, ROLLUP(…), CUBE(…), GROUPING SETS. Mixed forms stay functions `rollup`, `cube`, `grouping_sets`
// in the grouping list, where the analyser multiplies them out. Source: AstBuilder.withAggregationClause of Spark 4.2.
import type { Expression } from '../../plan/expressions.ts';
import type { Aggregate } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { call } from '../expressions/make.ts';
import { namedExpression } from '../expressions/named.ts';

export type Grouping = Pick<Aggregate, 'groupType' | 'groupingExpressions' | 'groupingSets' | 'isGroupByAll'>;

/** GROUP BY comes next. @param takesAliases |> AGGREGATE … GROUP BY a AS b names its groups */
export function aggregation(p: Cursor, takesAliases = false): Grouping {
  p.expect('GROUP', 'BY');
  const from = p.at;
  if (p.type() === 'ALL' && !['.', '(', '[', '+', '-', '='].includes(p.type(1))) {
    const all = p.at;
    p.at++;
    if (p.type() !== ',') return { groupType: 'groupBy', groupingExpressions: [], isGroupByAll: true };
    p.at = all;
  }
  const groupingExpressions = p.list((c) => groupingAnalytics(c) ?? (takesAliases ? namedExpression(c) : c.rules.expression(c)));
  if (p.accept('WITH', 'ROLLUP')) return { groupType: 'rollup', groupingExpressions };
  if (p.accept('WITH', 'CUBE')) return { groupType: 'cube', groupingExpressions };
  if (p.accept('GROUPING', 'SETS')) return { groupType: 'groupingSets', groupingExpressions, groupingSets: p.parenthesized(groupingSet) };
  const [only] = groupingExpressions as [Expression];
  if (groupingExpressions.length === 1 && p.tokens[from]?.isWord && only.kind === 'unresolvedFunction') {
    if (only.functionName === 'rollup' || only.functionName === 'cube')
      if (only.isInternal && only.arguments.every((argument) => !isSet(argument)))
        return { groupType: only.functionName, groupingExpressions: only.arguments };
  }
  return { groupType: 'groupBy', groupingExpressions };
}

const isSet = (expression: Expression): boolean => expression.kind === 'rowConstructor';

/** ROLLUP(…), CUBE(…), GROUPING SETS (…) as functions; a set of several columns is a row. */
function groupingAnalytics(p: Cursor): Expression | undefined {
  const from = p.at;
  if (p.is('GROUPING', 'SETS', '(')) {
    p.at += 2;
    return { ...call(p, from, 'grouping_sets', ...p.parenthesized((c) => groupingAnalytics(c) ?? setAsRow(c))), isInternal: true };
  }
  if (!p.is('ROLLUP', '(') && !p.is('CUBE', '(')) return undefined;
  const element = p.next().type;
  const sets = p.parenthesized(setAsRow);
  if (sets.some((set) => set.kind === 'rowConstructor' && set.elements.length === 0))
    throw p.error('_LEGACY_ERROR_TEMP_0051', { element }, from);
  return { ...call(p, from, element.toLowerCase(), ...sets), isInternal: true };
}

function setAsRow(p: Cursor): Expression {
  const from = p.at;
  const elements = groupingSet(p);
  return elements.length === 1 ? (elements[0] as Expression) : { kind: 'rowConstructor', elements, origin: p.origin(from) };
}

/** `(a, b)`, `()`, or one expression. `(a + b) * 2` is one too. */
function groupingSet(p: Cursor): Expression[] {
  if (p.accept('(', ')')) return [];
  if (p.type() === '(') {
    const set = p.attempt((c) => {
      const made = c.parenthesized(c.rules.expression);
      if (c.type() !== ',' && c.type() !== ')') c.fail();
      return made;
    });
    if (set !== undefined) return set;
  }
  return [p.rules.expression(p)];
}
