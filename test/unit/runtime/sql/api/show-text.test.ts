// The tables of show against what PySpark 4.0.1 printed.
import { describe, expect, it } from 'vitest';
import { showText } from '../../../../../src/runtime/sql/api/show-text.ts';
import { newAttribute } from '../../../../../src/runtime/sql/logical/expressions.ts';
import { LONG, STRING } from '../../../../../src/runtime/sql/types/data-type.ts';

const strings = (...names: string[]) => names.map((n) => newAttribute(n, STRING));
const show = (rows: unknown[][], names: string[], numRows = 20, truncate = 20, vertical = false) =>
  showText(rows, strings(...names), { numRows, truncate, vertical, timeZone: 'UTC' });

describe('show', () => {
  it('counts wide characters twice, writes line breaks as \\n, cuts long cells', () => {
    expect(show([['你好', 'línea', 'a\nb\tc', 'a very long string that is cut here', '']], ['a', 'b', 'c', 'd', 'e'])).toBe(
      [
        '+----+-----+-------+--------------------+---+',
        '|   a|    b|      c|                   d|  e|',
        '+----+-----+-------+--------------------+---+',
        '|你好|línea|a\\nb\\tc|a very long strin...|   |',
        '+----+-----+-------+--------------------+---+',
        '\n',
      ].join('\n'),
    );
  });

  it('stands to the left when nothing is cut', () => {
    expect(show([['x']], ['a'], 20, 0)).toBe('+---+\n|a  |\n+---+\n|x  |\n+---+\n\n');
  });

  it('never cuts names of columns', () => {
    expect(show([['abcdefghijk']], ['abcdefghijkl'], 20, 3)).toContain('|         abc|');
    expect(show([['abcdefghijk']], ['abcdefghijkl'], 20, 5)).toContain('|abcdefghijkl|\n+------------+\n|       ab...|');
  });

  it('says when there are more rows', () => {
    expect(show([['x'], ['y']], ['a'], 1)).toBe('+---+\n|  a|\n+---+\n|  x|\n+---+\nonly showing top 1 row\n');
    expect(show([['x']], ['a'], 0)).toBe('+---+\n|  a|\n+---+\n+---+\nonly showing top 0 rows\n');
  });

  it('shows records one under the other', () => {
    const output = [newAttribute('id', LONG), newAttribute('double_id', LONG)];
    const rows = [
      [0n, 0n],
      [1n, 2n],
      [2n, 4n],
    ];
    expect(showText(rows, output, { numRows: 2, truncate: 5, vertical: true, timeZone: 'UTC' })).toBe(
      [
        '-RECORD 0--------',
        ' id        | 0   ',
        ' double_id | 0   ',
        '-RECORD 1--------',
        ' id        | 1   ',
        ' double_id | 2   ',
        'only showing top 2 rows',
        '',
      ].join('\n'),
    );
    expect(show([], ['a'], 20, 20, true)).toBe('(0 rows)\n');
  });

  it('of no rows is a table without any', () => {
    expect(show([], ['a'])).toBe('+---+\n|  a|\n+---+\n+---+\n\n');
  });
});
