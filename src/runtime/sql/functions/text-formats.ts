// Text in codes and formats: hexadecimal and base 64, charsets, digests, URLs, printf, numbers by a format.
// Source: stringExpressions.scala, urlExpressions.scala, numberFormatExpressions.scala, hash.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { checkNumberFormat, typeOfNumberFormat } from '../kernel/number-formats.ts';
import * as T from '../types/data-type.ts';
import { formatted } from './datetime-text.ts';
import { literalOf } from './arguments.ts';
import { castTo, decimalOf, IN, isDatetime, isNumeric } from './coercion.ts';
import { bytes, js, scalar } from './make-specs.ts';
import type { FunctionSpec, KernelContext, ScalarSpec } from './spec.ts';

const { BINARY, INTEGER, LONG, STRING } = T;
const text = (s: string): Expr => literal(s, STRING);
const constantText = (e: Expr | undefined): string | undefined => {
  const value = literalOf(e)?.value;
  return typeof value === 'string' ? value : undefined;
};

/** decode(bytes, charset), or decode(value, search, result, …, default). */
const decode: ScalarSpec = {
  name: 'decode',
  kind: 'scalar',
  arity: [2, Number.POSITIVE_INFINITY],
  coerce: (args) => (args.length === 2 ? [castTo(args[0]!, BINARY), castTo(args[1]!, STRING)] : args),
  result: (args) => (args.length === 2 ? STRING : args[2]!.dataType),
  nullable: (args) =>
    args.length % 2 === 1 || args.length === 2 || args.some((a, i) => i > 1 && i % 2 === 0 && a.nullable) || args.at(-1)!.nullable,
  kernel: (args, call, emit) => {
    if (args.length === 2) return `${emit.jsFunction('decode')}(${args[0]}, ${args[1]})`;
    const whens: string[] = [];
    for (let i = 1; i + 1 < args.length; i += 2) {
      const search = emit.emit(castTo(call.args[i]!, call.args[0]!.dataType));
      whens.push(`WHEN ${args[0]} IS NOT DISTINCT FROM ${search} THEN ${args[i + 1]}`);
    }
    return `CASE ${whens.join(' ')}${args.length % 2 === 0 ? ` ELSE ${args.at(-1)}` : ''} END`;
  },
};

/** A JavaScript function over values of any types: it is told the types. */
export const overTypes =
  (name: string, ...parameters: string[]) =>
  (args: readonly string[], call: { readonly args: readonly Expr[] }, emit: KernelContext): string => {
    const types = call.args.map((a) => emit.typeName(a.dataType));
    const spark = call.args.map((a) => a.dataType);
    return `${emit.jsFunction(name, JSON.stringify(types), JSON.stringify(spark), ...parameters)}(${args.join(', ')})`;
  };

const format: ScalarSpec['inputs'] = [IN.string, IN.any];

function numberFormat(name: string, e: Expr | undefined): string {
  const found = constantText(e);
  if (found === undefined) throw new AnalysisException('NOT_BUILT', { feature: `${name} with a format that is no constant` }, e?.origin);
  const problem = checkNumberFormat(found);
  if (problem !== undefined) throw new AnalysisException(problem.condition, problem.parameters, e?.origin);
  return found;
}

const toChar = (name: string): ScalarSpec[] =>
  scalar(
    name,
    [IN.any, IN.string],
    STRING,
    ([x, f], call, emit) => {
      const [value, pattern] = call.args as [Expr, Expr];
      const type = value.dataType;
      if (type.tag === 'binary') {
        const code = constantText(pattern)?.toLowerCase();
        return code === 'base64' ? `to_base64(${x})` : code === 'hex' ? `hex(${x})` : `${emit.jsFunction('decode')}(${x}, ${f})`;
      }
      if (type.tag === 'timestamp') return formatted(x!, f!, pattern, emit);
      const shape = numberFormat('to_char', pattern);
      const decimal = type.tag === 'double' || type.tag === 'float' ? T.decimalType(30, 15) : decimalOf(type);
      return `${emit.jsFunction('number_to_char', shape, emit.typeName(decimal))}(CAST(${x} AS ${emit.typeName(decimal)}))`;
    },
    {
      coerce: (args, settings) => {
        const [value] = args as [Expr];
        if (isDatetime(value.dataType)) return [castTo(value, T.TIMESTAMP), ...args.slice(1)];
        if (isNumeric(value.dataType) || value.dataType.tag === 'binary') return args;
        void settings;
        return [castTo(value, T.decimalType(38, 18)), ...args.slice(1)];
      },
      resultName: ([a, b], [value, pattern]) => {
        if (isDatetime(value!.dataType)) return `date_format(${a}, ${b})`;
        if (value!.dataType.tag !== 'binary') return `to_char(${a}, ${b})`;
        const code = constantText(pattern)?.toLowerCase();
        if (code === 'hex' || code === 'base64') return `${name === 'to_char' ? code : name}(${a})`;
        return `${name === 'to_char' ? 'decode' : name}(${a}, utf-8)`;
      },
    },
  );

const toNumber = (name: 'to_number' | 'try_to_number'): ScalarSpec[] =>
  scalar(
    name,
    [IN.string, IN.string],
    (args) => typeOfNumberFormat(numberFormat(name, args[1])),
    ([x], call, emit) => {
      const mode = name === 'to_number' ? 'ansi' : 'try';
      return `${emit.jsFunction('char_to_number', numberFormat(name, call.args[1]), emit.typeName(call.dataType), mode)}(${x})`;
    },
    name === 'try_to_number' ? { nullable: true } : {},
  );

const toBinary = (name: 'to_binary' | 'try_to_binary'): ScalarSpec[] =>
  scalar(name, [IN.string, IN.string], BINARY, js('to_binary', name), {
    arity: [1, 2],
    coerce: (args) => (args.length === 2 ? args : [...args, text('hex')]),
    nullable: true,
    resultName: (args, exprs) => `${name}(${(exprs[1]?.origin === undefined ? args.slice(0, 1) : args).join(', ')})`,
  });

export const TEXT_FORMATS: readonly FunctionSpec[] = [
  decode,
  ...scalar('base64', [bytes], STRING, 'to_base64($1)'),
  ...scalar('unbase64', [IN.string], BINARY, js('unbase64')),
  ...scalar('encode', [IN.string, IN.string], BINARY, js('encode'), { nullable: true }),
  ...toBinary('to_binary'),
  ...toBinary('try_to_binary'),
  ...scalar('md5', [bytes], STRING, 'md5($1)'),
  ...scalar('sha sha1', [bytes], STRING, 'sha1($1)'),
  ...scalar('sha2', [bytes, IN.integer], STRING, js('sha2'), { nullable: true }),
  ...scalar('crc32', [bytes], LONG, js('crc32')),
  ...scalar('url_encode', [IN.string], STRING, js('url_encode'), { nullable: true }),
  ...scalar('url_decode', [IN.string], STRING, js('url_decode', 'ansi'), { nullable: true }),
  ...scalar('try_url_decode', [IN.string], STRING, js('url_decode', 'try'), { nullable: true }),
  ...['parse_url', 'try_parse_url'].flatMap((name) =>
    scalar(
      name,
      [IN.string],
      STRING,
      (args, _, emit) => `${emit.jsFunction('parse_url', String(args.length), name === 'parse_url' ? 'ansi' : 'try')}(${args.join(', ')})`,
      {
        arity: [2, 3],
        nullable: true,
      },
    ),
  ),
  ...scalar('format_string printf', format, STRING, overTypes('format_string'), {
    arity: [1, Number.POSITIVE_INFINITY],
    nullable: ([f]) => f!.nullable,
  }),
  ...scalar(
    'format_number',
    [IN.numeric, { ...IN.integer, name: '("INT" or "STRING")', accepts: (t) => t.tag === 'integer' || t.tag === 'string' }],
    STRING,
    (args, call, emit) => {
      const [type, format_] = call.args.map((a) => emit.typeName(a.dataType)) as [string, string];
      return `${emit.jsFunction('format_number', type, format_)}(${args.join(', ')})`;
    },
    { nullable: true },
  ),
  ...toChar('to_char'),
  ...toChar('to_varchar'),
  ...toNumber('to_number'),
  ...toNumber('try_to_number'),
  ...scalar('hash', [IN.any], INTEGER, overTypes('murmur3'), {
    arity: [0, Number.POSITIVE_INFINITY],
    nullable: false,
    coerce: noMaps('hash'),
  }),
  ...scalar('xxhash64', [IN.any], LONG, overTypes('xxhash64'), {
    arity: [0, Number.POSITIVE_INFINITY],
    nullable: false,
    coerce: noMaps('xxhash64'),
  }),
];

function noMaps(name: string): NonNullable<ScalarSpec['coerce']> {
  const hasMap = (t: T.DataType): boolean =>
    t.tag === 'map' || (t.tag === 'array' && hasMap(t.elementType)) || (t.tag === 'struct' && t.fields.some((f) => hasMap(f.dataType)));
  return (args) => {
    const map = args.find((a) => hasMap(a.dataType));
    if (map === undefined) return args;
    throw new AnalysisException('DATATYPE_MISMATCH.HASH_MAP_TYPE', { sqlExpr: `"${name}(…)"`, functionName: `\`${name}\`` }, map.origin);
  };
}
