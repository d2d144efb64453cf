// Lines of text files, and files as they are. Lines are also what JSON and CSV with corrupt records are read from.
import { kernelPaths, quoteText } from '../../../common/kernel-quotes.ts';
import type { Scan, ScanFile } from '../logical/plans.ts';
import { SourceOptions } from '../sources/options.ts';
import { SHORT_LINE_BYTES } from '../sources/plain-lines.ts';
import type { FormatScan } from './scans.ts';

/** Longest line, in bytes, and what the kernel reads at a time: left alone it would be 16 of the former, the whole of many a file. */
const LINE_LIMIT_BYTES = 32 * 1024 * 1024;
/** Of a reader two to three such buffers are in memory at once: with large ones a small executor has no place for several readers. */
const SHORT_BUFFER_BYTES = 4 * 1024 * 1024;

/** Options of every reader of lines. @param areRecords a record is a line */
export function lineBuffers(files: readonly TextFile[], areRecords = true): string {
  const isShort = areRecords && files.every((f) => f.hasShortLines);
  const buffer = isShort ? SHORT_BUFFER_BYTES : LINE_LIMIT_BYTES;
  return `max_line_size=${isShort ? 2 * SHORT_LINE_BYTES : LINE_LIMIT_BYTES}, buffer_size=${buffer}`;
}

/** A character that no text has, as the separator of fields where there is one field: with none the kernel ends a line at a NUL. It is slower. */
const NO_CHARACTER = '\u{10FFFF}';

export type TextFile = Pick<ScanFile, 'path' | 'hasNuls' | 'hasShortLines'>;

/** A FROM item with `line` and `file_index`. @param leavesFirst each file's first line is none of them */
export function linesOf(of: readonly TextFile[], options: SourceOptions, leavesFirst = false): string {
  const separator = options.get('lineSep');
  const files = kernelPaths(of.map((f) => f.path));
  if (separator !== undefined && separator !== '\n') {
    const text = `CASE WHEN ends_with(content, ${quoteText(separator)}) THEN left(content, -${separator.length}) ELSE content END`;
    return `(SELECT unnest(string_split(${text}, ${quoteText(separator)})) AS line, file_index FROM read_text(${files}) WHERE content <> '') lines`;
  }
  const reader = `columns={'line': 'VARCHAR'}, auto_detect=false, header=${leavesFirst}, delim=${quoteText(of.some((f) => f.hasNuls) ? NO_CHARACTER : '')}, quote='', escape='', strict_mode=false, ${lineBuffers(of)}`;
  return `(SELECT coalesce(line, '') AS line, file_index FROM read_csv(${files}, ${reader})) lines`;
}

export function textScan(plan: Scan): FormatScan {
  const options = new SourceOptions(plan.options);
  const paths = kernelPaths(plan.files.map((f) => f.path));
  if (options.flag('wholetext', false)) return { from: `read_text(${paths})`, columns: plan.columns.map(() => 'content') };
  return { from: linesOf(plan.files, options), columns: plan.columns.map(() => 'line') };
}

export function binaryFileScan(plan: Scan): FormatScan {
  const columns: Readonly<Record<string, string>> = {
    path: plan.stores === undefined ? `'file:' || filename` : `replace(filename, 's3://', 's3a://')`,
    modificationTime: 'last_modified',
    length: 'size',
    content: 'content',
  };
  return { from: `read_blob(${kernelPaths(plan.files.map((f) => f.path))})`, columns: plan.columns.map((c) => columns[c] ?? 'NULL') };
}
