// Which files a program consists of: the program itself and every file that it, or a file of it, names by a relative path. What to
// do with them is stage-program.ts. Packages (bare names) are not followed: node_modules is linked as a whole.
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { whyUnreadable } from './resolve-files.ts';

const MODULE = /^\.(?:[mc]?[jt]s|json|node|wasm)$/;
const SOURCE = /^\.(?:[mc]?[jt]s)$/;
/** What CommonJS's require adds to a name without extension. */
const GUESSES = ['.js', '.cjs', '.json', '.node', '.ts', '/index.js', '/index.cjs', '/index.json'];

/**
 * Every quoted text that begins with ./ or ../ and is the path of a module beside the file counts, wherever it stands; other kinds of
 * files count inside import, require and new URL(…, import.meta.url). That is a superset of what any parser would find in imports,
 * needs no parser, and a path too many only costs a copy. Paths that are computed can't be found: --files ships those.
 * @returns absolute real paths, the program first
 * @throws AppError SUBMIT_USAGE when one of them can't be read
 */
export function programFiles(program: string): string[] {
  const found = new Set<string>();
  const todo = [realpathSync(program)];
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const fault = whyUnreadable(file);
    if (fault !== undefined) throw new AppError('SUBMIT_USAGE', { reason: `The program needs ${file}, which can't be read: ${fault}` });
    if (!SOURCE.test(extname(file)) && extname(file) !== '') continue;
    todo.push(...namedFiles(readFileSync(file, 'utf8'), file));
  }
  return [...found];
}

const NAMED =
  /(\bfrom\s*|\bimport\s*\(?\s*|\brequire(?:\.resolve)?\s*\(\s*|\bnew\s+URL\s*\(\s*)?(["'`])(\.{1,2}\/[^"'`$\n\\]*)\2|(["'])(#[^"'\n\\]+)\4/g;

function namedFiles(source: string, file: string): string[] {
  const found: string[] = [];
  for (const [, context, , relative, , subpath] of source.matchAll(NAMED)) {
    const target =
      relative !== undefined ? existing(resolve(dirname(file), relative.replace(/[?#].*$/, ''))) : subpathImport(subpath!, file);
    if (target !== undefined && (context !== undefined || subpath !== undefined || MODULE.test(extname(target)))) found.push(target);
  }
  return found;
}

function existing(path: string): string | undefined {
  for (const candidate of [path, ...GUESSES.map((guess) => path + guess)])
    if (statSync(candidate, { throwIfNoEntry: false })?.isFile()) return realpathSync(candidate);
  return undefined;
}

/** `#name` of the nearest package.json's `imports`, when it leads to a file of the program; patterns with one `*`. */
function subpathImport(name: string, file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    try {
      const { imports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { imports?: Record<string, unknown> };
      for (const [pattern, target] of Object.entries(imports ?? {})) {
        const [before, after] = pattern.split('*') as [string, string | undefined];
        const star =
          after === undefined
            ? name === pattern
              ? ''
              : undefined
            : name.startsWith(before) && name.endsWith(after)
              ? name.slice(before.length, name.length - after.length)
              : undefined;
        if (star === undefined) continue;
        for (const path of leaves(target)) {
          const found = path.startsWith('./') ? existing(join(folder, path.replaceAll('*', star))) : undefined;
          if (found !== undefined) return found;
        }
      }
      return undefined;
    } catch {
      // no package.json here, or one that is no JSON: Node.js will say so better
    }
    if (folder === dirname(folder)) return undefined;
  }
}

const leaves = (target: unknown): string[] =>
  typeof target === 'string' ? [target] : target !== null && typeof target === 'object' ? Object.values(target).flatMap(leaves) : [];
