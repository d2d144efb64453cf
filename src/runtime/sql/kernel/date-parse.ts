// A text as a timestamp by a Java pattern, strictly. Writing: date-format.ts. Parts that the pattern lacks are those of 1970-01-01 00:00.
import { AnalysisException } from '../errors/spark-error.ts';
import { daysSinceEpoch } from '../parser/datetime-literals.ts';
import { hasLetter, MONTHS, type Piece, readPattern, WEEKDAYS } from './date-pattern.ts';
import { instantOf } from './time-zones.ts';

type State = { text: string; at: number; fields: Map<string, number>; zone?: string };

/** @returns µs since the epoch in the zone (or that of the text). @throws AnalysisException CANNOT_PARSE_TIMESTAMP */
export function parseTimestampBy(text: string, pattern: string, zone: string): bigint {
  const { local, zone: own } = parseLocal(text, pattern);
  const instant = instantOf(local, own ?? zone);
  if (instant === undefined) throw failed(`Text '${text}' could not be parsed at index 0`);
  return within64Bits(instant);
}

/** @returns µs of the local time since 1970-01-01 00:00 */
export function parseLocal(text: string, pattern: string): { local: bigint; zone?: string } {
  const pieces = readPattern(pattern);
  const state: State = { text, at: 0, fields: new Map() };
  const stop = readAll(pieces, state);
  if (stop !== undefined) throw failed(`Text '${text}' could not be parsed at index ${stop}`);
  if (state.at < text.length) throw failed(`Text '${text}' could not be parsed, unparsed text found at index ${state.at}`);
  const local = localMicros(text, state, hasLetter(pieces, 'G'));
  return state.zone === undefined ? { local } : { local, zone: state.zone };
}

/** @throws AnalysisException DATETIME_OVERFLOW, whatever the mode: Java's arithmetic overflows before anything is parsed wrongly */
function within64Bits(micros: bigint): bigint {
  if (BigInt.asIntN(64, micros) === micros) return micros;
  throw new AnalysisException('DATETIME_OVERFLOW', { operation: 'the timestamp of a text' });
}

const failed = (message: string): AnalysisException =>
  new AnalysisException('CANNOT_PARSE_TIMESTAMP', { message, func: '`try_to_timestamp`' });

/** @returns undefined: read; else where it failed */
function readAll(pieces: readonly Piece[], state: State): number | undefined {
  for (const [i, piece] of pieces.entries()) {
    if ('optional' in piece) {
      const saved = { ...state, fields: new Map(state.fields) };
      if (readAll(piece.optional, state) !== undefined) Object.assign(state, saved);
    } else if ('text' in piece) {
      if (state.text.slice(state.at, state.at + piece.text.length).toLowerCase() !== piece.text.toLowerCase()) return state.at;
      state.at += piece.text.length;
    } else {
      const failedAt = readField(piece.letter, piece.count, pieces.slice(i + 1), state);
      if (failedAt !== undefined) return failedAt;
    }
  }
  return undefined;
}

const NUMERIC = 'yMLdDHhkKmsSQqF';
/** Digits that fields of a fixed width right after this one need. */
function reserved(rest: readonly Piece[]): number {
  let sum = 0;
  for (const p of rest) {
    if (!('letter' in p) || !NUMERIC.includes(p.letter) || p.count < 2 || ('ML'.includes(p.letter) && p.count > 2)) break;
    sum += p.count;
  }
  return sum;
}

function readField(letter: string, count: number, rest: readonly Piece[], state: State): number | undefined {
  if ('ML'.includes(letter) && count >= 3) return readName(MONTHS, count === 3, 'M', 1, state);
  if (letter === 'E') return readName(WEEKDAYS, count < 4, 'E', 0, state);
  if (letter === 'a') return readWord(['AM', 'PM'], 'a', 0, state);
  if (letter === 'G') return readWord(count === 4 ? ['Before Christ', 'Anno Domini'] : ['BC', 'AD'], 'G', 0, state);
  if (!NUMERIC.includes(letter)) return readZone(letter, state);
  const digits = /^\d+/.exec(state.text.slice(state.at))?.[0] ?? '';
  const isNegative = letter === 'y' && count !== 2 && digits === '' && /^-\d/.test(state.text.slice(state.at));
  if (isNegative) state.at++;
  const all = isNegative ? /^\d+/.exec(state.text.slice(state.at))![0] : digits;
  const isFixed = letter === 'y' ? count === 2 : letter === 'S' ? false : count >= 2;
  const most =
    letter === 'S' ? count : letter === 'D' && count === 2 ? 3 : isFixed ? count : Math.max(1, Math.min(19, all.length - reserved(rest)));
  const least = letter === 'S' ? 1 : letter === 'y' ? (count === 1 ? 1 : count) : isFixed ? count : 1;
  const taken = all.slice(0, most);
  if (taken.length < least) return state.at;
  state.at += taken.length;
  let value = Number(letter === 'S' ? taken.padEnd(6, '0').slice(0, 6) : taken);
  if (letter === 'y' && count === 2) value += 2000;
  state.fields.set(letter === 'L' ? 'M' : letter, isNegative ? -value : value);
  return undefined;
}

const readName = (names: readonly string[], isShort: boolean, key: string, first: number, state: State): number | undefined =>
  readWord(isShort ? names.map((n) => n.slice(0, 3)) : names, key, first, state);

function readWord(words: readonly string[], key: string, first: number, state: State): number | undefined {
  const rest = state.text.slice(state.at).toLowerCase();
  const found = words.findIndex((w) => rest.startsWith(w.toLowerCase()));
  if (found < 0) return state.at;
  state.at += words[found]!.length;
  state.fields.set(key, found + first);
  return undefined;
}

function readZone(letter: string, state: State): number | undefined {
  const rest = state.text.slice(state.at);
  const pattern =
    letter === 'V' || letter === 'z'
      ? /^(?:[A-Za-z][\w/+-]*|[+-]\d\d(?::?\d\d)?)/
      : letter === 'O'
        ? /^GMT(?:[+-]\d{1,2}(?::\d\d)?)?/
        : /^(?:Z|[+-]\d\d(?::?\d\d)?(?::?\d\d)?)/;
  const found = pattern.exec(rest)?.[0];
  if (found === undefined) return state.at;
  state.at += found.length;
  const compact = /^([+-]\d\d)(\d\d)$/.exec(found);
  state.zone = compact ? `${compact[1]}:${compact[2]}` : found === 'Z' ? 'UTC' : found;
  return undefined;
}

const RANGES: { readonly [letter: string]: readonly [name: string, least: number, most: number] } = {
  M: ['MonthOfYear', 1, 12],
  d: ['DayOfMonth', 1, 31],
  D: ['DayOfYear', 1, 366],
  H: ['HourOfDay', 0, 23],
  h: ['ClockHourOfAmPm', 1, 12],
  k: ['ClockHourOfDay', 1, 24],
  K: ['HourOfAmPm', 0, 11],
  m: ['MinuteOfHour', 0, 59],
  s: ['SecondOfMinute', 0, 59],
};

/** A day of the year must be one of this year, and the day that month and day say, where they do. */
function checkDayOfYear(text: string, year: number, days: number, fields: State['fields']): void {
  const conflict = (why: string) => failed(`Text '${text}' could not be parsed: ${why}`);
  if (days >= daysSinceEpoch(year + 1, 1, 1)!) throw conflict(`Invalid date 'DayOfYear 366' as '${year}' is not a leap year`);
  const [month, day] = [fields.get('M'), fields.get('d')];
  const date = new Date(days * 86_400_000);
  const derived = `derived from ${date.toISOString().slice(0, 10)}`;
  if (month !== undefined && month !== date.getUTCMonth() + 1)
    throw conflict(`Conflict found: Field MonthOfYear ${date.getUTCMonth() + 1} differs from MonthOfYear ${month} ${derived}`);
  if (day !== undefined && day !== date.getUTCDate())
    throw conflict(`Conflict found: Field DayOfMonth ${date.getUTCDate()} differs from DayOfMonth ${day} ${derived}`);
}

function localMicros(text: string, { fields }: State, hasEra: boolean): bigint {
  for (const [letter, [name, least, most]] of Object.entries(RANGES)) {
    const value = fields.get(letter);
    if (value !== undefined && (value < least || value > most))
      throw failed(
        `Text '${text}' could not be parsed: Invalid value for ${name} (valid values ${least} - ${letter === 'd' ? '28/31' : letter === 'D' ? '365/366' : most}): ${value}`,
      );
  }
  const get = (letter: string, otherwise: number): number => fields.get(letter) ?? otherwise;
  const era = hasEra && get('G', 1) === 0;
  const year = era ? 1 - get('y', 1970) : get('y', 1970);
  const quarter = fields.get('Q') ?? fields.get('q');
  const month = get('M', quarter === undefined ? 1 : quarter * 3 - 2);
  const days = fields.has('D') ? daysSinceEpoch(year, 1, 1)! + get('D', 1) - 1 : daysSinceEpoch(year, month, get('d', 1));
  if (fields.has('D')) checkDayOfYear(text, year, days!, fields);
  if (days === undefined) {
    const day = get('d', 1);
    const why =
      month === 2 && day === 29
        ? `Invalid date 'February 29' as '${year}' is not a leap year`
        : `Invalid date '${MONTHS[month - 1]!.toUpperCase()} ${day}'`;
    throw failed(`Text '${text}' could not be parsed: ${why}`);
  }
  const half = get('a', 0) * 12;
  const hour = fields.has('H')
    ? get('H', 0)
    : fields.has('k')
      ? get('k', 24) % 24
      : fields.has('h')
        ? (get('h', 12) % 12) + half
        : fields.has('K')
          ? get('K', 0) + half
          : half;
  const seconds = BigInt(days) * 86_400n + BigInt(hour * 3600 + get('m', 0) * 60 + get('s', 0));
  return within64Bits(seconds * 1_000_000n + BigInt(get('S', 0)));
}
