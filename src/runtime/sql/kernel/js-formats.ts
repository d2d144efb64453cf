// Codes and formats of text in JavaScript: charsets, digests, URLs, numbers by a format. printf: printf.ts; patterns: js-regex.ts.
// Source: stringExpressions.scala, urlExpressions.scala, hash.scala, ToNumberParser of Spark 4.2.
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AnalysisException } from '../errors/spark-error.ts';
import type { DataType } from '../types/data-type.ts';
import { byRow, byRowWithNulls, type JsFunction, jsFunction } from './js-function.ts';
import { roundText } from './js-math.ts';
import { plainDigits } from './plain-digits.ts';
import { charToNumber, mismatchedInput, numberToChar } from './number-formats.ts';
import { formatString } from './printf.ts';

const CHARSETS = 'iso-8859-1, us-ascii, utf-16, utf-16be, utf-16le, utf-32, utf-8';

function charset(name: string, functionName: string): string {
  const lower = name.toLowerCase();
  if (CHARSETS.split(', ').includes(lower)) return lower;
  throw new AnalysisException('INVALID_PARAMETER_VALUE.CHARSET', {
    functionName: `\`${functionName}\``,
    parameter: '`charset`',
    charset: name,
    charsets: CHARSETS,
  });
}
const malformed = (functionName: string, name: string): AnalysisException =>
  new AnalysisException('MALFORMED_CHARACTER_CODING', { function: `\`${functionName}\``, charset: name });

function encode(text: string, name: string): Uint8Array {
  const kind = charset(name, 'encode');
  const points = [...text].map((c) => c.codePointAt(0)!);
  switch (kind) {
    case 'utf-8':
      return Buffer.from(text, 'utf8');
    case 'iso-8859-1':
    case 'us-ascii':
      if (points.some((p) => p > (kind === 'us-ascii' ? 127 : 255))) throw malformed('encode', name);
      return Uint8Array.from(points);
    case 'utf-32':
      return Uint8Array.from(points.flatMap((p) => [0, p >> 16, (p >> 8) & 255, p & 255]));
    default: {
      const little = Buffer.from(text, 'utf16le');
      return kind === 'utf-16le'
        ? little
        : kind === 'utf-16be'
          ? little.swap16()
          : Buffer.concat([Buffer.from([0xfe, 0xff]), little.swap16()]);
    }
  }
}

function decode(bytes: Uint8Array, name: string): string {
  const kind = charset(name, 'decode');
  try {
    if (kind === 'iso-8859-1' || kind === 'us-ascii') {
      if (kind === 'us-ascii' && bytes.some((b) => b > 127)) throw malformed('decode', name);
      return Buffer.from(bytes).toString('latin1');
    }
    if (kind === 'utf-32') {
      const view = Buffer.from(bytes);
      return Array.from({ length: bytes.length / 4 }, (_, i) => String.fromCodePoint(view.readUInt32BE(4 * i))).join('');
    }
    const isBare = kind === 'utf-16' && !(bytes[0] === 0xff && bytes[1] === 0xfe);
    return new TextDecoder(isBare ? 'utf-16be' : kind, { fatal: true, ignoreBOM: kind === 'utf-8' }).decode(bytes);
  } catch {
    throw malformed('decode', name);
  }
}

function unhex(text: string): Uint8Array | undefined {
  return /^[0-9a-fA-F]*$/.test(text) ? Buffer.from(text.length % 2 === 1 ? `0${text}` : text, 'hex') : undefined;
}
/** What is filled up with `=` is filled up to four; else its last group may be short. */
function isBase64(text: string): boolean {
  const { length } = text.replace(/\s/g, '');
  return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text) && (text.includes('=') ? length % 4 === 0 : length % 4 !== 1);
}
const unbase64 = (text: string): Uint8Array => Buffer.from(text.replace(/[^A-Za-z0-9+/]/g, ''), 'base64');

function toBinary(text: string, format: string, functionName: string): Uint8Array | null {
  const kind = format.toLowerCase();
  const isTry = functionName === 'try_to_binary';
  let made: Uint8Array | undefined;
  if (kind === 'utf-8' || kind === 'utf8') made = Buffer.from(text, 'utf8');
  else if (kind === 'hex') made = unhex(text);
  else if (kind === 'base64') made = isBase64(text) ? unbase64(text) : undefined;
  if (made !== undefined) return made;
  if (isTry) return null;
  throw new AnalysisException('CONVERSION_INVALID_INPUT', {
    str: `'${text}'`,
    fmt: `'${format.toUpperCase()}'`,
    targetType: '"BINARY"',
    suggestion: '`try_to_binary`',
  });
}

const DIGESTS: { readonly [bits: number]: string } = { 0: 'sha256', 224: 'sha224', 256: 'sha256', 384: 'sha384', 512: 'sha512' };

function urlDecode(text: string, mode: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    if (mode === 'try') return null;
    throw new AnalysisException('CANNOT_DECODE_URL', { url: text });
  }
}
const urlEncode = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

const URI = /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

function parseUrl(url: string, part: string, key: string | undefined, mode: string): string | null {
  const match = /[\s<>"{}|\\^`]/.test(url) ? null : URI.exec(url);
  if (match === null) {
    if (mode === 'try') return null;
    throw new AnalysisException('INVALID_URL', { url });
  }
  const [, protocol, authority, path = '', query, ref] = match;
  const userAndHost = /^(?:([^@]*)@)?(.*?)(?::\d*)?$/.exec(authority ?? '')!;
  switch (part) {
    case 'HOST':
      return userAndHost[2] || null;
    case 'PATH':
      return path;
    case 'QUERY': {
      if (key === undefined) return query ?? null;
      const found = new RegExp(`(?:^|&)${key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}=([^&]*)`).exec(query ?? '');
      return found?.[1] ?? null;
    }
    case 'REF':
      return ref ?? null;
    case 'PROTOCOL':
      return protocol ?? null;
    case 'FILE':
      return query === undefined ? path : `${path}?${query}`;
    case 'AUTHORITY':
      return authority ?? null;
    case 'USERINFO':
      return userAndHost[1] ?? null;
    default:
      return null;
  }
}

/** @param value a number, or the text of a decimal. @param format places after the point, or a pattern such as `#,##0.00` */
function formatNumber(value: number | string | bigint, format: number | string): string | null {
  const number = plainDigits(value);
  if (typeof format === 'number')
    return format < 0 ? null : grouped(number, { least: format, most: format, wholeDigits: 1, isGrouped: true });
  if (format === '') return grouped(number, { least: 0, most: 0, wholeDigits: 1, isGrouped: true });
  const [, grouping, zeros = '', fraction = ''] = /^(#*,)?[#,]*(0*)(?:\.([0#]*))?$/.exec(format) ?? [];
  return grouped(number, {
    least: fraction.replaceAll('#', '').length,
    most: fraction.length,
    wholeDigits: zeros.length,
    isGrouped: grouping !== undefined,
  });
}

type Shape = { readonly least: number; readonly most: number; readonly wholeDigits: number; readonly isGrouped: boolean };

/** A minus stays where rounding left only zeros, as in Java. */
function grouped(number: string, { least, most, wholeDigits, isGrouped }: Shape): string {
  const negative = number.startsWith('-');
  const [whole = '', fraction = ''] = roundText(number, 'half_even', most).replace('-', '').split('.');
  const shownWhole = whole.replace(/^0+(?=\d)/, '').padStart(wholeDigits, '0');
  const digits = fraction.padEnd(most, '0').slice(0, most).replace(/0+$/, '').padEnd(least, '0');
  const body = `${isGrouped ? shownWhole.replace(/\B(?=(\d{3})+$)/g, ',') : shownWhole}${digits === '' ? '' : `.${digits}`}`;
  return negative ? `-${body}` : body;
}

let counter = 0n;

export const JS_FORMATS: readonly JsFunction[] = [
  jsFunction('encode', ['VARCHAR', 'VARCHAR'], 'BLOB', byRow(encode)),
  jsFunction('decode', ['BLOB', 'VARCHAR'], 'VARCHAR', byRow(decode)),
  jsFunction('unbase64', ['VARCHAR'], 'BLOB', byRow(unbase64)),
  {
    name: 'to_binary',
    make: (functionName) => ({
      parameterTypes: ['VARCHAR', 'VARCHAR'],
      returnType: 'BLOB',
      compute: byRow((text: string, format: string) => toBinary(text, format, functionName!)),
    }),
  },
  jsFunction(
    'sha2',
    ['BLOB', 'INTEGER'],
    'VARCHAR',
    byRow((bytes: Uint8Array, bits: number) =>
      DIGESTS[bits] === undefined ? null : createHash(DIGESTS[bits]).update(bytes).digest('hex'),
    ),
  ),
  jsFunction(
    'crc32',
    ['BLOB'],
    'BIGINT',
    byRow((bytes: Uint8Array) => BigInt(crc32(bytes))),
  ),
  jsFunction('url_encode', ['VARCHAR'], 'VARCHAR', byRow(urlEncode)),
  {
    name: 'url_decode',
    make: (mode) => ({ parameterTypes: ['VARCHAR'], returnType: 'VARCHAR', compute: byRow((text: string) => urlDecode(text, mode!)) }),
  },
  {
    name: 'parse_url',
    make: (count, mode) => ({
      parameterTypes: Array<string>(Number(count)).fill('VARCHAR'),
      returnType: 'VARCHAR',
      compute: byRow((url: string, part: string, key?: string) => parseUrl(url, part, key, mode!)),
    }),
  },
  {
    name: 'format_string',
    make: (types, spark) => {
      const of = JSON.parse(spark!) as DataType[];
      return {
        parameterTypes: JSON.parse(types!) as string[],
        returnType: 'VARCHAR',
        compute: byRowWithNulls((format: string | null, ...values) => (format === null ? null : formatString(format, values, of.slice(1)))),
      };
    },
  },
  {
    name: 'format_number',
    make: (type, format) => ({ parameterTypes: [type!, format!], returnType: 'VARCHAR', compute: byRow(formatNumber) }),
  },
  {
    name: 'number_to_char',
    make: (format, type) => ({
      parameterTypes: [type!],
      returnType: 'VARCHAR',
      compute: byRow((text: string | bigint) => numberToChar(String(text), format!)),
    }),
  },
  {
    name: 'char_to_number',
    make: (format, type, mode) => ({
      parameterTypes: ['VARCHAR'],
      returnType: type!,
      compute: byRow((text: string) => {
        const number = charToNumber(text, format!);
        if (number === undefined && mode === 'ansi') throw mismatchedInput(text, format!);
        return number ?? null;
      }),
    }),
  },
  {
    name: 'row_counter',
    isVolatile: true,
    make: () => {
      counter = 0n;
      return { parameterTypes: [], returnType: 'BIGINT', compute: (_, rows) => Array.from({ length: rows }, () => counter++) };
    },
  },
];
