// An XML document as a tree, for XPath, from_xml and XML files: elements, attributes, text, comments, in the order of the document. Names keep their
// prefixes: namespaces are not looked at, as in Spark's UDFXPathUtil and StaxXmlParserUtils. External entities are never read.
// Whether a document is well-formed is said by saxes, which is loaded when the first one is read.
import { createRequire } from 'node:module';

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

let loaded: typeof import('saxes') | undefined;
const saxes = (): typeof import('saxes') => {
  loaded ??= createRequire(import.meta.url)('saxes') as typeof import('saxes');
  return loaded;
};

/** @param isOneElement what follows the root's end is not looked at. @throws MalformedXml */
export function parseXml(text: string, isOneElement = false): XmlNode {
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
  const add = (type: XmlNode['type'], name: string, value?: string): XmlNode => {
    const node = make(type, name, open, value);
    open.children.push(node);
    return node;
  };
  const addText = (value: string): void => {
    const last = open.children.at(-1);
    if (open === document || value === '') return;
    if (last?.type === 'text') last.value += value;
    else add('text', '#text', value);
  };
  const parser = new (saxes().SaxesParser)();
  parser.on('error', (error) => {
    const isOver = open === document && document.children.some((c) => c.type === 'element');
    if (!(isOneElement && isOver)) throw new MalformedXml(error.message);
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('comment', (value) => void add('comment', '#comment', value));
  parser.on('processinginstruction', ({ target, body }) => void add('instruction', target, body));
  parser.on('opentag', ({ name, attributes }) => {
    open = add('element', name);
    for (const [key, value] of Object.entries(attributes)) open.attributes.push(make('attribute', key, open, value));
  });
  parser.on('closetag', () => {
    open = open.parent!;
  });
  parser.write(text).close();
  return document;
}

/** All text inside. Source: XPath 1.0, §5. */
export function textOf(node: XmlNode): string {
  if (node.type !== 'element' && node.type !== 'document') return node.value;
  return node.children.map((c) => (c.type === 'element' || c.type === 'text' ? textOf(c) : '')).join('');
}
