// Which text files may be cut at any end of a line: each line is a record or nothing, and a byte 10 is an end of a line wherever it stands.
// Source: TextBasedFileFormat.isSplitable and its kin of Spark 4.2.
import type { Scan, ScanFile } from '../logical/plans.ts';
import { SourceOptions } from './options.ts';

/** By Java's names, in lower case: all that write ASCII as ASCII, and nothing else with its bytes. */
const ASCII_BASED = /^(utf-?8|us-ascii|ascii|iso-?8859-\d+|windows-125\d|latin-?\d)$/;
export const isAsciiBased = (encoding: string): boolean => ASCII_BASED.test(encoding);
/** In lower case. */
export const encodingOf = (options: SourceOptions): string => (options.get('encoding') ?? options.text('charset', 'UTF-8')).toLowerCase();
/** The code of a character that no text has: before a line whose bytes were no UTF-8 where that makes the record a bad one (JSON). */
export const BAD_LINE_MARK = 0xffff;
/** A line that the kernel's readers hold in small buffers. */
export const SHORT_LINE_BYTES = 1 << 20;
/** By the file's name. */
export const COMPRESSED = /\.(gz|zst|bz2|lz4|snappy|deflate|xz)$/;

export function hasPlainLines({ format, options: given }: Pick<Scan, 'format' | 'options'>, { path }: Pick<ScanFile, 'path'>): boolean {
  if (format !== 'csv' && format !== 'json' && format !== 'text') return false;
  const options = new SourceOptions(given);
  const separator = options.get('lineSep');
  const isWhole = format === 'text' ? options.flag('wholetext', false) : options.flag('multiLine', false);
  return !isWhole && !COMPRESSED.test(path) && (separator === undefined || separator === '\n') && isAsciiBased(encodingOf(options));
}
