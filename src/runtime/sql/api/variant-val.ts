// A VARIANT in a row of the program. Source: org.apache.spark.unsafe.types.VariantVal, pyspark.sql.types.VariantVal.
import { decoded, isList, type Variant } from '../kernel/variants/variant.ts';
import { jsonOfVariant } from '../kernel/variants/variant-text.ts';
import { Decimal } from './decimal.ts';
import { LocalDate, LocalTimestamp, Timestamp } from './times.ts';

export class VariantVal {
  /** @internal The kernel's form. */
  readonly kernelText: string;

  /** @internal */
  constructor(kernelText: string) {
    this.kernelText = kernelText;
  }

  get #value(): Variant {
    return decoded(this.kernelText);
  }

  /** @param timeZone of timestamps, an IANA name */
  toJson(timeZone = 'UTC'): string {
    return jsonOfVariant(this.#value, timeZone);
  }

  /** Plain objects and arrays; numbers, texts and times as rows have them: bigint, Decimal, LocalDate … */
  toValue(): unknown {
    return plain(this.#value);
  }

  toString(): string {
    return this.toJson();
  }
}

function plain(v: Variant): unknown {
  if (v === null || typeof v !== 'object') return v;
  if (isList(v)) return v.map(plain);
  switch (v.tag) {
    case 'object':
      return Object.fromEntries(v.entries.map(([key, value]) => [key, plain(value)]));
    case 'decimal':
      return Decimal.parse(v.value);
    case 'date':
      return new LocalDate(v.value);
    case 'timestamp':
      return new Timestamp(v.value);
    case 'timestamp_ntz':
      return new LocalTimestamp(v.value);
    default:
      return v.value;
  }
}
