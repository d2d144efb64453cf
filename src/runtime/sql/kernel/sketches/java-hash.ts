// Java's hash codes of values, which say where hash tables of the JVM keep them. Source: hashCode() of java.lang's classes, Decimal of Spark 4.2.
import type { KernelValue } from '../../../../common/sql-kernel.ts';
import type { DataType } from '../../types/data-type.ts';

const view = new DataView(new ArrayBuffer(8));
const ofLong = (v: bigint): number => Number(BigInt.asIntN(32, v ^ (v >> 32n)));
function ofFloat(v: number): number {
  view.setFloat32(0, v);
  return view.getInt32(0);
}
function ofDouble(v: number): number {
  view.setFloat64(0, v);
  return ofLong(view.getBigInt64(0));
}
function ofText(text: string): number {
  let h = 0;
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0;
  return h;
}
/** Scala's of a BigDecimal: that of the smallest type that holds the number. */
function ofDecimal(text: string): number {
  const v = Number(text);
  if (/^-?\d+(\.0*)?$/.test(text)) {
    const whole = BigInt(text.replace(/\..*/, ''));
    return BigInt.asIntN(32, whole) === whole ? Number(whole) : ofLong(whole);
  }
  return Math.fround(v) === v ? ofFloat(v) : ofDouble(v);
}

export function javaHash(value: Exclude<KernelValue, null>, { tag }: DataType): number {
  switch (tag) {
    case 'boolean':
      return value === true ? 1231 : 1237;
    case 'float':
      return ofFloat(value as number);
    case 'double':
      return ofDouble(value as number);
    case 'decimal':
      return ofDecimal(value as string);
    default:
      return typeof value === 'bigint' ? ofLong(value) : typeof value === 'number' ? value : ofText(String(value));
  }
}
