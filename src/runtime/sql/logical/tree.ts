// Walking and rewriting resolved expressions. Subqueries' plans are not entered.
import type { Attribute, Expr, SortOrder } from './expressions.ts';

export function childrenOfExpr(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'call':
    case 'windowCall':
    case 'generator':
    case 'udf':
      return e.args;
    case 'aggregateCall':
      return [...e.args, ...(e.filter ? [e.filter] : []), ...(e.order ?? []).map((o) => o.child)];
    case 'window':
      return [e.function, ...e.partition, ...e.order.map((o) => o.child)];
    case 'cast':
    case 'alias':
    case 'getField':
      return [e.child];
    case 'lambda':
      return [e.body];
    case 'inSubquery':
      return e.values;
    default:
      return [];
  }
}

/** The first from the top. @param intoWindows false: an aggregate under OVER is not looked at (its arguments are) */
export function find(e: Expr, is: (e: Expr) => boolean, { intoWindows = true } = {}): Expr | undefined {
  if (is(e)) return e;
  const inside =
    e.kind === 'window' && !intoWindows ? [...e.function.args, ...e.partition, ...e.order.map((o) => o.child)] : childrenOfExpr(e);
  for (const c of inside) {
    const found = find(c, is, { intoWindows });
    if (found !== undefined) return found;
  }
  return undefined;
}

export const contains: (...args: Parameters<typeof find>) => boolean = (...args) => find(...args) !== undefined;

export function attributesIn(e: Expr): readonly Attribute[] {
  return e.kind === 'attribute' ? [e] : childrenOfExpr(e).flatMap(attributesIn);
}

/** Children first. `f` gives the node back as it is, or another in its place. */
export function transformUp(e: Expr, f: (e: Expr) => Expr): Expr {
  return f(mapChildren(e, (c) => transformUp(c, f)));
}

/** The same node when no child changed. */
export function mapChildren(e: Expr, f: (e: Expr) => Expr): Expr {
  const list = (es: readonly Expr[]): readonly Expr[] => {
    const out = es.map(f);
    return out.every((o, i) => o === es[i]) ? es : out;
  };
  const orders = (os: readonly SortOrder[]): readonly SortOrder[] => {
    const out = os.map((o) => {
      const child = f(o.child);
      return child === o.child ? o : { ...o, child };
    });
    return out.every((o, i) => o === os[i]) ? os : out;
  };
  switch (e.kind) {
    case 'call':
    case 'windowCall':
    case 'generator':
    case 'udf': {
      const args = list(e.args);
      return args === e.args ? e : { ...e, args };
    }
    case 'aggregateCall': {
      const [args, filter, order] = [list(e.args), e.filter && f(e.filter), e.order && orders(e.order)];
      return args === e.args && filter === e.filter && order === e.order
        ? e
        : { ...e, args, ...(filter && { filter }), ...(order && { order }) };
    }
    case 'window': {
      const [fn, partition, order] = [f(e.function) as typeof e.function, list(e.partition), orders(e.order)];
      return fn === e.function && partition === e.partition && order === e.order ? e : { ...e, function: fn, partition, order };
    }
    case 'cast':
    case 'alias':
    case 'getField': {
      const child = f(e.child);
      return child === e.child ? e : { ...e, child };
    }
    case 'lambda': {
      const body = f(e.body);
      return body === e.body ? e : { ...e, body };
    }
    case 'inSubquery': {
      const values = list(e.values);
      return values === e.values ? e : { ...e, values };
    }
    default:
      return e;
  }
}
