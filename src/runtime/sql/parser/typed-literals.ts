// TYPE 'text' literals: DATE, TIME, TIMESTAMP, TIMESTAMP_NTZ, TIMESTAMP_LTZ, INTERVAL, X. Any other word before a string is an error that lists them.
// Source: AstBuilder.visitTypeConstructor of Spark 4.2.
import type { LiteralValue } from '../plan/literal.ts';
import { DATE, NULL, TIMESTAMP, TIMESTAMP_NTZ } from '../types/data-type.ts';
import type { Cursor } from './cursor.ts';
import { fixedOffsetMinutes, isClockRelative, parseDate, parseTime, parseTimestamp } from './datetime-literals.ts';
import { intervalFromText } from './intervals.ts';
import { unescapeString } from './string-literal.ts';

const SUPPORTED = '"DATE", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP", "INTERVAL", "X", "TIME"';

/** The next two tokens are a word and a string. */
export function typedLiteral(p: Cursor): LiteralValue {
  const from = p.at;
  const word = p.textOf(p.next()).toUpperCase();
  const text = unescapeString(p.textOf(p.next()));
  const value = valueOf(p, word, text, from);
  if (value === 'unsupported') p.report('UNSUPPORTED_TYPED_LITERAL', { unsupportedType: `"${word}"`, supportedTypes: SUPPORTED }, from);
  if (value === undefined) p.report('INVALID_TYPED_LITERAL', { valueType: `"${word}"`, value: quoted(text) }, from);
  // After an error of meaning any value will do: the plan is never seen.
  return value === undefined || value === 'unsupported' ? { type: 'null', dataType: NULL } : value;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function valueOf(p: Cursor, word: string, text: string, from: number): LiteralValue | 'unsupported' | undefined {
  switch (word) {
    case 'DATE': {
      const value = parseDate(text);
      if (value !== undefined) return { type: 'date', value };
      return isClockRelative(text, false) ? { type: 'clockRelative', text, dataType: DATE } : undefined;
    }
    case 'TIME': {
      const value = parseTime(text);
      return value === undefined ? undefined : { type: 'time', value, precision: 6 };
    }
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_NTZ':
      return timestamp(word === 'TIMESTAMP' && p.options.timestampIsLocal ? 'LOCAL' : word, text);
    case 'INTERVAL':
      return intervalFromText(p, text, from);
    case 'X':
      return hexBytes(text);
    default:
      return 'unsupported';
  }
}

/** A fixed zone is taken off here; a named one needs its rules, so the local time is kept and the analyser refuses or resolves it. */
function timestamp(word: string, text: string): LiteralValue | undefined {
  const parsed = parseTimestamp(text);
  if (parsed === undefined)
    return isClockRelative(text, true)
      ? { type: 'clockRelative', text, dataType: word === 'TIMESTAMP_NTZ' || word === 'LOCAL' ? TIMESTAMP_NTZ : TIMESTAMP }
      : undefined;
  if (word === 'TIMESTAMP_NTZ' || (word === 'LOCAL' && parsed.zone === undefined)) return { type: 'timestampNtz', value: parsed.micros };
  if (parsed.zone === undefined) return { type: 'timestamp', value: parsed.micros, isLocal: true };
  const offset = fixedOffsetMinutes(parsed.zone);
  if (offset === undefined) return { type: 'timestamp', value: parsed.micros, isLocal: true, zone: parsed.zone };
  return { type: 'timestamp', value: parsed.micros - BigInt(offset) * 60_000_000n, isLocal: false };
}

function hexBytes(text: string): LiteralValue | undefined {
  if (!/^[0-9a-fA-F]*$/.test(text)) return undefined;
  const even = text.length % 2 === 1 ? `0${text}` : text;
  const value = new Uint8Array(even.length / 2);
  for (let i = 0; i < value.length; i++) value[i] = Number.parseInt(even.slice(2 * i, 2 * i + 2), 16);
  return { type: 'binary', value };
}
