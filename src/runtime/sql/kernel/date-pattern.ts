// Java's DateTimeFormatter patterns as Spark takes them: read once, then local times written and texts read. English names.
// Source: DateTimeFormatterHelper.scala, TimestampFormatter.scala of Spark 4.2; java.time.format.DateTimeFormatterBuilder.
import { AnalysisException } from '../errors/spark-error.ts';

/** A run of one letter, or a text between; an optional section is a list. */
export type Piece =
  | { readonly letter: string; readonly count: number }
  | { readonly text: string }
  | { readonly optional: readonly Piece[] };

const KNOWN = /[GyuMLdDEaQqhHkKmsSVzOXxZF]/;
const WEEK_BASED = /[YWwuec]/;

const cache = new Map<string, readonly Piece[]>();

/** @throws AnalysisException INVALID_DATETIME_PATTERN.…, INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION */
export function readPattern(pattern: string): readonly Piece[] {
  let pieces = cache.get(pattern);
  if (pieces === undefined) cache.set(pattern, (pieces = read(pattern)));
  return pieces;
}

function read(pattern: string): readonly Piece[] {
  const stack: Piece[][] = [[]];
  const put = (piece: Piece) => stack.at(-1)!.push(piece);
  for (let i = 0; i < pattern.length; ) {
    const c = pattern[i]!;
    if (c === "'") {
      const end = pattern.indexOf("'", i + 1);
      if (end < 0) throw illegal(pattern, c);
      let text = pattern.slice(i + 1, end);
      i = end + 1;
      if (text === '') text = "'";
      put({ text });
    } else if (/[A-Za-z]/.test(c)) {
      let n = 1;
      while (pattern[i + n] === c) n++;
      check(pattern, c, n);
      put({ letter: c, count: n });
      i += n;
    } else if (c === '[') {
      stack.push([]);
      i++;
    } else if (c === ']' && stack.length > 1) {
      const optional = stack.pop()!;
      put({ optional });
      i++;
    } else {
      put({ text: c });
      i++;
    }
  }
  return stack[0]!;
}

function check(pattern: string, letter: string, count: number): void {
  if (WEEK_BASED.test(letter) && letter !== 'u')
    throw new AnalysisException('INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION', {
      pattern: `'${pattern}'`,
      config: '"spark.sql.legacy.timeParserPolicy"',
      docroot: 'https://spark.apache.org/docs/latest',
    });
  if (letter === 'u' || !KNOWN.test(letter)) throw illegal(pattern, /[ABnNp]/.exec(pattern)?.[0] ?? letter);
  const most = /[yMLEQqGaz]/.test(letter)
    ? letter === 'y'
      ? 6
      : letter === 'a'
        ? 1
        : 4
    : letter === 'S'
      ? 9
      : letter === 'D'
        ? 3
        : /[XxZ]/.test(letter)
          ? 5
          : letter === 'O'
            ? 4
            : 2;
  if (count > most) throw new AnalysisException('INVALID_DATETIME_PATTERN.LENGTH', { pattern });
}

const illegal = (pattern: string, c: string): AnalysisException =>
  new AnalysisException('INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER', { pattern, c });

export const hasLetter = (pieces: readonly Piece[], letters: string): boolean =>
  pieces.some((p) => ('letter' in p ? letters.includes(p.letter) : 'optional' in p && hasLetter(p.optional, letters)));

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
