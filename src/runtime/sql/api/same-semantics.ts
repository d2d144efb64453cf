// Whether two plans give the same whatever the data: equal when their columns are numbered alike and names are forgotten. A difference does not mean
// that results differ. Source: QueryPlan.canonicalized and sameResult of Spark 4.2.
import { hashString } from '../../rdd/portable-hash.ts';
import type { LogicalPlan } from '../logical/plans.ts';

/** Only for people, or for whoever made the plan. */
const COSMETIC = new Set([
  'origin',
  'name',
  'qualifier',
  'metadata',
  'planId',
  'isExplicit',
  'isDereference',
  'owner',
  'alias',
  'modified',
]);

/** Equal texts: the same semantics. */
export function canonicalText(plan: LogicalPlan): string {
  const ids = new Map<number, number>();
  const numbered = (id: number): number => {
    let n = ids.get(id);
    if (n === undefined) ids.set(id, (n = ids.size));
    return n;
  };
  const text = (value: unknown): string => {
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'function') return `f${functionNumber(value)}`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
    if (Array.isArray(value)) return `[${value.map(text).join()}]`;
    if (value instanceof Uint8Array) return `b${Buffer.from(value).toString('base64')}`;
    const node = value as { readonly [key: string]: unknown };
    if (node['kind'] === 'subqueryAlias') return text(node['child']);
    if ('spec' in node) {
      const { spec, ...rest } = node as { readonly spec: { readonly name: string } };
      return `${spec.name}${text(rest)}`;
    }
    const parts = Object.keys(node)
      .filter((key) => !COSMETIC.has(key) && node[key] !== undefined)
      .sort()
      .map((key) => `${key}:${key === 'exprId' ? numbered(node[key] as number) : text(node[key])}`);
    return `{${parts.join()}}`;
  };
  return text(plan);
}

export const semanticHashOf = (plan: LogicalPlan): number => hashString(canonicalText(plan));

const functions = new WeakMap<object, number>();
let lastFunction = 0;
function functionNumber(f: object): number {
  let n = functions.get(f);
  if (n === undefined) functions.set(f, (n = ++lastFunction));
  return n;
}
