// --packages: npm packages that the program imports and that do not lie beside it. npm resolves them once, here in the submitter, into a
// folder that is named after what it holds and never changed again; driver and executors look there for what is not beside the program
// (closure/submitted-packages.ts). What --packages means in Spark: Maven coordinates, by Ivy, into ~/.ivy2 (DependencyUtils, MavenUtils).
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { Logger } from '../../common/ports.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import type { SubmitConfig } from '../../common/submit-config.ts';
import { runCommand } from '../../platform/run-command.ts';
import { dataDirOf, type Environment } from '../../platform/find-cluster.ts';

const NPM_SPEC = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~][\w.~-]*(@[^\s@][^\s]*)?$/i;
const MAVEN = /^[\w.-]+:[\w.-]+(?::[\w.-]+)+$/;
const EXACT = /^(?:@[^/]+\/)?[^@]+@\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;
const WRITTEN = 'package-lock.json';

/** `lodash@4.17.21,npm:@scope/x@^2` → npm's own words. @throws AppError SUBMIT_USAGE */
export function npmSpecs(listed: string): string[] {
  const specs = listed
    .split(',')
    .map((entry) => entry.trim().replace(/^npm:/, ''))
    .filter((entry) => entry !== '');
  for (const spec of specs) {
    if (MAVEN.test(spec))
      throw new AppError('SUBMIT_USAGE', {
        reason: `--packages ${spec}: this is a Maven coordinate, and no JVM runs here. Name npm packages: --packages name@version.`,
      });
    if (!NPM_SPEC.test(spec))
      throw new AppError('SUBMIT_USAGE', { reason: `--packages ${spec}: expected npm packages such as lodash@4.17.21 or @scope/name@^2.` });
  }
  return [...new Set(specs)].sort();
}

/** npm asks one registry; others belong to scopes, in .npmrc. @throws AppError SUBMIT_USAGE */
export function npmRegistry(listed: string | undefined): string | undefined {
  const urls = (listed ?? '').split(',').map((url) => url.trim());
  if (urls.length > 1)
    throw new AppError('SUBMIT_USAGE', {
      reason: `--repositories ${listed}: npm asks one registry; give those of single scopes in .npmrc (@scope:registry=…).`,
    });
  if (urls[0] === '') return undefined;
  if (!/^https?:\/\/[^\s]+$/.test(urls[0]!))
    throw new AppError('SUBMIT_USAGE', { reason: `--repositories ${listed}: expected the http address of an npm registry.` });
  return urls[0];
}

type Around = { readonly cwd: string; readonly env: Environment; readonly logger: Logger; readonly fromFile: boolean };

/**
 * spark.jars.packages of the settings, installed. A properties file that was written for a JVM may name Maven coordinates: those are
 * left out with a warning; on the command line they are refused.
 * @throws AppError SUBMIT_USAGE, PACKAGES_FAILED, DATA_DIR_UNUSABLE
 */
export async function withPackages(config: SubmitConfig, { cwd, env, logger, fromFile }: Around): Promise<SubmitConfig> {
  const conf = new Map(config.conf);
  let listed = conf.get('spark.jars.packages') ?? '';
  const maven = listed.split(',').filter((entry) => MAVEN.test(entry.trim()));
  if (fromFile && maven.length > 0) {
    logger.warn(`spark.jars.packages: ${maven.join(',')} is ignored: Maven coordinates mean nothing without a JVM.`);
    listed = listed
      .split(',')
      .filter((entry) => !maven.includes(entry))
      .join(',');
  }
  const specs = npmSpecs(listed);
  if (specs.length === 0) return config;
  const registry = npmRegistry(conf.get('spark.jars.repositories'));
  const folder = await installPackages(specs, {
    cacheDir: join(dataDirOf(env), 'packages'),
    registry,
    cwd,
    log: logger.named('SparkSubmit'),
  });
  return { ...config, conf: [...conf.set(SPARK_KEYS.packagesDir.name, folder)] };
}

export type PackagesFrom = {
  /** Where packages of all submits are kept, for example `<EMBERLOOM_DATA>/packages`. */
  readonly cacheDir: string;
  /** --repositories: the address of the registry; undefined: npm's own configuration. */
  readonly registry?: string | undefined;
  readonly cwd: string;
  readonly log: Logger;
};

/**
 * Exact versions that are there already cost no process; for ranges npm looks what is newest.
 * @returns the folder whose node_modules has them
 * @throws AppError PACKAGES_FAILED with npm's words, DATA_DIR_UNUSABLE
 */
export async function installPackages(specs: readonly string[], { cacheDir, registry, cwd, log }: PackagesFrom): Promise<string> {
  const known = join(cacheDir, `${hashOf([registry ?? '', ...specs].join('\n'))}.of`);
  const kept = specs.every((spec) => EXACT.test(spec)) ? readIfThere(known) : undefined;
  if (kept !== undefined && existsSync(join(cacheDir, kept, WRITTEN))) return join(cacheDir, kept);
  const from = Date.now();
  const work = makeWorkFolder(cacheDir);
  try {
    writeFileSync(join(work, 'package.json'), '{ "name": "packages", "version": "0.0.0", "private": true }\n');
    const flags = ['--no-audit', '--no-fund', '--omit=dev', '--package-lock', '--loglevel=error'];
    if (registry !== undefined) flags.push(`--registry=${registry}`);
    log.info(`Resolving packages with npm: ${specs.join(', ')}`);
    const { ok, stderr } = await runCommand('npm', ['install', ...flags, '--', ...specs.map((spec) => absolute(spec, cwd))], work);
    if (!ok) throw new AppError('PACKAGES_FAILED', { packages: specs.join(', '), detail: npmSaid(stderr) });
    const name = hashOf(readFileSync(join(work, WRITTEN), 'utf8'));
    if (!existsSync(join(cacheDir, name, WRITTEN))) place(work, join(cacheDir, name));
    writeFileSync(`${known}.${process.pid}`, name);
    renameSync(`${known}.${process.pid}`, known);
    log.info(`Resolved ${specs.length} package${specs.length === 1 ? '' : 's'} into ${join(cacheDir, name)} in ${Date.now() - from} ms`);
    return join(cacheDir, name);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function makeWorkFolder(cacheDir: string): string {
  try {
    mkdirSync(cacheDir, { recursive: true, mode: 0o700 });
    return mkdtempSync(join(cacheDir, '.install-'));
  } catch (error) {
    throw new AppError('DATA_DIR_UNUSABLE', { path: cacheDir, detail: (error as Error).message }, { cause: error });
  }
}

/** Two submits may bring the same at once: the second finds it there. */
function place(work: string, folder: string): void {
  try {
    renameSync(work, folder);
  } catch (error) {
    if (!existsSync(join(folder, WRITTEN))) throw error;
  }
}

/** `name@file:./x.tgz` counts from the user's folder, not from ours. */
const absolute = (spec: string, cwd: string): string => spec.replace(/@file:(.+)$/, (_, path: string) => `@file:${resolve(cwd, path)}`);

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** The lines that say what went wrong; without its log file and its codes for programs. */
const npmSaid = (stderr: string): string =>
  stderr
    .split('\n')
    .map((line) => line.replace(/^npm (?:error|ERR!) ?(?:(?:notarget|404|network|ERESOLVE) )?/, '').trim())
    .filter((line) => line !== '' && !/^(?:code|errno|npm warn|A complete log)/.test(line))
    .slice(0, 4)
    .join(' ');
