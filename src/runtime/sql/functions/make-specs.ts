// Short ways to write specs of scalar functions: one for each of its names (Spark prints the name that was called), kernels in JavaScript.
import * as T from '../types/data-type.ts';
import { IN, isAtomic, isString } from './coercion.ts';
import type { InputType, ScalarSpec } from './spec.ts';

type More = Partial<Omit<ScalarSpec, 'name' | 'kind' | 'result'>>;

/** @param names with spaces between. @param inputs as many as there are arguments at most; fewer are needed where `arity` says so */
export function scalar(
  names: string,
  inputs: readonly InputType[],
  result: ScalarSpec['result'],
  kernel: NonNullable<ScalarSpec['kernel']>,
  more: More = {},
): ScalarSpec[] {
  return names.split(' ').map((name) => ({ name, kind: 'scalar', arity: [inputs.length, inputs.length], inputs, result, kernel, ...more }));
}

let uses = 0;
/** A parameter that makes a JavaScript function with a state one of its own at each use: it begins anew with each query. */
export const nextUse = (): string => String(++uses);

/** Computed by the engine's JavaScript function of this name (../kernel/). */
export const js =
  (name: string, ...parameters: string[]): NonNullable<ScalarSpec['kernel']> =>
  (args, _call, emit) =>
    `${emit.jsFunction(name, ...parameters)}(${args.join(', ')})`;

/** Text or bytes as they are; what else is atomic becomes text. */
export const textOrBytes: InputType = {
  ...IN.string,
  name: '("STRING" or "BINARY")',
  accepts: (t) => t.tag === 'string' || t.tag === 'binary',
};
/** Bytes, or text as its UTF-8 bytes. */
export const bytes: InputType = { ...IN.binary, castFrom: (t) => (isString(t) || t.tag === 'null' ? T.BINARY : undefined) };
export const anyAtomic: InputType = { ...IN.any, accepts: isAtomic };
