// Values as Spark's result files show them: Hive's text form, where nested strings have quotes and a nested NULL is `null`.
// Single values are the product's texts, so what is wrong in them shows against Spark's files. Source: HiveResult.toHiveString of Spark 4.2.
import type { KernelValue } from '../../src/common/sql-kernel.ts';
import { shownGeometry } from '../../src/runtime/sql/kernel/wkb.ts';
import { shownVariant } from '../../src/runtime/sql/kernel/variants/variant-text.ts';
import type { DataType } from '../../src/runtime/sql/types/data-type.ts';
import { localOf } from '../../src/runtime/sql/kernel/time-zones.ts';
import { calendarText, dateText, doubleText, floatText, localTimestampText } from '../../src/runtime/sql/types/value-text.ts';

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
      return localTimestampText(localOf(value as bigint, zone));
    case 'timestamp_ntz':
      return localTimestampText(value as bigint);
    case 'time':
      return localTimestampText(value as bigint).slice('1970-01-01 '.length);
    case 'geography':
    case 'geometry':
      return isNested ? `"${shownGeometry(value as Uint8Array)}"` : shownGeometry(value as Uint8Array);
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
      return calendarText(value as { months: number; days: number; microseconds: bigint });
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
