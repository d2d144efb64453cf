// Pieces of DuckDB text that kernels of functions share: a value named once, errors with values in them, lambdas put in place.
import type { Expr, Lambda } from '../logical/expressions.ts';
import type { KernelContext } from './spec.ts';

/**
 * A name for a lambda's variable, the same for the same text: DuckDB must see that an expression of the SELECT list is that of GROUP BY. Bodies of
 * the user's lambdas never see it: they have their own variables bound to values first.
 * @param of what it stands for: texts of arguments and the role
 */
export function freshName(...of: readonly string[]): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (const c of of.join('\u0000')) {
    const code = c.codePointAt(0)!;
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  return `v${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}

const SIMPLE = /^(\w+|'[^']*')$/;

/** `value` written once however often `body` uses it: the only element of a list, and a lambda over it. */
export function letIn(value: string, body: (name: string) => string): string {
  if (SIMPLE.test(value)) return body(value);
  const name = freshName(value);
  return `list_transform([${value}], lambda ${name}: ${body(name)})[1]`;
}

export const letAll = (values: readonly string[], body: (...names: string[]) => string, done: readonly string[] = []): string =>
  values.length === 0 ? body(...done) : letIn(values[0]!, (name) => letAll(values.slice(1), body, [...done, name]));

/** NULL when one of them is. */
export const nullSafe = (values: readonly string[], text: string): string =>
  `CASE WHEN ${values.map((v) => `${v} IS NULL`).join(' OR ')} THEN NULL ELSE ${text} END`;

/** An error whose parameters are known when it is computed: texts of SQL. */
export function raiseWith(condition: string, parameters: Readonly<Record<string, string>>, emit: KernelContext): string {
  const texts = Object.entries(parameters).map(([name, value]) => [name, `CAST(${value} AS VARCHAR)`]);
  return emit.raiseWith(condition, {}, Object.fromEntries(texts) as Readonly<Record<string, string>>);
}

/** The text of a lambda's body with its variables bound to texts. */
export function applied(lambda: Expr, values: readonly string[], emit: KernelContext): string {
  const { args, body } = lambda as Lambda;
  return args.reduceRight((text, arg, i) => `list_transform([${values[i]}], lambda l${arg.exprId}: ${text})[1]`, emit.emit(body));
}

/** `list_transform(list, lambda …)` over a lambda of one variable, or of two, the second of which counts from 0. */
export function overElements(kernel: 'list_transform' | 'list_filter', list: string, lambda: Expr, emit: KernelContext): string {
  const { args, body } = lambda as Lambda;
  const [x, i] = args.map((a) => `l${a.exprId}`);
  if (i === undefined) return `${kernel}(${list}, lambda ${x ?? freshName(list)}: ${emit.emit(body)})`;
  const at = freshName(list, 'at');
  return `${kernel}(${list}, lambda ${x}, ${at}: list_transform([(${at} - 1)::INTEGER], lambda ${i}: ${emit.emit(body)})[1])`;
}
