// df.describe, df.summary and df.stat, written in terms of aggregates. crosstab, whose columns hang on the data, is not here.
// Source: StatFunctions and FrequentItems of Spark 4.2; frequent items are counted exactly, where Spark's may hold some that are not frequent.
import { AnalysisException } from '../../errors/spark-error.ts';
import { isNumeric, isString } from '../../functions/coercion.ts';
import { attributeOf, type Attribute, literal, newAttribute } from '../../logical/expressions.ts';
import { outputOf } from '../../logical/plans.ts';
import type {
  StatApproxQuantile,
  StatCorr,
  StatCov,
  StatDescribe,
  StatFreqItems,
  StatSampleBy,
  StatSummary,
} from '../../plan/dataset-relations.ts';
import type { Expression } from '../../plan/expressions.ts';
import { alias, asDouble, asText, call, castTo, column, double, integer } from '../../plan/make.ts';
import type { Relation } from '../../plan/relations.ts';
import { DOUBLE, STRING } from '../../types/data-type.ts';
import { type Analysis, type Environment, over, type Resolved } from '../analysis.ts';
import { unresolvedColumn } from '../scope.ts';

const DESCRIBED = ['count', 'mean', 'stddev', 'min', 'max'];
const SUMMARIZED = ['count', 'mean', 'stddev', 'min', '25%', '50%', '75%', 'max'];
/** Of percentile_approx: rank error of a 10,000th, as Spark's default. */
const ACCURACY = 10_000;

const hasStatistics = (a: Attribute): boolean => isNumeric(a.dataType) || isString(a.dataType);

export function resolveDescribe(relation: StatDescribe | StatSummary, env: Environment, analysis: Analysis): Resolved {
  const names = relation.kind === 'statDescribe' ? relation.cols : [];
  const given = relation.kind === 'statSummary' && relation.statistics.length > 0 ? relation.statistics : undefined;
  const statistics = given ?? (relation.kind === 'statDescribe' ? DESCRIBED : SUMMARIZED);
  const input = analysis.relation(relation.input, env);
  const columns = names.length === 0 ? input.scope.attributes.filter(hasStatistics) : names.map((n) => namedColumn(n, input));
  const wanted = columns.filter(hasStatistics);
  const aggregates = wanted.flatMap((a, c) => statistics.map((s, i) => alias(asText(statistic(s, a)), `s${c}_${i}`)));
  if (aggregates.length === 0) aggregates.push(alias(call('count', integer(1)), 'none'));
  const { plan } = analysis.relation(
    { kind: 'aggregate', input: relation.input, groupType: 'groupBy', groupingExpressions: [], aggregateExpressions: aggregates },
    env,
  );
  const values = outputOf(plan);
  const projections = statistics.map((s, i) => [
    literal(s, STRING),
    ...wanted.map((_, c) => attributeOf(values[c * statistics.length + i]!)),
  ]);
  const output = [newAttribute('summary', STRING, true), ...wanted.map((a) => newAttribute(a.name, STRING, true))];
  return over({ kind: 'expand', child: plan, projections, output }, env);
}

function namedColumn(name: string, { scope }: Resolved): Attribute {
  const found = scope.attributes.find((a) => a.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw unresolvedColumn([name], scope, undefined);
  return found;
}

function statistic(name: string, a: Attribute): Expression {
  const of = column(a.name);
  const number = isNumeric(a.dataType) ? of : asDouble(of);
  switch (name) {
    case 'count':
    case 'min':
    case 'max':
    case 'approx_count_distinct':
      return call(name, of);
    case 'mean':
      return call('avg', number);
    case 'stddev':
      return call('stddev_samp', number);
    case 'count_distinct':
      return { kind: 'unresolvedFunction', functionName: 'count', arguments: [of], isDistinct: true };
    default: {
      const percent = /^([\d.]+)%$/.exec(name);
      if (percent === null) throw new AnalysisException('NOT_BUILT', { feature: `The statistic ${name}` });
      return call('percentile_approx', number, double(Number(percent[1]) / 100), integer(ACCURACY));
    }
  }
}

const oneRow = (input: Relation, expression: Expression, name: string): Relation => ({
  kind: 'aggregate',
  input,
  groupType: 'groupBy',
  groupingExpressions: [],
  aggregateExpressions: [alias(expression, name)],
});

/** NULL counts as 0, as in Spark's df.stat. */
export function resolveCorrelation(relation: StatCorr | StatCov, env: Environment, analysis: Analysis): Resolved {
  const [a, b] = [relation.col1, relation.col2].map((name) => call('coalesce', castTo(column(name), DOUBLE), double(0))) as [
    Expression,
    Expression,
  ];
  const name = relation.kind === 'statCorr' ? 'corr' : 'cov';
  return analysis.relation(oneRow(relation.input, call(name === 'corr' ? 'corr' : 'covar_samp', a, b), name), env);
}

/** One row, one array per column. */
export function resolveApproxQuantile(relation: StatApproxQuantile, env: Environment, analysis: Analysis): Resolved {
  const { input, cols, probabilities, relativeError } = relation;
  const accuracy = integer(relativeError === 0 ? 2 ** 31 - 1 : Math.min(2 ** 31 - 1, Math.round(1 / relativeError)));
  const shares = call('array', ...probabilities.map(double));
  const each = cols.map((c) => call('percentile_approx', castTo(column(c), DOUBLE), shares, accuracy));
  return analysis.relation(oneRow(input, call('array', ...each), 'approx_quantile'), env);
}

/** One row: for each column the values that stand in more than a share of the rows. */
export function resolveFreqItems({ input, cols, support = 0.01 }: StatFreqItems, env: Environment, analysis: Analysis): Resolved {
  const scalar = (plan: Relation): Expression => ({ kind: 'subqueryExpression', subqueryType: 'scalar', plan });
  const total = scalar(oneRow(input, call('count', integer(1)), 'n'));
  const items = cols.map((c) => {
    const counted: Relation = {
      kind: 'aggregate',
      input,
      groupType: 'groupBy',
      groupingExpressions: [column(c)],
      aggregateExpressions: [alias(column(c), 'item'), alias(call('count', integer(1)), 'n')],
    };
    const often: Relation = {
      kind: 'filter',
      input: counted,
      condition: call('>', castTo(column('n'), DOUBLE), call('*', double(support), castTo(total, DOUBLE))),
    };
    return alias(scalar(oneRow(often, call('collect_list', column('item')), 'items')), `${c}_freqItems`);
  });
  return analysis.relation({ kind: 'project', expressions: items }, env);
}

/** Each row with the chance that its stratum has; strata that are not named have none. */
export function resolveSampleBy({ input, col, fractions, seed = 0n }: StatSampleBy, env: Environment, analysis: Analysis): Resolved {
  const chance = call('when', ...fractions.flatMap(({ stratum, fraction }) => [call('<=>', col, stratum), double(fraction)]), double(0));
  const draw = call('rand', { kind: 'literal', value: { type: 'long', value: seed } });
  return analysis.relation({ kind: 'filter', input, condition: call('<', draw, chance) }, env);
}
