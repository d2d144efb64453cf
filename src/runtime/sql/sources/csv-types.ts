// Types of CSV columns by their texts: one query counts, for each column, how many texts fit which type. Source: CSVInferSchema of Spark 4.2.
import { quoteText } from '../../../common/kernel-quotes.ts';
import type { KernelValue } from '../../../common/sql-kernel.ts';
import { matches, NUMBER, parsed, TIMESTAMP, WHOLE_NUMBER } from '../emit/parse-text.ts';
import { csvRecords } from '../emit/scan-csv.ts';
import * as T from '../types/data-type.ts';
import type { CsvOptions } from './csv-options.ts';
import type { ListedFile } from './list-files.ts';

const DATE_ONLY = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const PER_COLUMN = 9;

/** A row with `PER_COLUMN` numbers for each column. */
export function fieldTypesQuery(files: readonly ListedFile[], columns: number, options: CsvOptions): string {
  const names = Array.from({ length: columns }, (_, i) => `f${i}`);
  const counts = names.flatMap((name) => {
    const trimmed = options.trimLeft || options.trimRight ? `trim(${name})` : name;
    const text = `nullif(${trimmed}, ${quoteText(options.nullValue)})`;
    const whole = matches(text, WHOLE_NUMBER);
    const date =
      options.dateFormat === undefined
        ? `(${matches(text, DATE_ONLY)} AND ${parsed(text, T.DATE, options)} IS NOT NULL)`
        : fits(text, T.DATE, options);
    return [
      `count(${text})`,
      `count(*) FILTER (WHERE ${whole} AND TRY_CAST(${text} AS INTEGER) IS NOT NULL)`,
      `count(*) FILTER (WHERE ${whole} AND TRY_CAST(${text} AS BIGINT) IS NOT NULL)`,
      `count(*) FILTER (WHERE ${whole})`,
      `coalesce(max(length(ltrim(${text}, '+-0'))) FILTER (WHERE ${whole}), 0)`,
      `count(*) FILTER (WHERE ${fits(text, T.DOUBLE, options)} AND (NOT ${matches(text, NUMBER)} OR ${text} = trim(${text})))`,
      options.preferDate ? `count(*) FILTER (WHERE ${date})` : '0',
      `count(*) FILTER (WHERE ${options.timestampFormat === undefined ? `${matches(text, TIMESTAMP)} AND length(${text}) >= 8 AND ` : ''}${fits(text, T.TIMESTAMP, options)})`,
      `count(*) FILTER (WHERE ${fits(text, T.BOOLEAN, options)})`,
    ].map((c) => `${c}::BIGINT`);
  });
  const sample = options.samplingRatio < 1 ? ` WHERE random() < ${options.samplingRatio}` : '';
  return `SELECT ${counts.join(', ')} FROM ${csvRecords(files, names, options, false).from}${sample}`;
}

const fits = (text: string, type: T.DataType, options: CsvOptions): string => `${parsed(text, type, options)} IS NOT NULL`;

export function typeOfCounts(counts: readonly KernelValue[], column: number): T.DataType {
  const [all, int, long, whole, digits, number, date, timestamp, boolean] = counts
    .slice(column * PER_COLUMN, (column + 1) * PER_COLUMN)
    .map(Number) as [number, number, number, number, number, number, number, number, number];
  if (all === 0) return T.STRING;
  if (int === all) return T.INTEGER;
  if (long === all) return T.LONG;
  if (whole === all && digits <= T.MAX_DECIMAL_PRECISION) return T.decimalType(Math.max(digits, 1), 0);
  if (number === all) return T.DOUBLE;
  if (date === all) return T.DATE;
  if (timestamp === all) return T.TIMESTAMP;
  return boolean === all ? T.BOOLEAN : T.STRING;
}
