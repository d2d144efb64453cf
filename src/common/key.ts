// What a setting is: name, unit, default, since, and a sentence on what it trades. The lists are config-keys.ts (daemons)
// and spark-keys.ts (applications); docs/CONFIG.md is written from both.
import { AppError } from './errors.ts';

/** `seconds`: a time, read in ms, of which a bare number counts in seconds (Spark's timeConf with SECONDS). `kib`: a size, read in bytes, of which a bare number counts in KiB. */
export type Unit = 'ms' | 'seconds' | 'MB' | 'bytes' | 'kib' | 'count' | 'bool' | 'text' | 'ratio' | 'list';
export type ValueOf<U extends Unit> = U extends 'bool'
  ? boolean
  : U extends 'text'
    ? string
    : U extends 'list'
      ? readonly string[]
      : number;

export type Key<U extends Unit = Unit> = {
  readonly name: string;
  readonly unit: U;
  /** As text, in the form a user would write; undefined: not set. */
  readonly fallback: string | undefined;
  readonly since: string;
  readonly doc: string;
  /** The values that there are; any when not set. */
  readonly oneOf?: readonly string[] | undefined;
  /** The smallest number that makes sense; of a daemon's setting 0 where it says nothing. */
  readonly least?: number;
};

export const key = <const U extends Unit>(k: Key<U>): Key<U> => k;

const TIME: Record<string, number> = { us: 1e-3, ms: 1, s: 1e3, m: 6e4, min: 6e4, h: 36e5, d: 864e5 };
const SIZE: Record<string, number> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4, p: 1024 ** 5 };

/** `10s`, `500ms`, `2min`; a bare number counts in `bare`. Source: Spark's JavaUtils.timeStringAs. @returns undefined when it is no time */
export function parseTimeMs(value: string, bare: 'ms' | 's' = 'ms'): number | undefined {
  const m = /^(-?\d+)\s*([a-z]*)$/.exec(value.trim().toLowerCase());
  const factor = m ? TIME[m[2] || bare] : undefined;
  return m && factor !== undefined ? Number(m[1]) * factor : undefined;
}

/** `512m`, `2g`, `1gb`, `1073741824b`; a bare number counts in `bare`. Source: Spark's JavaUtils.byteStringAs. @returns undefined when it is no size */
export function parseBytes(value: string, bare: 'b' | 'k' | 'm' = 'b'): number | undefined {
  const m = /^(\d+)\s*(?:([kmgtp])(?:i?b)?|b)?$/.exec(value.trim().toLowerCase());
  if (!m) return undefined;
  const explicitBytes = /b$/.test(value.trim().toLowerCase()) && m[2] === undefined;
  return Number(m[1]) * SIZE[m[2] ?? (explicitBytes ? 'b' : bare)]!;
}

const EXPECTED: Record<Unit, string> = {
  ms: 'a time such as 500ms, 10s or 2min',
  seconds: 'a time such as 500ms, 10s or 2min',
  MB: 'a size such as 512m or 2g',
  bytes: 'a size such as 64k or 1g',
  kib: 'a size such as 512k or 4m',
  count: 'a whole number',
  bool: 'true or false',
  text: 'text',
  ratio: 'a number',
  list: 'a comma-separated list',
};

/** @throws AppError CONFIG_BAD_VALUE, naming where the value came from */
export function parseValue<U extends Unit>(k: Key<U>, value: string, where: string): ValueOf<U> {
  const parsed = parseAs(k.unit, value.trim());
  if (k.oneOf !== undefined && !k.oneOf.includes(value.trim()))
    throw new AppError('CONFIG_BAD_VALUE', { key: k.name, value, expected: k.oneOf.join(' or '), where });
  if (parsed === undefined) throw new AppError('CONFIG_BAD_VALUE', { key: k.name, value, expected: EXPECTED[k.unit], where });
  return parsed as ValueOf<U>;
}

/** Of a daemon's setting. @throws AppError CONFIG_BAD_VALUE when it is no value of its unit, or below what makes sense */
export function checkValue(k: Key, value: string, where: string): void {
  const parsed = parseValue(k, value, where);
  const least = k.least ?? 0;
  if (typeof parsed === 'number' && parsed < least)
    throw new AppError('CONFIG_BAD_VALUE', { key: k.name, value, expected: `${EXPECTED[k.unit]}, ${least} or more`, where });
}

/**
 * What an application's settings, as they came to an executor, say; for keys that have a fallback.
 * @throws AppError CONFIG_BAD_VALUE
 */
export const settingOf = <U extends Unit>(conf: ReadonlyMap<string, string>, k: Key<U>): ValueOf<U> =>
  parseValue(k, conf.get(k.name) ?? k.fallback!, "the application's settings");

function parseAs(unit: Unit, value: string): unknown {
  switch (unit) {
    case 'ms':
      return parseTimeMs(value);
    case 'seconds':
      return parseTimeMs(value, 's');
    case 'MB': {
      const bytes = parseBytes(value, 'm');
      return bytes === undefined ? undefined : Math.ceil(bytes / 1024 ** 2);
    }
    case 'bytes':
      return parseBytes(value);
    case 'kib':
      return parseBytes(value, 'k');
    case 'count':
      return /^-?\d+$/.test(value) ? Number(value) : undefined;
    case 'bool':
      return /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : undefined;
    case 'ratio':
      return value !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
    case 'text':
      return value;
    case 'list':
      return value === ''
        ? []
        : value
            .split(',')
            .map((v) => v.trim())
            .filter((v) => v !== '');
    default:
      return unit satisfies never;
  }
}
