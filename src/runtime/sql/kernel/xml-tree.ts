// An XML document as a tree, for XPath: elements, attributes, text, comments, in the order of the document. Names keep their prefixes: namespaces are
// not looked at, as in Spark's UDFXPathUtil. External entities are never read.

export type XmlNode = {
  readonly type: 'document' | 'element' | 'attribute' | 'text' | 'comment' | 'instruction';
  readonly name: string;
  readonly parent: XmlNode | undefined;
  readonly children: XmlNode[];
  readonly attributes: XmlNode[];
  /** Of attributes, text and comments. */
  value: string;
  /** Place in the document. */
  readonly order: number;
};

export class MalformedXml extends Error {}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (_, decimal?: string, hex?: string, name?: string) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    const value = ENTITIES[name!];
    if (value === undefined) throw new MalformedXml(`The entity "${name}" was referenced, but not declared.`);
    return value;
  });
}

const NAME = String.raw`[:A-Za-z_\u00c0-\uffff][-:.\w\u00b7-\uffff]*`;
const PIECE = new RegExp(
  [
    String.raw`<!--([\s\S]*?)-->`,
    String.raw`<!\[CDATA\[([\s\S]*?)\]\]>`,
    String.raw`<\?(${NAME})\s*([\s\S]*?)\?>`,
    String.raw`<!DOCTYPE(?:[^>[]|\[[^\]]*\])*>`,
    String.raw`</(${NAME})\s*>`,
    String.raw`<(${NAME})((?:\s+${NAME}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(/?)>`,
    '([^<]+)',
  ].join('|'),
  'uy',
);
const ATTRIBUTE = new RegExp(String.raw`(${NAME})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')`, 'gu');

/** @throws MalformedXml */
export function parseXml(text: string): XmlNode {
  let order = 0;
  const make = (type: XmlNode['type'], name: string, parent: XmlNode | undefined, value = ''): XmlNode => ({
    type,
    name,
    parent,
    children: [],
    attributes: [],
    value,
    order: order++,
  });
  const document = make('document', '', undefined);
  let open = document;
  const addText = (value: string): void => {
    const last = open.children.at(-1);
    if (last?.type === 'text') last.value += value;
    else open.children.push(make('text', '#text', open, value));
  };
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < text.length) {
    const at = PIECE.lastIndex;
    const match = PIECE.exec(text);
    if (match === null) throw new MalformedXml(`The markup at ${at} is not well-formed.`);
    const [, comment, data, target, instruction, closed, name, attributes, isEmpty, plain] = match;
    if (comment !== undefined) open.children.push(make('comment', '#comment', open, comment));
    else if (data !== undefined) addText(data);
    else if (target !== undefined) {
      if (target.toLowerCase() !== 'xml') open.children.push(make('instruction', target, open, instruction));
    } else if (closed !== undefined) {
      if (open.type !== 'element' || open.name !== closed)
        throw new MalformedXml(`The end-tag for element type "${open.name}" is missing.`);
      open = open.parent!;
    } else if (name !== undefined) {
      const element = make('element', name, open);
      open.children.push(element);
      for (const [, key, double, single] of attributes!.matchAll(ATTRIBUTE))
        element.attributes.push(make('attribute', key!, element, decoded(double ?? single ?? '')));
      if (isEmpty === '') open = element;
    } else if (plain !== undefined) {
      if (open !== document) addText(decoded(plain));
      else if (plain.trim() !== '') throw new MalformedXml('Content is not allowed outside of the root element.');
    }
  }
  if (open !== document || !document.children.some((c) => c.type === 'element'))
    throw new MalformedXml('XML document structures must start and end within the same entity.');
  return document;
}

/** All text inside. Source: XPath 1.0, §5. */
export function textOf(node: XmlNode): string {
  if (node.type !== 'element' && node.type !== 'document') return node.value;
  return node.children.map((c) => (c.type === 'element' || c.type === 'text' ? textOf(c) : '')).join('');
}
