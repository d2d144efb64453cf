// CHAR(n) is filled up with spaces where it is read and compared; what is stored is no longer than the column, spaces at its end aside.
// Source: CharVarcharCodegenUtils, ApplyCharTypePadding of Spark 4.2.
import { type Call, type Expr, literal } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { storedType } from '../types/text-lengths.ts';
import { literalOf } from './arguments.ts';
import { castTo } from './coercion.ts';
import { letAll } from './kernel-text.ts';
import type { Kernel, ScalarSpec } from './spec.ts';

const spec = (name: string, kernel: Kernel<Call>): ScalarSpec => ({
  name,
  kind: 'scalar',
  arity: [2, 2],
  result: T.STRING,
  resultName: ([text]) => text!,
  kernel,
});
const FILLED = spec('char_filled', ([x, n]) =>
  letAll([x!], (v) => `CASE WHEN length(${v}) < ${n} THEN rpad(${v}, ${n}, ' ') ELSE ${v} END`),
);
const stored = (name: string, short: (v: string, n: string) => string): ScalarSpec =>
  spec(name, ([x, n], _, emit) =>
    letAll(
      [x!],
      (v) =>
        `CASE WHEN length(${v}) <= ${n} THEN ${short(v, n!)} WHEN length(rtrim(${v}, ' ')) <= ${n} THEN substr(${v}, 1, ${n}) WHEN ${v} IS NOT NULL THEN ${emit.raise('EXCEED_LIMIT_LENGTH', { limit: n! })} END`,
    ),
  );
const STORED = {
  char: stored('char_stored', (v, n) => `rpad(${v}, ${n}, ' ')`),
  varchar: stored('varchar_stored', (v) => v),
};

const call = (of: ScalarSpec, text: Expr, length: number): Call => ({
  kind: 'call',
  spec: of,
  args: [text, literal(length, T.INTEGER)],
  dataType: text.dataType,
  nullable: text.nullable,
  origin: text.origin,
});

/** A text with spaces up to a length. */
export const filled = (text: Expr, length: number): Expr => call(FILLED, text, length);

/** A value as a column of this type keeps it. */
export function storedValue(value: Expr, type: T.DataType): Expr {
  if (type.tag !== 'char' && type.tag !== 'varchar') return castTo(value, type);
  return call(STORED[type.tag], castTo(value, T.stringType(type.collation)), type.length);
}

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=', '<=>', 'in']);

const charLength = (e: Expr): number | undefined => {
  const type = e.kind === 'attribute' ? storedType(e) : undefined;
  return type?.tag === 'char' ? type.length : undefined;
};

/** CHAR beside constants and other CHAR: all as long as the longest. */
export function alignLengths(name: string, args: readonly Expr[]): readonly Expr[] {
  if (!COMPARISONS.has(name) || !args.some((a) => charLength(a) !== undefined)) return args;
  const lengths = args.map((a) => {
    const constant = a.dataType.tag === 'string' ? literalOf(a)?.value : undefined;
    return charLength(a) ?? (typeof constant === 'string' ? [...constant].length : undefined);
  });
  if (lengths.includes(undefined)) return args;
  const most = Math.max(...(lengths as number[]));
  return args.map((a, i) => (lengths[i]! < most ? filled(a, most) : a));
}
