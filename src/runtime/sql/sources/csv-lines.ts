// Whether the kernel reads a CSV file as Spark does: every line has quotes only where they belong, is closed at its end and not blank. Then the file
// may be cut anywhere and read with all threads and a few buffers in memory; else each line is taken apart by emit/scan-csv.ts's own rules.
// Remembered while a file is as it was.
import { quoteText } from '../../../common/kernel-quotes.ts';
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import { csvPatterns, isBlank } from '../emit/csv-patterns.ts';
import { linesOf } from '../emit/scan-text.ts';
import type { CsvOptions } from './csv-options.ts';
import { kernelRows } from '../../../common/kernel-rows.ts';
import type { ListedFile } from './list-files.ts';
import type { SourceOptions } from './options.ts';
import { COMPRESSED } from './plain-lines.ts';
import { textBytes } from './text-bytes.ts';

const known = new Map<string, boolean>();
const MOST = 10_000;

/** @returns the files with `isRegular`, where that matters */
export async function withRegular(
  files: readonly ListedFile[],
  options: CsvOptions,
  source: SourceOptions,
  kernel: SqlKernel,
): Promise<readonly ListedFile[]> {
  const { quote, escape, separator, comment, lineSep } = options;
  if (comment !== '' || (lineSep !== undefined && lineSep !== '\n')) return files.map((file) => ({ ...file, isRegular: false }));
  const keyOf = ({ path, size, modified }: ListedFile) => [path, size, modified, quote, escape, separator].join('\0');
  const doubtful: ListedFile[] = [];
  for (const file of files) {
    const key = keyOf(file);
    if (known.has(key)) continue;
    if (!COMPRESSED.test(file.path) && quote.charCodeAt(0) < 128) {
      const { hasQuotes, hasBlankLines } = await textBytes(file, quote);
      if (!hasQuotes && !hasBlankLines) {
        known.set(key, true);
        continue;
      }
    }
    doubtful.push(file);
  }
  if (doubtful.length > 0) {
    const lines = linesOf(doubtful, source);
    const isRegular = `NOT ${isBlank('line')} AND regexp_full_match(line, ${quoteText(csvPatterns(options).regular)})`;
    const found = await kernelRows(kernel, `SELECT DISTINCT file_index::INTEGER FROM ${lines} WHERE NOT (${isRegular})`);
    const irregular = new Set(found.map(([i]) => i));
    for (const [i, file] of doubtful.entries()) known.set(keyOf(file), !irregular.has(i));
  }
  const told = files.map((file) => ({ ...file, isRegular: known.get(keyOf(file))! }));
  if (known.size > MOST) known.clear();
  return told;
}
