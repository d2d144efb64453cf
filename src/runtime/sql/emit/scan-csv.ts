// CSV: the kernel cuts lines into texts, told every option; what a text means for its column is parse-text.ts. Where a corrupt record's own
// text is asked for, lines are cut here instead.
import { kernelPaths, quoteName, quoteText } from '../../../common/kernel-quotes.ts';
import type { Scan, ScanFile } from '../logical/plans.ts';
import { type CsvOptions, csvOptions } from '../sources/csv-options.ts';
import type { Emit } from './emit-context.ts';
import { parsed } from './parse-text.ts';
import { SourceOptions } from '../sources/options.ts';
import { csvPatterns, isBlank, separatorOf } from './csv-patterns.ts';
import { lineBuffers, linesOf } from './scan-text.ts';
import type { FormatScan } from './scans.ts';

export function csvScan(plan: Scan, emit: Emit): FormatScan {
  const given = csvOptions(plan.options, emit.settings);
  // Only the first part of a file has its header.
  const options = (plan.files[0]?.bytes?.[0] ?? 0) > 0 ? { ...given, header: false } : given;
  const isCorrupt = (name: string) => name.toLowerCase() === options.corruptColumn.toLowerCase();
  const corrupt = plan.columns.findIndex(isCorrupt);
  // Fields are found by their place among all of the files', also when only some are wanted. The corrupt column is none of them.
  const all = plan.schema.fields.filter((f) => !isCorrupt(f.name));
  const names = all.map((_, n) => `f${n}`);
  // A record is corrupt by all of its fields where that is asked for; else only what is wanted is looked at.
  const looksAtAll = corrupt >= 0 || options.mode !== 'PERMISSIVE';
  const { from, byLine } = csvRecords(plan.files, names, options, looksAtAll);
  const fields = all.map(({ name, dataType }, n) => {
    if (!looksAtAll && !plan.columns.includes(name)) return { value: 'NULL', isBad: 'false' };
    const text = fieldText(names[n]!, options);
    const value = parsed(text, dataType, { ...options, jsFunction: emit.jsFunction.bind(emit) });
    return { value, isBad: value === text ? 'false' : `(${text} IS NOT NULL AND ${value} IS NULL)` };
  });
  const isBad = [...fields.map((f) => f.isBad), ...(byLine ? ['bad_length'] : [])].filter((b) => b !== 'false').join(' OR ') || 'false';
  const columns = plan.columns.map((name, i) =>
    i === corrupt
      ? byLine
        ? `CASE WHEN ${isBad} THEN line END`
        : 'NULL::VARCHAR'
      : failing(fields[all.findIndex((f) => f.name === name)]!.value, isBad, options, emit),
  );
  return { from, columns, ...(options.mode === 'DROPMALFORMED' && isBad !== 'false' && { where: `NOT (${isBad})` }) };
}

function failing(value: string, isBad: string, { mode }: CsvOptions, emit: Emit): string {
  if (mode !== 'FAILFAST' || isBad === 'false') return value;
  return `CASE WHEN ${isBad} THEN ${emit.raise('MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION', { failFastMode: 'FAILFAST', badRecord: '' })} ELSE ${value} END`;
}

/** Trimmed, and NULL where it is the text for NULL. */
function fieldText(name: string, { trimLeft, trimRight, nullValue }: CsvOptions): string {
  const trimmed = trimLeft && trimRight ? `trim(${name})` : trimLeft ? `ltrim(${name})` : trimRight ? `rtrim(${name})` : name;
  return `nullif(${trimmed}, ${quoteText(nullValue)})`;
}

type CsvFile = Pick<ScanFile, 'path' | 'isRegular' | 'hasNuls' | 'hasShortLines'>;

/**
 * A FROM item with the fields as texts and `file_index`; by lines also with `line` and `bad_length`. @param needsLines what is wrong with a record
 * is asked for: only a line tells
 */
export function csvRecords(
  files: readonly CsvFile[],
  names: readonly string[],
  options: CsvOptions,
  needsLines: boolean,
): { readonly from: string; readonly byLine: boolean } {
  const byLine = !options.multiLine && (needsLines || files.some((f) => f.isRegular === false));
  if (byLine)
    return {
      from: cutLines(
        files,
        names,
        options,
        files.every((f) => f.isRegular === true),
      ),
      byLine,
    };
  const isParallel = files.every((f) => f.isRegular === true);
  return {
    from: `read_csv(${kernelPaths(files.map((f) => f.path))}, ${readerOptions(names, options, isParallel, lineBuffers(files, !options.multiLine))})`,
    byLine,
  };
}

function readerOptions(names: readonly string[], options: CsvOptions, isParallel: boolean, buffers: string): string {
  const columns = names.map((n) => `${quoteText(n)}: 'VARCHAR'`);
  return [
    `columns={${columns.join(', ')}}`,
    'auto_detect=false',
    `header=${options.header}`,
    `delim=${quoteText(options.separator)}`,
    `quote=${quoteText(options.quote)}`,
    // The kernel drops an escape that is in no quotes (`C:\\dir`), which is all that regular files have of it.
    `escape=${quoteText(options.quote === '' ? '' : isParallel && options.escape !== '' ? options.quote : options.escape)}`,
    `comment=${quoteText(options.comment)}`,
    `nullstr=''`,
    'allow_quoted_nulls=false',
    // Short lines get NULLs, long ones lose what is too much, as in Spark.
    'null_padding=true',
    'strict_mode=false',
    // The kernel's parallel reader can't pad records that go over several lines; the other one keeps the whole file in memory.
    `parallel=${isParallel}`,
    buffers,
  ].join(', ');
}

/** Lines with their fields cut by a pattern: the text of the line is still there then. */
function cutLines(files: readonly CsvFile[], names: readonly string[], options: CsvOptions, areRegular: boolean): string {
  const { separator, lineSep } = options;
  const sep = separatorOf(options);
  const source = new SourceOptions(lineSep === undefined ? {} : { lineSep });
  const text = separator === sep ? 'line' : `replace(line, ${quoteText(separator)}, ${quoteText(sep)})`;
  const fields = `regexp_extract_all(${text} || ${quoteText(sep)}, ${quoteText(csvPatterns(options).field)})`;
  const cut = names.map((name, i) => `${fieldOf(`fields[${i + 1}][:-${sep.length + 1}]`, options)} AS ${quoteName(name)}`);
  const lines = `SELECT line, file_index, ${fields} AS fields FROM ${areRegular ? linesOf(files, source, options.header) : recordLines(linesOf(files, source), options)}`;
  return `(SELECT line, file_index, len(fields) <> ${names.length} AS bad_length, ${cut.join(', ')} FROM (${lines}) cut) csv`;
}

/** Without blank lines, comments, and the first of what is left in each file, where that is the header. */
function recordLines(lines: string, { comment, header }: CsvOptions): string {
  const isRecord = `NOT ${isBlank('line')}${comment === '' ? '' : ` AND NOT starts_with(line, ${quoteText(comment)})`}`;
  if (!header) return `${lines} WHERE ${isRecord}`;
  const numbered = `SELECT line, file_index, row_number() OVER () AS n FROM ${lines}`;
  const first = `SELECT file_index, min(n) AS n FROM numbered WHERE ${isRecord} GROUP BY file_index`;
  return `(WITH numbered AS NOT MATERIALIZED (${numbered}) SELECT line, file_index FROM numbered WHERE ${isRecord} AND n NOT IN (SELECT n FROM (${first}) f)) records`;
}

function fieldOf(field: string, options: CsvOptions): string {
  const { separator, quote, escape } = options;
  const { quoted, open } = csvPatterns(options);
  const again = (text: string) =>
    separator.length === 1 ? text : `replace(${text}, ${quoteText(separatorOf(options))}, ${quoteText(separator)})`;
  if (quote === '') return `nullif(${again(field)}, '')`;
  const escaped = (text: string) => {
    const quotes = escape === '' ? text : `replace(${text}, ${quoteText(escape + quote)}, ${quoteText(quote)})`;
    return escape === quote || escape === '' ? quotes : `replace(${quotes}, ${quoteText(escape + escape)}, ${quoteText(escape)})`;
  };
  const inner = (pattern: string) => again(escaped(`regexp_extract(${field}, ${quoteText(pattern)}, 1)`));
  const isQuoted = (pattern: string) => `regexp_matches(${field}, ${quoteText(pattern)})`;
  return `CASE WHEN NOT starts_with(${field}, ${quoteText(quote)}) THEN nullif(${again(field)}, '') WHEN ${isQuoted(quoted)} THEN ${inner(quoted)} WHEN ${isQuoted(open)} THEN ${inner(open)} ELSE ${again(field)} END`;
}
