// XPath 1.0: an expression is read once into a function of a node. Values are node sets (in document order), numbers, text and truth.
// Functions: xpath-functions.ts. Source: https://www.w3.org/TR/1999/REC-xpath-19991116/
import { type XmlNode, textOf } from './xml-tree.ts';
import { asBoolean, asNumber, asText, callFunction, type Context, InvalidXPath, type XPathValue } from './xpath-functions.ts';

type Evaluate = (context: Context) => XPathValue;

const NAME = String.raw`[A-Za-z_\u00c0-\uffff][-.\w\u00b7-\uffff]*`;
const TOKEN = new RegExp(
  [
    String.raw`\s*(?:(\d+(?:\.\d*)?|\.\d+)`,
    `"([^"]*)"`,
    `'([^']*)'`,
    String.raw`(\/\/|::|\.\.|!=|<=|>=|[/()[\].@,|+\-=<>*])`,
    String.raw`(${NAME}(?::(?!:)(?:\*|${NAME}))?))`,
  ].join('|'),
  'uy',
);
type Token = { readonly kind: 'number' | 'text' | 'symbol' | 'name'; readonly text: string };

function tokenize(path: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (path.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(path);
    if (match === null) throw new InvalidXPath(`unexpected '${path.slice(at).trim()[0]}'`);
    const [, number, double, single, symbol, name] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (double !== undefined || single !== undefined) tokens.push({ kind: 'text', text: (double ?? single)! });
    else tokens.push(symbol !== undefined ? { kind: 'symbol', text: symbol } : { kind: 'name', text: name! });
  }
  return tokens;
}

const descendants = (n: XmlNode): XmlNode[] => n.children.flatMap((c) => [c, ...descendants(c)]);
const ancestors = (n: XmlNode): XmlNode[] => (n.parent === undefined ? [] : [n.parent, ...ancestors(n.parent)]);
const siblings = (n: XmlNode): readonly XmlNode[] => (n.type === 'attribute' ? [] : (n.parent?.children ?? []));
/** Nodes of an axis, nearest first. */
const AXES: Readonly<Record<string, (n: XmlNode) => readonly XmlNode[]>> = {
  self: (n) => [n],
  child: (n) => n.children,
  attribute: (n) => n.attributes,
  parent: (n) => (n.parent === undefined ? [] : [n.parent]),
  descendant: descendants,
  'descendant-or-self': (n) => [n, ...descendants(n)],
  ancestor: ancestors,
  'ancestor-or-self': (n) => [n, ...ancestors(n)],
  'following-sibling': (n) => siblings(n).slice(siblings(n).indexOf(n) + 1),
  'preceding-sibling': (n) =>
    siblings(n)
      .slice(0, Math.max(0, siblings(n).indexOf(n)))
      .reverse(),
  following: (n) => [n, ...ancestors(n)].flatMap((x) => AXES['following-sibling']!(x).flatMap((s) => [s, ...descendants(s)])),
  preceding: (n) => [n, ...ancestors(n)].flatMap((x) => AXES['preceding-sibling']!(x).flatMap((s) => [s, ...descendants(s)].reverse())),
};

const inOrder = (nodes: readonly XmlNode[]): XmlNode[] => [...new Set(nodes)].sort((a, b) => a.order - b.order);

function nodesOf(value: XPathValue): readonly XmlNode[] {
  if (!Array.isArray(value)) throw new InvalidXPath('a node set is expected');
  return value as readonly XmlNode[];
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(path: string) {
    this.#tokens = tokenize(path);
  }

  whole(): Evaluate {
    const made = this.#binary(0);
    if (this.#at < this.#tokens.length) throw new InvalidXPath(`unexpected '${this.#tokens[this.#at]!.text}'`);
    return made;
  }

  #peek(text: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token !== undefined && token.kind !== 'text' && token.text === text;
  }

  #accept(text: string): boolean {
    if (!this.#peek(text)) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw new InvalidXPath(`'${text}' is expected`);
  }

  /** Operators from the loosest on. */
  static readonly #LEVELS: readonly (readonly string[])[] = [
    ['or'],
    ['and'],
    ['=', '!='],
    ['<', '<=', '>', '>='],
    ['+', '-'],
    ['*', 'div', 'mod'],
  ];

  #binary(level: number): Evaluate {
    const operators = Parser.#LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = operators.find((o) => this.#accept(o));
      if (operator === undefined) return left;
      const [a, b] = [left, this.#binary(level + 1)];
      left = (c) => operate(operator, a, b, c);
    }
  }

  #unary(): Evaluate {
    if (!this.#accept('-')) return this.#union();
    const of = this.#unary();
    return (c) => -asNumber(of(c));
  }

  #union(): Evaluate {
    let left = this.#path();
    while (this.#accept('|')) {
      const [a, b] = [left, this.#path()];
      left = (c) => inOrder([...nodesOf(a(c)), ...nodesOf(b(c))]);
    }
    return left;
  }

  #path(): Evaluate {
    const start = this.#primary();
    if (start !== undefined) {
      const filtered = this.#predicates(start);
      return this.#peek('/') || this.#peek('//') ? this.#steps(filtered) : filtered;
    }
    if (this.#peek('/') || this.#peek('//')) {
      const root: Evaluate = ({ node }) => [ancestors(node).at(-1) ?? node];
      if (this.#peek('/') && !this.#startsStep(1)) {
        this.#at++;
        return root;
      }
      return this.#steps(root);
    }
    return this.#steps(this.#step(({ node }) => [node]));
  }

  #startsStep(ahead: number): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token !== undefined && (token.kind === 'name' || (token.kind === 'symbol' && ['.', '..', '@', '*'].includes(token.text)));
  }

  #steps(from: Evaluate): Evaluate {
    let made = from;
    for (;;) {
      if (this.#accept('//')) {
        const before = made;
        made = this.#step((c) => inOrder(nodesOf(before(c)).flatMap((n) => [n, ...descendants(n)])));
      } else if (this.#accept('/')) made = this.#step(made);
      else return made;
    }
  }

  #step(from: Evaluate): Evaluate {
    if (this.#accept('.')) return from;
    if (this.#accept('..')) return (c) => inOrder(nodesOf(from(c)).flatMap((n) => n.parent ?? []));
    let axis = 'child';
    if (this.#accept('@')) axis = 'attribute';
    else if (this.#peek('::', 1)) {
      axis = this.#tokens[this.#at]!.text;
      this.#at += 2;
    }
    const nodes = AXES[axis];
    if (nodes === undefined) throw new InvalidXPath(`there is no axis '${axis}'`);
    const test = this.#nodeTest(axis);
    const tests: Evaluate[] = [];
    while (this.#accept('[')) {
      tests.push(this.#binary(0));
      this.#expect(']');
    }
    return (c) => inOrder(nodesOf(from(c)).flatMap((n) => tests.reduce(kept, nodes(n).filter(test))));
  }

  #nodeTest(axis: string): (n: XmlNode) => boolean {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new InvalidXPath('a step is expected');
    const principal = axis === 'attribute' ? 'attribute' : 'element';
    if (token.text === '*') return (n) => n.type === principal;
    if (token.kind !== 'name') throw new InvalidXPath(`unexpected '${token.text}'`);
    if (!this.#accept('(')) {
      const prefix = token.text.endsWith(':*') ? token.text.slice(0, -1) : undefined;
      return (n) => n.type === principal && (prefix === undefined ? n.name === token.text : n.name.startsWith(prefix));
    }
    const target = token.text === 'processing-instruction' && !this.#peek(')') ? this.#tokens[this.#at++]!.text : undefined;
    this.#expect(')');
    switch (token.text) {
      case 'text':
        return (n) => n.type === 'text';
      case 'node':
        return () => true;
      case 'comment':
        return (n) => n.type === 'comment';
      case 'processing-instruction':
        return (n) => n.type === 'instruction' && (target === undefined || n.name === target);
      default:
        throw new InvalidXPath(`there is no kind of node '${token.text}'`);
    }
  }

  #predicates(of: Evaluate): Evaluate {
    let made = of;
    while (this.#accept('[')) {
      const [before, test] = [made, this.#binary(0)];
      this.#expect(']');
      made = (c) => kept(nodesOf(before(c)), test);
    }
    return made;
  }

  /** @returns undefined when a path begins */
  #primary(): Evaluate | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new InvalidXPath('an expression is expected');
    if (token.kind === 'number' || token.kind === 'text') {
      this.#at++;
      const value = token.kind === 'number' ? Number(token.text) : token.text;
      return () => value;
    }
    if (this.#accept('(')) {
      const inside = this.#binary(0);
      this.#expect(')');
      return inside;
    }
    const isCall = token.kind === 'name' && this.#peek('(', 1) && !/^(text|node|comment|processing-instruction)$/.test(token.text);
    if (!isCall) return undefined;
    this.#at += 2;
    const args: Evaluate[] = [];
    while (!this.#accept(')')) {
      if (args.length > 0) this.#expect(',');
      args.push(this.#binary(0));
    }
    return (c) =>
      callFunction(
        token.text,
        args.map((a) => a(c)),
        c,
      );
  }
}

/** Nodes for which a predicate holds: a number is a position. */
function kept(nodes: readonly XmlNode[], test: Evaluate): XmlNode[] {
  return nodes.filter((node, i) => {
    const value = test({ node, position: i + 1, size: nodes.length });
    return typeof value === 'number' ? value === i + 1 : asBoolean(value);
  });
}

function operate(operator: string, a: Evaluate, b: Evaluate, context: Context): XPathValue {
  if (operator === 'or') return asBoolean(a(context)) || asBoolean(b(context));
  if (operator === 'and') return asBoolean(a(context)) && asBoolean(b(context));
  const [x, y] = [a(context), b(context)];
  switch (operator) {
    case '+':
      return asNumber(x) + asNumber(y);
    case '-':
      return asNumber(x) - asNumber(y);
    case '*':
      return asNumber(x) * asNumber(y);
    case 'div':
      return asNumber(x) / asNumber(y);
    case 'mod':
      return asNumber(x) % asNumber(y);
    default:
      return compare(operator, x, y);
  }
}

/** Of node sets: whether any of their nodes compares so. */
function compare(operator: string, x: XPathValue, y: XPathValue): boolean {
  if (Array.isArray(x) && typeof y !== 'boolean') return (x as XmlNode[]).some((n) => compare(operator, textOf(n), y));
  if (Array.isArray(y) && typeof x !== 'boolean') return (y as XmlNode[]).some((n) => compare(operator, x, textOf(n)));
  if (operator === '=' || operator === '!=') {
    const isEqual =
      typeof x === 'boolean' || typeof y === 'boolean'
        ? asBoolean(x) === asBoolean(y)
        : typeof x === 'number' || typeof y === 'number'
          ? asNumber(x) === asNumber(y)
          : asText(x) === asText(y);
    return isEqual === (operator === '=');
  }
  const [a, b] = [asNumber(x), asNumber(y)];
  return operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b;
}

/** @throws InvalidXPath */
export const parseXPath = (path: string): Evaluate => new Parser(path).whole();
