// Dates and times from text and to text by patterns. Patterns are Java's: simple constant ones are DuckDB's work where the text has their very form,
// all others are read in JavaScript (kernel/date-pattern.ts). Source: datetimeExpressions.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { readPattern } from '../kernel/date-pattern.ts';
import * as T from '../types/data-type.ts';
import { literalOf } from './arguments.ts';
import { castTo, IN, isNumeric, isString } from './coercion.ts';
import { letAll } from './kernel-text.ts';
import { type FunctionSpec, type InputType, type KernelContext, type SessionSettings, timestampType } from './spec.ts';

const DEFAULT = 'yyyy-MM-dd HH:mm:ss';
/** Pieces that mean the same in strftime for years of four digits, and their form as a pattern of text. */
const SIMPLE: { readonly [piece: string]: readonly [format: string, form: string] } = {
  yyyy: ['%Y', '[0-9]{4}'],
  MM: ['%m', '[0-9]{2}'],
  dd: ['%d', '[0-9]{2}'],
  HH: ['%H', '[0-9]{2}'],
  mm: ['%M', '[0-9]{2}'],
  ss: ['%S', '[0-9]{2}'],
};

/** @returns undefined when the pattern has more than that */
function simpleForm(e: Expr | undefined): { format: string; form: string } | undefined {
  const pattern = literalOf(e)?.value;
  if (typeof pattern !== 'string') return undefined;
  const pieces = readPattern(pattern).map((p) => {
    if ('text' in p) return /^[-/:. ,T]+$/.test(p.text) ? ([p.text, p.text.replace(/\./g, '\\.')] as const) : undefined;
    return 'letter' in p ? SIMPLE[p.letter.repeat(p.count)] : undefined;
  });
  if (!pieces.every((p) => p !== undefined) || !pattern.includes('yyyy')) return undefined;
  return { format: pieces.map((p) => p[0]).join(''), form: pieces.map((p) => p[1]).join('') };
}

/** A constant pattern is looked at when the query is analysed. @throws AnalysisException */
function checked(args: readonly Expr[], at: number): readonly Expr[] {
  const pattern = literalOf(args[at])?.value;
  if (typeof pattern === 'string') {
    try {
      readPattern(pattern);
    } catch (error) {
      if (error instanceof AnalysisException) throw new AnalysisException(error.condition, error.messageParameters, args[at]!.origin);
      throw error;
    }
  }
  return args;
}

type Mode = 'raise' | 'null';
const modeOf = (isTry: boolean, emit: KernelContext): Mode => (isTry || !emit.settings.ansi ? 'null' : 'raise');

/** Local µs of a text. */
function parsedLocal(text: string, pattern: string, e: Expr, mode: Mode, emit: KernelContext): string {
  const js = (s: string) => `${emit.jsFunction('parse_local', mode)}(${s}, ${pattern})`;
  const simple = simpleForm(e);
  if (simple === undefined) return js(text);
  return letAll([text], (s) => {
    const fast = `epoch_us(try_strptime(${s}, ${emit.quote(simple.format)}))`;
    return `CASE WHEN regexp_full_match(${s}, ${emit.quote(simple.form)}) THEN coalesce(${fast}, ${js(s)}) ELSE ${js(s)} END`;
  });
}

const parsedInstant = (text: string, pattern: string, mode: Mode, emit: KernelContext): string =>
  `${emit.jsFunction('parse_timestamp', emit.settings.timeZone, mode)}(${text}, ${pattern})`;

const isText = (e: Expr): boolean => isString(e.dataType);

function toTimestamp(name: string, given: T.DataType | 'setting', isTry = false): FunctionSpec {
  const mode = isTry ? 'try' : 'ansi';
  const typeBy = (settings: SessionSettings) => (given === 'setting' ? timestampType(settings) : given);
  return {
    name,
    kind: 'scalar',
    arity: [1, 2],
    coerce: (args, settings) => {
      if (args.length === 1 || !isText(args[0]!)) {
        const cast = castTo(args[0]!, typeBy(settings), settings.ansi || isTry ? mode : 'legacy');
        return cast.kind === 'cast' && isText(args[0]!) ? [{ ...cast, nullable: true }] : [cast];
      }
      return checked([args[0]!, castTo(args[1]!, T.STRING)], 1);
    },
    result: (_, settings) => typeBy(settings),
    nullable: (args, settings) => isTry || !settings.ansi || args.some((a) => a.nullable),
    kernel: ([s, p], call, emit) => {
      if (p === undefined) return s!;
      const m = modeOf(isTry, emit);
      const type = call.dataType;
      if (type.tag === 'timestamp') return `make_timestamptz(${parsedInstant(s!, p, m, emit)})`;
      const local = parsedLocal(s!, p, call.args[1]!, m, emit);
      return type.tag === 'date' ? `CAST(make_timestamp(${local}) AS DATE)` : `make_timestamp(${local})`;
    },
  };
}

/** Seconds since 1970 of a text, date or timestamp. */
const unixTimestamp = (name: string, least: 0 | 1): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [least, 2],
  coerce: (args) => {
    if (args.length === 0) return args;
    const [value, pattern = literal(DEFAULT, T.STRING)] = args as [Expr, Expr?];
    const isOther = !isText(value) && value.dataType.tag !== 'null';
    return checked([isOther ? castTo(value, T.TIMESTAMP) : castTo(value, T.STRING), castTo(pattern, T.STRING)], 1);
  },
  result: T.LONG,
  nullable: (args, settings) => !settings.ansi || args.some((a) => a.nullable),
  resultName: ([v, p]) => `${name}(${v ?? 'current_timestamp()'}, ${p ?? DEFAULT})`,
  kernel: ([v, p], call, emit) => {
    if (v === undefined) return '(epoch_us(now()) // 1000000)';
    const micros = isText(call.args[0]!) ? parsedInstant(v!, p!, modeOf(false, emit), emit) : `epoch_us(${v})`;
    return letAll([micros], (us) => `((${us} - ((${us} % 1000000 + 1000000) % 1000000)) // 1000000)`);
  },
});

/** @param e the pattern */
export function formatted(instant: string, pattern: string, e: Expr, emit: KernelContext): string {
  const js = (t: string) => `${emit.jsFunction('format_timestamp', emit.settings.timeZone)}(epoch_us(${t}), ${pattern})`;
  const simple = simpleForm(e);
  if (simple === undefined) return js(instant);
  return letAll(
    [instant],
    (t) => `CASE WHEN year(${t}) BETWEEN 1900 AND 9999 THEN strftime(${t}, ${emit.quote(simple.format)}) ELSE ${js(t)} END`,
  );
}

const ONLY_TEXT: InputType = { ...IN.string, castFrom: (t) => (t.tag === 'null' ? T.STRING : undefined) };
/** A TIME from text. */
const toTime = (name: 'to_time' | 'try_to_time'): FunctionSpec => ({
  name,
  kind: 'scalar',
  arity: [1, 2],
  coerce: (args) => checked(args, 1),
  inputs: [ONLY_TEXT, ONLY_TEXT],
  ...(name === 'try_to_time' && { resultName: (args: readonly string[]) => `try_to_time(to_time(${args.join(', ')}))` }),
  result: T.timeType(6),
  nullable: true,
  kernel: ([s, p], _, emit) => {
    const time =
      p === undefined
        ? `${emit.jsFunction('time_of_text', 'try')}(${s})`
        : `('00:00:00'::TIME + to_microseconds(${emit.jsFunction('parse_local', 'null')}(${s}, ${p}) % 86400000000))`;
    if (name === 'try_to_time') return time;
    const quoted = { input: `'''' || ${s} || ''''`, format: p === undefined ? "'''HH:mm:ss.SSSSSS'''" : `'''' || ${p} || ''''` };
    const isNull = `${s} IS NULL${p === undefined ? '' : ` OR ${p} IS NULL`}`;
    return `CASE WHEN ${isNull} THEN NULL ELSE coalesce(${time}, ${emit.raiseWith('CANNOT_PARSE_TIME', {}, quoted)}) END`;
  },
});

export const DATETIME_TEXT: readonly FunctionSpec[] = [
  toTimestamp('to_date', T.DATE),
  toTimestamp('try_to_date', T.DATE, true),
  toTimestamp('to_timestamp', 'setting'),
  toTimestamp('to_timestamp_ltz', T.TIMESTAMP),
  toTimestamp('to_timestamp_ntz', T.TIMESTAMP_NTZ),
  toTimestamp('try_to_timestamp', 'setting', true),
  toTime('to_time'),
  toTime('try_to_time'),
  unixTimestamp('unix_timestamp', 0),
  unixTimestamp('to_unix_timestamp', 1),
  {
    name: 'date_format',
    kind: 'scalar',
    arity: [2, 2],
    coerce: (args) => checked(args, 1),
    inputs: [IN.timestamp, IN.string],
    result: T.STRING,
    kernel: ([t, p], call, emit) => formatted(t!, p!, call.args[1]!, emit),
  },
  {
    name: 'from_unixtime',
    kind: 'scalar',
    arity: [1, 2],
    coerce: (args) =>
      checked([castTo(args[0]!, T.LONG), args[1] === undefined ? literal(DEFAULT, T.STRING) : castTo(args[1], T.STRING)], 1),
    result: T.STRING,
    nullable: true,
    resultName: ([v, p]) => `from_unixtime(${v}, ${p ?? DEFAULT})`,
    kernel: ([v, p], call, emit) => formatted(`make_timestamptz(${v} * 1000000)`, p!, call.args[1]!, emit),
  },
  ...(
    [
      ['timestamp_seconds', 1_000_000],
      ['timestamp_millis', 1000],
      ['timestamp_micros', 1],
    ] as const
  ).map(
    ([name, unit]): FunctionSpec => ({
      name,
      kind: 'scalar',
      arity: [1, 1],
      inputs: [
        unit === 1_000_000 ? { name: '"NUMERIC"', accepts: isNumeric, castFrom: (t) => (t.tag === 'null' ? T.LONG : undefined) } : IN.long,
      ],
      result: T.TIMESTAMP,
      nullable: ([a]) => a!.nullable || a!.dataType.tag === 'float' || a!.dataType.tag === 'double',
      kernel: ([v], call) => {
        const { tag } = call.args[0]!.dataType;
        if (tag === 'decimal') return `make_timestamptz(CAST(${v}::DECIMAL(38,6) * ${unit} AS BIGINT))`;
        return tag === 'double' || tag === 'float'
          ? `make_timestamptz(CAST(trunc(${v}::DOUBLE * ${unit}) AS BIGINT))`
          : `make_timestamptz(${v}::BIGINT * ${unit})`;
      },
    }),
  ),
];
