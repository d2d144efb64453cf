// The table that `show` prints. Source: Dataset.showString of Spark 4.2.
import type { Attribute } from '../logical/expressions.ts';
import { formatCell } from './format-cell.ts';

const LEAST_WIDTH = 3;

/** @param rows up to one more than `numRows`, to know whether there are more; @param truncate 0: never */
export function showText(
  rows: readonly (readonly unknown[])[],
  output: readonly Attribute[],
  numRows: number,
  truncate: number,
  timeZone: string,
): string {
  const cut = (text: string) => {
    if (truncate <= 0 || [...text].length <= truncate) return text;
    return truncate < 4 ? [...text].slice(0, truncate).join('') : `${[...text].slice(0, truncate - 3).join('')}...`;
  };
  const shown = rows.slice(0, numRows).map((row) => row.map((value, i) => cut(formatCell(value, output[i]!.dataType, timeZone))));
  const table = [output.map((a) => cut(a.name)), ...shown];
  const widths = output.map((_, i) => Math.max(LEAST_WIDTH, ...table.map((row) => widthOf(row[i]!))));
  const pad = (text: string, i: number) => {
    const space = ' '.repeat(widths[i]! - widthOf(text));
    return truncate > 0 ? space + text : text + space;
  };
  const line = `+${widths.map((w) => '-'.repeat(w)).join('+')}+`;
  const body = table.map((row) => `|${row.map(pad).join('|')}|`);
  const more = rows.length > numRows ? `only showing top ${numRows} ${numRows === 1 ? 'row' : 'rows'}\n` : '';
  return `${[line, body[0], line, ...body.slice(1), ...(shown.length > 0 ? [line] : [line])].join('\n')}\n${more}\n`.replace(
    /\n\n$/,
    more === '' ? '\n\n' : '\n\n',
  );
}

/** East Asian wide characters take two columns. Source: StringUtils.stringHalfWidth. */
function widthOf(text: string): number {
  let width = 0;
  for (const c of text)
    width +=
      /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u.test(
        c,
      )
        ? 2
        : 1;
  return width;
}
