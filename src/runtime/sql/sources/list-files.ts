// Folders → data files with size and time, hidden ones left out, and the partition that each folder's name says.
// Source: InMemoryFileIndex, HadoopFSUtils.shouldFilterOutPathName and PathFilters of Spark 4.2.
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { AnalysisException } from '../errors/spark-error.ts';
import { parsePartitionFolder } from './hive-paths.ts';
import type { SourceOptions } from './options.ts';
import { recoverCommits, TEMPORARY } from './write/staging.ts';
import { expandPath, globSegment, localPath, shownPath } from './paths.ts';

export type ListedFile = {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Ms since 1970. */
  readonly modified: number;
  /** Folders `column=value` between the root and the file, outermost first. */
  readonly partition: readonly { readonly column: string; readonly value: string | null }[];
  /** Of CSV: csv-lines.ts. */
  readonly isRegular?: boolean;
  /** Of a copy: what was copied. */
  readonly original?: { readonly path: string; readonly size: number };
  /** Of text: text-bytes.ts. */
  readonly hasNuls?: boolean;
  /** Of text: no line is longer than SHORT_LINE_BYTES. Left out: nobody knows. */
  readonly hasShortLines?: boolean;
};

export function isHidden(name: string): boolean {
  return (name.startsWith('_') && !name.includes('=')) || name.startsWith('.') || name.endsWith('._COPYING_');
}

/** @param paths as the program wrote them. @throws AnalysisException PATH_NOT_FOUND */
export async function listFiles(paths: readonly string[], options: SourceOptions, ignoreMissing: boolean): Promise<ListedFile[]> {
  const recursive = options.flag('recursiveFileLookup', false);
  const base = options.get('basePath');
  const roots = (await Promise.all(paths.map((p) => expandPath(p, { mustExist: !ignoreMissing })))).flat();
  const listed: ListedFile[] = [];
  for (const root of roots) {
    const info = await stat(root);
    // A file's own folder says nothing of its partition unless the user gives the base.
    const from = base !== undefined ? localPath(base) : info.isFile() ? dirname(root) : root;
    await addFiles(root, from, recursive, listed);
  }
  return listed.filter(passes(options));
}

async function addFiles(path: string, base: string, recursive: boolean, listed: ListedFile[]): Promise<void> {
  const info = await stat(path);
  if (info.isFile()) {
    if (isHidden(basename(path))) return;
    const folders = relative(base, dirname(path)).split(sep);
    const partition = recursive ? [] : folders.flatMap((name) => parsePartitionFolder(name) ?? []);
    listed.push({ path, size: info.size, modified: Math.floor(info.mtimeMs), partition });
    return;
  }
  const entries = await entriesOf(path);
  // A commit that its process could not end is ended by whoever comes.
  if (entries.some((e) => e.name === TEMPORARY) && (await recoverCommits(path)))
    entries.splice(0, entries.length, ...(await entriesOf(path)));
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (isHidden(entry.name)) continue;
    // Folders that are no partitions are looked into only when asked to.
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await stat(join(path, entry.name))).isDirectory());
    if (isFolder && !recursive && !entry.name.includes('=')) continue;
    await addFiles(join(path, entry.name), base, recursive, listed);
  }
}

async function entriesOf(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    throw new AnalysisException('CANNOT_LIST_PATH', { path: shownPath(path), message: (error as Error).message });
  }
}

function passes(options: SourceOptions): (file: ListedFile) => boolean {
  const glob = options.get('pathGlobFilter');
  const pattern = glob === undefined ? undefined : globSegment(glob);
  const [before, after] = [timeOption(options, 'modifiedBefore'), timeOption(options, 'modifiedAfter')];
  return (f) =>
    (pattern === undefined || pattern.test(basename(f.path))) &&
    (before === undefined || f.modified < before) &&
    (after === undefined || f.modified > after);
}

function timeOption(options: SourceOptions, name: string): number | undefined {
  const text = options.get(name);
  if (text === undefined) return undefined;
  const time = Date.parse(/[zZ]|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(time))
    throw new AnalysisException('INVALID_SOURCE_OPTION', { option: name, value: text, expected: 'YYYY-MM-DDTHH:mm:ss' });
  return time;
}
