// Theta and HLL sketches: distinct values counted approximately, in bytes that can be kept and merged.
// Source: thetasketchesAggregates.scala, thetasketchesExpressions.scala, datasketchesAggregates.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { literalOf } from './arguments.ts';
import { keyText } from './comparison-keys.ts';
import { FLAG, HLL_ITEM, INT, int, isConstant, KEY, keyKind, SKETCH, withDefaults } from './sketch-parameters.ts';
import type { AggregateSpec, FunctionSpec, ScalarSpec } from './spec.ts';

const LEAST_LG_K = 4;
const MOST_LG_K = 26;
const DEFAULT_LG_K = 12;

/** @throws AnalysisException SKETCH_INVALID_LG_NOM_ENTRIES, THETA_LG_NOM_ENTRIES_MUST_BE_CONSTANT */
function thetaLgK(name: string, e: Expr): string {
  const f = `\`${name}\``;
  if (!isConstant(e)) throw new AnalysisException('THETA_LG_NOM_ENTRIES_MUST_BE_CONSTANT', { function: f }, e.origin);
  const value = (literalOf(e)?.value ?? 0) as number;
  if (value < LEAST_LG_K || value > MOST_LG_K)
    throw new AnalysisException('SKETCH_INVALID_LG_NOM_ENTRIES', {
      function: f,
      min: String(LEAST_LG_K),
      max: String(MOST_LG_K),
      value: String(value),
    });
  return String(value);
}

const aggregate = (name: string, more: Omit<AggregateSpec, 'name' | 'kind' | 'result' | 'nullable'>): AggregateSpec => ({
  name,
  kind: 'aggregate',
  result: T.BINARY,
  nullable: false,
  ...more,
});
const scalar = (name: string, result: T.DataType, more: Omit<ScalarSpec, 'name' | 'kind' | 'result'>): ScalarSpec => ({
  name,
  kind: 'scalar',
  result,
  ...more,
});

const thetaMerge = (name: string, how: string): AggregateSpec =>
  aggregate(name, {
    ...withDefaults(name, 1, how === 'union' ? [int(DEFAULT_LG_K)] : []),
    inputs: [SKETCH, INT],
    kernel: ([sketch], call, emit) => {
      const lgK = how === 'union' ? thetaLgK(name, call.args[1]!) : String(MOST_LG_K);
      return `${emit.jsFunction('theta_merge', name, how, lgK)}(${emit.aggregateOf(call, 'list', [sketch!])})`;
    },
  });

const thetaTwo = (name: string, how: string): ScalarSpec =>
  scalar(name, T.BINARY, {
    ...withDefaults(name, 2, how === 'union' ? [int(DEFAULT_LG_K)] : []),
    inputs: [SKETCH, SKETCH, INT],
    kernel: ([a, b], call, emit) => {
      const lgK = how === 'union' ? thetaLgK(name, call.args[2]!) : String(MOST_LG_K);
      return `${emit.jsFunction('theta_two', name, how, lgK)}(${a}, ${b})`;
    },
  });

/** @throws AnalysisException HLL_INVALID_LG_K */
function hllLgK(name: string, e: Expr): string {
  if (!isConstant(e)) throw new AnalysisException('HLL_K_MUST_BE_CONSTANT', { function: `\`${name}\`` }, e.origin);
  const value = (literalOf(e)?.value ?? 0) as number;
  if (value < 4 || value > 21)
    throw new AnalysisException('HLL_INVALID_LG_K', { function: `\`${name}\``, min: '4', max: '21', value: String(value) }, e.origin);
  return String(value);
}
const allows = (e: Expr): string => String(literalOf(e)?.value === true);

export const SKETCHES: readonly FunctionSpec[] = [
  aggregate('theta_sketch_agg', {
    ...withDefaults('theta_sketch_agg', 1, [int(DEFAULT_LG_K)]),
    inputs: [KEY, INT],
    kernel: ([key], call, emit) => {
      const type = call.args[0]!.dataType;
      const build = emit.jsFunction('theta_build', emit.typeName(type), keyKind(type)!, thetaLgK('theta_sketch_agg', call.args[1]!));
      return `${build}(${emit.aggregateOf(call, 'list', [keyText(key!, type, emit)])})`;
    },
  }),
  thetaMerge('theta_union_agg', 'union'),
  thetaMerge('theta_intersection_agg', 'intersection'),
  thetaTwo('theta_union', 'union'),
  thetaTwo('theta_intersection', 'intersection'),
  thetaTwo('theta_difference', 'difference'),
  scalar('theta_sketch_estimate', T.LONG, {
    arity: [1, 1],
    inputs: [SKETCH],
    kernel: ([sketch], _, emit) => `${emit.jsFunction('theta_estimate', 'theta_sketch_estimate')}(${sketch})`,
  }),
  aggregate('hll_sketch_agg', {
    ...withDefaults('hll_sketch_agg', 1, [int(DEFAULT_LG_K)]),
    inputs: [HLL_ITEM, INT],
    kernel: ([item], call, emit) => {
      const type = call.args[0]!.dataType;
      const build = emit.jsFunction('hll_build', emit.typeName(type), keyKind(type)!, hllLgK('hll_sketch_agg', call.args[1]!));
      return `${build}(${emit.aggregateOf(call, 'list', [keyText(item!, type, emit)])})`;
    },
  }),
  aggregate('hll_union_agg', {
    ...withDefaults('hll_union_agg', 1, [literal(false, T.BOOLEAN)]),
    inputs: [SKETCH, FLAG],
    kernel: ([sketch], call, emit) =>
      `${emit.jsFunction('hll_merge', 'hll_union_agg', allows(call.args[1]!))}(${emit.aggregateOf(call, 'list', [sketch!])})`,
  }),
  scalar('hll_union', T.BINARY, {
    ...withDefaults('hll_union', 2, [literal(false, T.BOOLEAN)]),
    inputs: [SKETCH, SKETCH, FLAG],
    kernel: ([a, b], call, emit) => `${emit.jsFunction('hll_two', 'hll_union', allows(call.args[2]!))}(${a}, ${b})`,
  }),
  scalar('hll_sketch_estimate', T.LONG, {
    arity: [1, 1],
    inputs: [SKETCH],
    kernel: ([sketch], _, emit) => `${emit.jsFunction('hll_estimate', 'hll_sketch_estimate')}(${sketch})`,
  }),
];
