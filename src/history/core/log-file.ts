// What the history server knows of an event log before it has read it, and how far it has read it. The words only; found by
// service/log-folder.ts, read by service/log-reader.ts.
import type { Codec } from './log-names.ts';

export type LogPart = {
  /** Below the log folder. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly changedAtMs: number;
  readonly codec: Codec;
};

export type LogFile = {
  /** Name in the log folder, without `.inprogress`: stays the same for the life of the log. */
  readonly key: string;
  readonly inProgress: boolean;
  /** In order; several: rolled. */
  readonly parts: readonly LogPart[];
  readonly sizeBytes: number;
  readonly changedAtMs: number;
  /** Why it can't be read, and what to do: a link that leads out of the folder. */
  readonly fault: string | undefined;
};

/** How far a part has been read, and by which bytes it is known again. */
export type PartPosition = {
  readonly path: string;
  /** Bytes of text read, to the end of a line: after decompression. */
  readonly textBytes: number;
  /** Bytes of the file when it was read. */
  readonly fileBytes: number;
  readonly fingerprint: Fingerprint;
};
/** Hashes of the file's first and last bytes as they were: a file that was written anew has others. */
export type Fingerprint = { readonly bytes: number; readonly head: string; readonly tail: string };

/** The log grew, was closed or got another part; or it is the same; or it is another log under the old name and must be read anew. */
export type Change = 'same' | 'grown' | 'replaced';

/**
 * @param read in the order of the parts
 * @param stillThere whether the part's bytes at the position are still those of the fingerprint
 */
export function changeOf(
  read: readonly PartPosition[],
  log: LogFile,
  stillThere: (part: LogPart, position: PartPosition) => boolean,
): Change {
  if (read.length > log.parts.length) return 'replaced';
  for (const [i, position] of read.entries()) {
    const part = log.parts[i]!;
    if (withoutProgress(part.path) !== withoutProgress(position.path)) return 'replaced';
    if (part.sizeBytes < position.fileBytes || !stillThere(part, position)) return 'replaced';
  }
  const grown = log.parts.length > read.length || read.some((position, i) => log.parts[i]!.sizeBytes > position.fileBytes);
  return grown ? 'grown' : 'same';
}

/** `events_3_app-1.zstd.compact` → 3; other files, and parts that are not numbered: 0. */
const indexOf = (path: string): number => Number(/(?:^|\/)events_(\d+)_/.exec(path)?.[1] ?? 0);

/**
 * The log's first parts were compacted into one after they had been read: what was dropped is known already, and need not be forgotten. So the
 * compacted part counts as read. Only if a part behind those was begun too: then they had been read to their ends.
 * @param whole the position at the end of the compacted part; undefined: it can't be looked at @returns read, when nothing was compacted
 */
export function afterCompaction(
  read: readonly PartPosition[],
  log: LogFile,
  whole: (part: LogPart) => PartPosition | undefined,
): readonly PartPosition[] {
  const [first] = log.parts;
  if (first === undefined || !first.path.endsWith('.compact') || read[0]?.path === first.path) return read;
  const last = indexOf(first.path);
  const later = read.filter((position) => indexOf(position.path) > last);
  const position = later.length > 0 ? whole(first) : undefined;
  return position === undefined ? read : [position, ...later];
}

const withoutProgress = (path: string): string => path.replace(/\.inprogress$/, '');
