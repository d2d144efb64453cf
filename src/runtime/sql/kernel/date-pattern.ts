// Java's DateTimeFormatter patterns as Spark takes them: read once, then local times written and texts read. English names.
// Source: DateTimeFormatterHelper.scala, TimestampFormatter.scala of Spark 4.2; java.time.format.DateTimeFormatterBuilder.
import { AnalysisException } from '../errors/spark-error.ts';

/** A run of one letter, or a text between; an optional section is a list. */
export type Piece =
  | { readonly letter: string; readonly count: number }
  | { readonly text: string }
  | { readonly optional: readonly Piece[] };

const KNOWN = /[GyMLdDEaQqhHkKmsSVzOXxZF]/;

const cache = new Map<string, readonly Piece[]>();

/** @throws AnalysisException INVALID_DATETIME_PATTERN.…, INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION */
export function readPattern(pattern: string): readonly Piece[] {
  let pieces = cache.get(pattern);
  if (pieces === undefined) cache.set(pattern, (pieces = read(pattern)));
  return pieces;
}

function read(pattern: string): readonly Piece[] {
  checkLetters(pattern);
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

/** How many of a letter there may be. */
const MOST: Readonly<Record<string, number>> = {
  y: 6,
  M: 4,
  L: 4,
  E: 4,
  Q: 4,
  q: 4,
  G: 4,
  a: 1,
  z: 4,
  S: 9,
  D: 3,
  X: 5,
  x: 5,
  Z: 5,
  O: 4,
  F: 1,
};

function check(pattern: string, letter: string, count: number): void {
  if (!KNOWN.test(letter)) throw notRecognized(pattern);
  if (/[Qq]/.test(letter) && count > 4) throw new AnalysisException('INVALID_DATETIME_PATTERN.LENGTH', { pattern });
  const isOdd = (letter === 'V' && count !== 2) || (letter === 'O' && count !== 1 && count !== 4);
  if (isOdd || count > (MOST[letter] ?? 2)) throw notRecognized(pattern);
}

/** Letters that Spark takes in no pattern, before it reads any. */
function checkLetters(pattern: string): void {
  const plain = pattern.replace(/'[^']*'/g, '');
  const weekBased = /[YWwuec]/.exec(plain);
  if (weekBased)
    throw (
      meansAnother(pattern) ?? new AnalysisException('INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN', { c: weekBased[0] })
    );
  const without = /[ABnNp]/.exec(plain);
  if (without) throw illegal(pattern, without[0]);
}

const shown = (pattern: string) => ({ pattern: `'${pattern}'`, docroot: 'https://spark.apache.org/docs/latest' });

/** What Java's older formatter would read. Source: checkLegacyFormatter. */
function meansAnother(pattern: string): AnalysisException | undefined {
  const letters = pattern.replace(/'[^']*'/g, '').match(/[A-Za-z]/g) ?? [];
  if (!letters.every((c) => 'GyYMLwWDdFEuaHkKhmsSzZX'.includes(c)) || /X{4}/.test(pattern)) return undefined;
  const parameters = { ...shown(pattern), config: '"spark.sql.legacy.timeParserPolicy"' };
  return new AnalysisException('INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION', parameters);
}

const notRecognized = (pattern: string): AnalysisException =>
  meansAnother(pattern) ?? new AnalysisException('INVALID_DATETIME_PATTERN.WITH_SUGGESTION', shown(pattern));

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
