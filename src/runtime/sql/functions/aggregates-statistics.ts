// Variance and its kin, on doubles: means and sums of squared distances, so that large means lose nothing. What tasks computed is merged pair by pair.
// Source: CentralMomentAgg.scala, Covariance.scala, Corr.scala of Spark 4.2.
import type { AggregateCall } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { ofPairs } from './aggregates-regression.ts';
import { IN } from './coercion.ts';
import type { AggregateSpec, FunctionSpec, KernelContext } from './spec.ts';

/** DuckDB refuses infinite and NaN input; the answer is NaN then. */
function finiteOnly(x: string, call: AggregateCall, emit: KernelContext, text: (where: string) => string): string {
  const strange = emit.aggregateOf(call, 'bool_or', [`NOT isfinite(${x})`]);
  return `CASE WHEN ${strange} THEN 'nan'::DOUBLE ELSE ${text(`isfinite(${x})`)} END`;
}

const MOMENTS = T.arrayType(T.structType([T.structField('n', T.DOUBLE), T.structField('mean', T.DOUBLE), T.structField('m2', T.DOUBLE)]));
const MERGED =
  'list_reduce($1, lambda a, b: struct_pack(n := a.n + b.n, mean := a.mean + (b.mean - a.mean) * b.n / (a.n + b.n), ' +
  'm2 := a.m2 + b.m2 + (b.mean - a.mean) * (b.mean - a.mean) * a.n * b.n / (a.n + b.n)))';

/** @param value the result from `m.n`, `m.m2` */
function variance(name: string, kernel: string, value: string): AggregateSpec {
  return {
    name,
    kind: 'aggregate',
    arity: [1, 1],
    inputs: [IN.double],
    result: T.DOUBLE,
    nullable: true,
    kernel: ([x], call, emit) => finiteOnly(x!, call, emit, (where) => emit.aggregateOf(call, kernel, [x!], { where })),
    partials: () => ({
      parts: [
        {
          dataType: MOMENTS,
          partial: ([x], call, emit) => {
            const [n, mean] = [emit.aggregateOf(call, 'count', [x!]), emit.aggregateOf(call, 'avg', [x!])];
            const m2 = finiteOnly(x!, call, emit, (where) => `${emit.aggregateOf(call, 'var_pop', [x!], { where })} * ${n}`);
            return `CASE WHEN ${n} > 0 THEN [struct_pack(n := ${n}::DOUBLE, mean := ${mean}, m2 := ${m2})] END`;
          },
          merge: 'flatten(list($1) FILTER (WHERE $1 IS NOT NULL))',
        },
      ],
      // A list of one, so that the merged moments are written once.
      final: `list_transform([${MERGED}], lambda m: ${value})[1]`,
    }),
  };
}

const named = (names: readonly string[], kernel: string, value: string): FunctionSpec[] => names.map((n) => variance(n, kernel, value));

const pair = (name: string, kernel: string): AggregateSpec =>
  ofPairs(name, ([x, y], call, emit) =>
    finiteOnly(`(${x} + ${y})`, call, emit, (where) => emit.aggregateOf(call, kernel, [x!, y!], { where })),
  );

/** From sums of powers of distances to the mean: Spark divides by the population's deviation, NULL where it is 0. */
const shape = (name: 'skewness' | 'kurtosis'): AggregateSpec => ({
  name,
  kind: 'aggregate',
  arity: [1, 1],
  inputs: [IN.double],
  result: T.DOUBLE,
  nullable: true,
  kernel: ([x], call, emit) => `${emit.jsFunction(name)}(${emit.aggregateOf(call, 'list', [x!], { where: `${x} IS NOT NULL` })})`,
});

export const STATISTICAL_AGGREGATES: readonly FunctionSpec[] = [
  ...named(['stddev', 'stddev_samp', 'std'], 'stddev_samp', 'CASE WHEN m.n > 1 THEN sqrt(m.m2 / (m.n - 1)) END'),
  ...named(['stddev_pop'], 'stddev_pop', 'sqrt(m.m2 / m.n)'),
  ...named(['variance', 'var_samp'], 'var_samp', 'CASE WHEN m.n > 1 THEN m.m2 / (m.n - 1) END'),
  ...named(['var_pop'], 'var_pop', 'm.m2 / m.n'),
  pair('covar_pop', 'covar_pop'),
  pair('covar_samp', 'covar_samp'),
  {
    ...pair('corr', 'corr'),
    kernel: ([x, y]: readonly string[], call: AggregateCall, emit: KernelContext) => {
      const flat = [x, y].map((v) => `${emit.aggregateOf(call, 'var_pop', [v!], { where: `${x} IS NOT NULL AND ${y} IS NOT NULL` })} = 0`);
      const n = emit.aggregateOf(call, 'count', [`(${x} + ${y})`]);
      const raise = emit.settings.ansi ? emit.raise('DIVIDE_BY_ZERO', { config: '"spark.sql.ansi.enabled"' }) : 'NULL';
      const corr = finiteOnly(`(${x} + ${y})`, call, emit, (where) => emit.aggregateOf(call, 'corr', [x!, y!], { where }));
      return `CASE WHEN ${n} <= 1 THEN NULL WHEN ${flat.join(' OR ')} THEN ${raise} ELSE ${corr} END`;
    },
  },
  shape('skewness'),
  shape('kurtosis'),
];
