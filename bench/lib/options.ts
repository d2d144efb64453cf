/** The flags that every bench takes. A bench has its own sizes beside them, by `--size name=value`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './paths.ts';

export type Options = {
  readonly rounds: number;
  readonly peer: boolean;
  readonly ours: boolean;
  readonly note: string;
  /** False for a try whose figures are printed and not kept. */
  readonly keep: boolean;
  /** The sizes that were given, for the result; ask with `size`. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly timeoutMs: number;
  /** Settings for our spark-submit, as `--conf` takes them. */
  readonly conf: readonly string[];
  /** The named size, or its default. */
  readonly size: (name: string, fallback: number) => number;
};

const HELP = `  --rounds N        how often each side runs (default: the bench's own)
  --sides WHICH     both (default), peer, ours
  --note TEXT       kept with the result, for example "loaded machine"
  --no-keep         print the figures and write no result
  --timeout SECONDS for each command (default 300)
  --size NAME=N     another size than the bench's own; may be repeated
  --conf KEY=VALUE  given to our spark-submit; may be repeated`;

/** @throws ends the process with 2 and the help for an unknown flag or value */
export function readOptions(defaultRounds: number): Options {
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string' },
        sides: { type: 'string', default: 'both' },
        note: { type: 'string', default: '' },
        'no-keep': { type: 'boolean', default: false },
        timeout: { type: 'string', default: '300' },
        size: { type: 'string', multiple: true, default: [] },
        conf: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) throw new Error('Flags:');
    if (!['both', 'peer', 'ours'].includes(values.sides)) throw new Error(`--sides ${values.sides}: expected both, peer or ours`);
    const sizes = new Map(values.size.map((pair) => [pair.split('=')[0] ?? '', count(pair, pair.split('=')[1])]));
    const built = existsSync(join(ROOT, 'bin/spark-submit'));
    if (!built && values.sides === 'ours') throw new Error('bin/spark-submit is not there, so our side cannot run');
    if (!built && values.sides === 'both') console.error('bin/spark-submit is not there: the peer runs alone');
    return {
      rounds: values.rounds === undefined ? defaultRounds : count('--rounds', values.rounds),
      peer: values.sides !== 'ours',
      ours: built && values.sides !== 'peer',
      note: values.note,
      keep: !values['no-keep'],
      sizes: Object.fromEntries(sizes),
      timeoutMs: count('--timeout', values.timeout) * 1000,
      conf: values.conf,
      size: (name, fallback) => sizes.get(name) ?? fallback,
    };
  } catch (fault) {
    console.error(`${(fault as Error).message}\n${HELP}`);
    process.exit(2);
  }
}

function count(what: string, text: string | undefined): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${what}: expected a whole number from 1`);
  return value;
}
