// Types of CSV columns by their texts: one query counts, for each column, how many texts fit which type. Source: CSVInferSchema of Spark 4.2.
import { quoteText } from '../../../common/kernel-quotes.ts';
import { kernelRows } from '../../../common/kernel-rows.ts';
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import { matches, NUMBER, parsed, TIMESTAMP, WHOLE_NUMBER } from '../emit/parse-text.ts';
import { csvRecords } from '../emit/scan-csv.ts';
import * as T from '../types/data-type.ts';
import type { CsvOptions } from './csv-options.ts';
import type { ListedFile } from './list-files.ts';

const DATE_ONLY = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const PER_COLUMN = 9;

/** The kernel's time to plan grows with the square of what one SELECT computes: above, columns are rows of one long table (2,000 took minutes). */
const WIDE = 64;

/** `PER_COLUMN` numbers for each column. */
export async function countFieldTypes(
  kernel: Pick<SqlKernel, 'query'>,
  files: readonly ListedFile[],
  columns: number,
  options: CsvOptions,
): Promise<readonly (readonly number[])[]> {
  const names = Array.from({ length: columns }, (_, i) => `f${i}`);
  const sample = options.samplingRatio < 1 ? ` WHERE random() < ${options.samplingRatio}` : '';
  const from = `${csvRecords(files, names, options, false).from}${sample}`;
  if (columns > WIDE) {
    const long = `SELECT unnest(range(0, ${columns}))::INTEGER AS place, unnest([${names.join(', ')}]) AS field FROM ${from}`;
    const found = await kernelRows(kernel, `SELECT place, ${countsOf('field', options).join(', ')} FROM (${long}) fields GROUP BY place`);
    const at = new Map(found.map(([place, ...counts]) => [Number(place), counts.map(Number)]));
    return names.map((_, i) => at.get(i) ?? NOTHING);
  }
  const [all] = await kernelRows(kernel, `SELECT ${names.flatMap((name) => countsOf(name, options)).join(', ')} FROM ${from}`);
  return names.map((_, i) => all!.slice(i * PER_COLUMN, (i + 1) * PER_COLUMN).map(Number));
}

const NOTHING = new Array<number>(PER_COLUMN).fill(0);

function countsOf(name: string, options: CsvOptions): string[] {
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
}

const fits = (text: string, type: T.DataType, options: CsvOptions): string => `${parsed(text, type, options)} IS NOT NULL`;

export function typeOfCounts([all, int, long, whole, digits, number, date, timestamp, boolean]: readonly number[]): T.DataType {
  if (all === 0) return T.STRING;
  if (int === all) return T.INTEGER;
  if (long === all) return T.LONG;
  if (whole === all && digits! <= T.MAX_DECIMAL_PRECISION) return T.decimalType(Math.max(digits!, 1), 0);
  if (number === all) return T.DOUBLE;
  if (date === all) return T.DATE;
  if (timestamp === all) return T.TIMESTAMP;
  return boolean === all ? T.BOOLEAN : T.STRING;
}
