// Paths as programs write them → absolute paths of this machine, and back as Spark prints them. Globs are expanded here.
// Source: Hadoop's Path and GlobPattern, DataSource.checkAndGlobPathIfNecessary of Spark 4.2.
import { resolve } from 'node:path';
import { AnalysisException } from '../errors/spark-error.ts';
import type { FileSystem } from './file-systems/file-system.ts';

/** @throws AnalysisException NOT_BUILT for file systems other than the local one */
export function localPath(path: string): string {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(path)?.[1]?.toLowerCase();
  if (scheme === undefined) return resolve(path);
  if (scheme !== 'file')
    throw new AnalysisException('NOT_BUILT', { feature: `The file system ${scheme}: of ${path} (local paths and s3a: only)` });
  return resolve(path.slice(5).replace(/^\/\/+/, '/'));
}

/** `file:/data/x`, `s3a://bucket/x`: as Spark's messages and tables have it. */
export const shownPath = (path: string): string => (path.includes('://') ? path : `file:${path}`);

const isGlob = (path: string): boolean => /[{}[\]*?\\]/.test(path);

/** @returns the paths that there are. @throws AnalysisException PATH_NOT_FOUND */
export async function expandPath(path: string, files: FileSystem, { mustExist = true } = {}): Promise<string[]> {
  const absolute = files.absolute(path);
  const found = (await files.info(absolute)) !== undefined ? [absolute] : isGlob(absolute) ? await expandGlob(absolute, files) : [];
  if (found.length === 0 && mustExist) throw new AnalysisException('PATH_NOT_FOUND', { path: shownPath(absolute) });
  return found;
}

async function expandGlob(path: string, files: FileSystem): Promise<string[]> {
  const [, root, below] = /^([^:/]+:\/\/[^/]+|)(\/.*)$/s.exec(path)!;
  const all = await Promise.all(
    braces(below!).map((one) =>
      walk(
        root === '' ? '/' : root!,
        one.split('/').filter((s) => s !== ''),
        files,
      ),
    ),
  );
  return [...new Set(all.flat())].sort();
}

async function walk(folder: string, segments: readonly string[], files: FileSystem): Promise<string[]> {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [folder];
  if (!isGlob(segment)) {
    const next = below(folder, segment);
    return rest.some(isGlob) || (await files.info(next)) !== undefined ? walk(next, rest, files) : [];
  }
  const pattern = globSegment(segment);
  const entries = await files.list(folder).catch(() => []);
  const matching = entries.filter(({ name }) => pattern.test(name));
  return (await Promise.all(matching.map(({ name }) => walk(below(folder, name), rest, files)))).flat();
}

/** `join` would take a slash of the scheme away. */
export const below = (folder: string, name: string): string => (folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`);

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
