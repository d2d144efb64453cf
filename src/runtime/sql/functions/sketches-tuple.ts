// Tuple sketches: distinct keys with a summary each (a number, or texts). Source: tupleSketchAggregates.scala, tupleSketchExpressions.scala of Spark 4.2.
import type { Expr } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { MODES, type TupleType } from '../kernel/sketches/tuple.ts';
import { unexpectedInput } from './arguments.ts';
import { keyText } from './comparison-keys.ts';
import { IN, isString } from './coercion.ts';
import { constantArgument, int, KEY, keyKind, outOfRange, SKETCH, text, withDefaults } from './sketch-parameters.ts';
import type { AggregateSpec, FunctionSpec, InputType, ScalarSpec } from './spec.ts';

const LEAST_LG_K = 4;
const MOST_LG_K = 26;
const TEXT_SUMMARY: InputType = {
  name: '("STRING" or "ARRAY<STRING>")',
  accepts: (t) => isString(t) || (t.tag === 'array' && isString(t.elementType)),
  castFrom: () => undefined,
};
const SUMMARY: { readonly [T in TupleType]: InputType } = { double: IN.double, integer: IN.integer, string: TEXT_SUMMARY };
type Constants = { readonly lgK: string; readonly mode: string };
type Places = { readonly lgK?: number; readonly mode?: number };

/** @throws AnalysisException DATATYPE_MISMATCH.… */
function constantsOf(name: string, args: readonly Expr[], places: Places): Constants {
  const lgK = places.lgK === undefined ? MOST_LG_K : (constantArgument(name, args, places.lgK, 'lgNomEntries') as number);
  if (Number.isNaN(Number(lgK))) throw unexpectedInput(name, args, places.lgK!, '"INT"');
  const functionName = `\`${name}\``;
  if (lgK < LEAST_LG_K || lgK > MOST_LG_K)
    throw outOfRange(name, args, 'SKETCH_INVALID_LG_NOM_ENTRIES', {
      function: functionName,
      min: String(LEAST_LG_K),
      max: String(MOST_LG_K),
      value: String(lgK),
    });
  const mode = places.mode === undefined ? 'sum' : String(constantArgument(name, args, places.mode, 'mode'));
  if (!MODES.includes(mode.toLowerCase()))
    throw outOfRange(name, args, 'TUPLE_INVALID_SKETCH_MODE', { function: functionName, mode, validModes: MODES.join(', ') });
  return { lgK: String(lgK), mode: mode.toLowerCase() };
}

/** Arguments after the first ones, lgNomEntries and mode, where the function has them: constants, checked when the call is made. */
function parameters(name: string, names: readonly string[], inputs: readonly InputType[], has: Has, result: T.DataType = T.BINARY) {
  const least = inputs.length;
  const places: Places = { ...(has.lgK && { lgK: least }), ...(has.mode && { mode: least + (has.lgK ? 1 : 0) }) };
  const read = (args: readonly Expr[]): Constants => constantsOf(name, args, places);
  const spec = {
    name,
    ...withDefaults(name, least, [...(has.lgK ? [int(12)] : []), ...(has.mode ? [text('sum')] : [])]),
    parameterNames: [...names, ...(has.lgK ? ['lgNomEntries'] : []), ...(has.mode ? ['mode'] : [])],
    inputs: [...inputs, ...(has.lgK ? [IN.integer] : []), ...(has.mode ? [IN.string] : [])],
    result: (args: readonly Expr[]): T.DataType => {
      read(args);
      return result;
    },
  };
  return { spec, read };
}
type Has = { readonly lgK?: boolean; readonly mode?: boolean };

function build(type: TupleType): AggregateSpec {
  const name = `tuple_sketch_agg_${type}`;
  const { spec, read } = parameters(name, ['key', 'summary'], [KEY, SUMMARY[type]], { lgK: true, mode: type !== 'string' });
  return {
    ...spec,
    kind: 'aggregate',
    nullable: false,
    kernel: ([key, summary], call, emit) => {
      const [keyType, summaryType] = call.args.map((a) => a.dataType) as [T.DataType, T.DataType];
      const { lgK, mode } = read(call.args);
      const f = emit.jsFunction('tuple_build', emit.typeName(keyType), keyKind(keyType)!, type, lgK, mode);
      const value =
        type === 'string' ? (isString(summaryType) ? `[${summary}]` : summary) : `${summary}::${type === 'integer' ? 'INTEGER' : 'DOUBLE'}`;
      return `${f}(${emit.aggregateOf(call, 'list', [`struct_pack(k := ${keyText(key!, keyType, emit)}, s := ${value})`])})`;
    },
  };
}

function merge(type: TupleType, how: 'union' | 'intersection'): AggregateSpec {
  const name = `tuple_${how}_agg_${type}`;
  const { spec, read } = parameters(name, ['child'], [SKETCH], { lgK: how === 'union', mode: type !== 'string' });
  return {
    ...spec,
    kind: 'aggregate',
    nullable: false,
    kernel: ([sketch], call, emit) => {
      const { lgK, mode } = read(call.args);
      return `${emit.jsFunction('tuple_merge', name, how, type, lgK, mode)}(${emit.aggregateOf(call, 'list', [sketch!])})`;
    },
  };
}

/** Of two tuple sketches, or of one and a theta sketch. */
function two(type: TupleType, how: 'union' | 'intersection' | 'difference', withTheta: boolean): ScalarSpec {
  const name = `tuple_${how}${withTheta ? '_theta' : ''}_${type}`;
  const { spec, read } = parameters(name, ['first', 'second'], [SKETCH, SKETCH], {
    lgK: how === 'union',
    mode: how !== 'difference' && type !== 'string',
  });
  return {
    ...spec,
    kind: 'scalar',
    kernel: ([a, b], call, emit) => {
      const { lgK, mode } = read(call.args);
      return `${emit.jsFunction(withTheta ? 'tuple_theta' : 'tuple_two', name, how, type, lgK, mode)}(${a}, ${b})`;
    },
  };
}

const ofOne = (name: string, kernel: string, type: TupleType): ScalarSpec => ({
  name,
  kind: 'scalar',
  arity: [1, 1],
  inputs: [SKETCH],
  result: T.DOUBLE,
  kernel: ([sketch], _, emit) => `${emit.jsFunction(kernel, name, type)}(${sketch})`,
});

function summary(type: TupleType): ScalarSpec {
  const name = `tuple_sketch_summary_${type}`;
  const { spec, read } = parameters(name, ['child'], [SKETCH], { mode: true }, type === 'integer' ? T.LONG : T.DOUBLE);
  return {
    ...spec,
    kind: 'scalar',
    nullable: true,
    kernel: ([sketch], call, emit) => `${emit.jsFunction('tuple_summary', name, type, read(call.args).mode)}(${sketch})`,
  };
}

const TYPES: readonly TupleType[] = ['double', 'integer', 'string'];

export const TUPLE_SKETCHES: readonly FunctionSpec[] = TYPES.flatMap((type): FunctionSpec[] => [
  build(type),
  merge(type, 'union'),
  merge(type, 'intersection'),
  ...(['union', 'intersection', 'difference'] as const).flatMap((how) => [two(type, how, false), two(type, how, true)]),
  ofOne(`tuple_sketch_estimate_${type}`, 'tuple_estimate', type),
  ofOne(`tuple_sketch_theta_${type}`, 'tuple_theta_of', type),
  ...(type === 'string' ? [] : [summary(type)]),
]);
