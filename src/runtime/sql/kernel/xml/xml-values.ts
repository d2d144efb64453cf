// An XML element → the value of a type. Source: StaxXmlParser.scala of Spark 4.2.
import type { KernelValue } from '../../../../common/sql-kernel.ts';
import type { DataType, MapType, StructType } from '../../types/data-type.ts';
import { BadField, clockValue, decimalValue, timeValue } from '../json-values.ts';
import { textOf, type XmlNode } from '../xml-tree.ts';
import { attributesOf, columnOf, isBlank, meantText, type XmlRules } from './xml-rules.ts';

const bad = (): never => {
  throw new BadField('an element of another type');
};
const BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, integer: 32, long: 64 };
const DOUBLE = /^[+-]?(NaN|Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[fFdD]?)$/;
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

/** @throws BadField */
function scalarOf(text: string, type: DataType, rules: XmlRules): KernelValue {
  const meant = meantText(text, rules);
  if (meant === null) return null;
  switch (type.tag) {
    case 'string':
    case 'char':
    case 'varchar':
      return meant;
    case 'boolean':
      return BOOLEANS[meant.toLowerCase()] ?? bad();
    case 'byte':
    case 'short':
    case 'integer':
    case 'long': {
      if (!/^[+-]?\d+$/.test(meant)) return bad();
      const n = BigInt(meant.replace('+', ''));
      if (BigInt.asIntN(BITS[type.tag]!, n) !== n) return bad();
      return type.tag === 'long' ? n : Number(n);
    }
    case 'float':
    case 'double':
      return DOUBLE.test(meant) ? Number(meant.replace(/[fFdD]$/, '')) : bad();
    case 'decimal':
      return decimalValue(meant.replaceAll(',', ''), type.precision, type.scale);
    case 'date':
    case 'timestamp':
    case 'timestamp_ntz':
      return timeValue(meant, type.tag, rules.how);
    case 'time':
      return clockValue(meant, type.precision, rules.how);
    default:
      return bad();
  }
}

/** What is inside of an element, as Spark writes it where a column of text has elements. */
const innerText = (element: XmlNode): string =>
  element.children
    .map((c) => {
      if (c.type === 'text') return c.value;
      if (c.type !== 'element') return '';
      return `<${c.name}${c.attributes.map((a) => ` ${a.name}="${a.value}"`).join('')}>${innerText(c)}</${c.name}>`;
    })
    .join('');

function mapOf(element: XmlNode, { valueType }: MapType, rules: XmlRules): KernelValue {
  const entries = new Map<string, KernelValue>();
  for (const [name, text] of attributesOf(element, rules)) entries.set(name, scalarOf(text, valueType, rules));
  for (const child of element.children) {
    if (child.type === 'element') entries.set(columnOf(child, rules), fieldOf(child, valueType, rules));
    else if (child.type === 'text' && !isBlank(child.value)) entries.set(rules.valueTag, scalarOf(child.value, valueType, rules));
  }
  return [...entries];
}

function fieldOf(element: XmlNode, type: DataType, rules: XmlRules): KernelValue {
  const isEmpty = element.children.length === 0;
  switch (type.tag) {
    case 'struct': {
      const known = new Set(type.fields.map((f) => f.name));
      const hasPart = known.has(rules.valueTag) || attributesOf(element, rules).some(([name]) => known.has(name));
      return isEmpty && !hasPart ? null : structOf(element, type, rules);
    }
    case 'map':
      return isEmpty ? null : mapOf(element, type, rules);
    case 'array':
      return isEmpty ? null : bad();
    case 'string':
    case 'char':
    case 'varchar':
      return isEmpty ? (rules.nullValue === '' ? null : '') : scalarOf(innerText(element), type, rules);
    default: {
      const children = element.children.filter((c, i) => !(i === 0 && c.type === 'text' && isBlank(c.value)));
      if (children.length === 0) return null;
      return children.length === 1 && children[0]!.type === 'text' ? scalarOf(textOf(element), type, rules) : bad();
    }
  }
}

/** A record one of whose fields does not fit: what stands before it. */
export class PartialRow extends BadField {
  readonly row: readonly KernelValue[];

  constructor(row: readonly KernelValue[]) {
    super('a field of another type');
    this.row = row;
  }
}

/** Values by column; names in any case. @throws PartialRow, BadField for an attribute */
export function structOf(element: XmlNode, type: StructType, rules: XmlRules): KernelValue[] {
  const row: KernelValue[] = type.fields.map(() => null);
  const places = new Map(type.fields.map((f, i) => [f.name.toLowerCase(), i]));
  const put = (column: string, of: (t: DataType) => KernelValue): boolean => {
    const at = places.get(column.toLowerCase());
    if (at === undefined) return false;
    const { dataType } = type.fields[at]!;
    row[at] = dataType.tag === 'array' ? [...((row[at] as KernelValue[] | null) ?? []), of(dataType.elementType)] : of(dataType);
    return true;
  };
  for (const [name, text] of attributesOf(element, rules)) put(name, (t) => scalarOf(text, t, rules));
  for (const child of element.children) {
    try {
      if (child.type === 'text' && !isBlank(child.value)) put(rules.valueTag, (t) => scalarOf(child.value, t, rules));
      if (child.type !== 'element') continue;
      const value = (t: DataType) => fieldOf(child, t, rules);
      if (!put(columnOf(child, rules), value)) put(rules.wildcard, value);
    } catch (error) {
      throw error instanceof BadField ? new PartialRow(row) : error;
    }
  }
  return row;
}
