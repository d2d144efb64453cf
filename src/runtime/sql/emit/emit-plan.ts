// Operators → SELECT statements, one inside the other; DuckDB's optimiser flattens them. Expressions: emitter.ts; scans: scans.ts.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Attribute, NamedExpr } from '../logical/expressions.ts';
import { type CteDefinition, type Join, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { duckdbType, quoteName } from './duckdb-types.ts';
import { columnName, type Emit } from './emit-context.ts';
import { generateText } from './emit-generate.ts';
import { scanText } from './scans.ts';

export function planText(plan: LogicalPlan, emit: Emit): string {
  const from = (child: LogicalPlan) => `(${emit.plan(child)}) ${emit.nextAlias()}`;
  switch (plan.kind) {
    case 'oneRow':
      return 'SELECT 1 AS none';
    case 'localRelation':
      return localText(
        plan.output,
        plan.rows.map((row) => emit.all(row)),
      );
    case 'kernelTable':
      return `SELECT ${plan.output.map((a, i) => `${quoteName(plan.columns[i]!)} AS ${columnName(a.exprId)}`).join(', ') || '1 AS none'} FROM ${quoteName(plan.table)}`;
    case 'range':
      return `SELECT range AS ${columnName(plan.output[0].exprId)} FROM range(${plan.start}::BIGINT, ${plan.end}::BIGINT, ${plan.step}::BIGINT)`;
    case 'scan':
      return scanText(plan, emit);
    case 'project':
      return `SELECT ${selectList(plan.projectList, emit)} FROM ${from(plan.child)}`;
    case 'filter':
      return `SELECT * FROM ${from(plan.child)} WHERE ${emit.emit(plan.condition)}`;
    case 'aggregate': {
      const by = plan.grouping.length > 0 ? ` GROUP BY ${emit.all(plan.grouping).join(', ')}` : '';
      return `SELECT ${selectList(plan.aggregates, emit)} FROM ${from(plan.child)}${by}`;
    }
    case 'window':
      return `SELECT *, ${selectList(plan.windows as readonly NamedExpr[], emit)} FROM ${from(plan.child)}`;
    case 'expand': {
      const child = emit.plan(plan.child);
      const one = (exprs: readonly string[]) =>
        `SELECT ${plan.output.map((a, i) => `${exprs[i]}::${duckdbType(a.dataType)} AS ${columnName(a.exprId)}`).join(', ')} FROM base`;
      return `WITH base AS (${child}) ${plan.projections.map((p) => one(emit.all(p))).join(' UNION ALL ')}`;
    }
    case 'generate':
      return generateText(plan, emit);
    case 'sort': {
      const keys = plan.order.map((o) => emit.sortKey(o)).join(', ');
      return `SELECT * FROM ${from(plan.child)} ORDER BY ${keys}`;
    }
    case 'limit':
      return `SELECT * FROM ${from(plan.child)} LIMIT ${emit.emit(plan.limit)}`;
    case 'offset':
      return `SELECT * FROM ${from(plan.child)} OFFSET ${emit.emit(plan.offset)}`;
    case 'tail': {
      const n = `(SELECT greatest(count(*) - ${emit.emit(plan.limit)}, 0) FROM base)`;
      return `WITH base AS (${emit.plan(plan.child)}) SELECT * FROM base OFFSET ${n}`;
    }
    case 'distinct':
      return `SELECT DISTINCT * FROM ${from(plan.child)}`;
    case 'deduplicate':
      return `SELECT DISTINCT ON (${emit.all(plan.keys).join(', ')}) * FROM ${from(plan.child)}`;
    case 'sample':
      return `SELECT * FROM ${from(plan.child)} WHERE random() BETWEEN ${plan.lowerBound} AND ${plan.upperBound}`;
    case 'subqueryAlias':
    case 'repartition':
    case 'hint':
      return emit.plan(plan.child);
    case 'join':
      return joinText(plan, emit);
    case 'union':
      return plan.children.map((child) => `(${renamed(child, plan.output, emit)})`).join(' UNION ALL ');
    case 'intersect':
    case 'except': {
      const [l, r] = [outputOf(plan.left), outputOf(plan.right)];
      const word = `${plan.kind.toUpperCase()}${plan.isAll ? ' ALL' : ''}`;
      return `(${renamed(plan.left, l, emit)}) ${word} (${r.length > 0 ? renamed(plan.right, l, emit) : emit.plan(plan.right)})`;
    }
    case 'withCte':
      return `WITH ${plan.definitions.some((d) => d.recursion) ? 'RECURSIVE ' : ''}${plan.definitions.map((d) => cteText(d, emit)).join(', ')} ${emit.plan(plan.child)}`;
    case 'cteRef':
      return `SELECT ${plan.output.map((a, i) => `${columnName(plan.source[i]!.exprId)} AS ${columnName(a.exprId)}`).join(', ')} FROM q${plan.id}`;
  }
}

const selectList = (list: readonly NamedExpr[], emit: Emit): string =>
  list.map((e) => (e.kind === 'attribute' ? columnName(e.exprId) : `${emit.emit(e.child)} AS ${columnName(e.exprId)}`)).join(', ') ||
  '1 AS none';

/** A plan with its columns, by position, under the ids of others. */
function renamed(plan: LogicalPlan, output: readonly Attribute[], emit: Emit): string {
  const columns = outputOf(plan).map((a, i) => `${columnName(a.exprId)} AS ${columnName(output[i]!.exprId)}`);
  return `SELECT ${columns.join(', ') || '1 AS none'} FROM (${emit.plan(plan)}) ${emit.nextAlias()}`;
}

function localText(output: readonly Attribute[], rows: readonly (readonly string[])[]): string {
  const names = output.map((a) => columnName(a.exprId));
  if (names.length === 0) return `SELECT 1 AS none FROM range(${rows.length})`;
  const types = output.map((a) => duckdbType(a.dataType));
  if (rows.length === 0) return `SELECT ${types.map((t, i) => `NULL::${t} AS ${names[i]}`).join(', ')} WHERE false`;
  return `SELECT ${names.map((n, i) => `${n}::${types[i]} AS ${n}`).join(', ')} FROM (VALUES ${rows.map((r) => `(${r.join(', ')})`).join(', ')}) v(${names.join(', ')})`;
}

const JOIN_WORDS = {
  inner: 'JOIN',
  cross: 'JOIN',
  leftOuter: 'LEFT JOIN',
  rightOuter: 'RIGHT JOIN',
  fullOuter: 'FULL JOIN',
  leftSemi: 'SEMI JOIN',
  leftAnti: 'ANTI JOIN',
} as const;

function joinText(plan: Join, emit: Emit): string {
  const [l, r] = [emit.nextAlias(), emit.nextAlias()];
  const columns =
    outputOf(plan)
      .map((a) => columnName(a.exprId))
      .join(', ') || '1 AS none';
  const lateral = plan.isLateral ? 'LATERAL ' : '';
  const on = plan.condition === undefined ? 'true' : emit.emit(plan.condition);
  if (plan.isNullAware) throw new AnalysisException('NOT_BUILT', { feature: 'A null-aware join in one query' });
  return `SELECT ${columns} FROM (${emit.plan(plan.left)}) ${l} ${JOIN_WORDS[plan.joinType]} ${lateral}(${emit.plan(plan.right)}) ${r} ON ${on}`;
}

function cteText(d: CteDefinition, emit: Emit): string {
  const names = d.output.map((a) => columnName(a.exprId)).join(', ');
  if (d.recursion === undefined) return `q${d.id}(${names}) AS MATERIALIZED (${renamed(d.plan, d.output, emit)})`;
  const union = d.recursion.isAll ? 'UNION ALL' : 'UNION';
  return `q${d.id}(${names}) AS (${renamed(d.plan, d.output, emit)} ${union} ${renamed(d.recursion.plan, d.output, emit)})`;
}
