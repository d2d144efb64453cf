// The kernel's words for what failed on a value → Spark's condition. Kernels of functions and JavaScript functions raise Spark's sentence
// themselves (`error('[…] …')`); what DuckDB finds on its own (overflow, casts, patterns, memory) is told apart here by its sentences.
import { conditionState, parametersOf } from '../errors/conditions.ts';
import { AnalysisException, SparkRuntimeException } from '../errors/spark-error.ts';
import { shown } from '../emit/casts/hidden-text.ts';
import type { MessageParameters } from '../errors/conditions.ts';
import { doubleText } from '../types/value-text.ts';
import { UserFunctionFailure } from '../udf/failure.ts';

/** @returns the error without its place in the text (failed-expression.ts finds that); its cause has the kernel's own words */
export function asSqlError(error: Error): Error {
  if (error instanceof SparkRuntimeException) return error;
  if (isTooDeep(error)) return tooComplex(error);
  const raised = /\[([A-Z][A-Z0-9_]+(?:\.[A-Z0-9_]+)?)\] /.exec(error.message);
  if (raised !== null) {
    const sentence = sentenceIn(error.message.slice(raised.index), conditionState(raised[1]!));
    const made = new SparkRuntimeException(raised[1]!, parametersOf(raised[1]!, sentence), undefined, sentence);
    made.cause = error instanceof UserFunctionFailure ? error.cause : error;
    return made;
  }
  for (const [pattern, condition, parameters] of KERNEL_SENTENCES) {
    const match = pattern.exec(error.message);
    if (match === null) continue;
    const named = typeof condition === 'function' ? condition(match) : condition;
    const made = new SparkRuntimeException(named, parameters(match));
    made.cause = error;
    return made;
  }
  return error;
}

/** Without what stands below it when it comes from a task: the stack. */
function sentenceIn(text: string, state: string): string {
  const end = state === '' ? -1 : text.indexOf(`SQLSTATE: ${state}`);
  return end < 0 ? text : text.slice(0, end + `SQLSTATE: ${state}`.length);
}

/** Nests deeper than the stack, or the kernel's parser, can hold. */
const isTooDeep = (error: unknown): boolean =>
  (error instanceof RangeError && /call stack/.test(error.message)) ||
  (error instanceof Error && /Max expression depth limit/.test(error.message));

function tooComplex(error: unknown): AnalysisException {
  const made = new AnalysisException('FAILED_TO_PARSE_TOO_COMPLEX');
  made.cause = error;
  return made;
}

/** What is thrown instead: what does not fit on the stack is FAILED_TO_PARSE_TOO_COMPLEX. */
export const unlessTooDeep = (error: unknown): unknown => (isTooDeep(error) ? tooComplex(error) : error);

/** A decimal that was computed in 64 bits did not fit: in full widths it may. */
export const isNarrowOverflow = (error: Error): boolean =>
  /Overflow in \w+ of DECIMAL\(18\)|(?:Could not cast|Casting) value .* to (?:type )?DECIMAL\(18,\d+\)/.test(error.message);

type Rule = readonly [RegExp, string | ((m: RegExpExecArray) => string), (m: RegExpExecArray) => MessageParameters];

const ANSI = '"spark.sql.ansi.enabled"';
const SPARK_TYPE: { readonly [kernel: string]: string } = {
  BOOL: 'BOOLEAN',
  INT8: 'TINYINT',
  INT16: 'SMALLINT',
  INT32: 'INT',
  INT64: 'BIGINT',
  FLOAT: 'FLOAT',
  DOUBLE: 'DOUBLE',
  INT128: 'DECIMAL(38,0)',
  HUGEINT: 'DECIMAL(38,0)',
};
const typeOf = (kernel: string): string => `"${SPARK_TYPE[kernel] ?? kernel}"`;
const SUFFIX: { readonly [kernel: string]: string } = { INT8: 'Y', INT16: 'S', INT64: 'L', DOUBLE: 'D' };

/** A value as Spark writes it in messages: `300`, `5L`, `1.0E10D`. */
function valueOf(text: string, kernel: string): string {
  const isFloating = kernel === 'DOUBLE' || kernel === 'FLOAT';
  const spelled = isFloating ? doubleText(text === 'nan' ? Number.NaN : Number(text.replace('inf', 'Infinity'))) : text;
  return `${spelled}${SUFFIX[kernel] ?? ''}`;
}

const asText = (text: string): string => `'${shown(text).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const overflow = (message: string, alternative = ''): MessageParameters => ({ message, alternative, config: ANSI });
const OPERATIONS: { readonly [word: string]: readonly [symbol: string, tryName: string] } = {
  addition: ['+', 'try_add'],
  subtraction: ['-', 'try_subtract'],
  multiplication: ['*', 'try_multiply'],
};
const hint = (operation: string): string => {
  const name = OPERATIONS[operation]?.[1];
  return name === undefined ? '' : ` Use '${name}' to tolerate overflow and return NULL instead.`;
};

const KERNEL_SENTENCES: readonly Rule[] = [
  // Before those of files that cannot be read: a file of a shuffle is named like one.
  [
    /Out of Memory Error: (failed to offload data block[^\n]*)|IO Error: ([^\n]*No space left on device[^\n]*)/i,
    'KERNEL_OUT_OF_DISK',
    ([, offload, io]) => ({ words: `${(offload ?? io)!}.` }),
  ],
  [
    /IO Error: (?:Cannot open file|No files found that match the pattern) "([^"\n]+)"(?:: No such file or directory|\s*(?:\n|$))/,
    'FAILED_READ_FILE.FILE_NOT_EXIST',
    ([, path]) => ({ path: `file:${path}` }),
  ],
  [/(?:Failed to read|Error while reading) file "([^"]+)"/, 'FAILED_READ_FILE.NO_HINT', ([, path]) => ({ path: `file:${path}` })],
  [
    /(?:IO Error|Invalid Input Error): [^\n]*["']([^"'\n]+\.parquet)["']/,
    'FAILED_READ_FILE.NO_HINT',
    ([, path]) => ({ path: `file:${path}` }),
  ],
  [
    /Unknown TimeZone '([^']*)'/,
    'INVALID_CONF_VALUE.TIME_ZONE',
    ([, zone]) => ({ confName: 'spark.sql.session.timeZone', confValue: zone! }),
  ],
  [
    /Non-inner join on correlated columns not supported|Unsupported join type for flattening correlated subquery|Cannot perform non-inner join on subquery/,
    'NOT_BUILT',
    () => ({ feature: 'A column of the query around in this outer or semi join' }),
  ],
  [/Map keys must be unique/, 'DUPLICATED_MAP_KEY', () => ({ key: 'of the map', mapKeyDedupPolicy: '"spark.sql.mapKeyDedupPolicy"' })],
  [/Map keys can not be NULL/, 'NULL_MAP_KEY', () => ({})],
  [/More than one row returned by a subquery/, 'SCALAR_SUBQUERY_TOO_MANY_ROWS', () => ({})],
  [
    /Could not convert string ["']([\s\S]*)["'] to DECIMAL\((\d+),(\d+)\)/,
    ([, text]) => (NUMBER.test(text!) ? 'NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION' : 'CAST_INVALID_INPUT'),
    ([, text, precision, scale]) => ({
      expression: asText(text!),
      sourceType: '"STRING"',
      targetType: `"DECIMAL(${precision},${scale})"`,
      value: text!.trim(),
      precision: precision!,
      scale: scale!,
      config: ANSI,
    }),
  ],
  [
    /Could not convert string ["']([\s\S]*)["'] to (\w+)/,
    'CAST_INVALID_INPUT',
    ([, text, type]) => ({ expression: asText(text!), sourceType: '"STRING"', targetType: typeOf(type!) }),
  ],
  [
    /(?:Casting value "?|Could not cast value )([-\d.e+nainf]+)"? to (?:type )?DECIMAL\((\d+),(\d+)\)/,
    'NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION',
    ([, value, precision, scale]) => ({ value: value!, precision: precision!, scale: scale!, config: ANSI }),
  ],
  [
    /Type (DECIMAL\(\d+,\d+\)|\w+) with value (\S+) can't be cast because the value is out of range for the destination type (\w+)/,
    'CAST_OVERFLOW',
    ([, from, value, to]) => ({ value: valueOf(value!, from!), sourceType: typeOf(from!), targetType: typeOf(to!) }),
  ],
  [
    /(?:Failed to cast decimal value|Casting value) "?([-\d.]+)"? to type (\w+)/,
    'CAST_OVERFLOW',
    ([, value, to]) => ({ value: `${value}BD`, sourceType: '"DECIMAL"', targetType: typeOf(to!) }),
  ],
  [
    /Overflow in (\w+) of DECIMAL\((\d+)\) \((-?\d+) [-+*] (-?\d+)\)/,
    'NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION',
    ([, , precision, a]) => ({ value: a!, precision: precision!, scale: '0', config: ANSI }),
  ],
  [
    /Overflow in (\w+) of INT(?:8|16) \((-?\d+) ([-+*]) (-?\d+)\)/,
    'BINARY_ARITHMETIC_OVERFLOW',
    ([, operation, a, symbol, b]) => {
      const suffix = /INT8/.test(operation!) ? 'Y' : 'S';
      return { value1: `${a}${suffix}`, symbol: symbol!, value2: `${b}${suffix}`, functionName: `\`${OPERATIONS[operation!]?.[1]}\`` };
    },
  ],
  [
    /Overflow in (\w+) of (INT\d+) /,
    'ARITHMETIC_OVERFLOW',
    ([, operation, type]) => overflow(`${type === 'INT32' ? 'integer' : 'long'} overflow`, hint(operation!)),
  ],
  [/Overflow (?:in negation|on abs)/, 'ARITHMETIC_OVERFLOW', () => overflow('integer overflow')],
  [/Overflow in HUGEINT|Overflow in (\w+)/, 'ARITHMETIC_OVERFLOW', () => overflow('Overflow')],
  [/Out of Memory Error: ([\s\S]*)/i, 'KERNEL_OUT_OF_MEMORY', ([, words]) => ({ words: words!.split('\n')[0]! })],
  [
    /Invalid Input Error: ((?:missing|invalid|unexpected|bad|no argument|trailing|unterminated)[^\n]*)/,
    'INVALID_PARAMETER_VALUE.PATTERN',
    ([, words]) => ({ functionName: '`regexp`', parameter: '`regexp`', value: `'${words}'` }),
  ],
  [
    /(?:timestamp|date|interval)[^\n]*out of range|out of range[^\n]*(?:timestamp|date)/i,
    'DATETIME_OVERFLOW',
    () => ({ operation: 'the computation of a date or timestamp' }),
  ],
];
