// The steps of an Aggregator of the program: over a group's values or buffers as they come (groups.ts), or over lists of them. A group without values is
// its zero.
import { deserialize, serialize } from 'node:v8';
import type { KernelValue } from '../../../common/sql-kernel.ts';
import { columnsEncoder, decoderOf, type Shape } from '../api/shapes.ts';
import { converterOf } from '../api/values.ts';
import type { UserCall } from '../plan/user-function.ts';
import type { ArrayType, DataType, StructType } from '../types/data-type.ts';
import { type Compute, valueWriter } from './border.ts';
import { argumentsText, failed } from './failure.ts';

export type AggregatorBody = {
  zero(): unknown;
  reduce(buffer: unknown, input: unknown): unknown;
  merge(a: unknown, b: unknown): unknown;
  finish(buffer: unknown): unknown;
  readonly bufferEncoder?: unknown;
  readonly outputEncoder?: unknown;
};
type List = ArrayLike<KernelValue> | null;

/** What becomes of a group, value by value. */
export type GroupReducer = {
  zero(): unknown;
  add(buffer: unknown, value: KernelValue): unknown;
  result(buffer: unknown): KernelValue;
};

/** Of a call over lists: `aggregate`, `partial`, `merge`. */
export function groupReducer(call: UserCall, body: AggregatorBody): GroupReducer {
  const zero = guarded(call, 'zero', () => body.zero());
  if (call.how === 'aggregate') return { zero, add: reducer(call, body), result: finisher(call, body) };
  const { read, write } = bufferCodec(call, call.returnType, body);
  if (call.how === 'partial') return { zero, add: reducer(call, body), result: write };
  const merged = guarded(call, 'merge', (a: unknown, b: unknown) => body.merge(a, b));
  return { zero, add: (buffer, value) => merged(buffer, read(value)), result: write };
}

export function ofAggregator(call: UserCall, body: AggregatorBody): Compute {
  if (call.how === 'finish') {
    const { read } = bufferCodec(call, call.types[0]!, body);
    const [result, zero] = [finisher(call, body), guarded(call, 'zero', () => body.zero())];
    return eachRow((buffer) => result(buffer === null ? zero() : read(buffer)));
  }
  const { zero, add, result } = groupReducer(call, body);
  return eachRow((value) => {
    const list = value as List;
    let buffer = zero();
    for (let i = 0; i < (list?.length ?? 0); i++) buffer = add(buffer, list![i]!);
    return result(buffer);
  });
}

const eachRow =
  (f: (value: KernelValue) => KernelValue): Compute =>
  ([column], count) =>
    Array.from({ length: count }, (_, r) => f(column![r]!));

function reducer(call: UserCall, body: AggregatorBody): GroupReducer['add'] {
  const input = inputReader(call);
  return (buffer, value) => {
    try {
      return body.reduce(buffer, input(value));
    } catch (error) {
      const given = input(value);
      throw failed({ ...call, types: inputTypes(call) }, error, argumentsText(call.width && Array.isArray(given) ? given : [given]));
    }
  };
}

function inputReader({ types, width, input }: UserCall): (value: KernelValue) => unknown {
  const element = (types[0] as ArrayType).elementType;
  if (input !== undefined) {
    const decode = decoderOf(input);
    return (value) => decode(width === undefined ? [value] : (value as readonly KernelValue[]));
  }
  if (width === undefined) return converterOf(element) ?? ((value) => value);
  const converters = (element as StructType).fields.map((f) => converterOf(f.dataType));
  return (values) => (values as readonly KernelValue[]).map((v, i) => converters[i]?.(v) ?? v);
}

/** As the program knows them, for messages. */
function inputTypes({ types, width }: UserCall): readonly DataType[] {
  const element = types[0]!.tag === 'array' ? types[0]!.elementType : types[0]!;
  return width === undefined ? [element] : (element as StructType).fields.map((f) => f.dataType);
}

function finisher(call: UserCall, body: AggregatorBody): (buffer: unknown) => KernelValue {
  const back = encoded(body.outputEncoder)?.write ?? valueWriter(call.returnType, `result of ${call.name}`);
  return guarded(call, 'finish', (buffer: unknown) => back(body.finish(buffer)));
}

/** Buffers between steps: by the encoder's type, or as bytes. */
function bufferCodec(call: UserCall, type: DataType, body: AggregatorBody) {
  if (body.bufferEncoder === undefined)
    return {
      read: (bytes: KernelValue) => deserialize(bytes as Uint8Array) as unknown,
      write: guarded(call, 'the buffer', serializedBuffer),
    };
  const coder = encoded(body.bufferEncoder);
  if (coder !== undefined) return { read: coder.read, write: guarded(call, 'the buffer', coder.write) };
  const back = valueWriter(type, `buffer of ${call.name}`);
  const read = converterOf(type) ?? ((value: KernelValue) => value as unknown);
  return { read, write: guarded(call, 'the buffer', back) };
}
/** By an encoder of the program. undefined: it is a type or its name, or there is none. */
function encoded(given: unknown) {
  if (typeof given !== 'object' || given === null || !('shape' in given)) return undefined;
  const { shape, classes } = given as { readonly shape: Shape; readonly classes: readonly { readonly prototype: object }[] };
  const [decode, encode] = [decoderOf(shape, classes), columnsEncoder(shape)];
  if (shape.kind === 'value') return { read: (value: KernelValue) => decode([value]), write: (value: unknown) => encode(value)[0]! };
  const read = (value: KernelValue) => (value === null ? null : decode(value as readonly KernelValue[]));
  return { read, write: (value: unknown): KernelValue => (value === null || value === undefined ? null : encode(value)) };
}
const serializedBuffer = (buffer: unknown): KernelValue => new Uint8Array(serialize(buffer));

/** What a step other than reduce throws has no row of its own. */
function guarded<A extends readonly unknown[], R>(call: UserCall, step: string, f: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    try {
      return f(...args);
    } catch (error) {
      throw failed({ ...call, types: inputTypes(call) }, error, `it was in ${step} of a group`);
    }
  };
}
