import { describe, expect, it } from 'vitest';
import { bytes, count, duration, sizeAndRecords, when } from '../../../../src/browser/format.ts';

describe('durations are written as Spark writes them', () => {
  it.each([
    [0, '0 ms'],
    [99, '99 ms'],
    [100, '0.1 s'],
    [999, '1.0 s'],
    [1000, '1 s'],
    [59_400, '59 s'],
    [72_000, '1.2 min'],
    [599_000, '10.0 min'],
    [660_000, '11 min'],
    [5_400_000, '1.5 h'],
    [3 * 86_400_000, '3.0 d'],
    [-1, '0 ms'],
  ])('%d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));
  it('says nothing of what is not known', () => expect(duration(undefined)).toBe('–'));
});

describe('sizes', () => {
  it.each([
    [0, '0.0 B'],
    [1023, '1023.0 B'],
    [1024, '1.0 KiB'],
    [3_565_158, '3.4 MiB'],
    [2 ** 40, '1.0 TiB'],
  ])('%d is %s', (n, text) => expect(bytes(n)).toBe(text));
  it('go with their records', () => {
    expect(sizeAndRecords(1024, 12_000)).toBe('1.0 KiB / 12,000');
    expect(sizeAndRecords(0, 0)).toBe('');
    expect(count(1234567)).toBe('1,234,567');
  });
});

it('dates of the REST API are read; the one of a running application is none', () => {
  expect(when('2026-11-22T13:00:38.740GMT')).toBe(Date.UTC(2026, 10, 22, 13, 0, 38, 740));
  expect(when('1969-12-31T23:59:59.999GMT')).toBeUndefined();
  expect(when(undefined)).toBeUndefined();
});
