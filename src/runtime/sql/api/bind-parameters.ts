// Values of `:name` and `?` in a statement's plan, put in their places as constants. Source: BindParameters of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Expression, Parameter } from '../plan/expressions.ts';
import { isLeaf, isParameter, parametersIn, questionMarksOf } from '../plan/parameter-marks.ts';
import { expressionOf } from './column.ts';

/** By name, or in the order of the question marks. A Column stays what it is. */
export type SqlArguments = { readonly [name: string]: unknown } | readonly unknown[];

/** @throws Error UNBOUND_SQL_PARAMETER */
export function bindParameters<P extends object>(plan: P, args: SqlArguments): P {
  const order = questionMarksOf(parametersIn(plan));
  const valueOf = (p: Parameter): Expression => {
    const isNamed = p.name !== undefined;
    const at = isNamed ? p.name! : String(order.indexOf(p.position!));
    const known = isNamed === !Array.isArray(args) && Object.hasOwn(args, at);
    if (!known)
      throw new SparkIllegalArgumentException(
        'UNBOUND_SQL_PARAMETER',
        '42P02',
        `Found the unbound parameter: ${isNamed ? at : `_${p.position}`}. Please, fix \`args\` and provide a mapping of the parameter to either a SQL literal or collection constructor functions such as \`map()\`, \`array()\`, \`struct()\`.`,
      );
    return expressionOf((args as { readonly [name: string]: unknown })[at]);
  };
  return replace(plan, valueOf) as P;
}

function replace(node: unknown, valueOf: (p: Parameter) => Expression): unknown {
  if (isLeaf(node)) return node;
  if (isParameter(node as object)) return valueOf(node as Parameter);
  if (Array.isArray(node)) return node.map((n) => replace(n, valueOf));
  if (node instanceof Map) return new Map([...node].map(([k, v]) => [k, replace(v, valueOf)]));
  return Object.fromEntries(Object.entries(node as object).map(([k, v]) => [k, replace(v, valueOf)]));
}
