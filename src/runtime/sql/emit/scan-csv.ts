// CSV: the kernel cuts lines into texts, told every option; what a text means for its column is parse-text.ts. Where a corrupt record's own
// text is asked for, lines are cut here instead.
import type { Scan } from '../logical/plans.ts';
import { type CsvOptions, csvOptions } from '../sources/csv-options.ts';
import { kernelPaths } from '../sources/file-list.ts';
import { quoteName, quoteText } from './duckdb-types.ts';
import type { Emit } from './emit-context.ts';
import { parsed } from './parse-text.ts';
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
  const paths = plan.files.map((f) => f.path);
  // What is wrong with a record's length only a line tells.
  const byLine = !options.multiLine && (corrupt >= 0 || options.mode !== 'PERMISSIVE');
  const from = !byLine ? `read_csv(${kernelPaths(paths)}, ${readerOptions(names, options)})` : cutLines(paths, names, options);
  const fields = all.map(({ name, dataType }, n) => {
    if (!looksAtAll && !plan.columns.includes(name)) return { value: 'NULL', isBad: 'false' };
    const text = fieldText(names[n]!, options);
    const value = parsed(text, dataType, options);
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

export function readerOptions(names: readonly string[], options: CsvOptions, header = options.header): string {
  const columns = names.map((n) => `${quoteText(n)}: 'VARCHAR'`);
  return [
    `columns={${columns.join(', ')}}`,
    'auto_detect=false',
    `header=${header}`,
    `delim=${quoteText(options.separator)}`,
    `quote=${quoteText(options.quote)}`,
    `escape=${quoteText(options.quote === '' ? '' : options.escape)}`,
    `comment=${quoteText(options.comment)}`,
    `nullstr=''`,
    'allow_quoted_nulls=false',
    // Short lines get NULLs, long ones lose what is too much, as in Spark.
    'null_padding=true',
    'strict_mode=false',
    // The kernel's parallel reader can't do both of these.
    'parallel=false',
    `max_line_size=${MAX_LINE_BYTES}`,
    ...(/^utf-?8$/.test(options.encoding) ? [] : [`encoding=${quoteText(options.encoding)}`]),
  ].join(', ');
}

const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Lines with their fields cut by a pattern: the text of the line is still there then. */
function cutLines(paths: readonly string[], names: readonly string[], options: CsvOptions): string {
  const { separator, quote, escape, header } = options;
  const [sep, q, esc] = [separator, quote, escape].map((t) => t.replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&'));
  const quoted = quote === '' ? '' : `${q}(?:[^${q}${esc}]|${esc}.)*${q}|`;
  const plain = separator.length === 1 ? `[^${sep}]*` : `(?:(?!${sep}).)*`;
  const fields = `regexp_extract_all(line || ${quoteText(separator)}, ${quoteText(`(${quoted}${plain})${sep}`)}, 1)`;
  const cut = names.map((name, i) => `${unquoted(`fields[${i + 1}]`, options)} AS ${quoteName(name)}`);
  const raw = `read_csv(${kernelPaths(paths)}, columns={'line': 'VARCHAR'}, auto_detect=false, header=${header}, delim='', quote='', escape='', comment=${quoteText(options.comment)}, strict_mode=false, max_line_size=${MAX_LINE_BYTES})`;
  const lines = `SELECT line, file_index, ${fields} AS fields FROM ${raw} WHERE line <> ''`;
  return `(SELECT line, file_index, len(fields) <> ${names.length} AS bad_length, ${cut.join(', ')} FROM (${lines}) cut) csv`;
}

function unquoted(field: string, { quote, escape }: CsvOptions): string {
  if (quote === '') return `nullif(${field}, '')`;
  const inner = `replace(${field}[2:-2], ${quoteText(escape + quote)}, ${quoteText(quote)})`;
  return `CASE WHEN length(${field}) > 1 AND starts_with(${field}, ${quoteText(quote)}) AND ends_with(${field}, ${quoteText(quote)}) THEN ${inner} ELSE nullif(${field}, '') END`;
}
