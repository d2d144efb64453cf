// Functions on text: parts, cases, padding, searching. Positions count characters (code points) from 1. Patterns: regex.ts; formats and codes:
// text-formats.ts. Source: stringExpressions.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { literal, type Expr } from '../logical/expressions.ts';
import { type Collation, findCollation, INDETERMINATE, similarCollations } from '../types/collations.ts';
import * as T from '../types/data-type.ts';
import { literalOf, mismatch } from './arguments.ts';
import { castTo, IN } from './coercion.ts';
import { bytes, js, scalar, textOrBytes } from './make-specs.ts';
import type { FunctionSpec, ScalarSpec } from './spec.ts';

const { BINARY, BOOLEAN, INTEGER, STRING } = T;
const isBinary = (e: Expr): boolean => e.dataType.tag === 'binary';
const firstType = (args: readonly Expr[]): T.DataType => args[0]!.dataType;
const integer = (n: number): Expr => literal(n, INTEGER);
const text = (s: string): Expr => literal(s, STRING);
/** Arguments that were left out. */
const withDefaults =
  (...defaults: (Expr | undefined)[]): ((args: readonly Expr[]) => readonly Expr[]) =>
  (args) =>
    [...args, ...defaults.slice(args.length)].filter((e) => e !== undefined);

/** A constant whole number among the arguments. */
const constant = (e: Expr | undefined): number | undefined => {
  const value = literalOf(e)?.value;
  return typeof value === 'number' ? value : undefined;
};
const constantText = (e: Expr | undefined): string | undefined => {
  const value = literalOf(e)?.value;
  return typeof value === 'string' ? value : undefined;
};

const MASKS = ['upperChar', 'lowerChar', 'digitChar', 'otherChar'];

const part: NonNullable<ScalarSpec['kernel']> = ([s, from, length], call, emit) => {
  if (isBinary(call.args[0]!)) return `${emit.jsFunction('substring_bytes')}(${s}, ${from}, ${length})`;
  const [start, count] = [constant(call.args[1]), constant(call.args[2])];
  if (start === undefined || start < 0 || count === undefined || count < 0)
    return `${emit.jsFunction('substring')}(${s}, ${from}, ${length})`;
  return `substring(${s}, ${Math.max(1, start)}, ${count})`;
};

const pad = (side: 'lpad' | 'rpad'): ScalarSpec[] =>
  scalar(
    side,
    [textOrBytes, IN.integer, textOrBytes],
    firstType,
    ([s, n, fill], call, emit) => {
      if (isBinary(call.args[0]!)) return `${emit.jsFunction('pad_bytes', side)}(${s}, ${n}, ${fill})`;
      const isUsable = (constantText(call.args[2]) ?? '') !== '';
      return isUsable
        ? `${side}(${s}, (CASE WHEN ${n} < 0 THEN 0 ELSE ${n} END)::INTEGER, ${fill})`
        : `${emit.jsFunction('pad', side)}(${s}, ${n}, ${fill})`;
    },
    {
      arity: [2, 3],
      coerce: ([s, n, fill]) => {
        if (fill === undefined) return [s!, n!, isBinary(s!) ? literal(new Uint8Array([0]), BINARY) : text(' ')];
        return isBinary(s!) && isBinary(fill) ? [s!, n!, fill] : [castTo(s!, STRING), n!, castTo(fill, STRING)];
      },
    },
  );

/** The characters come first where they are given: trim(characters, text). */
const trimmed = (name: 'trim' | 'ltrim' | 'rtrim', side: string): ScalarSpec[] =>
  scalar(name, [IN.string], STRING, ([a, b]) => (b === undefined ? `${name}(${a}, ' ')` : `${name}(${b}, ${a})`), {
    arity: [1, 2],
    resultName: ([a, b]) => (b === undefined ? `${name}(${a})` : `TRIM(${side} ${a} FROM ${b})`),
  });

const found = (name: string, test: string): ScalarSpec[] =>
  scalar(
    name,
    [textOrBytes],
    BOOLEAN,
    ([s, p], call, emit) => (isBinary(call.args[0]!) ? `${emit.jsFunction(`${name}_bytes`)}(${s}, ${p})` : `${test}(${s}, ${p})`),
    {
      arity: [2, 2],
      nullable: (args) => args.some((a) => a.nullable || isBinary(a)),
      coerce: (args) => (args.every(isBinary) ? args : args.map((a) => (isBinary(a) ? castTo(a, STRING) : a))),
    },
  );

/** @throws AnalysisException COLLATION_INVALID_NAME */
function collationOf(name: Expr | undefined): Collation {
  const text = constantText(name);
  if (name !== undefined && text === undefined) throw mismatch('UNEXPECTED_NULL', 'collate', [name], { exprName: 'collation' });
  const found = findCollation(text!.split('.').at(-1)!);
  if (found !== undefined) return found;
  throw new AnalysisException('COLLATION_INVALID_NAME', { collationName: text!, proposals: similarCollations(text!) }, name?.origin);
}

export const STRINGS: readonly FunctionSpec[] = [
  ...scalar('upper ucase', [IN.string], STRING, ([s], _, emit) => {
    // Beyond ASCII one letter may become several (ß → SS), which DuckDB's upper doesn't do.
    return `CASE WHEN strlen(${s}) = length(${s}) THEN upper(${s}) ELSE ${emit.jsFunction('upper')}(${s}) END`;
  }),
  ...scalar('lower lcase', [IN.string], STRING, ([s], _, emit) => {
    return `CASE WHEN strlen(${s}) = length(${s}) THEN lower(${s}) ELSE ${emit.jsFunction('lower')}(${s}) END`;
  }),
  ...scalar('length len char_length character_length', [textOrBytes], INTEGER, ([s], call) =>
    isBinary(call.args[0]!) ? `octet_length(${s})::INTEGER` : `length(${s})::INTEGER`,
  ),
  ...scalar('octet_length', [textOrBytes], INTEGER, ([s], call) => `${isBinary(call.args[0]!) ? 'octet_length' : 'strlen'}(${s})::INTEGER`),
  ...scalar(
    'bit_length',
    [textOrBytes],
    INTEGER,
    ([s], call) => `(${isBinary(call.args[0]!) ? 'octet_length' : 'strlen'}(${s}) * 8)::INTEGER`,
  ),
  ...scalar('initcap', [IN.string], STRING, js('initcap')),
  ...scalar('substring substr', [textOrBytes, IN.integer, IN.integer], firstType, part, {
    arity: [2, 3],
    coerce: withDefaults(undefined, undefined, integer(2147483647)),
  }),
  ...scalar('left', [textOrBytes, IN.integer], firstType, ([s, n], call, emit) =>
    isBinary(call.args[0]!)
      ? `${emit.jsFunction('substring_bytes')}(${s}, 1, ${n})`
      : `left(${s}, CASE WHEN ${n} < 0 THEN 0 ELSE ${n} END)`,
  ),
  ...scalar('right', [IN.string, IN.integer], STRING, 'right($1, CASE WHEN $2 < 0 THEN 0 ELSE $2 END)', { nullable: true }),
  ...scalar('substring_index', [IN.string, IN.string, IN.integer], STRING, js('substring_index')),
  ...scalar('split_part', [IN.string, IN.string, IN.integer], STRING, js('split_part'), { nullable: true }),
  ...scalar(
    'concat_ws',
    [IN.string],
    STRING,
    (args, call) => {
      const [separator, ...rest] = args;
      if (rest.length === 0) return `CASE WHEN ${separator} IS NOT NULL THEN '' END`;
      const lists = rest.map((r, i) => (call.args[i + 1]!.dataType.tag === 'array' ? r : `[${r}]`));
      return `CASE WHEN ${separator} IS NOT NULL THEN array_to_string(list_filter(list_concat(${lists.join(', ')}, []::VARCHAR[]), lambda x: x IS NOT NULL), ${separator}) END`;
    },
    {
      arity: [1, Number.POSITIVE_INFINITY],
      inputs: [IN.string, { ...IN.string, name: '("ARRAY<STRING>" or "STRING")', accepts: (t) => t.tag === 'string' || t.tag === 'array' }],
      nullable: ([separator]) => separator!.nullable,
    },
  ),
  ...pad('lpad'),
  ...pad('rpad'),
  ...trimmed('trim', 'BOTH'),
  ...trimmed('ltrim', 'LEADING'),
  ...trimmed('rtrim', 'TRAILING'),
  ...scalar('btrim', [IN.string], STRING, ([s, characters]) => `trim(${s}, ${characters ?? "' '"})`, { arity: [1, 2] }),
  ...scalar(
    'locate position',
    [IN.string, IN.string, IN.integer],
    INTEGER,
    ([part_, s, from], call, emit) =>
      constant(call.args[2]) === 1 ? `instr(${s}, ${part_})::INTEGER` : `${emit.jsFunction('locate')}(${part_}, ${s}, ${from})`,
    {
      arity: [2, 3],
      coerce: withDefaults(undefined, undefined, integer(1)),
      nullable: ([a, b]) => a!.nullable || b!.nullable,
    },
  ),
  ...scalar('instr', [IN.string, IN.string], INTEGER, 'instr($1, $2)::INTEGER'),
  ...scalar('translate', [IN.string, IN.string, IN.string], STRING, js('translate')),
  ...scalar(
    'overlay',
    [textOrBytes, textOrBytes, IN.integer, IN.integer],
    firstType,
    ([s, by, at, n], call, emit) => `${emit.jsFunction(isBinary(call.args[0]!) ? 'overlay_bytes' : 'overlay')}(${s}, ${by}, ${at}, ${n})`,
    {
      arity: [3, 4],
      coerce: withDefaults(undefined, undefined, undefined, integer(-1)),
    },
  ),
  ...scalar('repeat', [IN.string, IN.integer], STRING, 'repeat($1, CASE WHEN $2 < 0 THEN 0 ELSE $2 END)'),
  ...scalar('space', [IN.integer], STRING, "repeat(' ', CASE WHEN $1 < 0 THEN 0 ELSE $1 END)"),
  ...scalar('ascii', [IN.string], INTEGER, 'ascii($1)::INTEGER'),
  ...scalar('chr char', [IN.long], STRING, "CASE WHEN $1 < 0 THEN '' ELSE chr(($1 & 255)::INTEGER) END"),
  ...scalar('replace', [IN.string, IN.string, IN.string], STRING, "CASE WHEN $2 = '' THEN $1 ELSE replace($1, $2, $3) END", {
    arity: [2, 3],
    coerce: withDefaults(undefined, undefined, text('')),
  }),
  ...found('startswith', 'starts_with'),
  ...found('endswith', 'ends_with'),
  ...found('contains', 'contains'),
  ...scalar('find_in_set', [IN.string, IN.string], INTEGER, js('find_in_set')),
  ...scalar('levenshtein', [IN.string, IN.string, IN.integer], INTEGER, js('levenshtein'), {
    arity: [2, 3],
    coerce: withDefaults(undefined, undefined, integer(-1)),
    resultName: (args) => `levenshtein(${(args[2] === '-1' ? args.slice(0, 2) : args).join(', ')})`,
  }),
  ...scalar('soundex', [IN.string], STRING, js('soundex')),
  ...scalar(
    'elt',
    [IN.integer, textOrBytes],
    (args) => args[1]!.dataType,
    ([n, ...values], _, emit) => {
      const whens = values.map((v, i) => `WHEN ${n} = ${i + 1} THEN ${v}`).join(' ');
      const config = { arraySize: String(values.length), ansiConfig: '"spark.sql.ansi.enabled"' };
      const failure = emit.settings.ansi ? emit.raiseWith('INVALID_ARRAY_INDEX', config, { indexValue: `CAST(${n} AS VARCHAR)` }) : 'NULL';
      return `CASE ${whens} WHEN ${n} IS NOT NULL THEN ${failure} END`;
    },
    {
      arity: [2, Number.POSITIVE_INFINITY],
      coerce: (args, settings) =>
        args.slice(1).every(isBinary) && settings.get('spark.sql.function.eltOutputAsString') !== 'true'
          ? args
          : args.map((a, i) => (i === 0 || a.dataType.tag === 'array' ? a : castTo(a, STRING))),
      nullable: true,
    },
  ),
  ...scalar('sentences', [IN.string, IN.string, IN.string], T.arrayType(T.arrayType(STRING, false), false), js('sentences'), {
    arity: [1, 3],
    coerce: withDefaults(undefined, text(''), text('')),
    nullable: true,
  }),
  ...scalar('mask', [IN.string], STRING, js('mask'), {
    arity: [1, 5],
    parameterNames: ['str', 'upperChar', 'lowerChar', 'digitChar', 'otherChar'],
    parameterDefaults: [text('X'), text('x'), text('n'), literal(null, STRING)],
    coerce: (args) => {
      const all = withDefaults(undefined, text('X'), text('x'), text('n'), literal(null, STRING))(args);
      MASKS.forEach((exprName, i) => {
        const character = constantText(all[i + 1]);
        if (character !== undefined && [...character].length !== 1) throw mismatch('INPUT_SIZE_NOT_ONE', 'mask', all, { exprName });
      });
      return all;
    },
    nullable: true,
  }),
  ...scalar('luhn_check', [IN.string], BOOLEAN, js('luhn_check'), { nullable: true }),
  ...['is_valid_utf8', 'make_valid_utf8', 'validate_utf8', 'try_validate_utf8'].flatMap((name) =>
    scalar(name, [bytes], name === 'is_valid_utf8' ? BOOLEAN : STRING, js(name), { nullable: true }),
  ),
  ...scalar('quote', [IN.string], STRING, "('''' || replace($1, '''', '\\''') || '''')"),
  ...scalar(
    'collation',
    [IN.string],
    STRING,
    ([s], call) => {
      const type = call.args[0]!.dataType;
      const name = type.tag === 'string' ? type.collation : T.UTF8_BINARY;
      return `CASE WHEN ${s} IS NULL OR true THEN '${name === INDETERMINATE ? name : `SYSTEM.BUILTIN.${name}`}' END`;
    },
    { nullable: false },
  ),
  ...scalar('collate', [IN.string, IN.string], ([, name]) => T.collatedString(collationOf(name).name), '$1', {
    nullable: ([s]) => s!.nullable,
  }),
];
