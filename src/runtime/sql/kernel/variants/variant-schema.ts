// The type of a variant's value as text: schema_of_variant and its aggregate. Source: SchemaOfVariant of Spark 4.2.
import * as T from '../../types/data-type.ts';
import { quoteIfNeeded, sqlType } from '../../types/type-names.ts';
import { unscaledOf } from '../js-numbers.ts';
import { isList, type Variant } from './variant.ts';

export function schemaOfVariant(v: Variant): T.DataType {
  if (v === null) return T.NULL;
  if (typeof v === 'boolean') return T.BOOLEAN;
  if (typeof v === 'string') return T.STRING;
  if (isList(v)) return T.arrayType(v.map(schemaOfVariant).reduce(mergedSchema, T.NULL));
  switch (v.tag) {
    case 'object':
      return T.structType(v.entries.map(([key, value]) => T.structField(key, schemaOfVariant(value))));
    case 'decimal': {
      const { digits, scale } = unscaledOf(v.value);
      return T.decimalType(Math.max(String(digits).replace('-', '').length, scale), scale);
    }
    case 'long':
      return T.LONG;
    case 'double':
      return T.DOUBLE;
    case 'float':
      return T.FLOAT;
    default:
      return { tag: v.tag };
  }
}

const WIDTH: { readonly [tag: string]: number } = { long: 20 };
const NUMBERS = ['long', 'float', 'double', 'decimal'];

/** VARIANT where the two have nothing in common. Source: JsonInferSchema.compatibleType. */
export function mergedSchema(a: T.DataType, b: T.DataType): T.DataType {
  if (T.sameType(a, b) || b.tag === 'null') return a;
  if (a.tag === 'null') return b;
  if (a.tag === 'array' && b.tag === 'array') return T.arrayType(mergedSchema(a.elementType, b.elementType));
  if (a.tag === 'struct' && b.tag === 'struct') {
    const fields = new Map(a.fields.map((f) => [f.name, f.dataType]));
    for (const f of b.fields) fields.set(f.name, fields.has(f.name) ? mergedSchema(fields.get(f.name)!, f.dataType) : f.dataType);
    return T.structType([...fields].sort(([x], [y]) => (x < y ? -1 : 1)).map(([name, type]) => T.structField(name, type)));
  }
  if (NUMBERS.includes(a.tag) && NUMBERS.includes(b.tag)) {
    if (a.tag === 'double' || b.tag === 'double' || a.tag === 'float' || b.tag === 'float') return T.DOUBLE;
    const [x, y] = [a, b].map((t) => (t.tag === 'decimal' ? t : T.decimalType(WIDTH[t.tag], 0))) as [T.DecimalType, T.DecimalType];
    const scale = Math.max(x.scale, y.scale);
    const precision = scale + Math.max(x.precision - x.scale, y.precision - y.scale);
    return precision > T.MAX_DECIMAL_PRECISION ? T.DOUBLE : T.decimalType(precision, scale);
  }
  const isTime = (t: T.DataType): boolean => t.tag === 'date' || t.tag === 'timestamp' || t.tag === 'timestamp_ntz';
  if (isTime(a) && isTime(b)) return a.tag === 'timestamp' || b.tag === 'timestamp' ? T.TIMESTAMP : T.TIMESTAMP_NTZ;
  return T.VARIANT;
}

/** `OBJECT<a: BIGINT, b: ARRAY<STRING>>` */
export function schemaText(type: T.DataType): string {
  if (type.tag === 'array') return `ARRAY<${schemaText(type.elementType)}>`;
  if (type.tag === 'struct') return `OBJECT<${type.fields.map((f) => `${quoteIfNeeded(f.name)}: ${schemaText(f.dataType)}`).join(', ')}>`;
  return sqlType(type);
}
