// Options of CSV with Spark's defaults. Source: CSVOptions of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { SourceOptions } from './options.ts';
import { encodingOf } from './plain-lines.ts';

export type ParseMode = 'PERMISSIVE' | 'DROPMALFORMED' | 'FAILFAST';
export type TextFormats = {
  readonly nanValue: string;
  readonly positiveInf: string;
  readonly negativeInf: string;
  /** Java patterns; undefined: what a cast takes. */
  readonly dateFormat: string | undefined;
  readonly timestampFormat: string | undefined;
  readonly timestampNtzFormat: string | undefined;
};
export type CsvOptions = TextFormats & {
  readonly separator: string;
  /** Empty: nothing is quoted. */
  readonly quote: string;
  readonly escape: string;
  readonly comment: string;
  readonly header: boolean;
  readonly inferSchema: boolean;
  readonly preferDate: boolean;
  readonly nullValue: string;
  readonly trimLeft: boolean;
  readonly trimRight: boolean;
  readonly mode: ParseMode;
  readonly corruptColumn: string;
  readonly multiLine: boolean;
  readonly encoding: string;
  readonly lineSep: string | undefined;
  readonly samplingRatio: number;
};

export const defaultCorruptColumn = (settings: SessionSettings): string =>
  settings.get('spark.sql.columnNameOfCorruptRecord') ?? '_corrupt_record';

/** Unknown modes are the default, as in Spark. */
export function parseMode(options: SourceOptions): ParseMode {
  const mode = options.text('mode', 'PERMISSIVE').toUpperCase();
  return mode === 'DROPMALFORMED' || mode === 'FAILFAST' ? mode : 'PERMISSIVE';
}

export function textFormats(options: SourceOptions): TextFormats {
  return {
    nanValue: options.text('nanValue', 'NaN'),
    positiveInf: options.text('positiveInf', 'Inf'),
    negativeInf: options.text('negativeInf', '-Inf'),
    dateFormat: options.get('dateFormat'),
    timestampFormat: options.get('timestampFormat'),
    timestampNtzFormat: options.get('timestampNTZFormat'),
  };
}

/** @throws AnalysisException INVALID_SOURCE_OPTION */
export function csvOptions(given: Readonly<Record<string, string>>, settings: SessionSettings): CsvOptions {
  const options = new SourceOptions(given);
  return {
    ...textFormats(options),
    separator: oneText('sep', unescaped(options.get('sep') ?? options.text('delimiter', ','))),
    quote: oneCharacter('quote', options.text('quote', '"')),
    escape: oneCharacter('escape', options.text('escape', '\\')),
    comment: oneCharacter('comment', options.text('comment', '')),
    header: options.flag('header', false),
    inferSchema: options.flag('inferSchema', false),
    preferDate: options.flag('preferDate', true),
    nullValue: options.text('nullValue', ''),
    trimLeft: options.flag('ignoreLeadingWhiteSpace', false),
    trimRight: options.flag('ignoreTrailingWhiteSpace', false),
    mode: parseMode(options),
    corruptColumn: options.text('columnNameOfCorruptRecord', defaultCorruptColumn(settings)),
    multiLine: options.flag('multiLine', false),
    encoding: encodingOf(options),
    lineSep: options.get('lineSep'),
    samplingRatio: options.number('samplingRatio', 1),
  };
}

const unescaped = (text: string): string =>
  text.replace(/\\(t|r|b|f|\\)/g, (_, c: string) => ({ t: '\t', r: '\r', b: '\b', f: '\f' })[c] ?? '\\');

function oneText(option: string, value: string): string {
  if (value.length === 0 || Buffer.byteLength(value) > 4)
    throw new AnalysisException('INVALID_SOURCE_OPTION', { option, value: `'${value}'`, expected: 'one to four bytes' });
  return value;
}

/** The NUL character is Spark's way to say "none". */
function oneCharacter(option: string, value: string): string {
  if (value.length > 1)
    throw new AnalysisException('INVALID_SOURCE_OPTION', { option, value: `'${value}'`, expected: 'one character or none' });
  return value === '\0' ? '' : value;
}
