// Values as Spark's result files show them: Hive's text form, where nested strings have quotes and a nested NULL is `null`.
// Not the text of `show` and of CAST AS STRING (the product's). Source: HiveResult.toHiveString of Spark 4.2.
import type { KernelValue } from '../../src/common/sql-kernel.ts';
import { shownVariant } from '../../src/runtime/sql/kernel/variants/variant-text.ts';
import type { DataType } from '../../src/runtime/sql/types/data-type.ts';
import { doubleText, floatText } from './java-number-text.ts';
import { dateText, timeOfDayText, timestampText } from './local-time.ts';

export const hiveRow = (row: readonly KernelValue[], types: readonly DataType[], zone: string): string =>
  row.map((value, i) => hiveText(value, types[i]!, zone)).join('\t');

export function hiveText(value: KernelValue, type: DataType, zone: string, isNested = false): string {
  if (value === null) return isNested ? 'null' : 'NULL';
  const inner = (v: KernelValue, t: DataType) => hiveText(v, t, zone, true);
  switch (type.tag) {
    case 'string':
    case 'char':
    case 'varchar':
      return isNested ? `"${value}"` : String(value);
    case 'float':
      return floatText(value as number);
    case 'double':
      return doubleText(value as number);
    case 'date':
      return dateText(value as number);
    case 'timestamp':
      return timestampText(value as bigint, zone);
    case 'timestamp_ntz':
      return timestampText(value as bigint);
    case 'time':
      return timeOfDayText(value as bigint);
    case 'variant':
      return shownVariant(value as string, zone);
    case 'binary':
      return Buffer.from(value as Uint8Array).toString('utf8');
    case 'array':
      return `[${(value as readonly KernelValue[]).map((v) => inner(v, type.elementType)).join(',')}]`;
    case 'map': {
      const entries = (value as readonly (readonly [KernelValue, KernelValue])[]).map(
        ([k, v]) => `${inner(k, type.keyType)}:${inner(v, type.valueType)}`,
      );
      return `{${entries.sort().join(',')}}`;
    }
    case 'struct':
      return `{${(value as readonly KernelValue[]).map((v, i) => `"${type.fields[i]!.name}":${inner(v, type.fields[i]!.dataType)}`).join(',')}}`;
    case 'yearMonthInterval': {
      const months = Math.abs(value as number);
      return `${(value as number) < 0 ? '-' : ''}${Math.floor(months / 12)}-${months % 12}`;
    }
    case 'dayTimeInterval':
      return dayTimeText(value as bigint);
    case 'calendarInterval':
      return calendarIntervalText(value as { months: number; days: number; microseconds: bigint });
    default:
      return String(value);
  }
}

function dayTimeText(micros: bigint): string {
  const size = micros < 0n ? -micros : micros;
  const [days, rest] = [size / 86_400_000_000n, size % 86_400_000_000n];
  const clock = [rest / 3_600_000_000n, (rest / 60_000_000n) % 60n, (rest / 1_000_000n) % 60n]
    .map((n) => String(n).padStart(2, '0'))
    .join(':');
  return `${micros < 0n ? '-' : ''}${days} ${clock}.${String((rest % 1_000_000n) * 1000n).padStart(9, '0')}`;
}

/** `1 years 2 months -3 days 4.5 seconds`. Source: CalendarInterval.toString. */
function calendarIntervalText({ months, days, microseconds }: { months: number; days: number; microseconds: bigint }): string {
  const parts: string[] = [];
  const say = (n: number | bigint, unit: string) => {
    if (Number(n) !== 0) parts.push(`${n} ${unit}`);
  };
  say(Math.trunc(months / 12), 'years');
  say(months % 12, 'months');
  say(days, 'days');
  say(microseconds / 3_600_000_000n, 'hours');
  say((microseconds / 60_000_000n) % 60n, 'minutes');
  const rest = microseconds % 60_000_000n;
  if (rest !== 0n) {
    const size = rest < 0n ? -rest : rest;
    const fraction = String(size % 1_000_000n)
      .padStart(6, '0')
      .replace(/0+$/, '');
    parts.push(`${rest < 0n ? '-' : ''}${size / 1_000_000n}${fraction === '' ? '' : `.${fraction}`} seconds`);
  }
  return parts.length === 0 ? '0 seconds' : parts.join(' ');
}
