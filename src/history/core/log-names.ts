// What the name of a file in the log folder says: a single event log, a folder of rolled ones, a part of it, its compression, whether it is
// still being written. Names only; which application it is, is in the log. Source: Spark's SingleEventLogFileWriter, RollingEventLogFilesWriter.

export type Codec = 'plain' | 'zstd' | 'lz4' | 'snappy' | 'lzf';

export type SingleName = {
  /** The name without `.inprogress`: stays the same when the log is closed. */
  readonly key: string;
  /** Without compression suffix: `<application id>[_<attempt>]`. */
  readonly base: string;
  readonly codec: Codec;
  readonly inProgress: boolean;
};

const CODECS: readonly Codec[] = ['zstd', 'lz4', 'snappy', 'lzf'];
const IN_PROGRESS = '.inprogress';
const ROLLING = 'eventlog_v2_';

/** What can't be a log's name: hidden files, and anything that a path or an address could be misled by. */
const isFit = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_.-]{0,250}$/.test(name) && !name.includes('..');

function codecOf(name: string): [base: string, codec: Codec] {
  const codec = CODECS.find((c) => name.endsWith(`.${c}`));
  return codec === undefined ? [name, 'plain'] : [name.slice(0, -codec.length - 1), codec];
}

/** @returns undefined for names that are no event log's: hidden files, other endings such as .gz or .tmp */
export function singleName(name: string): SingleName | undefined {
  if (!isFit(name) || name.startsWith(ROLLING)) return undefined;
  const inProgress = name.endsWith(IN_PROGRESS);
  const key = inProgress ? name.slice(0, -IN_PROGRESS.length) : name;
  const [base, codec] = codecOf(key);
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(base)) return undefined;
  return { key, base, codec, inProgress };
}

/** `eventlog_v2_<application id>[_<attempt>]`. @returns the base, undefined for other names */
export const rollingBase = (folder: string): string | undefined =>
  isFit(folder) && folder.startsWith(ROLLING) && folder.length > ROLLING.length ? folder.slice(ROLLING.length) : undefined;

export type PartName = { readonly name: string; readonly index: number; readonly compacted: boolean; readonly codec: Codec };

/** `events_<index>_<base>[.<codec>][.compact]`. @returns undefined for other files of the folder */
export function partName(name: string, base: string): PartName | undefined {
  const [, digits, rest] = /^events_(\d{1,9})_(.+)$/.exec(name) ?? [];
  if (digits === undefined || !rest!.startsWith(base)) return undefined;
  const tail = rest!.slice(base.length);
  const compacted = tail.endsWith('.compact');
  const [left, codec] = codecOf(compacted ? tail.slice(0, -'.compact'.length) : tail);
  return left === '' ? { name, index: Number(digits), compacted, codec } : undefined;
}

/** `appstatus_<base>[.inprogress]`: an empty file whose name says whether the application runs. */
export function rollingInProgress(names: readonly string[], base: string): boolean {
  return names.includes(`appstatus_${base}${IN_PROGRESS}`) || !names.includes(`appstatus_${base}`);
}

/** The parts to read, in order: from the last compacted one on, which has what still matters of those before it. */
export function partsInOrder(parts: readonly PartName[]): PartName[] {
  const ordered = [...parts].sort((a, b) => a.index - b.index || Number(b.compacted) - Number(a.compacted));
  const last = ordered.findLastIndex((part) => part.compacted);
  return (last < 0 ? ordered : ordered.slice(last)).filter((part, i, all) => i === 0 || all[i - 1]!.index !== part.index);
}
