// What XPath's values are as text, numbers and truth, and its functions. Source: XPath 1.0, §4.
import { textOf, type XmlNode } from './xml-tree.ts';

export type XPathValue = readonly XmlNode[] | number | string | boolean;
export type Context = { readonly node: XmlNode; readonly position: number; readonly size: number };

export class InvalidXPath extends Error {}

const isNodes = (value: XPathValue): value is readonly XmlNode[] => Array.isArray(value);

export function asText(value: XPathValue): string {
  if (isNodes(value)) return value.length === 0 ? '' : textOf(value[0]!);
  return String(value);
}

export function asNumber(value: XPathValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = asText(value).trim();
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}

export function asBoolean(value: XPathValue): boolean {
  if (isNodes(value)) return value.length > 0;
  return typeof value === 'number' ? value !== 0 && !Number.isNaN(value) : typeof value === 'string' ? value !== '' : value;
}

/** Half up, as XPath rounds. */
const round = (x: number): number => Math.round(x);

function substring(text: string, from: number, length: number | undefined): string {
  const start = round(from);
  const end = length === undefined ? Number.POSITIVE_INFINITY : start + round(length);
  return [...text].filter((_, i) => i + 1 >= start && i + 1 < end).join('');
}

function translated(text: string, from: string, to: string): string {
  const [source, target] = [[...from], [...to]];
  return [...text]
    .map((c) => {
      const at = source.indexOf(c);
      return at < 0 ? c : (target[at] ?? '');
    })
    .join('');
}

type Call = (args: readonly XPathValue[], context: Context) => XPathValue;
const text = (args: readonly XPathValue[], i: number, { node }: Context): string =>
  args[i] === undefined ? textOf(node) : asText(args[i]);
const nameOf = (args: readonly XPathValue[], { node }: Context): string => {
  const of = args[0] === undefined ? node : (args[0] as readonly XmlNode[])[0];
  return of === undefined || !['element', 'attribute', 'instruction'].includes(of.type) ? '' : of.name;
};

const FUNCTIONS: Readonly<Record<string, Call>> = {
  last: (_, c) => c.size,
  position: (_, c) => c.position,
  count: ([nodes]) => (nodes as readonly XmlNode[]).length,
  name: nameOf,
  'local-name': (args, c) => nameOf(args, c).split(':').at(-1)!,
  'namespace-uri': () => '',
  string: (args, c) => text(args, 0, c),
  concat: (args) => args.map(asText).join(''),
  'starts-with': ([a, b]) => asText(a!).startsWith(asText(b!)),
  contains: ([a, b]) => asText(a!).includes(asText(b!)),
  'substring-before': ([a, b]) => {
    const at = asText(a!).indexOf(asText(b!));
    return at < 0 ? '' : asText(a!).slice(0, at);
  },
  'substring-after': ([a, b]) => {
    const at = asText(a!).indexOf(asText(b!));
    return at < 0 ? '' : asText(a!).slice(at + asText(b!).length);
  },
  substring: ([a, from, length]) => substring(asText(a!), asNumber(from!), length === undefined ? undefined : asNumber(length)),
  'string-length': (args, c) => [...text(args, 0, c)].length,
  'normalize-space': (args, c) => text(args, 0, c).trim().split(/\s+/).join(' '),
  translate: ([a, from, to]) => translated(asText(a!), asText(from!), asText(to!)),
  boolean: ([a]) => asBoolean(a!),
  not: ([a]) => !asBoolean(a!),
  true: () => true,
  false: () => false,
  number: (args, { node }) => asNumber(args[0] ?? [node]),
  sum: ([nodes]) => (nodes as readonly XmlNode[]).reduce((sum, n) => sum + asNumber([n]), 0),
  floor: ([a]) => Math.floor(asNumber(a!)),
  ceiling: ([a]) => Math.ceil(asNumber(a!)),
  round: ([a]) => round(asNumber(a!)),
};

/** @throws InvalidXPath */
export function callFunction(name: string, args: readonly XPathValue[], context: Context): XPathValue {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (found === undefined) throw new InvalidXPath(`there is no function '${name}'`);
  return found(args, context);
}
