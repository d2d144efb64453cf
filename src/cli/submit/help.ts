// What `spark-submit --help` and `--version` print, both on stderr as Spark does. The options come from options.ts.
import { OPTIONS, type Option } from './options.ts';

const INTRO = `Usage: spark-submit [options] <program: .ts, .mts, .js, .mjs or .cjs file> [program arguments]
Usage: spark-submit --kill [application ID] --master yarn
Usage: spark-submit --status [application ID] --master yarn
Usage: spark-submit run-example [options] example-name [example arguments]
`;

const GROUPS: Record<Option['group'], string> = {
  general: 'Options:',
  driver: ' Driver:',
  resources: ' Resources:',
  yarn: ' Cluster (master "yarn"):',
  other: ' Other:',
};
const INDENT = 30;
const WIDTH = 118;

export function helpText(): string {
  const groups = Object.entries(GROUPS).map(
    ([group, title]) =>
      `${title}\n${OPTIONS.filter((o) => o.group === group)
        .map(line)
        .join('')}`,
  );
  return `${INTRO}\n${groups.join('\n')}`;
}

function line(option: Option): string {
  const name = [option.name, ...(option.aliases ?? [])].join(', ');
  const left = `  ${name}${option.value === undefined ? '' : ` ${option.value}`}`;
  const text = option.refused === undefined ? option.help : `${option.help} [not supported: ${option.refused}]`;
  const [first, ...rest] = wrap(text, WIDTH - INDENT);
  const head = left.length < INDENT - 1 ? left.padEnd(INDENT) + first : `${left}\n${' '.repeat(INDENT)}${first}`;
  return `${[head, ...rest.map((r) => ' '.repeat(INDENT) + r)].join('\n')}\n`;
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]!;
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

/** The Spark version whose options, exit codes and output lines spark-submit keeps. Tools (Livy) read it from `--version`. */
export const SPARK_VERSION = '4.0.1';

/**
 * Livy matches `version (.*)` and wants x.y.z with x ≥ 3: so the first `version` is Spark's, on a line of its own.
 * @param ownVersion Emberloom's, from package.json
 */
export function versionText(ownVersion: string, nodeVersion: string): string {
  return `Welcome to Emberloom ${ownVersion}, which speaks the language of Spark
   version ${SPARK_VERSION}

Using Node.js ${nodeVersion}
Type --help for more information.
`;
}
