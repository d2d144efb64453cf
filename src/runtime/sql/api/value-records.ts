// Values of SQL in records of RDDs: they keep their class and their microseconds across shuffles and on their way to the driver.
import { registerRecordCodecs, useRecordCodecs } from '../../rdd/record-classes.ts';
import { Decimal } from './decimal.ts';
import { CalendarInterval, DayTimeInterval, LocalDate, LocalTime, LocalTimestamp, Timestamp, YearMonthInterval } from './times.ts';

registerRecordCodecs([
  { owner: Decimal, write: (v: Decimal) => [v.unscaled.toString(), v.scale], read: ([text, scale]) => new Decimal(BigInt(text), scale) },
  { owner: LocalDate, write: (v: LocalDate) => v.epochDays, read: (days) => new LocalDate(days) },
  { owner: LocalTimestamp, write: (v: LocalTimestamp) => v.epochMicros, read: (micros) => new LocalTimestamp(micros) },
  { owner: Timestamp, write: (v: Timestamp) => v.epochMicros, read: (micros) => new Timestamp(micros) },
  { owner: LocalTime, write: (v: LocalTime) => v.nanosOfDay, read: (nanos) => new LocalTime(nanos) },
  { owner: DayTimeInterval, write: (v: DayTimeInterval) => v.microseconds, read: (micros) => new DayTimeInterval(micros) },
  { owner: YearMonthInterval, write: (v: YearMonthInterval) => v.months, read: (months) => new YearMonthInterval(months) },
  {
    owner: CalendarInterval,
    write: (v: CalendarInterval) => [v.months, v.days, v.microseconds],
    read: ([months, days, micros]) => new CalendarInterval(months, days, micros),
  },
]);

/** This thread has rows of SQL. */
export const keepValues = useRecordCodecs;
