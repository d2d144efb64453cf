// An Aggregator of the program as an aggregate function of the registry's kind. DuckDB has no aggregates of ours: where rows are many they are given to it
// group by group (../emit/group-step.ts); else the group's values become a list, which a scalar function reduces. In two stages each task reduces its own
// rows and the buffers are merged. What computes the steps: ../udf/aggregate.ts.
// Source: ScalaAggregator of Spark 4.2.
import type { UserAggregate, UserFunction, UserFunctionHow } from '../plan/user-function.ts';
import { arrayType, BINARY, type DataType, sameType, structField, structType } from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';
import { isAtomic, isNumeric, isString } from './coercion.ts';
import type { AggregateSpec, InputType } from './spec.ts';

const specs = new WeakMap<UserAggregate, AggregateSpec>();

/** The same for the same aggregate. */
export function userAggregateSpec(aggregate: UserAggregate): AggregateSpec {
  let spec = specs.get(aggregate);
  if (spec === undefined) specs.set(aggregate, (spec = makeSpec(aggregate)));
  return spec;
}

function makeSpec(aggregate: UserAggregate): AggregateSpec {
  const { name, inputTypes, returnType, deterministic, body } = aggregate;
  const width = inputTypes.length === 1 ? undefined : inputTypes.length;
  const bufferType = aggregate.bufferType ?? BINARY;
  const step = (how: UserFunctionHow, type: DataType, more: Pick<UserFunction, 'width' | 'input'> = {}): UserFunction => ({
    name,
    returnType: type,
    deterministic,
    how,
    body,
    ...more,
  });
  const given = { ...(width !== undefined && { width }), ...(aggregate.input && { input: aggregate.input }) };
  const [whole, partial] = [step('aggregate', returnType, given), step('partial', bufferType, given)];
  const [merge, finish] = [step('merge', bufferType), step('finish', returnType)];
  const inputType = width === undefined ? inputTypes[0]! : structType(inputTypes.map((t, i) => structField(`_${i}`, t)));
  const [inputs, buffers] = [[arrayType(inputType)], [arrayType(bufferType)]];
  const packed = (args: readonly string[]) =>
    width === undefined ? args[0]! : `struct_pack(${args.map((a, i) => `_${i} := ${a}`).join(', ')})`;
  return {
    kind: 'aggregate',
    name,
    arity: [inputTypes.length, inputTypes.length],
    inputs: inputTypes.map(implicitInput),
    result: returnType,
    nullable: true,
    deterministic,
    program: aggregate,
    streamed: { user: whole, types: inputs },
    kernel: (args, call, emit) => `${emit.userFunction(whole, inputs)}(${emit.aggregateOf(call, 'list', [packed(args)])})`,
    partials: () => ({
      parts: [
        {
          dataType: bufferType,
          streamed: { partial: { user: partial, types: inputs }, merge: { user: merge, types: buffers } },
          partial: (args, call, emit) => `${emit.userFunction(partial, inputs)}(${emit.aggregateOf(call, 'list', [packed(args)])})`,
          merge: ([part], call, emit) => `${emit.userFunction(merge, buffers)}(${emit.aggregateOf(call, 'list', [part!])})`,
        },
      ],
      final: ([buffer], _, emit) => `${emit.userFunction(finish, [bufferType])}(${buffer})`,
    }),
  };
}

/** What Spark casts to a declared type without being asked. Source: AnsiTypeCoercion.implicitCast. */
function implicitInput(type: DataType): InputType {
  const isFrom = (t: DataType): boolean => {
    if (t.tag === 'null') return true;
    if (isNumeric(type)) return isNumeric(t) || isString(t);
    if (isString(type)) return isAtomic(t);
    return isAtomic(type) && (isString(t) || (DATES.has(type.tag) && DATES.has(t.tag)));
  };
  return { name: `"${sqlType(type)}"`, accepts: (t) => sameType(t, type), castFrom: (t) => (isFrom(t) ? type : undefined) };
}
const DATES = new Set(['date', 'timestamp', 'timestamp_ntz']);
