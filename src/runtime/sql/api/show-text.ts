// The table that `show` prints, and one line per value when it is vertical. Source: Dataset.showString of Spark 4.2.
import type { Attribute } from '../logical/expressions.ts';
import { formatCell } from './format-cell.ts';

const LEAST_WIDTH = 3;
/** What a vertical line has beside name and value: ` | ` and a space at both ends. */
const AROUND = 5;

export type ShowOptions = {
  readonly numRows: number;
  /** Cells longer than this are cut; 0: never. */
  readonly truncate: number;
  readonly vertical: boolean;
  readonly timeZone: string;
};

/** @param rows values of the kernel, up to one row more than `numRows`, to know whether there are more */
export function showText(rows: readonly (readonly unknown[])[], output: readonly Attribute[], options: ShowOptions): string {
  const { numRows, truncate, vertical, timeZone } = options;
  const cell = (value: unknown, i: number) => cut(escaped(formatCell(value, output[i]!.dataType, timeZone)), truncate);
  const names = output.map((a) => escaped(a.name));
  const shown = rows.slice(0, numRows).map((row) => row.map(cell));
  const text = vertical ? records(names, shown) : table(names, shown, truncate > 0);
  if (rows.length > numRows) return `${text}only showing top ${numRows} ${numRows === 1 ? 'row' : 'rows'}\n`;
  return vertical && shown.length === 0 ? '(0 rows)\n' : `${text}\n`;
}

const META: readonly [RegExp, string][] = [
  [/\n/g, '\\n'],
  [/\r/g, '\\r'],
  [/\t/g, '\\t'],
  [/\f/g, '\\f'],
  [/[\b]/g, '\\b'],
  [/\v/g, '\\v'],
  [/\x07/g, '\\a'],
];
/** One line, whatever the cell holds. Source: SchemaUtils.escapeMetaCharacters. */
const escaped = (text: string): string => META.reduce((t, [from, to]) => t.replace(from, to), text);

function cut(text: string, most: number): string {
  if (most <= 0 || text.length <= most) return text;
  return most < 4 ? text.slice(0, most) : `${text.slice(0, most - 3)}...`;
}

function table(names: readonly string[], rows: readonly (readonly string[])[], toTheRight: boolean): string {
  const all = [names, ...rows];
  const widths = names.map((_, i) => Math.max(LEAST_WIDTH, ...all.map((row) => widthOf(row[i]!))));
  const pad = (text: string, i: number) => {
    const space = ' '.repeat(widths[i]! - widthOf(text));
    return toTheRight ? space + text : text + space;
  };
  const line = `+${widths.map((w) => '-'.repeat(w)).join('+')}+`;
  const [header, ...body] = all.map((row) => `|${row.map(pad).join('|')}|`);
  return [line, header, line, ...body, line].map((l) => `${l}\n`).join('');
}

function records(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const nameWidth = Math.max(LEAST_WIDTH, ...names.map(widthOf));
  const valueWidth = Math.max(LEAST_WIDTH, ...rows.flat().map(widthOf));
  const pad = (text: string, width: number) => text + ' '.repeat(width - widthOf(text));
  const one = (row: readonly string[], i: number) =>
    [
      `-RECORD ${i}`.padEnd(nameWidth + valueWidth + AROUND, '-'),
      ...row.map((v, c) => ` ${pad(names[c]!, nameWidth)} | ${pad(v, valueWidth)} `),
    ]
      .map((l) => `${l}\n`)
      .join('');
  return rows.map(one).join('');
}

const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/g;
/** East Asian wide characters take two columns. Source: StringUtils.stringHalfWidth. */
const widthOf = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0);
