// SET key=value, SET TIME ZONE, SET VAR, SET CATALOG, SET PATH, RESET. Values of SET have no quotes: they are the rest of the text.
// Source: the setResetStatement rule and SparkSqlAstBuilder.visitSetConfiguration of Spark 4.2.
import type { Command } from '../../plan/commands.ts';
import type { Cursor } from '../cursor.ts';
import { multipartIdentifier, nameOf } from '../identifiers.ts';
import { intervalLiteral, isIntervalWithUnits } from '../intervals.ts';
import { isString, stringLiteral } from '../strings.ts';
import { restOfStatement } from './rest.ts';
import { setVariable } from './variables.ts';

export function setStatement(p: Cursor): Command {
  const from = p.at;
  p.at++;
  if (p.is('ROLE')) throw p.error('_LEGACY_ERROR_TEMP_0035', { message: 'SET ROLE' }, from);
  if (p.is('TIME', 'ZONE')) return setTimeZone(p, from);
  if (p.isOneOf('VARIABLE', 'VAR') && !(p.type(1) === '(' && p.type(2) === ')') && (p.tokens[p.at + 1]?.isWord || p.type(1) === '('))
    return setVariable(p, from);
  if (p.is('CATALOG') && p.type(1) !== '=' && p.type(1) !== 'eof') {
    p.at++;
    return { kind: 'setCatalog', catalog: p.rules.expression(p), origin: p.origin(from) };
  }
  if (p.is('PATH', '=')) return setPath(p, from);
  return setConfiguration(p, from);
}

const LARGEST_OFFSET_MICROS = 18n * 3_600_000_000n;

function setTimeZone(p: Cursor, from: number): Command {
  p.at += 2;
  if (isIntervalWithUnits(p)) return { kind: 'setTimeZone', zone: zoneOfInterval(p, from), origin: p.origin(from) };
  if (isString(p.type())) return { kind: 'setTimeZone', zone: stringLiteral(p), origin: p.origin(from) };
  if (p.accept('LOCAL')) return { kind: 'setTimeZone', zone: 'LOCAL', origin: p.origin(from) };
  throw p.error('_LEGACY_ERROR_TEMP_0045', {}, from);
}

/** The number in the message is what Spark has in hand when it refuses: days, else hours, else seconds. */
function zoneOfInterval(p: Cursor, from: number): string {
  const at = p.at;
  const value = intervalLiteral(p);
  if (p.type() !== 'eof' && p.type() !== ';') throw p.error('_LEGACY_ERROR_TEMP_0045', {}, from);
  const micros = value.type === 'dayTimeInterval' ? value.value : 0n;
  const days = value.type === 'yearMonthInterval' ? BigInt(value.value) : micros / 86_400_000_000n;
  const isWholeDays = value.type !== 'dayTimeInterval' || (value.dataType.tag === 'dayTimeInterval' && value.dataType.startField === 'day');
  const absolute = micros < 0n ? -micros : micros;
  if ((isWholeDays && days !== 0n) || absolute > LARGEST_OFFSET_MICROS || absolute % 1_000_000n !== 0n) {
    const input = isWholeDays ? days : absolute > LARGEST_OFFSET_MICROS ? micros / 3_600_000_000n : micros / 1_000_000n;
    p.report('INVALID_INTERVAL_FORMAT.TIMEZONE_INTERVAL_OUT_OF_RANGE', { input: `${input}` }, at);
  }
  return offsetText(Number(micros / 1_000_000n));
}

/** Seconds as `+05:30` or `-01:00:30`. */
function offsetText(seconds: number): string {
  const two = (n: number) => `${Math.floor(n)}`.padStart(2, '0');
  const absolute = Math.abs(seconds);
  const rest = absolute % 60 === 0 ? '' : `:${two(absolute % 60)}`;
  return `${seconds < 0 ? '-' : '+'}${two(absolute / 3600)}:${two((absolute / 60) % 60)}${rest}`;
}

function setPath(p: Cursor, from: number): Command {
  p.at += 2;
  return { kind: 'setPath', elements: pathElements(p), origin: p.origin(from) };
}

/** What stands behind SET PATH =, and in `spark.sql.defaultPath`. */
export function pathElements(p: Cursor): readonly (readonly string[])[] {
  return p.list((c) => {
    const at = c.at;
    const parts = multipartIdentifier(c);
    const isKeyword = ['DEFAULT_PATH', 'SYSTEM_PATH', 'PATH', 'CURRENT_DATABASE', 'CURRENT_SCHEMA'].includes(
      parts[0]?.toUpperCase() as string,
    );
    if (parts.length === 1 && !isKeyword) throw c.error('INVALID_SQL_PATH_SCHEMA_REFERENCE', { qualifiedName: parts[0] as string }, at);
    return parts;
  });
}

const KEY = /^[a-zA-Z0-9._:-]+$/;
const SYNTAX_AROUND = /^\s*([^=\s]*(?:\s+[^=\s]+)*)\s*(?:=([\s\S]*))?$/;

/** SET, SET key, SET key=value, with either in back quotes. */
function setConfiguration(p: Cursor, from: number): Command {
  if (p.type() === 'eof' || p.type() === ';') return { kind: 'setConfiguration', origin: p.origin(from) };
  const quotedKey = p.type() === 'backquoted' && ['=', 'eof', ';'].includes(p.type(1)) ? nameOf(p, p.next()) : undefined;
  const last = p.tokens.at(-2);
  const isQuotedValue = last?.type === 'backquoted' && p.tokens.at(-3)?.type === '=';
  const text = restOfStatement(p);
  if (quotedKey !== undefined) {
    if (text === '') return { kind: 'setConfiguration', key: quotedKey, origin: p.origin(from) };
    const value = text.replace(/^=\s*/, '');
    return { kind: 'setConfiguration', key: quotedKey, value: isQuotedValue ? unquote(value) : value, origin: p.origin(from) };
  }
  if (text === '-v') return { kind: 'setConfiguration', key: '-v', origin: p.origin(from) };
  const [, key = '', value] = SYNTAX_AROUND.exec(text) ?? [];
  if (!KEY.test(key)) {
    if (isQuotedValue && value !== undefined)
      throw p.error('INVALID_PROPERTY_KEY', { key: `"${key}"`, value: `"${unquote(value)}"` }, from);
    throw p.error('INVALID_SET_SYNTAX', {}, from);
  }
  if (value === undefined) return { kind: 'setConfiguration', key, origin: p.origin(from) };
  return { kind: 'setConfiguration', key, value: isQuotedValue ? unquote(value) : value.trim(), origin: p.origin(from) };
}

const unquote = (text: string): string => text.trim().slice(1, -1).replaceAll('``', '`');

export function resetStatement(p: Cursor): Command {
  const from = p.at;
  p.at++;
  if (p.type() === 'backquoted' && (p.type(1) === 'eof' || p.type(1) === ';'))
    return { kind: 'resetConfiguration', key: nameOf(p, p.next()), origin: p.origin(from) };
  const key = restOfStatement(p);
  if (key === '') return { kind: 'resetConfiguration', origin: p.origin(from) };
  if (!KEY.test(key)) throw p.error('INVALID_SET_SYNTAX', {}, from);
  return { kind: 'resetConfiguration', key, origin: p.origin(from) };
}
