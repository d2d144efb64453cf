// Values of the kernel (common/sql-kernel.ts) as programs see them, by Spark's type: bigint for BIGINT, Decimal, Dates, Maps, nested Rows.
// The other direction is kernel-values.ts.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import type { DataType, StructType } from '../types/data-type.ts';
import { Decimal } from './decimal.ts';
import { GeometryVal } from './geometry-val.ts';
import { rowMaker } from './rows.ts';
import { VariantVal } from './variant-val.ts';
import { CalendarInterval, DayTimeInterval, LocalDate, LocalTime, LocalTimestamp, Timestamp, YearMonthInterval } from './times.ts';

type Convert = (value: any) => unknown;
/** What stands for a struct and for a BIGINT, when it is not a Row and a bigint. */
export type ValueForms = {
  readonly struct?: (type: StructType) => (values: readonly unknown[]) => unknown;
  readonly long?: (value: bigint) => unknown;
};

/** @returns undefined when the value is the same on both sides */
export function converterOf(type: DataType, forms: ValueForms = {}): Convert | undefined {
  switch (type.tag) {
    case 'long':
      return forms.long && nullSafe(forms.long);
    case 'decimal':
      return nullSafe((text: string) => Decimal.parse(text));
    case 'geography':
    case 'geometry':
      return nullSafe((bytes: Uint8Array) => GeometryVal.ofKernel(bytes));
    case 'variant':
      return nullSafe((text: string) => new VariantVal(text));
    case 'binary':
      return nullSafe((bytes: Uint8Array) => (bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes)));
    case 'date':
      return nullSafe((days: number) => new LocalDate(days));
    case 'timestamp':
      return nullSafe((micros: bigint) => new Timestamp(micros));
    case 'timestamp_ntz':
      return nullSafe((micros: bigint) => new LocalTimestamp(micros));
    case 'time':
      return nullSafe((micros: bigint) => new LocalTime(micros * 1000n));
    case 'dayTimeInterval':
      return nullSafe((micros: bigint) => new DayTimeInterval(micros));
    case 'yearMonthInterval':
      return nullSafe((months: number) => new YearMonthInterval(months));
    case 'calendarInterval':
      return nullSafe(
        (v: { months: number; days: number; microseconds: bigint }) => new CalendarInterval(v.months, v.days, v.microseconds),
      );
    case 'array': {
      const element = converterOf(type.elementType, forms);
      return nullSafe((values: ArrayLike<KernelValue>) => (element === undefined ? Array.from(values) : Array.from(values, element)));
    }
    case 'map': {
      const [key, value] = [converterOf(type.keyType, forms), converterOf(type.valueType, forms)];
      return nullSafe((entries: readonly (readonly [KernelValue, KernelValue])[]) => {
        const map = new Map<unknown, unknown>();
        for (const [k, v] of entries) map.set(key === undefined ? k : key(k), value === undefined ? v : value(v));
        return map;
      });
    }
    case 'struct': {
      const make = (forms.struct ?? rowMaker)(type);
      const fields = type.fields.map((f) => converterOf(f.dataType, forms));
      return nullSafe((values: readonly KernelValue[]) =>
        make(fields.map((convert, i) => (convert === undefined ? values[i] : convert(values[i])))),
      );
    }
    default:
      return undefined;
  }
}

const nullSafe =
  (convert: Convert): Convert =>
  (value) =>
    value === null || value === undefined ? null : convert(value);
