// A VARIANT as JSON: how it shows. The way back is variant-of-json.ts. Source: Variant.toJson of Spark 4.2.
import { dateText, doubleText, floatText, localTimestampText } from '../../types/value-text.ts';
import { quoted } from '../json-text.ts';
import { localOf } from '../time-zones.ts';
import { decoded, isList, type Variant } from './variant.ts';

/** As JSON. @param zone of timestamps */
export function jsonOfVariant(v: Variant, zone: string): string {
  if (typeof v === 'string') return quoted(v);
  if (v === null || typeof v === 'boolean') return String(v);
  if (isList(v)) return `[${v.map((item) => jsonOfVariant(item, zone)).join(',')}]`;
  if (v.tag === 'object') return `{${v.entries.map(([key, value]) => `${quoted(key)}:${jsonOfVariant(value, zone)}`).join(',')}}`;
  const text = plainVariantText(v, zone);
  const isBare = v.tag === 'long' || v.tag === 'decimal' || ((v.tag === 'double' || v.tag === 'float') && Number.isFinite(v.value));
  return isBare ? text : quoted(text);
}

/** A value without parts, without quotes. */
export function plainVariantText(v: Exclude<Variant, readonly Variant[]>, zone: string): string {
  if (v === null || typeof v !== 'object') return String(v);
  switch (v.tag) {
    case 'double':
      return doubleText(v.value);
    case 'float':
      return floatText(v.value);
    case 'date':
      return dateText(v.value);
    case 'timestamp': {
      const local = localOf(v.value, zone);
      return `${localTimestampText(local)}${offsetText(local - v.value)}`;
    }
    case 'timestamp_ntz':
      return localTimestampText(v.value);
    case 'binary':
      return Buffer.from(v.value).toString('base64');
    case 'object':
      return jsonOfVariant(v, zone);
    default:
      return String(v.value);
  }
}

function offsetText(micros: bigint): string {
  const minutes = Number(micros / 60_000_000n);
  const size = Math.abs(minutes);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The kernel's form as JSON: what programs and `show` see. */
export const shownVariant = (kernelText: string, zone: string): string => jsonOfVariant(decoded(kernelText), zone);
