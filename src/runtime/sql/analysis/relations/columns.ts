// Relations that only choose, name or cast columns: drop, withColumns, withColumnsRenamed, toDF, to(schema), dropDuplicates, and the pipes'
// EXTEND, SET and SELECT. Source: Dataset's own methods, ResolvePipeOperators, Project.matchSchema of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { castTo } from '../../functions/coercion.ts';
import { aliasOf, type Attribute, attributeOf, type Expr, type NamedExpr } from '../../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import { prettySql } from '../../logical/pretty-sql.ts';
import type { Deduplicate, Drop, ToDf, ToSchema, WithColumns, WithColumnsRenamed } from '../../plan/relations.ts';
import type { Expression } from '../../plan/expressions.ts';
import type { PipeExtend, PipeSelect, PipeSet } from '../../plan/sql-relations.ts';
import { sqlType } from '../../types/type-names.ts';
import { type Analysis, type Environment, onTop, over, type Resolved, scopeOf, visiblePlan } from '../analysis.ts';
import { inQuotes, quoted } from '../names.ts';
import { resolveName, unresolvedColumn } from '../scope.ts';
import { hasAggregate, selectBlock } from '../select-block.ts';
import { expandStar } from '../star.ts';
import { ofBlock, resolveList } from './project.ts';

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const project = (child: LogicalPlan, projectList: readonly NamedExpr[]): LogicalPlan => ({ kind: 'project', child, projectList });

/** Names that are not there are passed over, but not in SQL's pipe. */
export function resolveDrop(relation: Drop, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const isPipe = relation.input.kind === 'pipeInput';
  const nested = (e: Expression) =>
    e.kind === 'unresolvedAttribute' && resolveName(e.nameParts, { attributes: input.scope.attributes }, e.origin)?.kind === 'getField';
  if (isPipe && relation.columns.some(nested)) {
    const exceptColumns = relation.columns.flatMap((e) => (e.kind === 'unresolvedAttribute' ? [e.nameParts] : []));
    return over(project(input.plan, expandStar({ kind: 'unresolvedStar', exceptColumns }, input.scope)), env);
  }
  const ids = new Set(
    relation.columns.flatMap((e) => {
      if (e.kind === 'unresolvedAttribute' && e.planId === undefined) {
        const found = resolveName(e.nameParts, { attributes: input.scope.attributes }, e.origin);
        if (found === undefined && isPipe) throw unresolvedColumn(e.nameParts, input.scope, e.origin ?? relation.origin);
        return found?.kind === 'attribute' ? [found.exprId] : [];
      }
      const column = analysis.expression(e, input.scope, env);
      return column.kind === 'attribute' ? [column.exprId] : [];
    }),
  );
  const kept = input.scope.attributes.filter((a) => !ids.has(a.exprId) && !relation.columnNames.some((n) => same(n, a.name)));
  return over(project(input.plan, kept), env);
}

export function resolveWithColumns(relation: WithColumns, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const made = resolveList(relation.aliases, input.scope, env, analysis);
  return ofBlock(selectBlock(input.plan, replaced(input.scope.attributes, made)), input.scope, env);
}

/** New columns in place of those with their names, the others at the end. */
function replaced(columns: readonly Attribute[], made: readonly NamedExpr[]): NamedExpr[] {
  const at = (a: Attribute) => made.findLast((m) => same(m.name, a.name));
  return [...columns.map((a) => at(a) ?? a), ...made.filter((m) => !columns.some((a) => same(a.name, m.name)))];
}

export function resolveRenamed(relation: WithColumnsRenamed, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const list = relation.renames.reduce<readonly NamedExpr[]>(
    (columns, { colName, newColName }) =>
      columns.map((c) => (same(c.name, colName) ? aliasOf(c.kind === 'alias' ? c.child : c, newColName) : c)),
    input.scope.attributes,
  );
  return over(project(input.plan, list), env);
}

export function resolveToDf(relation: ToDf, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const { attributes } = input.scope;
  if (attributes.length !== relation.columnNames.length)
    throw new AnalysisException('ASSIGNMENT_ARITY_MISMATCH', {
      numExpr: String(relation.columnNames.length),
      numTarget: String(attributes.length),
    });
  return over(
    project(
      input.plan,
      attributes.map((a, i) => aliasOf(a, relation.columnNames[i]!)),
    ),
    env,
  );
}

export function resolveToSchema(relation: ToSchema, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const { schema } = relation;
  if (schema.tag !== 'struct')
    throw new AnalysisException('INVALID_SCHEMA.NON_STRUCT_TYPE', { inputSchema: '', dataType: inQuotes(sqlType(schema)) });
  const list = schema.fields.map((f): NamedExpr => {
    const found = input.scope.attributes.filter((a) => same(a.name, f.name));
    if (found.length === 0) throw unresolvedColumn([f.name], input.scope, relation.origin);
    if (found.length > 1)
      throw new AnalysisException('AMBIGUOUS_COLUMN_OR_FIELD', { name: quoted([f.name]), n: String(found.length) }, relation.origin);
    if (found[0]!.nullable && !f.nullable)
      throw new AnalysisException('NULLABLE_COLUMN_OR_FIELD', { name: quoted([f.name]) }, relation.origin);
    return aliasOf(castTo(found[0]!, f.dataType), f.name, { metadata: f.metadata });
  });
  return over(project(input.plan, list), env);
}

export function resolveDeduplicate(relation: Deduplicate, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const { attributes } = input.scope;
  if (relation.allColumnsAsKeys) return over({ kind: 'distinct', child: visiblePlan(input) }, env);
  const keys = relation.columnNames.flatMap((name) => {
    const found = attributes.filter((a) => same(a.name, name));
    if (found.length === 0) throw unresolvedColumn([name], input.scope, relation.origin);
    return found;
  });
  return onTop({ kind: 'deduplicate', child: input.plan, keys }, input);
}

export function resolvePipeExtend(relation: PipeExtend, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const made = resolveList(relation.expressions, input.scope, env, analysis);
  for (const e of made) refuseAggregates(e, 'EXTEND');
  return ofBlock(selectBlock(input.plan, [...input.scope.attributes, ...made]), input.scope, env);
}

/** Each assignment sees those before it. */
export function resolvePipeSet(relation: PipeSet, env: Environment, analysis: Analysis): Resolved {
  let input = analysis.relation(relation.input, env);
  for (const { column, value } of relation.assignments) {
    const { attributes } = input.scope;
    const e = analysis.expression(value, input.scope, env);
    refuseAggregates(e, 'SET');
    if (!attributes.some((a) => same(a.name, column))) throw unresolvedColumn([column], input.scope, relation.origin);
    const list = attributes.map((a): NamedExpr => (same(a.name, column) ? aliasOf(e, column) : a));
    const made = ofBlock(selectBlock(input.plan, list), input.scope, env);
    input = { plan: made.plan, scope: scopeOf(outputOf(made.plan), env) };
  }
  return input;
}

export function resolvePipeSelect(relation: PipeSelect, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const list = resolveList(relation.expressions, input.scope, env, analysis);
  const made = ofBlock(selectBlock(input.plan, list), input.scope, env);
  return { plan: made.plan, scope: scopeOf(list.map(attributeOf), env) };
}

function refuseAggregates(e: Expr, clause: string): void {
  if (!hasAggregate(e)) return;
  const expr = prettySql(e.kind === 'alias' ? e.child : e);
  throw new AnalysisException('PIPE_OPERATOR_CONTAINS_AGGREGATE_FUNCTION', { expr, clause }, e.origin);
}
