// Values of `:name` and `?` in a statement's plan, put in their places as constants. Source: BindParameters of Spark 4.2.
import type { Expression, Parameter } from '../plan/expressions.ts';
import { expressionOf } from './column.ts';

/** By name, or in the order of the question marks. A Column stays what it is. */
export type SqlArguments = { readonly [name: string]: unknown } | readonly unknown[];

/** @throws Error UNBOUND_SQL_PARAMETER */
export function bindParameters<P extends object>(plan: P, args: SqlArguments): P {
  const marks: number[] = [];
  visitParameters(plan, (p) => {
    if (p.position !== undefined) marks.push(p.position);
  });
  const order = [...new Set(marks)].sort((a, b) => a - b);
  const valueOf = (p: Parameter): Expression => {
    const isNamed = p.name !== undefined;
    const at = isNamed ? p.name! : String(order.indexOf(p.position!));
    const known = isNamed === !Array.isArray(args) && Object.hasOwn(args, at);
    if (!known)
      throw new Error(
        `[UNBOUND_SQL_PARAMETER] Found the unbound parameter: ${isNamed ? at : `_${p.position}`}. Please, fix \`args\` and provide a mapping of the parameter to either a SQL literal or collection constructor functions such as \`map()\`, \`array()\`, \`struct()\`. SQLSTATE: 42P02`,
      );
    return expressionOf((args as { readonly [name: string]: unknown })[at]);
  };
  return replace(plan, valueOf) as P;
}

const isParameter = (node: object): node is Parameter => (node as { kind?: string }).kind === 'parameter';
/** Anything but plain objects, arrays and Maps: values, and origins, whose class is the SQL bundle's. */
function isLeaf(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return true;
  return !Array.isArray(node) && !(node instanceof Map) && Object.getPrototypeOf(node) !== Object.prototype;
}

function visitParameters(node: unknown, found: (p: Parameter) => void): void {
  if (isLeaf(node)) return;
  if (isParameter(node as object)) return found(node as Parameter);
  const inside = node instanceof Map ? node.values() : Object.values(node as object);
  for (const child of inside) visitParameters(child, found);
}

function replace(node: unknown, valueOf: (p: Parameter) => Expression): unknown {
  if (isLeaf(node)) return node;
  if (isParameter(node as object)) return valueOf(node as Parameter);
  if (Array.isArray(node)) return node.map((n) => replace(n, valueOf));
  if (node instanceof Map) return new Map([...node].map(([k, v]) => [k, replace(v, valueOf)]));
  return Object.fromEntries(Object.entries(node as object).map(([k, v]) => [k, replace(v, valueOf)]));
}
