// A constant as Spark prints it in names and messages: 1, 1.5, abc, DATE '2020-01-01', INTERVAL '1' DAY.
// Source: Literal.sql and usePrettyExpression of Spark 4.2.
import { UTF8_BINARY } from '../types/data-type.ts';
import { calendarText, dateText, dayTimeText, doubleText, floatText, localTimestampText, yearMonthText } from '../types/value-text.ts';
import type { CalendarInterval, Literal } from './expressions.ts';

/** With an exponent where BigDecimal.toString has one: more than six zeros after the point. */
function decimalName(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  const exponent = digits.length - 1 - fraction.length;
  if (fraction === '' || exponent >= -6) return text;
  return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}E${exponent}`;
}

/** @returns text as in a result's header */
export function literalSql({ value, dataType, shown }: Literal): string {
  if (value === null) return 'NULL';
  if (shown !== undefined) return shown;
  switch (dataType.tag) {
    case 'string':
      return dataType.collation === UTF8_BINARY ? String(value) : `'${value}' collate ${dataType.collation}`;
    case 'double':
      return doubleText(value as number);
    case 'float':
      return floatText(value as number);
    case 'decimal':
      return decimalName(value as string);
    case 'date':
      return `DATE '${dateText(value as number)}'`;
    case 'time':
      return `TIME '${localTimestampText((value as bigint) / 1000n).slice(11)}'`;
    case 'timestamp_ntz':
      return `TIMESTAMP_NTZ '${localTimestampText(value as bigint)}'`;
    case 'dayTimeInterval':
      return dayTimeText(value as bigint, dataType);
    case 'yearMonthInterval':
      return yearMonthText(value as number, dataType);
    case 'calendarInterval':
      return `INTERVAL '${calendarText(value as CalendarInterval)}'`;
    case 'binary':
      return `X'${Buffer.from(value as Uint8Array)
        .toString('hex')
        .toUpperCase()}'`;
  }
  return String(value);
}
