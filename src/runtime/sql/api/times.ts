// Points in time and intervals as programs see them: Dates that keep their microseconds, and Spark's intervals, which JavaScript has no words for.
// How they are printed is ../types/value-text.ts and format-cell.ts. Values of the kernel become these in values.ts.
import { calendarText, dayTimeText, yearMonthText } from '../types/value-text.ts';

const US_PER_MS = 1000n;
const floorMs = (micros: bigint): number => Number((micros - (((micros % US_PER_MS) + US_PER_MS) % US_PER_MS)) / US_PER_MS);

/** TIMESTAMP: an instant. A Date with its milliseconds, and `epochMicros` beside it. */
export class Timestamp extends Date {
  /** Microseconds since 1970-01-01T00:00:00Z. */
  readonly epochMicros: bigint;

  constructor(epochMicros: bigint) {
    super(floorMs(epochMicros));
    this.epochMicros = epochMicros;
  }

  /** Microseconds of the second, 0 to 999999. */
  get microsecond(): number {
    return Number(((this.epochMicros % 1_000_000n) + 1_000_000n) % 1_000_000n);
  }
}

/** TIMESTAMP_NTZ: a local date and time without a zone. Its fields are what the Date's UTC getters say (`getUTCHours()`). */
export class LocalTimestamp extends Timestamp {}

/** DATE: a Date at midnight UTC; this marks it, so that it goes back into a query as a date. */
export class LocalDate extends Date {
  constructor(epochDays: number) {
    super(epochDays * 86_400_000);
  }

  get epochDays(): number {
    return this.getTime() / 86_400_000;
  }
}

/** TIME: a time of day. */
export class LocalTime {
  readonly nanosOfDay: bigint;

  constructor(nanosOfDay: bigint) {
    this.nanosOfDay = nanosOfDay;
  }

  toString(): string {
    const micros = this.nanosOfDay / 1000n;
    const two = (n: bigint) => String(n).padStart(2, '0');
    const fraction = String(micros % 1_000_000n)
      .padStart(6, '0')
      .replace(/0+$/, '');
    const seconds = micros / 1_000_000n;
    return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${fraction && `.${fraction}`}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** INTERVAL DAY TO SECOND. */
export class DayTimeInterval {
  readonly microseconds: bigint;

  constructor(microseconds: bigint) {
    this.microseconds = microseconds;
  }

  /** May lose microseconds of very long ones. */
  get milliseconds(): number {
    return Number(this.microseconds) / 1000;
  }

  toString(): string {
    return dayTimeText(this.microseconds, { startField: 'day', endField: 'second' });
  }

  toJSON(): string {
    return this.toString();
  }
}

/** INTERVAL YEAR TO MONTH. */
export class YearMonthInterval {
  readonly months: number;

  constructor(months: number) {
    this.months = months;
  }

  toString(): string {
    return yearMonthText(this.months, { startField: 'year', endField: 'month' });
  }

  toJSON(): string {
    return this.toString();
  }
}

/** INTERVAL alone: months, days and microseconds side by side. */
export class CalendarInterval {
  readonly months: number;
  readonly days: number;
  readonly microseconds: bigint;

  constructor(months: number, days: number, microseconds: bigint) {
    this.months = months;
    this.days = days;
    this.microseconds = microseconds;
  }

  toString(): string {
    return calendarText(this);
  }

  toJSON(): string {
    return this.toString();
  }
}
