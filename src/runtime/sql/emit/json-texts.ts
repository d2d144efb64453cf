// Columns of strings keep the characters of whatever stands in a JSON file (`[1, 2]`, `1.10`), which the kernel would write anew, and wide decimals
// all of their digits: where such values are in a record's shape, and how the kernel knows lines that have one. Those go through `relaxed_json`.
// Source: JacksonParser.makeConverter of Spark 4.2.
import { quoteText } from '../../../common/kernel-quotes.ts';
import type { JsonShape } from '../kernel/json-text.ts';
import type { DataType, StructField } from '../types/data-type.ts';

/** Digits that a double keeps of any number. */
const SURE_DIGITS = 15;

const isString = (type: DataType): boolean => type.tag === 'string' || type.tag === 'char' || type.tag === 'varchar';
const isWideDecimal = (type: DataType): boolean => type.tag === 'decimal' && type.precision > SURE_DIGITS;

/** @returns undefined: nothing in it is kept as it was written */
function shapeOfType(type: DataType): JsonShape | undefined {
  if (isString(type) || isWideDecimal(type)) return { is: 'text' };
  if (type.tag === 'struct') return jsonShape(type.fields);
  if (type.tag !== 'array' && type.tag !== 'map') return undefined;
  const of = shapeOfType(type.tag === 'array' ? type.elementType : type.valueType);
  return of && { is: 'items', of };
}

export function jsonShape(fields: readonly StructField[]): JsonShape | undefined {
  const shapes = fields.flatMap((f) => {
    const shape = shapeOfType(f.dataType);
    return shape === undefined ? [] : [[f.name, shape] as const];
  });
  return shapes.length === 0 ? undefined : { is: 'object', fields: Object.fromEntries(shapes) };
}

/** A condition for lines that may have a value of which the kernel would keep the meaning only; undefined: none can. */
export function keepsCharacters(line: string, fields: readonly StructField[]): string | undefined {
  const found: Found = { plain: new Set(), lists: new Set(), maps: new Set(), deep: new Set(), hasWideDecimals: false };
  for (const field of fields) look(field.name, field.dataType, found);
  const names = (of: ReadonlySet<string>) => `"(?:${[...of].map((n) => inPattern(JSON.stringify(n).slice(1, -1))).join('|')})"\\s*:\\s*`;
  const patterns = [
    ...(found.plain.size > 0 ? [`${names(found.plain)}[^"n\\s]`] : []),
    ...(found.lists.size > 0 ? [`${names(found.lists)}\\[(?:\\s*${PLAIN}\\s*,?)*\\s*[^"n\\s,\\]]`] : []),
    ...(found.maps.size > 0 ? [`${names(found.maps)}\\{(?:\\s*${TEXT}\\s*:\\s*${PLAIN}\\s*,?)*\\s*${TEXT}\\s*:\\s*[^"n\\s]`] : []),
    ...(found.deep.size > 0 ? [`${names(found.deep)}[\\[{]`] : []),
    ...(found.hasWideDecimals ? [`[0-9.]{${SURE_DIGITS + 1},}`] : []),
  ];
  return patterns.length === 0 ? undefined : `(${patterns.map((p) => `regexp_matches(${line}, ${quoteText(p)})`).join(' OR ')})`;
}

const TEXT = '"(?:[^"\\\\]|\\\\.)*"';
const PLAIN = `(?:${TEXT}|null)`;
const inPattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Names of fields by what they are of: strings, lists and maps of strings, and what has strings further down without a name. */
type Found = {
  readonly plain: Set<string>;
  readonly lists: Set<string>;
  readonly maps: Set<string>;
  readonly deep: Set<string>;
  hasWideDecimals: boolean;
};

function look(name: string, type: DataType, found: Found): void {
  if (isWideDecimal(type)) found.hasWideDecimals = true;
  if (isString(type)) found.plain.add(name);
  if (type.tag === 'struct') for (const field of type.fields) look(field.name, field.dataType, found);
  if (type.tag !== 'array' && type.tag !== 'map') return;
  const item = type.tag === 'array' ? type.elementType : type.valueType;
  if (isString(item)) (type.tag === 'array' ? found.lists : found.maps).add(name);
  else if (item.tag !== 'array' && item.tag !== 'map') look(name, item, found);
  else if (shapeOfType(item) !== undefined) found.deep.add(name);
}
