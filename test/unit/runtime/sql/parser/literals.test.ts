import { describe, expect, it } from 'vitest';
import type { LiteralValue } from '../../../../../src/runtime/sql/plan/literal.ts';
import { parseExpression } from '../../../../../src/runtime/sql/parser/parse.ts';
import { typeName } from '../../../../../src/runtime/sql/types/type-names.ts';

function literal(text: string): LiteralValue {
  const made = parseExpression(text);
  if (made.kind !== 'literal') throw new Error(`${text} is ${made.kind}`);
  return made.value;
}

describe('numbers', () => {
  it.each<[string, LiteralValue]>([
    ['7', { type: 'integer', value: 7 }],
    ['-2147483648', { type: 'integer', value: -2147483648 }],
    ['2147483648', { type: 'long', value: 2147483648n }],
    ['9223372036854775808', { type: 'decimal', value: '9223372036854775808', precision: 19, scale: 0 }],
    ['1L', { type: 'long', value: 1n }],
    ['-2s', { type: 'short', value: -2 }],
    ['127Y', { type: 'byte', value: 127 }],
    ['1.50', { type: 'decimal', value: '1.50', precision: 3, scale: 2 }],
    ['.5', { type: 'decimal', value: '0.5', precision: 1, scale: 1 }],
    ['1e3', { type: 'double', value: 1000 }],
    ['1.5D', { type: 'double', value: 1.5 }],
    ['1.5f', { type: 'float', value: 1.5 }],
    ['12.5BD', { type: 'decimal', value: '12.5', precision: 3, scale: 1 }],
    ['12e2BD', { type: 'decimal', value: '1200', precision: 4, scale: 0 }],
    ['0e9BD', { type: 'decimal', value: '0', precision: 1, scale: 0 }],
    ['1e-2BD', { type: 'decimal', value: '0.01', precision: 2, scale: 2 }],
  ])('%s', (text, value) => expect(literal(text)).toEqual(value));

  it('stop where letters make a name of them', () => {
    expect(parseExpression('2nd')).toMatchObject({ kind: 'unresolvedAttribute', nameParts: ['2nd'] });
    expect(parseExpression('t.1a')).toMatchObject({ nameParts: ['t', '1a'] });
  });
});

describe('strings', () => {
  it.each([
    [String.raw`'a\nb\t\\\'\u0041\101'`, "a\nb\t\\'AA"],
    ['"it\'s"', "it's"],
    [`'it''s'`, "it's"],
    [`'a' "b"\n'c'`, 'abc'],
    [String.raw`r'\n'`, String.raw`\n`],
    [String.raw`'50\%'`, String.raw`50\%`],
    [String.raw`'\U0001F600'`, '😀'],
  ])('%s', (text, value) => expect(literal(text)).toEqual({ type: 'string', value }));

  it('X holds bytes', () => {
    expect(literal("X'0aFF'")).toEqual({ type: 'binary', value: new Uint8Array([10, 255]) });
    expect(literal("x'f'")).toEqual({ type: 'binary', value: new Uint8Array([15]) });
  });
});

describe('dates and times', () => {
  it.each<[string, LiteralValue]>([
    ["date '1970-01-02'", { type: 'date', value: 1 }],
    ["date '2024'", { type: 'date', value: 19723 }],
    ["date '0001-01-01'", { type: 'date', value: -719162 }],
    ["date '-0001-01-01'", { type: 'date', value: -719893 }],
    ["timestamp '1970-01-01 00:00:01.5'", { type: 'timestamp', value: 1_500_000n, isLocal: true }],
    ["timestamp '1970-01-01T01:00:00+01:00'", { type: 'timestamp', value: 0n, isLocal: false }],
    ["timestamp '1970-01-01 00:00:00 Europe/Berlin'", { type: 'timestamp', value: 0n, isLocal: true, zone: 'Europe/Berlin' }],
    ["timestamp_ntz '1970-01-01 00:01'", { type: 'timestampNtz', value: 60_000_000n }],
    ["time '00:00:02.000001'", { type: 'time', value: 2_000_001_000n, precision: 6 }],
  ])('%s', (text, value) => expect(literal(text)).toEqual(value));

  it('that the clock decides stay text', () => {
    expect(literal("date 'today'")).toMatchObject({ type: 'clockRelative', text: 'today' });
  });

  it.each(["date '2023-02-29'", "date '2023-13-01'", "timestamp '2023-01-01 24:00:00'", "time '12:60:00'", "X'0g'", "interval 'soon'"])(
    '%s is refused',
    (text) => expect(() => parseExpression(text)).toThrow('INVALID_TYPED_LITERAL'),
  );
});

describe('intervals', () => {
  const shown = (text: string) => {
    const value = literal(text);
    return 'dataType' in value && 'value' in value ? [value.value, typeName(value.dataType)] : value;
  };

  it.each<[string, number | bigint, string]>([
    ['interval 3 days', 259_200_000_000n, 'interval day'],
    ["interval '1' year 2 months", 14, 'interval year to month'],
    ["interval -'2' hours 1.5 seconds", -7_198_500_000n, 'interval hour to second'],
    ['interval 2 weeks 1 minute', 1_209_660_000_000n, 'interval day to minute'],
    ["interval '1-2' year to month", 14, 'interval year to month'],
    ["interval -'1-2' year to month", -14, 'interval year to month'],
    ["interval '1 02:03:04.5' day to second", 93_784_500_000n, 'interval day to second'],
    ["interval '-02:03' hour to minute", -7_380_000_000n, 'interval hour to minute'],
    ["interval '1 day 2 hours'", 93_600_000_000n, 'interval day to hour'],
  ])('%s', (text, value, type) => expect(shown(text)).toEqual([value, type]));

  it('INTERVAL alone is a name', () => {
    expect(parseExpression('interval + 1')).toMatchObject({ functionName: '+' });
  });
});
