// Operators → SELECT statements, one inside the other; DuckDB's optimiser flattens them. Expressions: emitter.ts; scans: scans.ts.
import { quoteName } from '../../../common/kernel-quotes.ts';
import { type AggregateCall, aliasOf, type Attribute, attributeOf, type Expr, type NamedExpr } from '../logical/expressions.ts';
import { exprKey } from '../logical/expr-key.ts';
import { type Aggregate, type CteDefinition, type Expand, type LogicalPlan, outputOf, type Sample } from '../logical/plans.ts';
import { mapChildren } from '../logical/tree.ts';
import { duckdbType } from './duckdb-types.ts';
import { columnName, type Emit } from './emit-context.ts';
import { generateText } from './emit-generate.ts';
import { fromItem, joinText } from './emit-join.ts';
import { scanText } from './scans.ts';

export function planText(plan: LogicalPlan, emit: Emit): string {
  const from = (child: LogicalPlan) => fromItem(child, emit);
  switch (plan.kind) {
    case 'oneRow':
      return 'SELECT 1 AS none';
    case 'localRelation':
      return localText(
        plan.output,
        plan.rows.map((row) => emit.all(row)),
      );
    case 'kernelTable':
      // Executors have them, not this kernel: computed again.
      if (plan.cached !== undefined) return renamed(plan.cached.source, plan.output, emit);
      return `SELECT ${plan.output.map((a, i) => `${quoteName(plan.columns[i]!)} AS ${columnName(a.exprId)}`).join(', ') || '1 AS none'} FROM ${quoteName(plan.table)}`;
    case 'range':
      return `SELECT range AS ${columnName(plan.output[0].exprId)} FROM range(${plan.start}::BIGINT, ${plan.end}::BIGINT, ${plan.step}::BIGINT)`;
    case 'scan':
      return scanText(plan, emit);
    case 'project':
      return `SELECT ${selectList(plan.projectList, emit)} FROM ${fromWhere(plan.child, emit)}`;
    case 'filter':
      return `SELECT * FROM ${fromWhere(plan, emit)}`;
    case 'aggregate':
      return emit.groupStep(plan) ?? aggregateText(plan, emit);
    case 'window':
      return `SELECT *, ${selectList(plan.windows as readonly NamedExpr[], emit)} FROM ${from(plan.child)}`;
    case 'expand':
      return expandText(plan, emit);
    case 'evalAsync':
      return `SELECT * FROM ${quoteName(emit.asyncStep(plan))}`;
    case 'generate':
      return generateText(plan, emit);
    case 'sort': {
      // A constant orders nothing, and DuckDB takes one for a position.
      const keys = plan.order.filter((o) => o.child.kind !== 'literal').map((o) => emit.sortKey(o));
      return `SELECT * FROM ${from(plan.child)}${keys.length > 0 ? ` ORDER BY ${keys.join(', ')}` : ''}`;
    }
    case 'limit':
      return `${plan.child.kind === 'sort' ? emit.plan(plan.child) : `SELECT * FROM ${from(plan.child)}`} LIMIT ${emit.emit(plan.limit)}`;
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
      return sampleText(plan, emit);
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

/** FROM with the conditions of the filters on top, which need no SELECT of their own. */
export function fromWhere(plan: LogicalPlan, emit: Emit): string {
  const conditions: string[] = [];
  let below = plan;
  for (; below.kind === 'filter'; below = below.child) conditions.push(emit.emit(below.condition));
  return `${fromItem(below, emit)}${conditions.length > 0 ? ` WHERE ${conditions.reverse().join(' AND ')}` : ''}`;
}

/** Groups are columns: an expression in GROUP BY could be taken for a position, and its twin in the list for something else. */
function aggregateText(node: Aggregate, emit: Emit): string {
  const { pulled, keys, list } = byColumns(node, (call) => call);
  const input = fromWhere(node.child, emit);
  const from = pulled.length === 0 ? input : `(SELECT *, ${selectList(pulled, emit)} FROM ${input}) ${emit.nextAlias()}`;
  // HAVING makes one row of all, also where no text is left of the functions that say so: typeof(sum(x)).
  return `SELECT ${selectList(list, emit)} FROM ${from} ${keys.length > 0 ? `GROUP BY ${keys.join(', ')}` : 'HAVING true'}`;
}

/** @param callOf what stands for an aggregate function in `list` @returns groupings that need columns, names of all their columns, and the list over them */
export function byColumns({ grouping, aggregates }: Aggregate, callOf: (call: AggregateCall) => Expr) {
  const pulled = grouping.filter((g) => g.kind !== 'attribute').map((g) => aliasOf(g, ''));
  const byKey = new Map(pulled.map((p) => [exprKey(p.child), attributeOf(p)]));
  const inPlace = (e: Expr): Expr => {
    if (e.kind === 'aggregateCall') return callOf(e);
    return (
      (pulled.length === 0 || e.kind === 'attribute' || e.kind === 'alias' ? undefined : byKey.get(exprKey(e))) ?? mapChildren(e, inPlace)
    );
  };
  const keys = grouping.map((g) => columnName((g.kind === 'attribute' ? g : byKey.get(exprKey(g))!).exprId));
  return { pulled, keys, list: aggregates.map((a) => inPlace(a) as NamedExpr) };
}

/** The child once, beside the numbers of the projections. */
function expandText({ projections, output, child }: Expand, emit: Emit): string {
  const [alias, numbers] = [emit.nextAlias(), emit.nextAlias()];
  const texts = projections.map((p) => emit.all(p));
  const columns = output.map((a, i) => {
    const all = texts.map((t) => t[i]!);
    const isOne = all.every((t) => t === all[0]);
    const text = isOne ? all[0]! : `CASE ${numbers}.n ${all.map((t, n) => `WHEN ${n} THEN ${t}`).join(' ')} END`;
    return `CAST(${text} AS ${duckdbType(a.dataType)}) AS ${columnName(a.exprId)}`;
  });
  return `SELECT ${columns.join(', ')} FROM (${emit.plan(child)}) ${alias}, range(${projections.length}) ${numbers}(n)`;
}

/** A row's fate hangs on the seed and on its place in the input: the same input and seed give the same sample. */
function sampleText({ child, lowerBound, upperBound, seed }: Sample, emit: Emit): string {
  const columns =
    outputOf(child)
      .map((a) => columnName(a.exprId))
      .join(', ') || '1 AS none';
  const fraction = `(hash(n, ${seed}::HUGEINT) / 18446744073709551616.0)`;
  return `SELECT ${columns} FROM (SELECT *, row_number() OVER () AS n FROM (${emit.plan(child)}) ${emit.nextAlias()}) ${emit.nextAlias()} WHERE ${fraction} >= ${lowerBound} AND ${fraction} < ${upperBound}`;
}

export const selectList = (list: readonly NamedExpr[], emit: Emit): string =>
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

function cteText(d: CteDefinition, emit: Emit): string {
  const names = d.output.map((a) => columnName(a.exprId)).join(', ');
  if (d.recursion === undefined) return `q${d.id}(${names}) AS MATERIALIZED (${renamed(d.plan, d.output, emit)})`;
  // The level of each row is a column; the next one is one more than the last step's, which is all that the name holds in the step.
  const { plan, maxLevel } = d.recursion;
  const [step, level] = [emit.nextAlias(), emit.nextAlias()];
  const tooDeep = emit.raise('RECURSION_LEVEL_LIMIT_EXCEEDED', { levelLimit: String(maxLevel) });
  const next = maxLevel < 0 ? `${level}.n` : `CASE WHEN ${level}.n > ${maxLevel} THEN ${tooDeep} ELSE ${level}.n END`;
  const from = `(${renamed(plan, d.output, emit)}) ${step}, (SELECT max(level) + 1 AS n FROM q${d.id}) ${level}`;
  const anchor = `SELECT *, 0 AS level FROM (${renamed(d.plan, d.output, emit)}) ${emit.nextAlias()}`;
  return `q${d.id}(${names}, level) AS (${anchor} UNION ALL SELECT ${step}.*, ${next} AS level FROM ${from})`;
}
