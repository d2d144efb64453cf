// Conditions as lists: what AND and OR join, and back. Source: PredicateHelper of Spark 4.2.
import { makeCall } from '../functions/make-call.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { Attribute, Expr } from './expressions.ts';

const SETTINGS: SessionSettings = { ansi: true, timeZone: 'UTC', get: () => undefined };

const split = (e: Expr, name: 'and' | 'or'): readonly Expr[] =>
  e.kind === 'call' && e.spec.name === name ? e.args.flatMap((arg) => split(arg, name)) : [e];
export const conjunctsOf = (e: Expr | undefined): readonly Expr[] => (e === undefined ? [] : split(e, 'and'));
export const disjunctsOf = (e: Expr): readonly Expr[] => split(e, 'or');

/** undefined for none. */
export const allOf = (es: readonly Expr[]): Expr | undefined => joined(es, 'and');
export const anyOf = (es: readonly Expr[]): Expr | undefined => joined(es, 'or');
/** Thousands are a tree of a dozen levels. */
function joined(es: readonly Expr[], name: 'and' | 'or'): Expr | undefined {
  if (es.length <= 1) return es[0];
  const half = Math.ceil(es.length / 2);
  return call(name, joined(es.slice(0, half), name)!, joined(es.slice(half), name)!);
}

/** A function of the registry over arguments of the right types. */
export const call = (name: string, ...args: readonly Expr[]): Expr => makeCall(name, args, SETTINGS);
/** Two columns that an equality says are equal, where both have values. */
export function equalColumns(e: Expr): readonly [Attribute, Attribute] | undefined {
  if (e.kind !== 'call' || e.spec.name !== '==') return undefined;
  const [a, b] = e.args as readonly [Expr, Expr];
  return a.kind === 'attribute' && b.kind === 'attribute' ? [a, b] : undefined;
}
export const isCall = (e: Expr, name: string): boolean => e.kind === 'call' && e.spec.name === name;
