import { describe, expect, it } from 'vitest';
import { parseProperties } from '../../../src/common/properties.ts';

const parse = (text: string) => Object.fromEntries(parseProperties(text));

describe('a properties file', () => {
  it('separates key and value by =, : or white space, with space around', () => {
    expect(parse('a=1\nb: 2\nc 3\nd\t4\ne = 5\nf   :   6\ng=h=i\nspark.x    y z ')).toEqual({
      a: '1',
      b: '2',
      c: '3',
      d: '4',
      e: '5',
      f: '6',
      g: 'h=i',
      'spark.x': 'y z',
    });
  });

  it('skips blank lines and comments with # and !, also indented', () => {
    expect(parse('# a=1\n  ! b=2\n\n\t\nc=3 # not a comment\r\n')).toEqual({ c: '3 # not a comment' });
  });

  it("joins lines that end in an odd number of backslashes, without the next line's leading space", () => {
    expect(parse('a=1,\\\n    2,\\\n  3\nb=x\\\\\nc=y')).toEqual({ a: '1,2,3', b: 'x\\', c: 'y' });
    expect(parse('a=1\\\n# no comment')).toEqual({ a: '1# no comment' });
  });

  it('knows the escapes of Java: \\t \\n \\u0041, and any other character for itself', () => {
    expect(parse('a\\=b=c\\:d\nk\\ ey=v\nt=x\\ty\nu=\\u0041\\u00e9\np=C\\:\\\\temp\nq=\\z')).toEqual({
      'a=b': 'c:d',
      'k ey': 'v',
      t: 'x\ty',
      u: 'Aé',
      p: 'C:\\temp',
      q: 'z',
    });
  });

  it('takes a key without value as empty, trims values, and lets the last of two win', () => {
    expect(parseProperties('a\nb=\nc=1  \nc=2\t')).toEqual([
      ['a', ''],
      ['b', ''],
      ['c', '2'],
    ]);
  });

  it('takes a last line that ends in a backslash as it is', () => {
    expect(parse('a=1\\')).toEqual({ a: '1' });
  });
});
