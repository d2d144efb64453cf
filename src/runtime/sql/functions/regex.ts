// LIKE and regular expressions. Patterns that DuckDB's RE2 reads exactly as Java does go there; look-around, back references, and whatever has
// another meaning go to JavaScript (../kernel/js-regex.ts). Source: regexpExpressions.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { type Call, type Expr, literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { literalOf } from './arguments.ts';
import { IN } from './coercion.ts';
import { js, scalar } from './make-specs.ts';
import type { FunctionSpec, KernelContext, ScalarSpec } from './spec.ts';

const { BOOLEAN, INTEGER, STRING } = T;
const integer = (n: number): Expr => literal(n, INTEGER);
const constantText = (e: Expr | undefined): string | undefined => {
  const value = literalOf(e)?.value;
  return typeof value === 'string' ? value : undefined;
};

/** Letters, classes without nesting, groups, alternatives, quantifiers, ^ first: nothing in which RE2 and Java differ. */
const ESCAPED = String.raw`\\[dDwW.\\/\-[\](){}*+?^$|]`;
const CLASS = String.raw`\[\^?(?:[^\\[\]&]|\\[dDwW.\\/\-])+\]`;
const COMMON = new RegExp(
  String.raw`^(?:\(\?i\))?\^?(?:[^\\[\](){}*+?^$|]|${ESCAPED}|${CLASS}|\((?:\?:)?(?!\?)|\)|\||[*+?]\??(?![*+?])|\{\d+(?:,\d*)?\})*$`,
);
const isCommon = (pattern: string | undefined): boolean =>
  pattern !== undefined && pattern.length < 500 && COMMON.test(pattern) && isReadable(pattern);

function isReadable(pattern: string): boolean {
  try {
    new RegExp(pattern.replace(/^\(\?i\)/, ''), 'u');
    return true;
  } catch {
    return false;
  }
}

/** Of LIKE: `\` before another character than %, _ or itself is an error. @returns the error, when the pattern is known and wrong */
function escapeError(pattern: string | undefined, escape: string, emit: KernelContext): string | undefined {
  if (pattern === undefined) return undefined;
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] !== escape) continue;
    const format = `'${pattern.replaceAll('\\', '\\\\')}'`;
    const next = pattern[++i];
    if (next === undefined) return emit.raise('INVALID_FORMAT.ESC_AT_THE_END', { format });
    if (next !== '_' && next !== '%' && next !== escape)
      return emit.raise('INVALID_FORMAT.ESC_IN_THE_MIDDLE', { format, char: `'${next}'` });
  }
  return undefined;
}

/** Without ESCAPE the kernel has fast ways for a pattern, two to ten times as fast; it has no escape of its own. */
const escapeText = (pattern: string | undefined, character: string, escape = `'\\'`): string =>
  pattern !== undefined && !pattern.includes(character) ? '' : ` ESCAPE ${escape}`;

const like = (name: 'like' | 'ilike'): ScalarSpec[] =>
  scalar(
    name,
    [IN.string, IN.string, IN.string],
    BOOLEAN,
    ([s, p, escape], call, emit) => {
      const character = constantText(call.args[2]) ?? '\\';
      const pattern = constantText(call.args[1]);
      return escapeError(pattern, character, emit) ?? `(${s} ${name.toUpperCase()} ${p}${escapeText(pattern, character, escape)})`;
    },
    {
      arity: [2, 3],
      resultName: ([s, p, escape]) => {
        const text = name === 'like' ? `${s} LIKE ${p}` : `ilike(${s}, ${p}`;
        if (name === 'ilike') return `${text})`;
        return escape === undefined || escape === '\\' ? text : `${text} ESCAPE '${escape}'`;
      },
    },
  );

/** x LIKE ANY (…): the tests of each, joined. */
const likeMany = (name: string, word: 'LIKE' | 'ILIKE', not: boolean, join: 'OR' | 'AND'): ScalarSpec[] =>
  scalar(
    name,
    [IN.string],
    BOOLEAN,
    ([s, ...patterns], call) => {
      const tests = patterns.map((p, i) => `(${s} ${not ? 'NOT ' : ''}${word} ${p}${escapeText(constantText(call.args[i + 1]), '\\')})`);
      return `(${tests.join(` ${join} `)})`;
    },
    {
      arity: [2, Number.POSITIVE_INFINITY],
      nullable: true,
      resultName: ([s, ...patterns], exprs) => {
        const isPlain = word === 'LIKE' && exprs.slice(1).every((e) => literalOf(e) !== undefined && literalOf(e)?.value !== null);
        if (isPlain) return `${name.replaceAll('_', '')}(${s})`;
        const one = (p: string): string => (word === 'LIKE' ? `${s} LIKE ${p}` : `ilike(${s}, ${p})`);
        const [first, ...rest] = patterns.map((p) => (not ? `(NOT ${one(p)})` : one(p)));
        return rest.reduce((left, right) => `(${left} ${join} ${right})`, first!);
      },
    },
  );

const matches: NonNullable<ScalarSpec['kernel']> = ([s, p], call, emit) =>
  isCommon(constantText(call.args[1])) ? `regexp_matches(${s}, ${p})` : `${emit.jsFunction('rlike', call.spec.name)}(${s}, ${p})`;

const extract = (name: string, result: T.DataType): ScalarSpec[] =>
  scalar(name, [IN.string, IN.string, IN.integer], result, js(name), {
    arity: [2, 3],
    coerce: (args) => (args.length === 3 ? args : [...args, integer(1)]),
  });

function checkPosition(args: readonly Expr[]): readonly Expr[] {
  const all = args.length === 4 ? args : [...args, integer(1)];
  const value = literalOf(all[3])?.value;
  if (typeof value === 'number' && value <= 0)
    throw new AnalysisException(
      'DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE',
      {
        sqlExpr: `"regexp_replace(${args.map(prettySql).join(', ')})"`,
        exprName: 'position',
        valueRange: '(0, 2147483647]',
        currentValue: String(value),
      },
      args[0]?.origin,
    );
  return all;
}

/** Java's `$1` as RE2's `\1`; undefined where the replacement has more to say. */
function re2Replacement(text: string | undefined, groups: number): string | undefined {
  if (text === undefined || text.includes('\\') || /\$(?!\d)|\$\d\d|\$\{/.test(text)) return undefined;
  if ([...text.matchAll(/\$(\d)/g)].some((m) => Number(m[1]) > groups)) return undefined;
  return text.replace(/\$(\d)/g, '\\$1');
}

function replaced([s, p, by, at]: readonly string[], call: Call, emit: KernelContext): string {
  const pattern = constantText(call.args[1]);
  const groups = (pattern?.match(/(?<!\\)\((?!\?)/g) ?? []).length;
  const template = re2Replacement(constantText(call.args[2]), groups);
  // An empty match is repeated by other rules than Java's.
  const isPlain =
    isCommon(pattern) &&
    template !== undefined &&
    literalOf(call.args[3])?.value === 1 &&
    !new RegExp(pattern!.replace(/^\(\?i\)/, '')).test('');
  return isPlain
    ? `regexp_replace(${s}, ${p}, ${emit.quote(template)}, 'g')`
    : `${emit.jsFunction('regexp_replace')}(${s}, ${p}, ${by}, ${at})`;
}

function split([s, p, limit]: readonly string[], call: Call, emit: KernelContext): string {
  const pattern = constantText(call.args[1]);
  const plain =
    pattern !== undefined && /^(?:[^\\[\](){}*+?^$|.]|\\[.|*+?$^\\/])+$/.test(pattern) ? pattern.replace(/\\(.)/g, '$1') : undefined;
  const all = literalOf(call.args[2])?.value;
  return plain !== undefined && typeof all === 'number' && all <= 0
    ? `string_split(${s}, ${emit.quote(plain)})`
    : `${emit.jsFunction('split')}(${s}, ${p}, ${limit})`;
}

export const REGEX: readonly FunctionSpec[] = [
  ...like('like'),
  ...like('ilike'),
  ...likeMany('like_any', 'LIKE', false, 'OR'),
  ...likeMany('like_all', 'LIKE', false, 'AND'),
  ...likeMany('not_like_any', 'LIKE', true, 'OR'),
  ...likeMany('not_like_all', 'LIKE', true, 'AND'),
  ...likeMany('ilike_any', 'ILIKE', false, 'OR'),
  ...likeMany('ilike_all', 'ILIKE', false, 'AND'),
  ...likeMany('not_ilike_any', 'ILIKE', true, 'OR'),
  ...likeMany('not_ilike_all', 'ILIKE', true, 'AND'),
  ...['rlike', 'regexp_like', 'regexp'].flatMap((name) =>
    scalar(name, [IN.string, IN.string], BOOLEAN, matches, { resultName: ([s, p]) => `${name.toUpperCase()}(${s}, ${p})` }),
  ),
  ...extract('regexp_extract', STRING),
  ...extract('regexp_extract_all', T.arrayType(STRING)),
  ...scalar('regexp_replace', [IN.string, IN.string, IN.string, IN.integer], STRING, replaced, { arity: [3, 4], coerce: checkPosition }),
  ...scalar('regexp_count', [IN.string, IN.string], INTEGER, js('regexp_count')),
  ...scalar('regexp_substr', [IN.string, IN.string], STRING, js('regexp_substr'), { nullable: true }),
  ...scalar(
    'regexp_instr',
    [IN.string, IN.string, IN.integer],
    INTEGER,
    ([s, p], _, emit) => `${emit.jsFunction('regexp_instr')}(${s}, ${p})`,
    {
      arity: [2, 3],
      coerce: (args) => (args.length === 3 ? args : [...args, integer(0)]),
    },
  ),
  ...scalar('split', [IN.string, IN.string, IN.integer], T.arrayType(STRING, false), split, {
    arity: [2, 3],
    coerce: (args) => (args.length === 3 ? args : [...args, integer(-1)]),
  }),
];
