// Checks for data from outside, done once at the door, with the path of the fault:
// `reports[2].exitCode: expected a whole number, got "x"`. A shape is both the check and the TypeScript type.
import type { ApplicationId, AttemptId, ContainerId, ExecutorId, NodeId } from './ids.ts';
import { isApplicationId, isAttemptId, isContainerId } from './ids.ts';

export type Shape<T> = {
  /** What it expects, for docs/RPC.md and error messages. */
  readonly says: string;
  /** Returns the first fault (`path: expected …`), or undefined. Never throws, whatever it is given. */
  readonly check: (value: unknown, path: string) => string | undefined;
  readonly optional?: boolean;
  /** Field shapes of an object; docs are generated from them. */
  readonly fields?: Readonly<Record<string, Shape<unknown>>>;
  /** Shape of what a list or map holds; docs are generated from it. */
  readonly item?: Shape<unknown>;
  readonly __type?: T;
};
export type TypeOf<S> = S extends Shape<infer T> ? T : never;

const show = (v: unknown): string => {
  if (typeof v === 'string') return JSON.stringify(v.length > 40 ? `${v.slice(0, 40)}…` : v);
  if (v === null || typeof v !== 'object') return String(v);
  return Array.isArray(v) ? 'a list' : v instanceof Uint8Array ? 'bytes' : 'an object';
};

function simple<T>(says: string, ok: (v: unknown) => boolean): Shape<T> {
  return { says, check: (v, path) => (ok(v) ? undefined : `${path}: expected ${says}, got ${show(v)}`) };
}

export const text: Shape<string> = simple('text', (v) => typeof v === 'string');
export const bool: Shape<boolean> = simple('true or false', (v) => typeof v === 'boolean');
/** 0, 1, 2, … up to 2^53 - 1 */
export const whole: Shape<number> = simple('a whole number ≥ 0', (v) => Number.isSafeInteger(v) && (v as number) >= 0);
export const integer: Shape<number> = simple('a whole number', (v) => Number.isSafeInteger(v));
export const float: Shape<number> = simple('a number', (v) => typeof v === 'number');
export const bytes: Shape<Uint8Array> = simple('bytes', (v) => v instanceof Uint8Array);
export const anything: Shape<unknown> = simple('anything', () => true);
export const anApplicationId: Shape<ApplicationId> = simple('an application id', (v) => typeof v === 'string' && isApplicationId(v));
export const anAttemptId: Shape<AttemptId> = simple('an application attempt id', (v) => typeof v === 'string' && isAttemptId(v));
export const aContainerId: Shape<ContainerId> = simple('a container id', (v) => typeof v === 'string' && isContainerId(v));
export const aNodeId: Shape<NodeId> = simple('a node id', (v) => typeof v === 'string' && /^[A-Za-z0-9_.:-]{1,128}$/.test(v));
export const anExecutorId: Shape<ExecutorId> = simple('an executor id', (v) => typeof v === 'string' && /^(\d{1,9}|driver)$/.test(v));

export function oneOf<const T extends string>(...words: readonly T[]): Shape<T> {
  return simple(`one of ${words.join(', ')}`, (v) => words.includes(v as T));
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> & { optional: true } {
  return {
    ...shape,
    says: `${shape.says} or nothing`,
    optional: true,
    check: (v, path) => (v === undefined ? undefined : shape.check(v, path)),
  };
}

export function list<T>(item: Shape<T>, most = 1_000_000): Shape<T[]> {
  return {
    says: `a list of ${item.says}`,
    item,
    check(v, path) {
      if (!Array.isArray(v)) return `${path}: expected a list, got ${show(v)}`;
      if (v.length > most) return `${path}: ${v.length} entries, at most ${most} are taken`;
      for (let i = 0; i < v.length; i++) {
        const fault = item.check(v[i], `${path}[${i}]`);
        if (fault) return fault;
      }
      return undefined;
    },
  };
}

/** A map from text to one shape of value. */
export function dict<T>(item: Shape<T>): Shape<Record<string, T>> {
  return {
    says: `a map of ${item.says}`,
    item,
    check(v, path) {
      if (v === null || typeof v !== 'object' || Array.isArray(v)) return `${path}: expected a map, got ${show(v)}`;
      for (const [key, value] of Object.entries(v)) {
        const fault = item.check(value, `${path}.${key}`);
        if (fault) return fault;
      }
      return undefined;
    },
  };
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
type Optional<F extends Fields> = { [k in keyof F]: F[k] extends { optional: true } ? k : never }[keyof F];
type ObjectOf<F extends Fields> = { [k in Exclude<keyof F, Optional<F>>]: TypeOf<F[k]> } & {
  [k in Optional<F>]?: TypeOf<F[k]> | undefined;
};

/** Unknown fields are allowed and kept out of the type, so an older peer can read a newer one. */
export function object<const F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  const entries = Object.entries(fields);
  return {
    says: 'an object',
    fields,
    check(v, path) {
      if (v === null || typeof v !== 'object' || Array.isArray(v)) return `${path}: expected an object, got ${show(v)}`;
      for (const [name, shape] of entries) {
        const fault = shape.check((v as Record<string, unknown>)[name], path === '' ? name : `${path}.${name}`);
        if (fault) return fault;
      }
      return undefined;
    },
  };
}
