// A timestamp as text by a Java pattern. Reading: date-parse.ts. Names of zones by letter z are those of the JavaScript engine (PDT; GMT+2 where it
// has no English short name).
import { floorDiv } from '../types/value-text.ts';
import { hasLetter, MONTHS, type Piece, readPattern, WEEKDAYS } from './date-pattern.ts';
import { localOf, zoneRules } from './time-zones.ts';

const DAY = 86_400_000_000n;
const pad = (n: number | bigint, width: number): string => String(n).padStart(width, '0');

/** @param micros since 1970-01-01T00:00Z */
export function formatTimestamp(micros: bigint, pattern: string, zone: string): string {
  const pieces = readPattern(pattern);
  const local = localOf(micros, zone);
  return written(pieces, { local, offset: local - micros, micros, zone, hasEra: hasLetter(pieces, 'G') });
}

type Moment = { local: bigint; offset: bigint; micros: bigint; zone: string; hasEra: boolean };

function written(pieces: readonly Piece[], moment: Moment): string {
  return pieces
    .map((p) => ('text' in p ? p.text : 'optional' in p ? written(p.optional, moment) : field(p.letter, p.count, moment)))
    .join('');
}

export function civil(days: number): { year: number; month: number; day: number; weekday: number; dayOfYear: number } {
  const cycles = Math.floor(days / 146_097);
  const date = new Date((days - cycles * 146_097) * 86_400_000);
  const year = date.getUTCFullYear();
  const dayOfYear = Math.round((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
  return { year: year + cycles * 400, month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay(), dayOfYear };
}

function field(letter: string, count: number, { local, offset, micros, zone, hasEra }: Moment): string {
  const days = floorDiv(local, DAY);
  const rest = local - days * DAY;
  const seconds = Number(rest / 1_000_000n);
  const [hour, minute, second] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const date = civil(Number(days));
  switch (letter) {
    case 'G':
      return date.year > 0 ? (count === 4 ? 'Anno Domini' : 'AD') : count === 4 ? 'Before Christ' : 'BC';
    case 'y': {
      const year = hasEra && date.year <= 0 ? 1 - date.year : date.year;
      if (count === 2) return pad(((year % 100) + 100) % 100, 2);
      const text = pad(Math.abs(year), count);
      return year < 0 ? `-${text}` : text.length > count && count >= 4 ? `+${text}` : text;
    }
    case 'M':
    case 'L':
      return count <= 2 ? pad(date.month, count) : count === 3 ? MONTHS[date.month - 1]!.slice(0, 3) : MONTHS[date.month - 1]!;
    case 'Q':
    case 'q': {
      const quarter = Math.ceil(date.month / 3);
      return count <= 2 ? pad(quarter, count) : count === 3 ? `Q${quarter}` : `${['1st', '2nd', '3rd', '4th'][quarter - 1]} quarter`;
    }
    case 'd':
      return pad(date.day, count);
    case 'D':
      return pad(date.dayOfYear, count);
    case 'F':
      return pad(((date.day - 1) % 7) + 1, count);
    case 'E':
      return count === 4 ? WEEKDAYS[date.weekday]! : WEEKDAYS[date.weekday]!.slice(0, 3);
    case 'a':
      return hour < 12 ? 'AM' : 'PM';
    case 'h':
      return pad(hour % 12 === 0 ? 12 : hour % 12, count);
    case 'H':
      return pad(hour, count);
    case 'k':
      return pad(hour === 0 ? 24 : hour, count);
    case 'K':
      return pad(hour % 12, count);
    case 'm':
      return pad(minute, count);
    case 's':
      return pad(second, count);
    case 'S':
      return pad(rest % 1_000_000n, 6)
        .padEnd(9, '0')
        .slice(0, count);
    case 'V':
      return zone;
    case 'z':
      return zoneName(micros, zone, count);
    default:
      return offsetText(letter, count, Number(offset / 1_000_000n));
  }
}

const YEAR_2000 = 946_684_800_000_000n;
const MID_2000 = 962_409_600_000_000n;

function zoneName(micros: bigint, timeZone: string, count: number): string {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: count === 4 ? 'long' : 'short' });
    const nameAt = (ms: number) => format.formatToParts(ms).find((p) => p.type === 'timeZoneName')!.value;
    const name = nameAt(Number(micros / 1000n));
    // Before 1970 a zone has no names there; Java gives those of today, of summer where the distance is that of summer.
    if (!name.startsWith('GMT') || micros >= 0n) return name;
    const offsetAt = zoneRules(timeZone)!;
    const [winter, summer] = [YEAR_2000, MID_2000].sort((a, b) => Number(offsetAt(a) - offsetAt(b))) as [bigint, bigint];
    return nameAt(Number((offsetAt(micros) === offsetAt(summer) ? summer : winter) / 1000n));
  } catch {
    return timeZone;
  }
}

/** O, X, x, Z: the distance from UTC. */
function offsetText(letter: string, count: number, seconds: number): string {
  const size = Math.abs(seconds);
  const [h, m, s] = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  const sign = seconds < 0 ? '-' : '+';
  if (letter === 'O' || (letter === 'Z' && count === 4)) {
    if (seconds === 0) return 'GMT';
    const minutes = m > 0 || s > 0 || count === 4 ? `:${pad(m, 2)}` : '';
    return `GMT${sign}${count === 4 ? pad(h, 2) : h}${minutes}${s > 0 ? `:${pad(s, 2)}` : ''}`;
  }
  if (seconds === 0 && (letter === 'X' || (letter === 'Z' && count === 5))) return 'Z';
  if (letter === 'Z')
    return count === 5 ? `${sign}${pad(h, 2)}:${pad(m, 2)}${s > 0 ? `:${pad(s, 2)}` : ''}` : `${sign}${pad(h, 2)}${pad(m, 2)}`;
  if (count === 1) return `${sign}${pad(h, 2)}${m > 0 ? pad(m, 2) : ''}`;
  const colon = count % 2 === 1 ? ':' : '';
  return `${sign}${pad(h, 2)}${colon}${pad(m, 2)}${count >= 4 && s > 0 ? colon + pad(s, 2) : ''}`;
}
