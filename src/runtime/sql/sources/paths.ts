// Paths as programs write them → absolute paths of this machine, and back as Spark prints them. Globs are expanded here.
// Source: Hadoop's Path and GlobPattern, DataSource.checkAndGlobPathIfNecessary of Spark 4.2.
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AnalysisException } from '../errors/spark-error.ts';

const NO_HTTPFS = "the kernel's httpfs is in no package registry for DuckDB 1.5.6";

/** @throws AnalysisException NOT_BUILT for file systems other than the local one */
export function localPath(path: string): string {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(path)?.[1]?.toLowerCase();
  if (scheme === undefined) return resolve(path);
  if (scheme !== 'file')
    throw new AnalysisException('NOT_BUILT', { feature: `The file system ${scheme}: of ${path} (local paths only: ${NO_HTTPFS})` });
  return resolve(path.slice(5).replace(/^\/\/+/, '/'));
}

/** `file:/data/x`, as Spark's messages and tables have it. */
export const shownPath = (path: string): string => `file:${path}`;

const isGlob = (path: string): boolean => /[{}[\]*?\\]/.test(path);

/** @returns the paths that there are. @throws AnalysisException PATH_NOT_FOUND */
export async function expandPath(path: string, { mustExist = true } = {}): Promise<string[]> {
  const absolute = localPath(path);
  const found = (await exists(absolute)) ? [absolute] : isGlob(absolute) ? await expandGlob(absolute) : [];
  if (found.length === 0 && mustExist) throw new AnalysisException('PATH_NOT_FOUND', { path: shownPath(absolute) });
  return found;
}

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function expandGlob(path: string): Promise<string[]> {
  const all = await Promise.all(
    braces(path).map((one) =>
      walk(
        '/',
        one.split('/').filter((s) => s !== ''),
      ),
    ),
  );
  return [...new Set(all.flat())].sort();
}

async function walk(folder: string, segments: readonly string[]): Promise<string[]> {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [folder];
  if (!isGlob(segment)) {
    const next = join(folder, segment);
    return (await exists(next)) ? walk(next, rest) : [];
  }
  const pattern = globSegment(segment);
  const names = await readdir(folder).catch(() => []);
  const matching = names.filter((n) => pattern.test(n)).sort();
  return (await Promise.all(matching.map((n) => walk(join(folder, n), rest)))).flat();
}

/** `a{b,c}` → `ab`, `ac`. */
function braces(text: string): string[] {
  const open = text.indexOf('{');
  if (open < 0) return [text];
  let depth = 0;
  const cuts = [open];
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] === ',' && depth === 1) cuts.push(i);
    if (text[i] === '}' && --depth === 0) {
      const ends = [...cuts.slice(1), i];
      return cuts.flatMap((from, n) => braces(text.slice(0, open) + text.slice(from + 1, ends[n]) + text.slice(i + 1)));
    }
  }
  return [text];
}

/** One part of a path, or a file's name for `pathGlobFilter`. */
export function globSegment(glob: string): RegExp {
  const source = glob.replace(/\\(.)|\*|\?|\[\^?!?|[.+^$()|{}]/g, (token: string, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`;
    if (token === '*') return '.*';
    if (token === '?') return '.';
    if (token.startsWith('[')) return token.length > 1 ? '[^' : '[';
    return `\\${token}`;
  });
  return new RegExp(`^${source}$`, 's');
}
