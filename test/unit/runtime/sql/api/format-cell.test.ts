// Cells of show against what PySpark 4.0.1 printed for the same values (session zone Europe/Berlin).
import { describe, expect, it } from 'vitest';
import { formatCell } from '../../../../../src/runtime/sql/api/format-cell.ts';
import * as T from '../../../../../src/runtime/sql/types/data-type.ts';
import { parseDataType } from '../../../../../src/runtime/sql/parser/parse.ts';

const at = (text: string): bigint => BigInt(Date.parse(text)) * 1000n;
const FACTS: readonly (readonly [type: string, value: unknown, text: string])[] = [
  ['int', 1, '1'],
  ['bigint', 2n, '2'],
  ['boolean', true, 'true'],
  ['float', Math.fround(1.1), '1.1'],
  ['float', Math.fround(3.4028235e38), '3.4028235E38'],
  ['float', 16_777_216, '1.6777216E7'],
  ['float', Math.fround(1e-5), '1.0E-5'],
  ['double', 1e10, '1.0E10'],
  ['double', 1e-4, '1.0E-4'],
  ['double', 1, '1.0'],
  ['double', Number.NaN, 'NaN'],
  ['double', 1e7, '1.0E7'],
  ['double', 9_999_999, '9999999.0'],
  ['double', 123_456.789, '123456.789'],
  ['double', 5e-324, '4.9E-324'],
  ['double', Number.MAX_VALUE, '1.7976931348623157E308'],
  ['double', -0, '-0.0'],
  ['double', 0.002, '0.002'],
  ['decimal(38,18)', '0.000000000000000000', '0.000000000000000000'],
  ['decimal(20,10)', '0.0000001000', '0.0000001000'],
  ['date', 18_263, '2020-01-02'],
  ['date', -719_162, '0001-01-01'],
  ['date', 2_932_896, '9999-12-31'],
  ['date', 3_789_391, '+12345-01-01'],
  ['timestamp', at('2020-07-01T10:00:00.123Z'), '2020-07-01 12:00:00.123'],
  ['timestamp', at('1899-12-31T23:00:00Z'), '1900-01-01 00:00:00'],
  ['timestamp_ntz', at('2020-01-01T00:00:00Z'), '2020-01-01 00:00:00'],
  ['interval day to second', 93_784_500_000n, "INTERVAL '1 02:03:04.5' DAY TO SECOND"],
  ['interval hour', 18_000_000_000n, "INTERVAL '05' HOUR"],
  ['interval hour to minute', 37_200_000_000n, "INTERVAL '10:20' HOUR TO MINUTE"],
  ['interval second', 7_250_000n, "INTERVAL '07.25' SECOND"],
  ['interval minute', 6_000_000_000n, "INTERVAL '100' MINUTE"],
  ['interval year to month', 14, "INTERVAL '1-2' YEAR TO MONTH"],
  ['interval month', -3, "INTERVAL '-3' MONTH"],
  ['interval', { months: 14, days: 25, microseconds: 18_367_500_000n }, '1 years 2 months 25 days 5 hours 6 minutes 7.5 seconds'],
  ['binary', new Uint8Array([0x61, 0x62]), '[61 62]'],
  ['array<int>', [1, null, 3], '[1, NULL, 3]'],
  [
    'map<string,int>',
    [
      ['a', 1],
      ['b', null],
    ],
    '{a -> 1, b -> NULL}',
  ],
  ['struct<x:int,y:string>', [1, 'z'], '{1, z}'],
  ['array<array<double>>', [[1.5]], '[[1.5]]'],
  ['array<binary>', [new Uint8Array([10, 255])], '[[0A FF]]'],
  ['struct<a:int,b:array<string>>', [null, ['q']], '{NULL, [q]}'],
  ['string', null, 'NULL'],
];

describe('a cell', () => {
  it.each(FACTS)('of %s: %s is %s', (type, value, text) => {
    expect(formatCell(value, parseDataType(type), 'Europe/Berlin')).toBe(text);
  });

  it('of a timestamp follows daylight saving time and fixed offsets', () => {
    expect(formatCell(at('2020-03-29T01:00:00Z'), T.TIMESTAMP, 'Europe/Berlin')).toBe('2020-03-29 03:00:00');
    expect(formatCell(at('2020-03-29T00:59:59Z'), T.TIMESTAMP, 'Europe/Berlin')).toBe('2020-03-29 01:59:59');
    expect(formatCell(at('2020-03-29T00:00:00Z'), T.TIMESTAMP, '+05:30')).toBe('2020-03-29 05:30:00');
  });
});
