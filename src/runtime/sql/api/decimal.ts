// An exact decimal number as programs see it: an unscaled whole number and how many of its digits stand after the point.
// Arithmetic belongs to the query; this carries values in and out. Source: org.apache.spark.sql.types.Decimal.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';

export class Decimal {
  readonly unscaled: bigint;
  /** Digits after the point, 0 to 38. */
  readonly scale: number;

  constructor(unscaled: bigint, scale = 0) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /** @param text `-12.340`, `1e3`; @throws Error when it is no number */
  static parse(text: string): Decimal {
    const m = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*$/.exec(text);
    if (m === null || (m[2] === '' && (m[3] ?? '') === ''))
      throw new SparkIllegalArgumentException('INVALID_DECIMAL_TEXT', '22018', `Not a decimal number: ${text}`);
    const fraction = m[3] ?? '';
    const scale = fraction.length - Number(m[4] ?? 0);
    const digits = BigInt(`${m[2]}${fraction}`) * (scale < 0 ? 10n ** BigInt(-scale) : 1n);
    return new Decimal(m[1] === '-' ? -digits : digits, Math.max(0, scale));
  }

  /** Digits that its type needs at least. */
  get precision(): number {
    return Math.max(String(this.unscaled < 0n ? -this.unscaled : this.unscaled).length, this.scale, 1);
  }

  /** The same number, whatever the scale. */
  equals(other: Decimal): boolean {
    const scale = Math.max(this.scale, other.scale);
    return this.unscaled * 10n ** BigInt(scale - this.scale) === other.unscaled * 10n ** BigInt(scale - other.scale);
  }

  /** All digits, no exponent: `0.00`, `-12.340`. */
  toString(): string {
    if (this.scale === 0) return String(this.unscaled);
    const digits = String(this.unscaled < 0n ? -this.unscaled : this.unscaled).padStart(this.scale + 1, '0');
    return `${this.unscaled < 0n ? '-' : ''}${digits.slice(0, -this.scale)}.${digits.slice(-this.scale)}`;
  }

  /** The nearest double: may lose digits. */
  toNumber(): number {
    return Number(this.toString());
  }

  valueOf(): number {
    return this.toNumber();
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Decimal(${this.toString()})`;
  }
}
