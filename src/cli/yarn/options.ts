// Options of yarn's commands, with the rules of commons-cli: long names with one dash (two are taken too), a value in the next word.
import { AppError } from '../../common/errors.ts';
import { nearest } from '../../common/suggest.ts';

/** `none`: a switch; `one`: needs a value; `list`: one or more words up to the next option; `optional`, `optionalList`: a value, or several, may follow. */
export type Takes = 'none' | 'one' | 'list' | 'optional' | 'optionalList';
export type YarnOption = { readonly takes: Takes; readonly value?: string; readonly help: string };
export type YarnOptions = Readonly<Record<string, YarnOption>>;

export class ParsedOptions {
  readonly #given: ReadonlyMap<string, readonly string[]>;

  constructor(given: ReadonlyMap<string, readonly string[]>) {
    this.#given = given;
  }

  has(name: string): boolean {
    return this.#given.has(name);
  }

  one(name: string): string | undefined {
    return this.#given.get(name)?.[0];
  }

  /** Values given in several words or joined with commas. */
  all(name: string): string[] {
    return (this.#given.get(name) ?? [])
      .flatMap((v) => v.split(','))
      .map((v) => v.trim())
      .filter((v) => v !== '');
  }
}

/** @param command for the error's hint. @throws AppError SUBMIT_USAGE */
export function parseYarnOptions(argv: readonly string[], options: YarnOptions): ParsedOptions {
  const given = new Map<string, string[]>();
  let at = 0;
  while (at < argv.length) {
    const word = argv[at++]!;
    if (!word.startsWith('-')) throw new AppError('SUBMIT_USAGE', { reason: `Unexpected argument: ${word}` });
    const name = word.replace(/^--?/, '');
    const option = options[name];
    if (option === undefined) {
      const meant = nearest(name, Object.keys(options));
      throw new AppError('SUBMIT_USAGE', {
        reason: `Unrecognized option: ${word}${meant === undefined ? '' : `. Did you mean -${meant}?`}`,
      });
    }
    const values: string[] = given.get(name) ?? [];
    given.set(name, values);
    const isValue = () => at < argv.length && (!argv[at]!.startsWith('-') || /^-\d/.test(argv[at]!));
    if (option.takes === 'none') continue;
    if (!option.takes.startsWith('optional') && !isValue())
      throw new AppError('SUBMIT_USAGE', { reason: `Missing argument for option: ${name}` });
    if (isValue()) values.push(argv[at++]!);
    while ((option.takes === 'list' || option.takes === 'optionalList') && isValue()) values.push(argv[at++]!);
  }
  return new ParsedOptions(given);
}

/** As commons-cli prints usage: ` -name <Value>   help`, wrapped. */
export function yarnUsage(usage: string, options: YarnOptions): string {
  const left = ([name, o]: [string, YarnOption]) => ` -${name}${o.takes === 'none' ? '' : ` <${o.value ?? 'arg'}>`}`;
  const entries = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  const indent = Math.min(44, Math.max(...entries.map((e) => left(e).length)) + 3);
  const lines = entries.map((e) => left(e).padEnd(indent) + wrapped(e[1].help, 100 - indent, indent));
  return `usage: ${usage}\n${lines.join('\n')}\n`;
}

function wrapped(text: string, width: number, indent: number): string {
  let line = 0;
  return text.split(' ').reduce((out, word) => {
    const fits = line + word.length + 1 <= width || line === 0;
    line = fits ? line + word.length + 1 : word.length + 1;
    return `${out}${out === '' ? '' : fits ? ' ' : `\n${' '.repeat(indent)}`}${word}`;
  }, '');
}
