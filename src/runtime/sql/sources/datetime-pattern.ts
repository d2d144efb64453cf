// Java's datetime patterns → the kernel's strptime and strftime, for CSV and JSON files. What has no counterpart is refused.
// Source: DateTimeFormatter's letters as Spark documents them (sql-ref-datetime-pattern).
import { AnalysisException } from '../errors/spark-error.ts';

const LETTERS: Readonly<Record<string, string>> = {
  yyyy: '%Y',
  y: '%Y',
  yy: '%y',
  MM: '%m',
  M: '%-m',
  MMM: '%b',
  MMMM: '%B',
  dd: '%d',
  d: '%-d',
  HH: '%H',
  H: '%-H',
  hh: '%I',
  h: '%-I',
  mm: '%M',
  m: '%-M',
  ss: '%S',
  s: '%-S',
  SSS: '%g',
  SSSSSS: '%f',
  SSSSSSSSS: '%n',
  a: '%p',
  E: '%a',
  EEE: '%a',
  EEEE: '%A',
  DDD: '%j',
  Z: '%z',
  VV: '%Z',
  z: '%Z',
};

/** Optional sections make more than one format, the longest first. @throws AnalysisException INVALID_DATETIME_PATTERN.WITH_SUGGESTION */
export function kernelFormats(pattern: string): string[] {
  const open = pattern.indexOf('[');
  if (open >= 0) {
    const close = closing(pattern, open);
    const [before, inside, after] = [pattern.slice(0, open), pattern.slice(open + 1, close), pattern.slice(close + 1)];
    return [...kernelFormats(before + inside + after), ...kernelFormats(before + after)];
  }
  const format = pattern.replace(/'((?:[^']|'')*)'|([A-Za-z])\2*|%/g, (token: string, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted === '' ? "'" : quoted.replaceAll("''", "'").replaceAll('%', '%%');
    if (token === '%') return '%%';
    const letter = /^X{1,3}$/.test(token) ? '%z' : LETTERS[token];
    if (letter === undefined) throw new AnalysisException('INVALID_DATETIME_PATTERN', { pattern: `'${pattern}'` });
    return letter;
  });
  return [format];
}

function closing(pattern: string, open: number): number {
  let depth = 0;
  for (let i = open; i < pattern.length; i++) {
    if (pattern[i] === '[') depth++;
    if (pattern[i] === ']' && --depth === 0) return i;
  }
  throw new AnalysisException('INVALID_DATETIME_PATTERN', { pattern: `'${pattern}'` });
}
