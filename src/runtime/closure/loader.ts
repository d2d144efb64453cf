// The driver's module loader: `module.registerHooks` over the user's own modules. Installed by spark-submit's driver before it imports the
// user's script, or by `node --import emberloom/register`. Executors run without it. It needs no file of its own beside it, so it works
// bundled and unbundled.
import { readFileSync } from 'node:fs';
import { registerHooks, type LoadFnOutput, type LoadHookContext } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runtime } from './driver-runtime.ts';
import { packagesUrlOf, resolveWithPackages } from './submitted-packages.ts';
import { cacheKey, readCache, writeCache } from './transform-cache.ts';
import { RUNTIME_SPECIFIER, transform, type Transformed } from './transform.ts';
import { formatsOf, isUserModule, toJavaScript, type UserModuleRules } from './user-module.ts';

export interface LoaderOptions {
  /** `file:` URL of what `import … from 'emberloom'` means, wherever the script lies. Omit it where Node finds the package itself. */
  engineUrl?: string | undefined;
  /** Further specifiers of the engine: `{ 'emberloom/functions': 'file:…' }`. */
  engineModules?: Readonly<Record<string, string>> | undefined;
  engineDir?: string | undefined;
  packages?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  /** Folder for results of the transform; none: nothing is kept. */
  cacheDir?: string | undefined;
  /** Folder of --packages (submitted-packages.ts). */
  packagesDir?: string | undefined;
}

interface Installed {
  rules: UserModuleRules;
  engine: Map<string, string>;
  cacheDir: string | undefined;
  packagesUrl: string | undefined;
}

const SLOT = Symbol.for('emberloom.closure.loader');
const global = globalThis as unknown as Record<symbol, Installed | undefined>;

/** Idempotent: a second call (of another copy of this file, too) only adds to the options; modules loaded before keep what they are. */
export function installLoader(options: LoaderOptions = {}): void {
  const first = global[SLOT] === undefined;
  const installed: Installed = (global[SLOT] ??= {
    rules: { packages: [], exclude: [] },
    engine: new Map(),
    cacheDir: undefined,
    packagesUrl: undefined,
  });
  const { rules, engine } = installed;
  if (options.engineUrl) engine.set('emberloom', options.engineUrl);
  for (const [specifier, url] of Object.entries(options.engineModules ?? {})) engine.set(specifier, url);
  if (options.engineDir) rules.engineDir = options.engineDir;
  if (options.packages) rules.packages = options.packages;
  if (options.exclude) rules.exclude = options.exclude;
  if (options.cacheDir) installed.cacheDir = options.cacheDir;
  if (options.packagesDir) installed.packagesUrl = packagesUrlOf(options.packagesDir);
  if (first) hook(installed);
}

const RUNTIME_SOURCE = `export const{c,o,k,m}=globalThis[Symbol.for('emberloom.closure.runtime')];`;

function hook(installed: Installed): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === RUNTIME_SPECIFIER) return { url: RUNTIME_SPECIFIER, format: 'module', shortCircuit: true };
      const { parentURL } = context; // a later hook's context is merged into this very object
      const engineUrl = installed.engine.get(specifier);
      const resolved = engineUrl
        ? { url: engineUrl, shortCircuit: true }
        : resolveWithPackages(specifier, context, next, installed.packagesUrl);
      if (parentURL) runtime.resolutions.set(`${parentURL}\n${specifier}`, resolved.url);
      return resolved;
    },
    load(url, context, next) {
      if (url === RUNTIME_SPECIFIER) return { format: 'module', source: RUNTIME_SOURCE, shortCircuit: true };
      const loaded = loadedByNode(url, context, next);
      return loaded.source != null && isUserModule(url, installed.rules)
        ? (load(url, context, loaded, installed.cacheDir) ?? loaded)
        : loaded;
    },
  });
}

/**
 * For a `.ts` file without a package.json that says "type", Node strips the types to find out whether it is a module, and so fails at enums,
 * namespaces and parameter properties before we see the text: then it is read here, and its format is found as for `.js`.
 */
function loadedByNode(url: string, context: LoadHookContext, next: (url: string, context: LoadHookContext) => LoadFnOutput): LoadFnOutput {
  try {
    return next(url, context);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw error;
    return { format: undefined, source: readFileSync(fileURLToPath(url)) };
  }
}

/** @returns undefined where Node should go on with the text as it is: not JavaScript, or a syntax error that V8 tells best itself */
function load(url: string, context: LoadHookContext, loaded: LoadFnOutput, cacheDir: string | undefined): LoadFnOutput | undefined {
  const kind = formatsOf(url, loaded.format ?? context.format);
  if (!kind) return undefined;
  const source = textOf(loaded.source);
  const key = cacheDir ? cacheKey(url, `${kind.formats} ${kind.typescript}`, source) : '';
  const cached = cacheDir ? readCache(cacheDir, key) : undefined;
  const result = cached ?? transformFirst(source, url, kind);
  if (!result) return undefined;
  if (cacheDir && !cached) writeCache(cacheDir, key, result);
  return { format: result.meta.format, source: register(result), shortCircuit: true };
}

function textOf(source: LoadFnOutput['source']): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source as Uint8Array);
}

function transformFirst(source: string, url: string, kind: NonNullable<ReturnType<typeof formatsOf>>): Transformed | undefined {
  let text = source;
  try {
    if (kind.typescript) text = toJavaScript(source, url);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_INVALID_TYPESCRIPT_SYNTAX') return undefined;
    throw error;
  }
  for (const format of kind.formats) {
    try {
      return transform(text, { url, format });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      refuseDecorators(error, text, url);
    }
  }
  return undefined;
}

function refuseDecorators(error: SyntaxError & { pos?: number; loc?: { line: number } }, text: string, url: string): void {
  if (text[error.pos ?? -1] !== '@') return;
  const line = error.loc?.line ?? 0;
  throw new SyntaxError(`${fileURLToPath(url)}:${line}: decorators are not JavaScript yet: compile this file first (tsc, esbuild, oxc)`);
}

/** A module that is loaded a second time (its `require.cache` entry was deleted) has other variables: its markers get a suffix. */
function register({ code, meta }: Transformed): string {
  let { id } = meta;
  for (let copy = 1; runtime.modules.has(id); copy++) id = `${meta.hash}~${copy}`;
  const module = { ...meta, id };
  runtime.modules.set(id, module);
  runtime.modulesByUrl.set(meta.url, module);
  return id === meta.hash ? code : code.replaceAll(`/*#sp${meta.hash}.`, `/*#sp${id}.`).replace(`m("${meta.hash}",`, `m("${id}",`);
}
