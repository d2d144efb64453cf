// Functions on strings in JavaScript: positions count code points. Patterns: js-regex.ts; formats and codes: js-formats.ts.
// Source: stringExpressions.scala and UTF8String of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { byRow, byRowWithNulls, type JsFunction, jsFunction } from './js-function.ts';

/** [from, to) of a part that begins at `position` (from 1, negative from the end) over `length` places. */
function bounds(size: number, position: number, length: number): readonly [number, number] {
  const start = position > 0 ? position - 1 : position < 0 ? size + position : 0;
  const end = Math.min(size, Math.max(start + length, 0));
  return [Math.max(0, Math.min(start, size)), Math.max(end, 0)];
}

function substring(s: string, position: number, length: number): string {
  const letters = [...s];
  const [from, to] = bounds(letters.length, position, length);
  return letters.slice(from, Math.max(from, to)).join('');
}

function substringIndex(s: string, delimiter: string, count: number): string {
  if (count === 0 || delimiter === '') return '';
  let at = count > 0 ? -1 : s.length + 1;
  for (let i = 0; i < Math.abs(count); i++) {
    at = count > 0 ? s.indexOf(delimiter, at + 1) : at - 1 < 0 ? -1 : s.lastIndexOf(delimiter, at - 1 - (i === 0 ? 0 : 0));
    if (at < 0) return s;
  }
  return count > 0 ? s.slice(0, at) : s.slice(at + delimiter.length);
}

function splitPart(s: string, delimiter: string, n: number): string {
  if (n === 0) throw new AnalysisException('INVALID_INDEX_OF_ZERO');
  const parts = delimiter === '' ? [s] : s.split(delimiter);
  return parts[n > 0 ? n - 1 : parts.length + n] ?? '';
}

function pad(side: string, s: string, length: number, fill: string): string {
  const letters = [...s];
  if (length <= letters.length) return letters.slice(0, Math.max(0, length)).join('');
  const pattern = [...fill];
  if (pattern.length === 0) return s;
  const missing = Array.from({ length: length - letters.length }, (_, i) => pattern[i % pattern.length]).join('');
  return side === 'lpad' ? missing + s : s + missing;
}

function padBytes(side: string, b: Uint8Array, length: number, fill: Uint8Array): Uint8Array {
  if (length <= b.length) return b.slice(0, Math.max(0, length));
  if (fill.length === 0) return b;
  const missing = Uint8Array.from({ length: length - b.length }, (_, i) => fill[i % fill.length]!);
  return Uint8Array.from(side === 'lpad' ? [...missing, ...b] : [...b, ...missing]);
}

function overlay<X extends { length: number }>(
  s: X,
  by: X,
  at: number,
  length: number,
  part: (x: X, p: number, n: number) => X,
  join: (...x: X[]) => X,
  size: (x: X) => number,
): X {
  const count = length >= 0 ? length : size(by);
  return join(part(s, 1, at - 1), by, part(s, at + count, 2147483647));
}

function translate(s: string, from: string, to: string): string {
  const [source, target] = [[...from], [...to]];
  const map = new Map<string, string>();
  source.forEach((c, i) => {
    if (!map.has(c)) map.set(c, target[i] ?? '');
  });
  return [...s].map((c) => map.get(c) ?? c).join('');
}

/** @param threshold −1: none; a distance above it is −1 */
function levenshtein(a: string, b: string, threshold: number): number {
  const [x, y] = [[...a], [...b]];
  let row = Array.from({ length: y.length + 1 }, (_, i) => i);
  for (let i = 1; i <= x.length; i++) {
    const next = [i];
    for (let j = 1; j <= y.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (x[i - 1] === y[j - 1] ? 0 : 1));
    row = next;
  }
  const distance = row[y.length]!;
  return threshold >= 0 && distance > threshold ? -1 : distance;
}

const SOUNDS = '01230127022455012623010202'; // 7: H and W, which do not separate
function soundex(s: string): string {
  const first = s[0];
  if (first === undefined || !/[A-Za-z]/.test(first)) return s;
  let out = first.toUpperCase();
  let last = SOUNDS[out.charCodeAt(0) - 65]!;
  for (const c of s.slice(1).toUpperCase()) {
    const code = /[A-Z]/.test(c) ? SOUNDS[c.charCodeAt(0) - 65]! : '0';
    if (code === '7') continue;
    if (code !== '0' && code !== last) out += code;
    if (out.length === 4) break;
    last = code;
  }
  return out.padEnd(4, '0');
}

function sentences(text: string, language: string): string[][] {
  const locale = language === '' ? 'en' : language;
  return [...new Intl.Segmenter(locale, { granularity: 'sentence' }).segment(text)].map(({ segment }) =>
    [...new Intl.Segmenter(locale, { granularity: 'word' }).segment(segment)].filter((w) => w.isWordLike).map((w) => w.segment),
  );
}

function mask(s: string | null, upper: string | null, lower: string | null, digit: string | null, other: string | null): string | null {
  if (s === null) return null;
  return [...s]
    .map((c) => (/\p{Lu}/u.test(c) ? (upper ?? c) : /\p{Ll}/u.test(c) ? (lower ?? c) : /\p{Nd}/u.test(c) ? (digit ?? c) : (other ?? c)))
    .join('');
}

function luhn(s: string): boolean {
  if (!/^\d+$/.test(s)) return false;
  let sum = 0;
  [...s].reverse().forEach((c, i) => {
    const d = Number(c) * (i % 2 === 1 ? 2 : 1);
    sum += d > 9 ? d - 9 : d;
  });
  return sum % 10 === 0;
}

function isUtf8(b: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(b);
    return true;
  } catch {
    return false;
  }
}
const textOf = (b: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(b);
const sameAt = (b: Uint8Array, part: Uint8Array, at: number): boolean => at >= 0 && part.every((x, i) => b[at + i] === x);
const partOfBytes = (b: Uint8Array, p: number, n: number): Uint8Array => {
  const [from, to] = bounds(b.length, p, n);
  return b.slice(from, Math.max(from, to));
};

export const JS_STRINGS: readonly JsFunction[] = [
  jsFunction(
    'upper',
    ['VARCHAR'],
    'VARCHAR',
    byRow((s: string) => s.toUpperCase()),
  ),
  jsFunction(
    'lower',
    ['VARCHAR'],
    'VARCHAR',
    byRow((s: string) => s.toLowerCase()),
  ),
  jsFunction(
    'initcap',
    ['VARCHAR'],
    'VARCHAR',
    byRow((s: string) => s.toLowerCase().replace(/(^| )(\p{L})/gu, (_, space: string, c: string) => space + c.toUpperCase())),
  ),
  jsFunction('substring', ['VARCHAR', 'INTEGER', 'INTEGER'], 'VARCHAR', byRow(substring)),
  jsFunction('substring_bytes', ['BLOB', 'INTEGER', 'INTEGER'], 'BLOB', byRow(partOfBytes)),
  jsFunction('substring_index', ['VARCHAR', 'VARCHAR', 'INTEGER'], 'VARCHAR', byRow(substringIndex)),
  jsFunction('split_part', ['VARCHAR', 'VARCHAR', 'INTEGER'], 'VARCHAR', byRow(splitPart)),
  {
    name: 'pad',
    make: (side) => ({
      parameterTypes: ['VARCHAR', 'INTEGER', 'VARCHAR'],
      returnType: 'VARCHAR',
      compute: byRow((s: string, n: number, f: string) => pad(side!, s, n, f)),
    }),
  },
  {
    name: 'pad_bytes',
    make: (side) => ({
      parameterTypes: ['BLOB', 'INTEGER', 'BLOB'],
      returnType: 'BLOB',
      compute: byRow((s: Uint8Array, n: number, f: Uint8Array) => padBytes(side!, s, n, f)),
    }),
  },
  jsFunction(
    'locate',
    ['VARCHAR', 'VARCHAR', 'INTEGER'],
    'INTEGER',
    byRowWithNulls((part: string | null, s: string | null, from: number | null) => {
      if (from === null) return 0;
      if (part === null || s === null) return null;
      if (from <= 0) return 0;
      const letters = [...s];
      const at = letters
        .slice(from - 1)
        .join('')
        .indexOf(part);
      return at < 0
        ? 0
        : [
            ...letters
              .slice(from - 1)
              .join('')
              .slice(0, at),
          ].length + from;
    }),
  ),
  jsFunction('translate', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', byRow(translate)),
  jsFunction(
    'overlay',
    ['VARCHAR', 'VARCHAR', 'INTEGER', 'INTEGER'],
    'VARCHAR',
    byRow((s: string, by: string, at: number, n: number) =>
      overlay(
        s,
        by,
        at,
        n,
        substring,
        (...x) => x.join(''),
        (x) => [...x].length,
      ),
    ),
  ),
  jsFunction(
    'overlay_bytes',
    ['BLOB', 'BLOB', 'INTEGER', 'INTEGER'],
    'BLOB',
    byRow((s: Uint8Array, by: Uint8Array, at: number, n: number) =>
      overlay(
        s,
        by,
        at,
        n,
        partOfBytes,
        (...x) => Uint8Array.from(x.flatMap((b) => [...b])),
        (x) => x.length,
      ),
    ),
  ),
  jsFunction(
    'startswith_bytes',
    ['BLOB', 'BLOB'],
    'BOOLEAN',
    byRow((b: Uint8Array, p: Uint8Array) => sameAt(b, p, 0)),
  ),
  jsFunction(
    'endswith_bytes',
    ['BLOB', 'BLOB'],
    'BOOLEAN',
    byRow((b: Uint8Array, p: Uint8Array) => sameAt(b, p, b.length - p.length)),
  ),
  jsFunction(
    'contains_bytes',
    ['BLOB', 'BLOB'],
    'BOOLEAN',
    byRow((b: Uint8Array, p: Uint8Array) => Buffer.from(b).includes(Buffer.from(p))),
  ),
  jsFunction(
    'find_in_set',
    ['VARCHAR', 'VARCHAR'],
    'INTEGER',
    byRow((s: string, set: string) => (s.includes(',') ? 0 : set.split(',').indexOf(s) + 1)),
  ),
  jsFunction('levenshtein', ['VARCHAR', 'VARCHAR', 'INTEGER'], 'INTEGER', byRow(levenshtein)),
  jsFunction('soundex', ['VARCHAR'], 'VARCHAR', byRow(soundex)),
  jsFunction('sentences', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR[][]', byRow(sentences)),
  jsFunction('mask', ['VARCHAR', 'VARCHAR', 'VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', byRowWithNulls(mask)),
  jsFunction('luhn_check', ['VARCHAR'], 'BOOLEAN', byRow(luhn)),
  jsFunction('is_valid_utf8', ['BLOB'], 'BOOLEAN', byRow(isUtf8)),
  jsFunction('make_valid_utf8', ['BLOB'], 'VARCHAR', byRow(textOf)),
  jsFunction(
    'try_validate_utf8',
    ['BLOB'],
    'VARCHAR',
    byRow((b: Uint8Array) => (isUtf8(b) ? textOf(b) : null)),
  ),
  jsFunction(
    'validate_utf8',
    ['BLOB'],
    'VARCHAR',
    byRow((b: Uint8Array) => {
      if (isUtf8(b)) return textOf(b);
      throw new AnalysisException('INVALID_UTF8_STRING', {
        str: [...b].map((x) => `\\x${x.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
      });
    }),
  ),
];
