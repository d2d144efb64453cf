// Which modules are the user's, and how the source of one becomes JavaScript with the same lines. Used by `loader.ts` only.
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { oxcParser } from './lazy-packages.ts';
import { lowerTypeScript } from './lower-typescript.ts';
import type { SourceFormat } from './walker.ts';

export interface UserModuleRules {
  /** The engine's own folder as a `file:` URL that ends with `/`; what lies below is not the user's. */
  engineDir?: string | undefined;
  /** `spark.closure.packages`: packages whose functions are shipped by value, as if they were the user's. */
  packages: readonly string[];
  /** `spark.closure.exclude`: globs of file paths that are left alone. */
  exclude: readonly string[];
}

const IN_PACKAGE = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/;

/** The package that a file belongs to: the innermost `node_modules/<name>` of its path. */
export const packageOf = (url: string): string | undefined => IN_PACKAGE.exec(url)?.[1];

export function isUserModule(url: string, { engineDir, packages, exclude }: UserModuleRules): boolean {
  if (!url.startsWith('file:')) return false;
  if (engineDir && url.startsWith(engineDir)) return false;
  if (exclude.length > 0) {
    const file = fileURLToPath(url);
    if (exclude.some((glob) => path.matchesGlob(file, glob))) return false;
  }
  const name = packageOf(url);
  return name === undefined || packages.includes(name);
}

/**
 * The formats to try, in order. A `.js` file that is required from a package without "type" comes without a format
 * (Node 24, registerHooks): CommonJS unless it can't be.
 * @returns undefined for what is not JavaScript or TypeScript (JSON, WebAssembly, built-ins)
 */
export function formatsOf(url: string, format: string | null | undefined): { formats: SourceFormat[]; typescript: boolean } | undefined {
  const extension = path.extname(new URL(url).pathname);
  const given =
    format ??
    ({ '.js': 'commonjs?', '.ts': 'commonjs-typescript?', '.cjs': 'commonjs', '.cts': 'commonjs-typescript' } as Record<string, string>)[
      extension
    ];
  const parts = /^(module|commonjs)(-typescript)?(\?)?$/.exec(given ?? '');
  if (!parts) return undefined;
  const formats: SourceFormat[] = parts[1] === 'module' ? ['module'] : parts[3] ? ['commonjs', 'module'] : ['commonjs'];
  return { formats, typescript: parts[2] !== undefined };
}

/** Erasable types are blanked out; what can't be erased is rewritten in place first. Lines stay. */
export function toJavaScript(source: string, url: string): string {
  try {
    return stripTypes(source);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw error;
    const file = fileURLToPath(url);
    const { program, errors } = oxcParser().parseSync(file, source, { lang: 'ts', sourceType: 'module', preserveParens: true });
    const [first] = errors;
    if (first) throw new SyntaxError(`${file}: ${first.message}`);
    return stripTypes(lowerTypeScript(source, file, program));
  }
}

/** Node warns once per process that this function is experimental; users of spark-submit can do nothing about it. */
function stripTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
