// A row as an XML element, its fields on lines of their own. Source: StaxXmlGenerator.scala of Spark 4.2.
import type { KernelValue } from '../../../../common/sql-kernel.ts';
import type { DataType, StructType } from '../../types/data-type.ts';
import { scalarText, type ValueOptions } from '../json-values.ts';
import { type XmlRules, xmlRules } from './xml-rules.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(']]>', ']]&gt;').replaceAll('\r', '&#xd;');
const attributeText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/g, (c) => `&#x${c.charCodeAt(0).toString(16)};`);

const NAME = /^[:A-Za-z_\u00c0-\uffff][-:.\w\u00b7-\uffff]*$/;
function checked(name: string): string {
  if (NAME.test(name)) return name;
  throw new Error(`'${name}' is no name of an XML element or attribute`);
}

type Writer = { readonly rules: XmlRules; readonly indent: string; readonly arrayElement: string };

function textOfValue(value: KernelValue, type: DataType, { how }: XmlRules): string {
  if (type.tag === 'binary')
    return `[${Buffer.from(value as Uint8Array)
      .toString('hex')
      .toUpperCase()
      .replace(/(..)(?=.)/g, '$1 ')}]`;
  const text = /Interval$/.test(type.tag) || type.tag === 'variant' ? undefined : scalarText(value, type, how);
  if (text === undefined) throw new Error(`A value of ${type.tag} can't be written as XML`);
  return text;
}

/** Names and values of a struct's or a map's fields; of an array one for each element. Those that are NULL are left out unless `nullValue` says what they are. */
function fieldsOf(value: KernelValue, type: DataType, { rules, arrayElement }: Writer): (readonly [string, KernelValue, DataType])[] {
  const flat = ([name, v, t]: readonly [string, KernelValue, DataType]): (readonly [string, KernelValue, DataType])[] =>
    t.tag === 'array' && v !== null ? (v as readonly KernelValue[]).map((x) => [name, x, t.elementType] as const) : [[name, v, t]];
  const isShown = ([, v]: readonly [string, KernelValue, DataType]) => v !== null || rules.nullValue !== undefined;
  const all = (): (readonly [string, KernelValue, DataType])[] => {
    if (type.tag === 'struct') return type.fields.map((f, i) => [f.name, (value as readonly KernelValue[])[i]!, f.dataType] as const);
    if (type.tag === 'map')
      return (value as readonly (readonly [KernelValue, KernelValue])[]).map(([k, v]) => [String(k), v, type.valueType] as const);
    return (value as readonly KernelValue[]).map((v) => [arrayElement, v, (type as { elementType: DataType }).elementType] as const);
  };
  return all().filter(isShown).flatMap(flat).filter(isShown);
}

function element(name: string, value: KernelValue, type: DataType, depth: number, writer: Writer): string {
  const { rules, indent } = writer;
  const open = `<${checked(name)}`;
  if (value === null) return `${open}>${escaped(rules.nullValue ?? '')}</${name}>`;
  if (type.tag !== 'struct' && type.tag !== 'map' && type.tag !== 'array')
    return `${open}>${escaped(textOfValue(value, type, rules))}</${name}>`;
  const line = (level: number) => (indent === '' ? '' : `\n${indent.repeat(level)}`);
  const shown = (v: KernelValue, t: DataType) => (v === null ? rules.nullValue! : textOfValue(v, t, rules));
  const [attributes, pieces]: [string[], string[]] = [[], []];
  let endsInElement = false;
  for (const [field, v, t] of fieldsOf(value, type, writer)) {
    const isText = field === rules.valueTag;
    if (isText) pieces.push(escaped(shown(v, t)));
    else if (type.tag === 'struct' && rules.prefix !== '' && field.startsWith(rules.prefix))
      attributes.push(` ${checked(field.slice(rules.prefix.length))}="${attributeText(shown(v, t))}"`);
    else pieces.push(line(depth + 1), element(field, v, t, depth + 1, writer));
    if (pieces.length > 0) endsInElement = !isText;
  }
  const start = `${open}${attributes.join('')}`;
  return pieces.length === 0 ? `${start}/>` : `${start}>${pieces.join('')}${endsInElement ? line(depth) : ''}</${name}>`;
}

/** @param depth how far the row itself is indented: 1 inside of a file's root */
export function xmlOfRow(value: KernelValue, type: StructType, how: ValueOptions, depth = 0): string {
  const { options } = how;
  const writer: Writer = { rules: xmlRules(how), indent: options.indent ?? '    ', arrayElement: options.arrayelementname ?? 'item' };
  return (depth > 0 ? writer.indent.repeat(depth) : '') + element(options.rowtag ?? 'ROW', value, type, depth, writer);
}
