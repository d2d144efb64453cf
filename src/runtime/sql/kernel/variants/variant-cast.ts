// VARIANT → a value of a type, and back. Values are the kernel's (common/sql-kernel.ts). Source: VariantGet.cast, VariantExpressionEvalUtils.castToVariant of Spark 4.2.
import type { KernelValue } from '../../../../common/sql-kernel.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { parseDate, parseTimestamp } from '../../parser/datetime-literals.ts';
import type { DataType } from '../../types/data-type.ts';
import { sqlType } from '../../types/type-names.ts';
import { floorDiv } from '../../types/value-text.ts';
import { instantOfText, trimAll } from '../js-casts.ts';
import { BadField, decimalValue } from '../json-values.ts';
import { instantOf, localOf } from '../time-zones.ts';
import { encoded, isList, isVariantObject, type Variant, variantObject, type VariantScalar } from './variant.ts';
import { decimalScalar } from './variant-of-json.ts';
import { jsonOfVariant, plainVariantText } from './variant-text.ts';

export type CastHow = { readonly zone: string /** What does not fit is NULL. */; readonly isTry: boolean };

const DAY = 86_400_000_000n;
const BITS: { readonly [tag: string]: number } = { byte: 8, short: 16, integer: 32, long: 64 };
const TRUE = new Set(['t', 'true', 'y', 'yes', '1']);
const FALSE = new Set(['f', 'false', 'n', 'no', '0']);

/** A variant's null is NULL. @throws AnalysisException INVALID_VARIANT_CAST */
export function castVariant(v: Variant, to: DataType, how: CastHow): KernelValue {
  if (to.tag === 'variant') return encoded(v);
  if (v === null) return null;
  const refuse = (): null => {
    if (how.isTry) return null;
    throw new AnalysisException('INVALID_VARIANT_CAST', { value: jsonOfVariant(v, how.zone), dataType: `"${sqlType(to)}"` });
  };
  switch (to.tag) {
    case 'string':
    case 'char':
    case 'varchar':
      if (isList(v) || isVariantObject(v)) return jsonOfVariant(v, how.zone);
      if (typeof v === 'object' && v.tag === 'binary') return new TextDecoder().decode(v.value);
      return typeof v === 'object' && v.tag === 'timestamp'
        ? plainVariantText({ tag: 'timestamp_ntz', value: localOf(v.value, how.zone) }, '')
        : plainVariantText(v, how.zone);
    case 'array':
      return isList(v) ? v.map((item) => castVariant(item, to.elementType, how)) : refuse();
    case 'map':
      if (!isVariantObject(v) || to.keyType.tag !== 'string') return refuse();
      return v.entries.map(([key, value]) => [key, castVariant(value, to.valueType, how)]);
    case 'struct': {
      if (!isVariantObject(v)) return refuse();
      const fields = new Map(v.entries);
      return to.fields.map((f) => castVariant(fields.get(f.name) ?? null, f.dataType, how));
    }
    default:
      if (isList(v) || isVariantObject(v)) return refuse();
      return scalar(v, to, how.zone) ?? refuse();
  }
}

/** @returns undefined: it does not fit */
function scalar(v: boolean | string | VariantScalar, to: DataType, zone: string): KernelValue | undefined {
  const from = typeof v === 'object' ? v : undefined;
  switch (to.tag) {
    case 'boolean': {
      if (typeof v === 'boolean') return v;
      const n = numberOf(from);
      if (n !== undefined) return n !== 0;
      const word = typeof v === 'string' ? trimAll(v).toLowerCase() : '';
      return TRUE.has(word) ? true : FALSE.has(word) ? false : undefined;
    }
    case 'byte':
    case 'short':
    case 'integer':
    case 'long': {
      const n = wholeOf(v);
      if (n === undefined || BigInt.asIntN(BITS[to.tag]!, n) !== n) return undefined;
      return to.tag === 'long' ? n : Number(n);
    }
    case 'float':
    case 'double': {
      const n = typeof v === 'boolean' ? Number(v) : typeof v === 'string' ? floatingOf(v) : numberOf(from);
      return n === undefined || to.tag === 'double' ? n : Math.fround(n);
    }
    case 'decimal': {
      const text =
        typeof v === 'boolean'
          ? String(Number(v))
          : typeof v === 'string'
            ? trimAll(v)
            : numberOf(from) === undefined
              ? ''
              : String(from!.value);
      try {
        return decimalValue(text, to.precision, to.scale);
      } catch (error) {
        if (error instanceof BadField) return undefined;
        throw error;
      }
    }
    case 'binary':
      return from?.tag === 'binary' ? from.value : typeof v === 'string' ? new TextEncoder().encode(v) : undefined;
    case 'date':
    case 'timestamp':
    case 'timestamp_ntz':
      return moment(v, to.tag, zone);
    default:
      return undefined;
  }
}

const numberOf = (v: VariantScalar | undefined): number | undefined =>
  v?.tag === 'long' || v?.tag === 'decimal' || v?.tag === 'double' || v?.tag === 'float' ? Number(v.value) : undefined;

function floatingOf(text: string): number | undefined {
  const trimmed = trimAll(text);
  if (/^[+-]?inf(?:inity)?$/i.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(trimmed)) return Number.NaN;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[df]?$/i.test(trimmed) ? Number(trimmed.replace(/[df]$/i, '')) : undefined;
}

/** Cut towards zero; a text must be a whole number. */
function wholeOf(v: boolean | string | VariantScalar): bigint | undefined {
  if (typeof v === 'boolean') return BigInt(v);
  if (typeof v === 'string') return /^[+-]?\d+$/.test(trimAll(v)) ? BigInt(trimAll(v).replace('+', '')) : undefined;
  if (v.tag === 'long') return v.value;
  if (v.tag === 'decimal') return BigInt(v.value.split('.')[0]!);
  if (v.tag === 'double' || v.tag === 'float') return Number.isFinite(v.value) ? BigInt(Math.trunc(v.value)) : undefined;
  return v.tag === 'timestamp' ? floorDiv(v.value, 1_000_000n) : undefined;
}

function moment(v: boolean | string | VariantScalar, to: 'date' | 'timestamp' | 'timestamp_ntz', zone: string): KernelValue | undefined {
  if (typeof v === 'boolean') return undefined;
  if (typeof v === 'string') {
    if (to === 'date') return parseDate(trimAll(v));
    return to === 'timestamp' ? instantOfText(v, zone, () => BigInt(Date.now()) * 1000n) : parseTimestamp(trimAll(v))?.micros;
  }
  if (v.tag === 'long' && to === 'timestamp') return v.value * 1_000_000n;
  const local =
    v.tag === 'date'
      ? BigInt(v.value) * DAY
      : v.tag === 'timestamp'
        ? localOf(v.value, zone)
        : v.tag === 'timestamp_ntz'
          ? v.value
          : undefined;
  if (local === undefined) return undefined;
  if (to === 'date') return Number(floorDiv(local, DAY));
  if (to === 'timestamp_ntz') return local;
  return v.tag === 'timestamp' ? v.value : instantOf(local, zone);
}

/** @param value of the kernel; NULL inside of it is a variant's null */
export function toVariant(value: KernelValue, type: DataType): Variant {
  if (value === null) return null;
  const entries = (pairs: readonly (readonly [string, Variant])[]) =>
    variantObject(pairs, (key) => {
      throw new AnalysisException('VARIANT_DUPLICATE_KEY', { key });
    });
  switch (type.tag) {
    case 'boolean':
      return value as boolean;
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return { tag: 'long', value: BigInt(value as number | bigint) };
    case 'float':
    case 'double':
    case 'date':
      return { tag: type.tag, value: value as number };
    case 'timestamp':
    case 'timestamp_ntz':
      return { tag: type.tag, value: value as bigint };
    case 'decimal':
      return decimalScalar(value as string);
    case 'binary':
      return { tag: 'binary', value: value as Uint8Array };
    case 'array':
      return (value as readonly KernelValue[]).map((v) => toVariant(v, type.elementType));
    case 'map':
      return entries((value as readonly [string, KernelValue][]).map(([k, v]) => [k, toVariant(v, type.valueType)]));
    case 'struct':
      return entries(type.fields.map((f, i) => [f.name, toVariant((value as readonly KernelValue[])[i]!, f.dataType)]));
    default:
      return String(value);
  }
}
