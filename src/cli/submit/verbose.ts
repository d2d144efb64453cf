// The block that --verbose prints on stderr, in Spark's order and form (golden sample: verbose.stderr). Pure text.
import { redacted } from '../../common/redact.ts';
import type { SubmitConfig } from '../../common/submit-config.ts';
import type { SubmitArguments } from './arguments.ts';

const byKey = (a: readonly [string, string], b: readonly [string, string]) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);
const pairs = (entries: Iterable<readonly [string, string]>, indent: string) =>
  [...entries]
    .sort(byKey)
    .map(([key, value]) => `${indent}(${key},${redacted(key, value)})\n`)
    .join('');

export const usingPropertiesFile = (file: string | undefined): string => `Using properties file: ${file ?? 'null'}\n`;
export const addingDefault = (key: string, value: string): string => `Adding default property: ${key}=${redacted(key, value)}\n`;

/** @param primaryResource resolved, or as given when it is no file */
export function parsedArguments(args: SubmitArguments, primaryResource: string): string {
  const f = args.fields;
  const rows: [string, string | boolean | undefined][] = [
    ['master', f.master],
    ['remote', f.remote],
    ['deployMode', f.deployMode],
    ['executorMemory', f.executorMemory],
    ['executorCores', f.executorCores],
    ['totalExecutorCores', f.totalExecutorCores],
    ['propertiesFile', f.propertiesFile],
    ['driverMemory', f.driverMemory],
    ['driverCores', f.driverCores],
    ['driverExtraClassPath', f.driverExtraClassPath],
    ['driverExtraLibraryPath', f.driverExtraLibraryPath],
    ['driverExtraJavaOptions', f.driverExtraJavaOptions],
    ['supervise', args.supervise],
    ['queue', f.queue],
    ['numExecutors', f.numExecutors],
    ['files', f.files],
    ['pyFiles', f.pyFiles],
    ['archives', f.archives],
    ['mainClass', f.mainClass],
    ['primaryResource', primaryResource],
    ['name', f.name],
    ['childArgs', `[${args.childArgs.join(' ')}]`],
    ['jars', f.jars],
    ['packages', f.packages],
    ['packagesExclusions', f.packagesExclusions],
    ['repositories', f.repositories],
    ['verbose', args.verbose],
  ];
  return `Parsed arguments:
${rows.map(([name, value]) => `  ${name.padEnd(24)}${String(value ?? 'null')}\n`).join('')}
Spark properties used, including those specified through
 --conf and those from the properties file ${f.propertiesFile ?? 'null'}:
${pairs(args.properties, '  ')}
    
`;
}

/** @param mainClass what is called with the program: there is no class, so the name of our own function */
export function preparedEnvironment(config: SubmitConfig, mainClass: string): string {
  return `Main class:
${mainClass}
Arguments:
${[config.primaryResource, ...config.args].join('\n')}
Spark config:
${pairs(config.conf, '')}Classpath elements:



`;
}
