// Linear regression over pairs (y, x) in which neither is NULL. Source: linearRegression.scala of Spark 4.2.
import * as T from '../types/data-type.ts';
import { IN } from './coercion.ts';
import type { AggregateSpec, FunctionSpec } from './spec.ts';

/** An aggregate of two columns of doubles. */
export const ofPairs = (name: string, kernel: AggregateSpec['kernel']): AggregateSpec => ({
  name,
  kind: 'aggregate',
  arity: [2, 2],
  inputs: [IN.double, IN.double],
  result: T.DOUBLE,
  nullable: true,
  kernel,
});

const moment =
  (text: (count: string, x: string, y: string) => string): AggregateSpec['kernel'] =>
  ([y, x], call, emit) => {
    const both = `${x} IS NOT NULL AND ${y} IS NOT NULL`;
    const n = emit.aggregateOf(call, 'count', ['*'], { where: both, isDistinct: false });
    return text(n, emit.aggregateOf(call, 'var_pop', [x!], { where: both }), emit.aggregateOf(call, 'var_pop', [y!], { where: both }));
  };

/** Without a spread of x there is no line. */
const line =
  (kernel: string): AggregateSpec['kernel'] =>
  (args, call, emit) => {
    const [y, x] = args;
    const spread = emit.aggregateOf(call, 'var_pop', [x!], { where: `${x} IS NOT NULL AND ${y} IS NOT NULL` });
    return `CASE WHEN ${spread} > 0 THEN ${emit.aggregateOf(call, kernel, args)} END`;
  };

const mean =
  (of: 0 | 1): AggregateSpec['kernel'] =>
  (args, call, emit) =>
    emit.aggregateOf(call, 'avg', [args[of]!], { where: `${args[0]} IS NOT NULL AND ${args[1]} IS NOT NULL` });

export const REGRESSION_AGGREGATES: readonly FunctionSpec[] = [
  ofPairs('regr_avgx', mean(1)),
  ofPairs('regr_avgy', mean(0)),
  {
    ...ofPairs('regr_count', ([y, x], call, emit) => emit.aggregateOf(call, 'count', [`(${y} + ${x})`])),
    result: T.LONG,
    nullable: false,
  },
  ofPairs('regr_intercept', line('regr_intercept')),
  ofPairs('regr_slope', line('regr_slope')),
  // Without a spread of x there is no value, without one of y it is 1.
  ofPairs('regr_r2', ([y, x], call, emit) => {
    const both = `${x} IS NOT NULL AND ${y} IS NOT NULL`;
    const [vx, vy] = [x, y].map((v) => emit.aggregateOf(call, 'var_pop', [v!], { where: both }));
    const corr = emit.aggregateOf(call, 'corr', [y!, x!]);
    return `CASE WHEN ${vx} > 0 THEN CASE WHEN ${vy} > 0 THEN pow(${corr}, 2) ELSE 1 END END`;
  }),
  ofPairs(
    'regr_sxx',
    moment((n, vx) => `nullif(${n}, 0) * ${vx}`),
  ),
  ofPairs(
    'regr_syy',
    moment((n, _, vy) => `nullif(${n}, 0) * ${vy}`),
  ),
  ofPairs('regr_sxy', (args, call, emit) => {
    const n = emit.aggregateOf(call, 'count', [`(${args[0]} + ${args[1]})`]);
    return `nullif(${n}, 0) * ${emit.aggregateOf(call, 'covar_pop', args)}`;
  }),
];
