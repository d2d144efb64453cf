// Values of SQL in records of RDDs: they keep their class and their microseconds across shuffles and on their way to the driver.
import type { RecordCodec } from '../../rdd/record-classes.ts';
import { Decimal } from './decimal.ts';
import { CalendarInterval, DayTimeInterval, LocalDate, LocalTime, LocalTimestamp, Timestamp, YearMonthInterval } from './times.ts';

export const VALUE_CODECS: readonly RecordCodec[] = [
  {
    name: 'Decimal',
    owner: Decimal,
    write: (v: Decimal) => [v.unscaled.toString(), v.scale],
    read: ([text, scale]) => new Decimal(BigInt(text), scale),
  },
  { name: 'LocalDate', owner: LocalDate, write: (v: LocalDate) => v.epochDays, read: (days) => new LocalDate(days) },
  {
    name: 'LocalTimestamp',
    owner: LocalTimestamp,
    write: (v: LocalTimestamp) => v.epochMicros,
    read: (micros) => new LocalTimestamp(micros),
  },
  { name: 'Timestamp', owner: Timestamp, write: (v: Timestamp) => v.epochMicros, read: (micros) => new Timestamp(micros) },
  { name: 'LocalTime', owner: LocalTime, write: (v: LocalTime) => v.nanosOfDay, read: (nanos) => new LocalTime(nanos) },
  {
    name: 'DayTimeInterval',
    owner: DayTimeInterval,
    write: (v: DayTimeInterval) => v.microseconds,
    read: (micros) => new DayTimeInterval(micros),
  },
  {
    name: 'YearMonthInterval',
    owner: YearMonthInterval,
    write: (v: YearMonthInterval) => v.months,
    read: (months) => new YearMonthInterval(months),
  },
  {
    name: 'CalendarInterval',
    owner: CalendarInterval,
    write: (v: CalendarInterval) => [v.months, v.days, v.microseconds],
    read: ([months, days, micros]) => new CalendarInterval(months, days, micros),
  },
];
