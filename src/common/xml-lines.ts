// XML of a configuration file as a tree of elements, each with its line, so that a fault can be told where it is (the packages at hand
// say none). Elements, attributes, text, comments, CDATA, the five entities; a DOCTYPE is refused, so no entity can grow. Pure.

export type XmlElement = {
  readonly tag: string;
  /** Of its opening tag, from 1. */
  readonly line: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, trimmed. */
  readonly text: string;
};
export type XmlFault = { readonly line: number; readonly detail: string };

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const MOST_DEPTH = 100;
const OPEN = /^<([A-Za-z_][\w.:-]*)((?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/;
const CLOSE = /^<\/([A-Za-z_][\w.:-]*)\s*>/;
/** What carries nothing: [how it begins, how it ends]. */
const SKIPPED: readonly (readonly [string, string])[] = [
  ['<?', '?>'],
  ['<!--', '-->'],
];

type Open = { tag: string; line: number; attributes: Record<string, string>; children: XmlElement[]; text: string };

class Fault extends Error {}

export function parseXml(text: string): { readonly root: XmlElement } | { readonly fault: XmlFault } {
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  let at = 0;
  let line = 1;
  const advance = (length: number) => {
    for (let i = at; i < at + length; i++) if (text[i] === '\n') line++;
    at += length;
  };
  const close = () => {
    const { tag, line: opened, attributes, children, text: own } = stack.pop()!;
    const element = { tag, line: opened, attributes, children, text: own.trim() };
    if (stack.length > 0) stack.at(-1)!.children.push(element);
    else if (root !== undefined) throw new Fault('there is a second outermost element');
    else root = element;
  };
  try {
    while (at < text.length) {
      const length = skippedAt(text, at);
      if (length > 0) advance(length);
      else if (text.startsWith('<![CDATA[', at)) {
        const end = endOf(text, ']]>', at);
        addText(stack, text.slice(at + 9, end - 3));
        advance(end - at);
      } else if (text[at] === '<') {
        const rest = text.slice(at, at + 10_000);
        const closing = CLOSE.exec(rest);
        const opening = OPEN.exec(rest);
        if (closing !== null) {
          if (stack.at(-1)?.tag !== closing[1]) throw new Fault(`</${closing[1]}> closes nothing that is open`);
          close();
          advance(closing[0].length);
        } else if (opening !== null) {
          if (stack.length >= MOST_DEPTH) throw new Fault('elements are nested too deeply');
          stack.push({ tag: opening[1]!, line, attributes: attributesOf(opening[2]!), children: [], text: '' });
          advance(opening[0].length);
          if (opening[3] === '/') close();
        } else
          throw new Fault(
            rest.startsWith('<!DOCTYPE') ? 'a DOCTYPE is not taken' : `no tag begins so: ${rest.slice(0, 20).split('\n')[0]}`,
          );
      } else {
        const next = text.indexOf('<', at);
        const end = next < 0 ? text.length : next;
        addText(stack, unescaped(text.slice(at, end)));
        advance(end - at);
      }
    }
    if (stack.length > 0) throw new Fault(`<${stack.at(-1)!.tag}> of line ${stack.at(-1)!.line} is not closed`);
    if (root === undefined) throw new Fault('there is no element');
    return { root };
  } catch (error) {
    if (error instanceof Fault) return { fault: { line, detail: error.message } };
    throw error;
  }
}

function skippedAt(text: string, at: number): number {
  for (const [begins, ends] of SKIPPED) if (text.startsWith(begins, at)) return endOf(text, ends, at) - at;
  return 0;
}

function endOf(text: string, word: string, from: number): number {
  const end = text.indexOf(word, from);
  if (end < 0) throw new Fault(`${word} is missing`);
  return end + word.length;
}

function addText(stack: Open[], piece: string): void {
  const open = stack.at(-1);
  if (open !== undefined) open.text += piece;
  else if (piece.trim() !== '') throw new Fault('there is text outside of the outermost element');
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/([A-Za-z_][\w.:-]*)\s*=\s*("[^"]*"|'[^']*')/g))
    found[name!] = unescaped(value!.slice(1, -1));
  return found;
}

const unescaped = (text: string): string =>
  text.replace(/&([^;\s]{0,8});?/g, (all, name: string) => {
    const number = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(name);
    const character = number ? Number.parseInt(number[1] ?? number[2]!, number[1] ? 16 : 10) : undefined;
    const meant = character !== undefined && character <= 0x10ffff ? String.fromCodePoint(character) : ENTITIES[name];
    if (meant === undefined) throw new Fault(`${all} is no entity that is known`);
    return meant;
  });
