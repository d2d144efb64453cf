// The schema of CSV files: names from the first line, types (when asked for) from what all of a column's texts are.
// Source: CSVHeaderChecker, CSVUtils.makeSafeHeader and CSVInferSchema of Spark 4.2.
import { quoteText } from '../../../common/kernel-quotes.ts';
import { countFieldTypes, typeOfCounts } from './csv-types.ts';
import type { ListedFile } from './list-files.ts';
import type { SourceContext } from './open-source.ts';
import { type CsvOptions, csvOptions } from './csv-options.ts';
import type { SourceOptions } from './options.ts';
import { kernelRows } from '../../../common/kernel-rows.ts';
import { linesOf } from '../emit/scan-text.ts';
import * as T from '../types/data-type.ts';

export async function csvSchema(
  files: readonly ListedFile[],
  given: Readonly<Record<string, string>>,
  source: SourceOptions,
  { kernel, settings }: SourceContext,
): Promise<T.StructType> {
  const options = csvOptions(given, settings);
  const first = await firstLine(files, options, source, kernel);
  if (first === undefined) return T.structType([]);
  const names = columnNames(splitLine(first, options), options);
  if (!options.inferSchema) return T.structType(names.map((n) => T.structField(n, T.STRING)));
  const counts = await countFieldTypes(kernel, files, names.length, options);
  return T.structType(names.map((n, i) => T.structField(n, typeOfCounts(counts[i]!))));
}

/** Of the first file that has one: neither blank nor a comment. */
export async function firstLine(
  files: readonly ListedFile[],
  { comment }: CsvOptions,
  source: SourceOptions,
  kernel: SourceContext['kernel'],
): Promise<string | undefined> {
  const skip = comment === '' ? '' : ` AND NOT starts_with(line, ${quoteText(comment)})`;
  for (const file of files) {
    const [row] = await kernelRows(kernel, `SELECT line FROM ${linesOf([file], source)} WHERE trim(line) <> ''${skip} LIMIT 1`);
    if (row !== undefined) return row[0] as string;
  }
  return undefined;
}

/** One line's fields, without types. */
export function splitLine(line: string, { separator, quote, escape, trimLeft, trimRight, nullValue }: CsvOptions): (string | null)[] {
  const fields: (string | null)[] = [];
  let at = 0;
  for (;;) {
    let text = '';
    let isQuoted = false;
    if (quote !== '' && line[at] === quote) {
      isQuoted = true;
      for (at++; at < line.length && line[at] !== quote; at++) {
        if (line[at] === escape && escape !== quote && at + 1 < line.length) at++;
        text += line[at];
      }
      at++;
    }
    const end = line.indexOf(separator, at);
    text += line.slice(at, end < 0 ? undefined : end);
    if (!isQuoted && trimLeft) text = text.trimStart();
    if (!isQuoted && trimRight) text = text.trimEnd();
    fields.push(text === '' || text === nullValue ? null : text);
    if (end < 0) return fields;
    at = end + separator.length;
  }
}

/** Empty ones are `_c2`; of names that are there twice each gets its position. */
export function columnNames(first: readonly (string | null)[], { header }: Pick<CsvOptions, 'header'>): string[] {
  if (!header) return first.map((_, i) => `_c${i}`);
  const count = new Map<string, number>();
  for (const name of first) if (name !== null) count.set(name.toLowerCase(), (count.get(name.toLowerCase()) ?? 0) + 1);
  return first.map((name, i) => (name === null ? `_c${i}` : count.get(name.toLowerCase())! > 1 ? `${name}${i}` : name));
}
