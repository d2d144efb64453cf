// The type of an XML element, as Spark infers it: attributes and elements are fields, what comes more than once is an array.
// Source: XmlInferSchema.scala of Spark 4.2.
import * as T from '../../types/data-type.ts';
import { canonical, exactType, inferCsvCell } from '../infer-schema.ts';
import { textOf, type XmlNode } from '../xml-tree.ts';
import { attributesOf, columnOf, isBlank, meantText, type XmlRules } from './xml-rules.ts';

function scalarType(text: string, rules: XmlRules): T.DataType {
  const meant = meantText(text, rules);
  if (meant === null || meant === '') return T.NULL;
  if (!rules.infers) return T.STRING;
  if (/^[+-]?\d+$/.test(meant) && BigInt.asIntN(64, BigInt(meant.replace('+', ''))) === BigInt(meant.replace('+', ''))) return T.LONG;
  const isPlain = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(meant);
  if (rules.prefersDecimal && isPlain) return exactType(meant.replace('+', '')) ?? T.DOUBLE;
  if (isPlain || /^[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?\d+$/.test(meant)) return T.DOUBLE;
  if (/^(true|false)$/i.test(meant)) return T.BOOLEAN;
  const time = inferCsvCell(meant);
  return time.tag === 'date' || time.tag === 'timestamp' ? time : T.STRING;
}

type Fields = Map<string, T.DataType>;
const structOf = (fields: Fields): T.StructType =>
  T.structType([...fields].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, type]) => T.structField(name, type)));

function elementType(element: XmlNode, rules: XmlRules): T.DataType {
  const hasElements = element.children.some((c) => c.type === 'element');
  const own = hasElements || isBlank(textOf(element)) ? T.NULL : scalarType(textOf(element), rules);
  return hasElements || attributesOf(element, rules).length > 0 ? rowType(element, rules) : own;
}

/** Of a record, which is a struct even when it has only text. */
export function rowType(element: XmlNode, rules: XmlRules): T.StructType {
  const fields: Fields = new Map();
  const add = (name: string, type: T.DataType): void => {
    const old = fields.get(name);
    if (old === undefined) fields.set(name, type);
    else fields.set(name, T.arrayType(mergedXml(old.tag === 'array' ? old.elementType : old, type, rules)));
  };
  for (const [name, text] of attributesOf(element, rules)) add(name, scalarType(text, rules));
  for (const child of element.children) {
    if (child.type === 'element') add(columnOf(child, rules), elementType(child, rules));
    else if (child.type === 'text' && !isBlank(child.value)) add(rules.valueTag, scalarType(child.value, rules));
  }
  return structOf(fields);
}

const asDecimal = (t: T.DataType): T.DecimalType => (t.tag === 'decimal' ? t : T.decimalType(20, 0));
function widerDecimal(a: T.DecimalType, b: T.DecimalType): T.DataType {
  const scale = Math.max(a.scale, b.scale);
  const precision = Math.max(a.precision - a.scale, b.precision - b.scale) + scale;
  return precision > T.MAX_DECIMAL_PRECISION ? T.DOUBLE : T.decimalType(precision, scale);
}

/** What values of both are. */
export function mergedXml(a: T.DataType, b: T.DataType, rules: XmlRules): T.DataType {
  const merged = (x: T.DataType, y: T.DataType) => mergedXml(x, y, rules);
  if (T.sameType(a, b) || b.tag === 'null') return a;
  if (a.tag === 'null') return b;
  const tags = new Set([a.tag, b.tag]);
  const areAll = (...known: string[]) => [...tags].every((t) => known.includes(t));
  if (areAll('decimal', 'long')) return widerDecimal(asDecimal(a), asDecimal(b));
  if (areAll('decimal', 'long', 'double')) return T.DOUBLE;
  if (areAll('date', 'timestamp')) return T.TIMESTAMP;
  if (a.tag === 'array' || b.tag === 'array')
    return T.arrayType(merged(a.tag === 'array' ? a.elementType : a, b.tag === 'array' ? b.elementType : b));
  if (a.tag === 'struct' && b.tag === 'struct') {
    const fields: Fields = new Map(a.fields.map((f) => [f.name, f.dataType]));
    for (const { name, dataType } of b.fields) fields.set(name, merged(fields.get(name) ?? T.NULL, dataType));
    return structOf(fields);
  }
  const [struct, other] = a.tag === 'struct' ? [a, b] : [b, a];
  // Text alone beside an element with attributes is its text.
  if (struct.tag !== 'struct' || !struct.fields.some((f) => f.name === rules.valueTag)) return T.STRING;
  return merged(struct, T.structType([T.structField(rules.valueTag, other)]));
}

/** @param corrupt the column of records that are not well-formed, where there are some */
export function xmlSchema(type: T.DataType, corrupt?: string): T.StructType {
  const { fields } = canonical(type) as T.StructType;
  const all = corrupt === undefined || fields.some((f) => f.name === corrupt) ? fields : [...fields, T.structField(corrupt, T.STRING)];
  return T.structType([...all].sort((a, b) => (a.name < b.name ? -1 : 1)));
}
