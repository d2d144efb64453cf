// Values as intervals: text, numbers of the interval's last unit, intervals of other fields (cut to their last one).
// Source: Cast.scala and IntervalUtils of Spark 4.2.
import type { CalendarIntervalType, DataType, DayTimeIntervalType, YearMonthIntervalType } from '../../types/data-type.ts';
import type { Emit } from '../emit-context.ts';
import type { CastMode } from './bind.ts';
import { castWord } from './bind.ts';

const MICROS: { readonly [field: string]: string } = { day: '86400000000', hour: '3600000000', minute: '60000000', second: '1000000' };

export function toInterval(
  x: string,
  from: DataType,
  to: DayTimeIntervalType | YearMonthIntervalType | CalendarIntervalType,
  mode: CastMode,
  emit: Emit,
): string {
  const cast = castWord(mode);
  if (to.tag === 'calendarInterval') {
    // NULL in every mode: the oldest of the casts has no ANSI form.
    if (from.tag === 'string') return `${emit.jsFunction('interval_of_text', 'try')}(${x})`;
    return from.tag === 'yearMonthInterval' ? `to_months(${x})` : `to_microseconds(${x})`;
  }
  const isDayTime = to.tag === 'dayTimeInterval';
  const type = isDayTime ? 'BIGINT' : 'INTEGER';
  const unit = isDayTime ? MICROS[to.endField]! : to.endField === 'year' ? '12' : '1';
  switch (from.tag) {
    case 'string':
      return `${emit.jsFunction(isDayTime ? 'day_time_of_text' : 'year_month_of_text', mode, to.startField, to.endField)}(${x})`;
    case 'dayTimeInterval':
    case 'yearMonthInterval':
      return from.endField === to.endField || to.endField === 'second' || to.endField === 'month' ? x : `((${x}) // ${unit} * ${unit})`;
    case 'decimal':
      // A number of days, hours or minutes is cut, of seconds and months rounded.
      return `${cast}(${isDayTime && to.endField !== 'second' ? `trunc(${x}) * ${unit}` : `round((${x}) * ${unit})`} AS ${type})`;
    default:
      return `${cast}((${x})::HUGEINT * ${unit} AS ${type})`;
  }
}
