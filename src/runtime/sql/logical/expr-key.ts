// When two resolved expressions mean the same: GROUP BY a + 1 and the a + 1 of the list. A text that is equal for those and for no others.
// Names and origins do not count, ids do. Source: Expression.canonicalized and semanticEquals of Spark 4.2.
import { userFunctionName } from '../plan/user-function.ts';
import { catalogString } from '../types/type-names.ts';
import type { DataType } from '../types/data-type.ts';
import type { Expr, Lambda, SortOrder } from './expressions.ts';
import type { LogicalPlan } from './plans.ts';

const keys = new WeakMap<Expr, string>();
const planNumbers = new WeakMap<LogicalPlan, number>();
let lastPlan = 0;

export function exprKey(e: Expr): string {
  let key = keys.get(e);
  if (key === undefined) keys.set(e, (key = makeKey(e)));
  return key;
}
export const sameExpr = (a: Expr, b: Expr): boolean => a === b || exprKey(a) === exprKey(b);

/** Their operands may stand in either order. */
const COMMUTATIVE = new Set(['+', '*', 'and', 'or', '==', '<=>', '&', '|', '^']);

/** Variables count by their place and by how many lambdas stand inside, not by their ids: each time it is resolved a lambda has new ones. */
function lambdaKey({ args, body }: Lambda): string {
  const key = exprKey(body);
  const level = key.split('->').length;
  const named = args.reduce((text, a, i) => text.replace(new RegExp(`lambda#${a.exprId}(?!\\d)`, 'g'), `lambda@${level}.${i}`), key);
  return `(${args.length})->${named}`;
}

function makeKey(e: Expr): string {
  const all = (es: readonly Expr[]) => es.map(exprKey).join(',');
  switch (e.kind) {
    case 'attribute':
      return `#${e.exprId}`;
    case 'outer':
      return `outer#${e.attribute.exprId}`;
    case 'lambdaVariable':
      return `lambda#${e.exprId}`;
    case 'literal':
      return `${typeKey(e.dataType)}:${valueKey(e.value)}`;
    case 'alias':
      return exprKey(e.child);
    case 'cast':
      return `cast(${exprKey(e.child)} ${typeKey(e.dataType)} ${e.mode})`;
    case 'getField':
      return `${exprKey(e.child)}.${e.ordinal}`;
    case 'call': {
      const args = e.args.map(exprKey);
      return `${e.spec.name}(${(COMMUTATIVE.has(e.spec.name) ? args.sort() : args).join(',')})`;
    }
    case 'generator':
      return `${e.spec.name}(${all(e.args)})`;
    case 'windowCall':
      return `${e.spec.name}(${all(e.args)})${e.ignoreNulls ? ' ignore' : ''}`;
    case 'aggregateCall':
      return [
        `agg ${e.spec.program === undefined ? e.spec.name : userFunctionName(e.spec.program)}(${e.isDistinct ? 'distinct ' : ''}${all(e.args)})`,
        e.filter ? `filter ${exprKey(e.filter)}` : '',
        e.order ? orderKey(e.order) : '',
        e.ignoreNulls ? 'ignore' : '',
      ].join('|');
    case 'window': {
      const bound = (b: typeof e.frame.lower) => ('value' in b ? `${b.tag} ${exprKey(b.value)}` : b.tag);
      const frame = `${e.frame.type} ${bound(e.frame.lower)} ${bound(e.frame.upper)}`;
      return `window(${exprKey(e.function)}|${all(e.partition)}|${orderKey(e.order)}|${frame})`;
    }
    case 'lambda':
      return lambdaKey(e);
    case 'udf':
      return `${userFunctionName(e.function)}(${all(e.args)})`;
    case 'scalarSubquery':
    case 'exists':
      return `${e.kind} ${planKey(e.plan)}`;
    case 'inSubquery':
      return `(${all(e.values)}) in ${planKey(e.plan)}`;
  }
}

const orderKey = (order: readonly SortOrder[]): string => order.map((o) => `${exprKey(o.child)} ${o.ascending} ${o.nullsFirst}`).join(',');

/** Types by name and, inside of decimals and the like, by their limits. */
const typeKey = (type: DataType): string => catalogString(type);

function valueKey(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'bigint'
      ? `${v}n`
      : typeof v === 'number' && !Number.isFinite(v)
        ? String(v)
        : v instanceof Uint8Array
          ? Buffer.from(v).toString('hex')
          : v,
  );
}

/** A subquery is the same as itself only: its columns have ids of their own. */
function planKey(plan: LogicalPlan): string {
  let number = planNumbers.get(plan);
  if (number === undefined) planNumbers.set(plan, (number = ++lastPlan));
  return `plan${number}`;
}
