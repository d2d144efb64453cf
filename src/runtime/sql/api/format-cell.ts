// A value of the kernel as Spark's `show` prints it. Source: ToPrettyString of Spark 4.2: as CAST(… AS STRING), but NULL inside of arrays and the
// like is NULL too, and bytes are [61 62].
import type { KernelValue } from '../../../common/sql-kernel.ts';
import { localOf } from '../kernel/time-zones.ts';
import { shownVariant } from '../kernel/variants/variant-text.ts';
import { shownGeometry } from '../kernel/wkb.ts';
import type { DataType } from '../types/data-type.ts';
import { calendarText, dateText, dayTimeText, doubleText, floatText, localTimestampText, yearMonthText } from '../types/value-text.ts';
import { LocalTime } from './times.ts';

/** @param value as common/sql-kernel.ts says; @param timeZone of the session */
export function formatCell(value: unknown, type: DataType, timeZone: string): string {
  if (value === null || value === undefined) return 'NULL';
  switch (type.tag) {
    case 'float':
      return floatText(value as number);
    case 'double':
      return doubleText(value as number);
    case 'date':
      return dateText(value as number);
    case 'timestamp':
      return localTimestampText(localOf(value as bigint, timeZone));
    case 'timestamp_ntz':
      return localTimestampText(value as bigint);
    case 'time':
      return new LocalTime((value as bigint) * 1000n).toString();
    case 'dayTimeInterval':
      return dayTimeText(value as bigint, type);
    case 'yearMonthInterval':
      return yearMonthText(value as number, type);
    case 'calendarInterval':
      return calendarText(value as { months: number; days: number; microseconds: bigint });
    case 'geography':
    case 'geometry':
      return shownGeometry(value as Uint8Array);
    case 'variant':
      return shownVariant(value as string, timeZone);
    case 'binary':
      return `[${Array.from(value as Uint8Array, (b) => b.toString(16).toUpperCase().padStart(2, '0')).join(' ')}]`;
    case 'array':
      return `[${Array.from(value as ArrayLike<KernelValue>, (v) => formatCell(v, type.elementType, timeZone)).join(', ')}]`;
    case 'map':
      return `{${(value as readonly (readonly [KernelValue, KernelValue])[])
        .map(([k, v]) => `${formatCell(k, type.keyType, timeZone)} -> ${formatCell(v, type.valueType, timeZone)}`)
        .join(', ')}}`;
    case 'struct':
      return `{${type.fields.map((f, i) => formatCell((value as readonly KernelValue[])[i], f.dataType, timeZone)).join(', ')}}`;
    default:
      // Texts, whole numbers, and decimals, whose texts have no exponent.
      return String(value);
  }
}
