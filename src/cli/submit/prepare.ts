// From completed arguments to the SubmitConfig that the driver gets. Looks at the file system; connects to nothing.
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import type { SubmitConfig } from '../../common/submit-config.ts';
import { ownName } from '../../platform/client-identity.ts';
import { dataDirOf } from '../../platform/find-cluster.ts';
import type { SubmitArguments } from './arguments.ts';
import { buildConf } from './build-conf.ts';
import { findExample } from './find-example.ts';
import { resolveList, resolveProgram } from './resolve-files.ts';

export type World = {
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nowMs: number;
};
export type Prepared = { readonly config: SubmitConfig; readonly warnings: readonly string[] };

const ARCHIVE = /\.(?:zip|tgz|tar\.gz)(?:#.*)?$/i;

/** @throws AppError FILE_MISSING, SUBMIT_USAGE, USER_CLASS_NOT_FOUND */
export function prepareSubmit(args: SubmitArguments, { cwd, home, env, nowMs }: World): Prepared {
  const { fields } = args;
  const program = findProgram(args, cwd, home);
  const modules = (fields.pyFiles ?? '')
    .split(',')
    .map((f) => f.trim())
    .filter((f) => f !== '');
  const files = resolveList([fields.files, ...modules.filter((f) => !ARCHIVE.test(f))].filter(Boolean).join(','), cwd, '--files');
  const archives = resolveList([fields.archives, ...modules.filter((f) => ARCHIVE.test(f))].filter(Boolean).join(','), cwd, '--archives');
  fields.name ??= basename(program);
  const { entries, warnings } = buildConf(args, files, archives, nowMs);
  shipOwnPackage(entries, program);
  return {
    warnings,
    config: {
      master: fields.master!,
      deployMode: fields.deployMode === 'cluster' ? 'cluster' : 'client',
      name: fields.name,
      primaryResource: program,
      args: [...args.childArgs],
      conf: entries,
      files,
      archives,
      ...(fields.mainClass === undefined ? {} : { entryFunction: fields.mainClass }),
      appDir: appDirOf(program),
      user: userOf(env),
      verbose: args.verbose,
      home,
    },
  };
}

/** A program that is itself part of an installed package: that package's functions travel like the program's own. */
function shipOwnPackage(conf: [string, string][], program: string): void {
  const own = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(program)?.[1];
  if (own === undefined) return;
  const listed = conf.find(([key]) => key === SPARK_KEYS.closurePackages.name);
  if (listed === undefined) conf.push([SPARK_KEYS.closurePackages.name, own]);
  else if (!listed[1].split(',').includes(own)) listed[1] += `,${own}`;
}

function findProgram(args: SubmitArguments, cwd: string, home: string): string {
  const named = args.primaryResource!;
  if (args.example) return findExample(named, home);
  // Livy and SparkLauncher say spark-internal when there is no file and --class is found elsewhere: here there is no elsewhere.
  if (named === 'spark-internal') throw new AppError('USER_CLASS_NOT_FOUND', { name: args.fields.mainClass ?? named });
  if (/^(?:spark|pyspark|sparkr)-shell$/.test(named))
    throw new AppError('SUBMIT_USAGE', { reason: `${named} is not part of this version; submit a program file.` });
  return resolveProgram(named, cwd);
}

/** The nearest folder at or above the program with a package.json, else the program's own. */
export function appDirOf(program: string): string {
  for (let folder = dirname(program); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return dirname(program);
  }
}

/** SPARK_USER, then HADOOP_USER_NAME (Luigi sets it), then whose secret this process has, then who runs it. */
export function userOf(env: Readonly<Record<string, string | undefined>>): string {
  return env['SPARK_USER'] || env['HADOOP_USER_NAME'] || ownName(join(dataDirOf(env), 'secret'), env) || userInfo().username;
}
