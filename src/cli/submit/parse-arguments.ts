// The command line of spark-submit, with Spark's rules: `--opt value` and `--opt=value`; the first word that is no option is the
// program and everything after it is the program's. Source: SparkSubmitOptionParser and SparkSubmitArguments of Spark 4.0.1.
import { AppError } from '../../common/errors.ts';
import { nearest } from '../../common/suggest.ts';
import type { Action, SubmitArguments } from './arguments.ts';
import { type Field, findOption, type Option, optionNames } from './options.ts';

/** @throws AppError SUBMIT_USAGE; the caller prints the help after it, as Spark does */
export function parseArguments(argv: readonly string[]): SubmitArguments {
  const fields: Partial<Record<Field, string>> = {};
  const properties = new Map<string, string>();
  const switches = new Set<string>();
  let action: Action = 'submit';
  let at = 0;
  const example = argv[0] === 'run-example';
  if (example) at = 1;
  for (; at < argv.length; at++) {
    const word = argv[at]!;
    if (!word.startsWith('-')) break;
    const joined = /^(--[^=]+)=([\s\S]+)$/.exec(word);
    const option = findOption(joined?.[1] ?? word);
    if (option === undefined) throw unrecognised(word, joined?.[1] ?? word);
    if (option.value === undefined) {
      if (joined) throw unrecognised(word, word); // Spark knows no `--verbose=x`
      switches.add(option.name);
      continue;
    }
    if (joined === null && at + 1 === argv.length) throw new AppError('SUBMIT_USAGE', { reason: `Missing argument for option '${word}'.` });
    const value = joined ? joined[2]! : argv[++at]!;
    if (option.field === 'kill' || option.field === 'status') action = option.field;
    take(option, value, fields, properties);
  }
  if (switches.has('--summary')) properties.set('spark.emberloom.summary', 'true');
  if (switches.has('--version')) action = 'version';
  if (switches.has('--help')) action = 'help';
  return {
    action,
    fields,
    given: new Set(Object.keys(fields) as Field[]),
    properties,
    example,
    verbose: switches.has('--verbose'),
    supervise: switches.has('--supervise'),
    loadSparkDefaults: switches.has('--load-spark-defaults'),
    primaryResource: argv[at],
    childArgs: argv.slice(at + 1),
  };
}

function take(option: Option, value: string, fields: Partial<Record<Field, string>>, properties: Map<string, string>): void {
  if (option.field !== undefined) {
    fields[option.field] = value;
    return;
  }
  const equals = value.indexOf('=');
  if (equals < 0) throw new AppError('SUBMIT_USAGE', { reason: `Invalid argument to --conf: ${value}` });
  properties.set(value.slice(0, equals).trim(), value.slice(equals + 1).trim());
}

function unrecognised(word: string, name: string): AppError {
  const meant = nearest(name, optionNames());
  return new AppError('SUBMIT_USAGE', { reason: `Unrecognized option: ${word}${meant === undefined ? '' : `. Did you mean ${meant}?`}` });
}
