// Joins → DuckDB's (subqueries in their conditions: join-subqueries.ts), and `(a, b) IN (subquery)`, whose NULLs DuckDB compares as rows.
import { AnalysisException } from '../errors/spark-error.ts';
import type { InSubquery } from '../logical/expressions.ts';
import { type Join, outputOf } from '../logical/plans.ts';
import { columnName, type Emit } from './emit-context.ts';
import { withSubqueriesBelow } from './join-subqueries.ts';

const JOIN_WORDS = {
  inner: 'JOIN',
  cross: 'JOIN',
  leftOuter: 'LEFT JOIN',
  rightOuter: 'RIGHT JOIN',
  fullOuter: 'FULL JOIN',
  leftSemi: 'SEMI JOIN',
  leftAnti: 'ANTI JOIN',
} as const;

export function joinText(plan: Join, emit: Emit): string {
  if (plan.isNullAware) throw new AnalysisException('NOT_BUILT', { feature: 'A null-aware join in one query' });
  const [l, r] = [emit.nextAlias(), emit.nextAlias()];
  const columns =
    outputOf(plan)
      .map((a) => columnName(a.exprId))
      .join(', ') || '1 AS none';
  const { left, right, condition } = withSubqueriesBelow(plan);
  const on = condition === undefined ? 'true' : emit.emit(condition);
  const lateral = plan.isLateral ? 'LATERAL ' : '';
  return `SELECT ${columns} FROM (${emit.plan(left)}) ${l} ${JOIN_WORDS[plan.joinType]} ${lateral}(${emit.plan(right)}) ${r} ON ${on}`;
}

/** True where a row is equal, NULL where one may be, else false. */
export function inSubqueryText({ values, plan }: InSubquery, emit: Emit): string {
  const texts = emit.all(values);
  if (texts.length === 1) return `(${texts[0]} IN (${emit.plan(plan)}))`;
  const columns = outputOf(plan).map((a) => columnName(a.exprId));
  const isEqual = texts.map((t, i) => `${t} = ${columns[i]}`).join(' AND ');
  const exists = (condition: string) => `EXISTS (SELECT 1 FROM (${emit.plan(plan)}) ${emit.nextAlias()} WHERE ${condition})`;
  return `(CASE WHEN ${exists(isEqual)} THEN true WHEN ${exists(`(${isEqual}) IS NULL`)} THEN NULL ELSE false END)`;
}
