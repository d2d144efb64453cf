// Number tokens: the longest of Spark's forms that fits, as its generated lexer chooses. `1a` is a name, `1.` a decimal, `1.e` a decimal and a name.
import type { Token } from './token.ts';

const NUMBER = /(\d+\.\d*|\.\d+|\d+)([eE][+-]?\d+)?(bd|BD|bD|Bd|[LlSsYyFfDd])?/y;
const WORD_PART = /[\p{L}0-9_]/u;
const SUFFIX: { readonly [letter: string]: string } = {
  L: 'bigint',
  S: 'smallint',
  Y: 'tinyint',
  F: 'float',
  D: 'double',
  BD: 'bigdecimal',
};

/** @returns undefined when the digits begin a name, as in `2nd` */
export function scanNumber(text: string, start: number): Token | undefined {
  NUMBER.lastIndex = start;
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, digits = '', exponent = '', suffix = ''] = match;
  const hasPoint = digits.includes('.');
  const letter = suffix.toUpperCase();
  const whole = 'LSY'.includes(letter) && letter !== '';
  const forms: [length: number, type: string][] = [[digits.length, hasPoint ? 'decimal' : 'integer']];
  if (exponent !== '') forms.push([digits.length + exponent.length, 'exponent']);
  if (suffix !== '' && !(whole && (hasPoint || exponent !== ''))) forms.push([match[0].length, SUFFIX[letter] as string]);
  for (let i = forms.length - 1; i >= 0; i--) {
    const [length, type] = forms[i] as [number, string];
    const end = start + length;
    const next = text[end] ?? '';
    if (!WORD_PART.test(next)) return { type, start, end, isWord: false };
    // Digits and letters in one run are a name. With a point they never are: the number ends where Spark's lexer lets it.
    if (hasPoint && !/[A-Za-z0-9_]/.test(next)) return { type, start, end, isWord: false };
  }
  if (!hasPoint) return undefined;
  // `1.a`: no decimal may stand before a letter, so it is `1`, `.`, `a`; `.5a` is `.` and a name.
  const point = digits.indexOf('.');
  return point === 0 ? undefined : { type: 'integer', start, end: start + point, isWord: false };
}
