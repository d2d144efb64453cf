// What a message definition consists of. Both ends read the same definition; docs/RPC.md is generated from these.
import type { ErrorCode } from '../common/errors.ts';
import type { Shape, TypeOf } from '../common/shape.ts';

/** A request that is answered. `safeToRepeat`: the client sends it again after a lost connection; handlers must allow that. */
export type RpcDefinition<Q = unknown, A = unknown> = {
  readonly kind: 'rpc';
  readonly name: string;
  readonly version: number;
  readonly from: string;
  readonly to: string;
  readonly doc: string;
  readonly timeoutMs: number;
  readonly safeToRepeat: boolean;
  readonly request: Shape<Q>;
  readonly reply: Shape<A>;
  readonly errors: readonly ErrorCode[];
};

/** A message without an answer. What must not be lost carries a seq and is repeated until acknowledged by another message. */
export type PushDefinition<B = unknown> = {
  readonly kind: 'push';
  readonly name: string;
  readonly version: number;
  readonly from: string;
  readonly to: string;
  readonly doc: string;
  readonly body: Shape<B>;
};

export type RequestOf<D> = D extends RpcDefinition<infer Q, unknown> ? Q : never;
export type ReplyOf<D> = D extends RpcDefinition<unknown, infer A> ? A : never;
export type BodyOf<D> = D extends PushDefinition<infer B> ? B : never;

export function defineRpc<Q extends Shape<unknown>, A extends Shape<unknown>>(definition: {
  name: string;
  version: number;
  from: string;
  to: string;
  doc: string;
  timeoutMs: number;
  safeToRepeat: boolean;
  request: Q;
  reply: A;
  errors: readonly ErrorCode[];
}): RpcDefinition<TypeOf<Q>, TypeOf<A>> {
  return { kind: 'rpc', ...definition } as unknown as RpcDefinition<TypeOf<Q>, TypeOf<A>>;
}

export function definePush<B extends Shape<unknown>>(definition: {
  name: string;
  version: number;
  from: string;
  to: string;
  doc: string;
  body: B;
}): PushDefinition<TypeOf<B>> {
  return { kind: 'push', ...definition } as unknown as PushDefinition<TypeOf<B>>;
}
