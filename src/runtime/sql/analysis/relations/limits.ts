// Relations that keep their input's columns: LIMIT, OFFSET, tail, TABLESAMPLE, hints, repartition. Source: ResolveHints, CheckAnalysis.checkLimitLikeClause.
import { AnalysisException } from '../../errors/spark-error.ts';
import { literalOf } from '../../functions/arguments.ts';
import { castTo, isIntegral } from '../../functions/coercion.ts';
import type { Expr, SortOrder } from '../../logical/expressions.ts';
import { hasSubquery } from '../../logical/plan-tree.ts';
import { prettySql } from '../../logical/pretty-sql.ts';
import { attributesIn, contains } from '../../logical/tree.ts';
import type { Expression } from '../../plan/expressions.ts';
import type { Hint, Limit, Offset, Repartition, RepartitionByExpression, Sample, Tail } from '../../plan/relations.ts';
import type { SampleRows } from '../../plan/sql-relations.ts';
import { INTEGER } from '../../types/data-type.ts';
import { sqlType } from '../../types/type-names.ts';
import { type Analysis, type Environment, onTop, type Resolved } from '../analysis.ts';
import { inQuotes } from '../names.ts';
import { resolveOrder } from '../resolve-function.ts';

export function resolveLimit(relation: Limit | Offset | Tail, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const child = input.plan;
  switch (relation.kind) {
    case 'limit':
      return onTop({ kind: 'limit', child, limit: countOf(relation.limit, 'limit', input, env, analysis) }, input);
    case 'offset':
      return onTop({ kind: 'offset', child, offset: countOf(relation.offset, 'offset', input, env, analysis) }, input);
    case 'tail':
      return onTop({ kind: 'tail', child, limit: countOf(relation.limit, 'tail', input, env, analysis) }, input);
  }
}

/** @throws AnalysisException INVALID_LIMIT_LIKE_EXPRESSION.… */
function countOf(e: Expression, name: string, input: Resolved, env: Environment, analysis: Analysis): Expr {
  const n = analysis.expression(e, input.scope, env);
  const fail = (why: string, more: Record<string, string> = {}): never => {
    throw new AnalysisException(`INVALID_LIMIT_LIKE_EXPRESSION.${why}`, { name, expr: inQuotes(prettySql(n)), ...more }, n.origin);
  };
  const isRow = (x: Expr) => x.kind === 'attribute' || x.kind === 'outer' || x.kind === 'aggregateCall' || x.kind === 'window';
  if (attributesIn(n).length > 0 || contains(n, isRow) || hasSubquery(n)) fail('IS_UNFOLDABLE');
  if (!isIntegral(n.dataType) && n.dataType.tag !== 'null') fail('DATA_TYPE', { dataType: inQuotes(sqlType(n.dataType)) });
  const constant = literalOf(n);
  const value =
    constant !== undefined
      ? constant.value
      : n.kind === 'call' && n.spec.name === 'negative' && n.args[0]!.kind === 'literal'
        ? -Number(n.args[0]!.value)
        : 0;
  if (value === null) fail('IS_NULL');
  if (Number(value) < 0) fail('IS_NEGATIVE', { v: String(value) });
  return castTo(n, INTEGER);
}

export function resolveSample(relation: Sample | SampleRows, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  if (relation.kind === 'sampleRows')
    return onTop({ kind: 'limit', child: input.plan, limit: countOf(relation.rows, 'limit', input, env, analysis) }, input);
  const { lowerBound, upperBound, withReplacement = false, seed } = relation;
  if (withReplacement) throw new AnalysisException('NOT_BUILT', { feature: 'A sample with replacement' }, relation.origin);
  const made = { kind: 'sample', child: input.plan, lowerBound, upperBound, withReplacement, seed: seed ?? randomSeed() } as const;
  return onTop(made, input);
}

const randomSeed = (): bigint => BigInt(Math.floor(Math.random() * 2 ** 48));

const PARTITION_HINTS = new Set(['repartition', 'coalesce', 'repartition_by_range', 'rebalance']);

/** Join hints stay marks for the planner; partition hints are operators. Names that nobody knows are passed over, as in Spark. */
export function resolveHint(relation: Hint, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const name = relation.name.toLowerCase();
  if (!PARTITION_HINTS.has(name)) {
    const parameters = relation.parameters.map((p) => (p.kind === 'unresolvedAttribute' ? p.nameParts.join('.') : p));
    return { ...onTop({ kind: 'hint', child: input.plan, name, parameters }, input) };
  }
  const numbers = relation.parameters.filter((p) => p.kind === 'literal' && p.value.type === 'integer');
  const [first] = numbers;
  const numPartitions = first?.kind === 'literal' && first.value.type === 'integer' ? first.value.value : undefined;
  const columns = relation.parameters.filter((p) => !numbers.includes(p)).map((p) => analysis.expression(p, input.scope, env));
  const shuffle = name !== 'coalesce';
  if (name === 'coalesce' && (numPartitions === undefined || columns.length > 0))
    throw new AnalysisException(
      '_LEGACY_ERROR_TEMP_0064',
      { msg: 'COALESCE Hint expects a partition number as a parameter' },
      relation.origin,
    );
  const byRange = name === 'repartition_by_range';
  const order = columns.map((child): SortOrder => ({ kind: 'sortOrder', child, ascending: true, nullsFirst: true }));
  return onTop(
    { kind: 'repartition', child: input.plan, expressions: byRange ? [] : columns, ...(byRange && { order }), numPartitions, shuffle },
    input,
  );
}

export function resolveRepartition(relation: Repartition, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const { numPartitions, shuffle = true } = relation;
  return onTop({ kind: 'repartition', child: input.plan, expressions: [], numPartitions, shuffle }, input);
}

export function resolveRepartitionBy(relation: RepartitionByExpression, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const { partitionExprs, numPartitions } = relation;
  const order = partitionExprs.flatMap((e) => (e.kind === 'sortOrder' ? [resolveOrder(e, input.scope, env, analysis)] : []));
  const expressions = partitionExprs.flatMap((e) => (e.kind === 'sortOrder' ? [] : [analysis.expression(e, input.scope, env)]));
  return onTop(
    { kind: 'repartition', child: input.plan, expressions, ...(order.length > 0 && { order }), numPartitions, shuffle: true },
    input,
  );
}
