// Values that executors have too: globals, built-in modules, the engine, packages that the application imports. Found by identity, so
// that a function of a package that lies in the user's variable travels as a reference. Driver only.
import { builtinModules, createRequire, isBuiltin } from 'node:module';
import { readFileSync } from 'node:fs';
import { types } from 'node:util';
import { fileURLToPath } from 'node:url';
import { runtime } from './driver-runtime.ts';
import { STANDARD_GLOBALS } from './describe-unit.ts';
import { packageOf } from './user-module.ts';

/** `['g', path]`: a global; `['r', specifier, path]`: an export. */
export type FoundReference = readonly ['g', string[]] | readonly ['r', string, string[]];

type Any = any;
const holdable = (value: unknown): value is object => (typeof value === 'object' && value !== null) || typeof value === 'function';

let index: Map<unknown, FoundReference> | undefined;
let seenResolutions = -1;
let seenEngine = 0;
const indexedUrls = new Set<string>();

/** First call in a process: about 2 ms to index globals and built-ins. */
export function findReference(value: unknown): FoundReference | undefined {
  index ??= indexProcess();
  const hit = index.get(value);
  if (hit) return hit;
  return indexImports(index) ? index.get(value) : undefined;
}

function indexProcess(): Map<unknown, FoundReference> {
  const found = new Map<unknown, FoundReference>([[globalThis, ['g', []]]]);
  for (const name of STANDARD_GLOBALS) {
    // getters (crypto, navigator, …) would load what they stand for
    const value = Object.getOwnPropertyDescriptor(globalThis, name)?.value;
    if (name !== 'globalThis' && name !== 'global' && holdable(value)) indexGlobal(found, name, value);
  }
  for (const name of builtinModules) {
    if (/^(_|node:|sys$|punycode|wasi|test|inspector|trace_events|sqlite|sea)/.test(name)) continue;
    note(found, process.getBuiltinModule(name as 'fs'), `node:${name}`, ['default']);
  }
  return found;
}

function indexGlobal(found: Map<unknown, FoundReference>, name: string, value: Any): void {
  const add = (target: unknown, path: string[]) => {
    if (!found.has(target)) found.set(target, ['g', path]);
  };
  add(value, [name]);
  const prototype = value.prototype;
  if (prototype) add(prototype, [name, 'prototype']);
  for (const [holder, path] of [
    [value, [name]],
    [prototype, [name, 'prototype']],
  ] as const) {
    if (!holdable(holder)) continue;
    for (const key of Object.getOwnPropertyNames(holder)) {
      const member = Object.getOwnPropertyDescriptor(holder, key)?.value;
      if (typeof member === 'function' && key !== 'constructor') add(member, [...path, key]);
    }
  }
}

/** @returns whether there was anything new */
function indexImports(found: Map<unknown, FoundReference>): boolean {
  if (seenResolutions === runtime.resolutions.size && seenEngine === runtime.engineExports.size) return false;
  const before = found.size;
  seenEngine = runtime.engineExports.size;
  for (const [specifier, exports] of runtime.engineExports) note(found, exports, specifier, []);
  for (const [key, url] of runtime.resolutions) {
    const at = key.indexOf('\n');
    const specifier = key.slice(at + 1);
    const ofUser = runtime.modulesByUrl.has(key.slice(0, at));
    if (!ofUser || indexedUrls.has(url) || !isPackageImport(specifier, url)) continue;
    indexedUrls.add(url);
    try {
      const exports = createRequire(url)(fileURLToPath(url));
      note(found, exports, specifier, types.isModuleNamespaceObject(exports) ? [] : ['module.exports']);
    } catch {
      // a module with top-level await can't be required: only what is imported from it by name can be referred to
    }
  }
  seenResolutions = runtime.resolutions.size;
  return found.size > before;
}

function note(found: Map<unknown, FoundReference>, exports: Any, specifier: string, path: string[]): void {
  if (!holdable(exports)) return;
  if (!found.has(exports)) found.set(exports, ['r', specifier, path]);
  const namespace = types.isModuleNamespaceObject(exports);
  for (const key of Object.keys(exports)) {
    const descriptor = Object.getOwnPropertyDescriptor(exports, key);
    const value = descriptor?.get && namespace ? (exports as Any)[key] : descriptor?.value;
    if (!holdable(value) || found.has(value)) continue;
    found.set(value, ['r', specifier, [...path, key]]);
    if (key === 'default' || key === 'prototype') note(found, value, specifier, [...path, key]);
  }
}

/** Whether an import of the user's leads out of the user's code: to a built-in, the engine, or a package. */
export function isPackageImport(specifier: string, url: string | undefined): boolean {
  if (isBuiltin(specifier) || isEngine(specifier)) return true;
  return url?.includes('/node_modules/') === true && !/^\.{0,2}\//.test(specifier);
}

export const isEngine = (specifier: string): boolean => specifier === 'emberloom' || specifier.startsWith('emberloom/');

const versions = new Map<string, string | undefined>();

/** Name and version of the package that a resolved file belongs to, from its package.json. */
export function packageVersion(url: string): { name: string; version: string } | undefined {
  const name = packageOf(url);
  if (name === undefined || !url.startsWith('file:')) return undefined;
  const root = url.slice(0, url.lastIndexOf('/node_modules/') + '/node_modules/'.length + name.length);
  if (!versions.has(root)) {
    try {
      versions.set(root, JSON.parse(readFileSync(fileURLToPath(`${root}/package.json`), 'utf8')).version);
    } catch {
      versions.set(root, undefined);
    }
  }
  const version = versions.get(root);
  return version === undefined ? undefined : { name, version };
}
