// Executor: modules that user functions refer to by name, imported from the application's folder before the (synchronous) rebuild, once per
// process. The version that the driver saw is compared: a reference means "the same package on both sides".
import { readFileSync } from 'node:fs';
import { isBuiltin, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ImportReference } from './captured.ts';
import { resolveWithPackages } from './submitted-packages.ts';

type Any = any;

export interface ImportContext {
  /** Folder of the application on this executor: a `file:` URL that ends with `/`. */
  readonly baseUrl: string;
  /** What `import … from 'emberloom'` gives inside user functions, by specifier: `{ emberloom: …, 'emberloom/functions': … }`. */
  readonly engine?: Readonly<Record<string, object>> | undefined;
  /** Of the folder of --packages: packagesUrlOf. */
  readonly packagesUrl?: string | undefined;
  /** 'off' for clusters that mix versions on purpose. */
  readonly packageVersions?: 'exact' | 'off' | undefined;
}

export class PackageVersionError extends Error {
  override readonly name = 'PackageVersionError';
  readonly code = 'PACKAGE_VERSION_DIFFERS';
}

const loaded = new Map<string, Any>();
const keyOf = (specifier: string, { baseUrl }: ImportContext): string =>
  specifier.startsWith('node:') ? specifier : `${baseUrl}\n${specifier}`;

/** @throws Error when a module is missing, PackageVersionError when it has another version than in the driver */
export async function importModules(references: readonly ImportReference[], context: ImportContext): Promise<void> {
  for (const reference of references) {
    const key = keyOf(reference.specifier, context);
    if (loaded.has(key) || context.engine?.[reference.specifier]) continue;
    if (context.packageVersions !== 'off') compareVersion(reference, context);
    loaded.set(key, await importFrom(reference.specifier, context));
  }
}

/** @throws Error when the module was not imported before */
export function importedModule(specifier: string, context: ImportContext): Any {
  const exports = context.engine?.[specifier] ?? loaded.get(keyOf(specifier, context));
  if (exports === undefined) throw new Error(`module ${specifier} was not loaded on this executor`);
  return exports;
}

const APPLICATION = 'emberloom-application:';
const ENGINE = 'emberloom-engine:';
const DRIVER_LOADER = Symbol.for('emberloom.closure.loader');
let hookedEngine: ImportContext['engine'] | null = null;
let hookedPackages: string | undefined;

/** `import()` of a specifier as if the importing file lay in the application's folder. */
export async function importFrom(specifier: string, context: ImportContext): Promise<Any> {
  const engine = context.engine?.[specifier];
  if (engine) return engine;
  if (isBuiltin(specifier)) return import(specifier);
  hook(context);
  if (/^\.{0,2}\//.test(specifier)) return import(new URL(specifier, context.baseUrl).href);
  if (specifier.startsWith('file:')) return import(specifier);
  return import(`${APPLICATION}${context.baseUrl}executor.mjs\n${specifier}`);
}

/** Resolves from the application's folder, and gives `'use executor'` modules the engine that user functions get. Once per thread. */
function hook({ engine, packagesUrl }: ImportContext): void {
  const first = hookedEngine === null;
  hookedEngine = engine;
  hookedPackages = packagesUrl;
  if (!first) return;
  registerHooks({
    resolve(name, details, next) {
      if (name.startsWith(APPLICATION)) {
        const [parentURL, bare] = name.slice(APPLICATION.length).split('\n') as [string, string];
        return resolveWithPackages(bare, { ...details, parentURL }, next, hookedPackages);
      }
      // where driver and executor are one process, the driver's loader knows the engine
      const ours = hookedEngine?.[name] !== undefined && !(DRIVER_LOADER in globalThis);
      return ours
        ? { url: `${ENGINE}${name}`, format: 'module', shortCircuit: true }
        : resolveWithPackages(name, details, next, hookedPackages);
    },
    load(url, details, next) {
      if (!url.startsWith(ENGINE)) return next(url, details);
      return { format: 'module', source: engineSource(url.slice(ENGINE.length)), shortCircuit: true };
    },
  });
}

const ENGINE_GLOBAL = Symbol.for('emberloom.closure.engine');

/** A module whose exports are those of the engine's object: no file, so it works bundled and unbundled. */
function engineSource(specifier: string): string {
  (globalThis as Any)[ENGINE_GLOBAL] = hookedEngine;
  const names = Object.keys(hookedEngine?.[specifier] ?? {}).filter((name) => name !== 'default' && /^[A-Za-z_$][\w$]*$/.test(name));
  const exports = `globalThis[Symbol.for('emberloom.closure.engine')][${JSON.stringify(specifier)}]`;
  return `const e=${exports};export const{${names}}=e;export default e;`;
}

function compareVersion({ package: name, version }: ImportReference, { baseUrl }: ImportContext): void {
  if (name === undefined || version === undefined) return;
  const found = installedVersion(name, baseUrl);
  if (found === undefined || found === version) return; // a missing package is reported by its import
  throw new PackageVersionError(
    `The driver uses ${name} ${version}; this executor has ${found} (for ${fileURLToPath(baseUrl)}). ` +
      'Install the same version on both sides.',
  );
}

function installedVersion(name: string, baseUrl: string): string | undefined {
  for (let folder = new URL('.', baseUrl); ; folder = new URL('..', folder)) {
    try {
      return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, folder), 'utf8')).version;
    } catch {
      if (folder.pathname === '/') return undefined; // not on the way up: NODE_PATH or a loader of the user's
    }
  }
}
