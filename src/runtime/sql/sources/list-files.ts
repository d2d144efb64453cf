// Folders → data files with size and time, hidden ones left out, and the partition that each folder's name says.
// Source: InMemoryFileIndex, HadoopFSUtils.shouldFilterOutPathName and PathFilters of Spark 4.2.
import type { ObjectStore } from '../../../common/object-store.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { Original } from '../logical/scan-file.ts';
import { parsePartitionFolder } from './hive-paths.ts';
import type { SourceOptions } from './options.ts';
import { recoverCommits, TEMPORARY } from './write/staging.ts';
import { below, expandPath, globSegment, localPath, shownPath } from './paths.ts';
import type { FileInfo, FileSystem, FolderEntry } from './file-systems/file-system.ts';
import { fileSystemOf } from './file-systems/find-file-system.ts';

export type ListedFile = {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Ms since 1970. */
  readonly modified: number;
  /** Left out: on this machine. */
  readonly store?: ObjectStore;
  /** Folders `column=value` between the root and the file, outermost first. */
  readonly partition: readonly { readonly column: string; readonly value: string | null }[];
  /** Of CSV: csv-lines.ts. */
  readonly isRegular?: boolean;
  /** Of a copy: what was copied, and how. */
  readonly original?: Original;
  /** Of text: text-bytes.ts. */
  readonly hasNuls?: boolean;
  /** Of text: no line is longer than SHORT_LINE_BYTES. Left out: nobody knows. */
  readonly hasShortLines?: boolean;
};

export function isHidden(name: string): boolean {
  return (name.startsWith('_') && !name.includes('=')) || name.startsWith('.') || name.endsWith('._COPYING_');
}

type Get = (key: string) => string | undefined;

/** @param paths as the program wrote them; @param get settings of the session. @throws AnalysisException PATH_NOT_FOUND */
export async function listFiles(paths: readonly string[], options: SourceOptions, ignoreMissing: boolean, get: Get): Promise<ListedFile[]> {
  const recursive = options.flag('recursiveFileLookup', false);
  const base = options.get('basePath');
  const listed: ListedFile[] = [];
  for (const root of new Set(paths.map(writtenFolder)))
    if (fileSystemOf(root, get).store === undefined) await recoverCommits(localPath(root));
  const expand = async (path: string) => {
    const files = fileSystemOf(path, get);
    return (await expandPath(path, files, { mustExist: !ignoreMissing })).map((root) => ({ root, files }));
  };
  for (const { root, files } of (await Promise.all(paths.map(expand))).flat()) {
    const info = (await files.info(root))!;
    // A file's own folder says nothing of its partition unless the user gives the base.
    const from = base !== undefined ? files.absolute(base) : info.isFile ? parentOf(root) : root;
    await addFiles(root, info, { base: from, recursive, files, listed });
  }
  return listed.filter(passes(options));
}

type Walk = { readonly base: string; readonly recursive: boolean; readonly files: FileSystem; readonly listed: ListedFile[] };
const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Of a partition's folder, or a pattern for some: the folder that jobs write into. One that a stopped commit has only deleted may not be there. */
function writtenFolder(path: string): string {
  const segments = path.split('/');
  while (segments.length > 1 && /[=*?[{]/.test(segments.at(-1)!)) segments.pop();
  return segments.join('/') || '/';
}

async function addFiles(path: string, info: FileInfo, walk: Walk): Promise<void> {
  const { base, recursive, files, listed } = walk;
  if (info.isFile) {
    if (isHidden(nameOf(path))) return;
    const parent = parentOf(path);
    const folders = (parent.startsWith(base) ? parent.slice(base.length) : parent).split('/');
    const partition = recursive ? [] : folders.flatMap((name) => parsePartitionFolder(name) ?? []);
    listed.push({ path, size: info.size, modified: info.modified, partition, ...(files.store && { store: files.store }) });
    return;
  }
  let entries = await entriesOf(path, files);
  // A commit that its process could not end is ended by whoever comes.
  if (files.store === undefined && entries.some((e) => e.name === TEMPORARY)) {
    await recoverCommits(path);
    entries = await entriesOf(path, files);
  }
  for (const entry of entries) {
    if (isHidden(entry.name)) continue;
    // Folders that are no partitions are looked into only when asked to.
    if (!entry.isFile && !recursive && !entry.name.includes('=')) continue;
    await addFiles(below(path, entry.name), entry, walk);
  }
}

async function entriesOf(path: string, files: FileSystem): Promise<readonly FolderEntry[]> {
  try {
    return await files.list(path);
  } catch (error) {
    if (error instanceof AnalysisException) throw error;
    throw new AnalysisException('CANNOT_LIST_PATH', { path: shownPath(path), message: (error as Error).message });
  }
}

function passes(options: SourceOptions): (file: ListedFile) => boolean {
  const glob = options.get('pathGlobFilter');
  const pattern = glob === undefined ? undefined : globSegment(glob);
  const [before, after] = [timeOption(options, 'modifiedBefore'), timeOption(options, 'modifiedAfter')];
  return (f) =>
    (pattern === undefined || pattern.test(nameOf(f.path))) &&
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
