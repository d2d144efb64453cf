// The parser's place in the tokens: look, take, fail, try. Every rule of the grammar is a function of a Cursor.
// Rules that need one another across files (an expression holds a query, a query holds expressions) meet in `rules`, filled by parse.ts.
import type { Expression } from '../plan/expressions.ts';
import { Origin, SqlText } from '../plan/origin.ts';
import type { Relation } from '../plan/relations.ts';
import { STRICT_NON_RESERVED } from './keywords.ts';
import { tokenize } from './lexer.ts';
import type { MessageParameters } from '../errors/conditions.ts';
import { ParseException } from './parse-error.ts';
import type { ParserOptions } from './parser-options.ts';
import type { Token } from './token.ts';

/** The rules that files of the grammar use of each other, where a plain import would be a circle. */
export type Rules = {
  readonly query: (p: Cursor) => Relation;
  readonly expression: (p: Cursor) => Expression;
  readonly valueExpression: (p: Cursor) => Expression;
  readonly tableArgument: (p: Cursor) => Expression;
  readonly primaryExpression: (p: Cursor) => Expression;
  readonly relation: (p: Cursor) => Relation;
};

/** The text does not fit the grammar at a token. Rules that try two ways catch it; parse.ts makes a ParseException of it. */
export class SyntaxFailure extends Error {
  readonly at: number;
  readonly hint: string;

  constructor(at: number, hint: string) {
    super();
    this.at = at;
    this.hint = hint;
  }
}
// Trying two ways is common, a stack for it is not needed.
const failure = (at: number, hint: string): SyntaxFailure => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const made = new SyntaxFailure(at, hint);
  Error.stackTraceLimit = limit;
  return made;
};

export class Cursor {
  readonly sqlText: SqlText;
  readonly tokens: readonly Token[];
  readonly rules: Rules;
  readonly options: ParserOptions;
  /** Index of the token that comes next. */
  at = 0;
  /** Errors of meaning found so far: a text that does not fit the grammar at all is told first, as Spark parses whole before it looks at meaning. */
  readonly #reported: ParseException[] = [];
  /** The furthest failure of ways that were tried and given up: the message names the place where the best of them ended. */
  furthest: SyntaxFailure | undefined;

  constructor(text: string, rules: Rules, options: ParserOptions) {
    this.sqlText = new SqlText(text, options.view);
    this.tokens = tokenize(text, options);
    this.rules = rules;
    this.options = options;
  }

  get token(): Token {
    return this.tokens[this.at] as Token;
  }

  /** Type of the next token, or of the one `ahead` after it; `eof` past the end. */
  type(ahead = 0): string {
    return this.tokens[this.at + ahead]?.type ?? 'eof';
  }

  is(...types: readonly string[]): boolean {
    for (let i = 0; i < types.length; i++) if (this.tokens[this.at + i]?.type !== types[i]) return false;
    return true;
  }

  isOneOf(...types: readonly string[]): boolean {
    return types.includes(this.type());
  }

  /** Takes the tokens if they all come next. */
  accept(...types: readonly string[]): boolean {
    if (!this.is(...types)) return false;
    this.at += types.length;
    return true;
  }

  acceptOneOf(...types: readonly string[]): string | undefined {
    const type = this.type();
    if (!types.includes(type)) return undefined;
    this.at++;
    return type;
  }

  expect(...types: readonly string[]): void {
    for (const type of types) if (!this.accept(type)) this.fail(this.type(1) === type ? `: extra input ${this.display(this.at)}` : '');
  }

  expectOneOf(...types: readonly string[]): string {
    return this.acceptOneOf(...types) ?? this.fail();
  }

  next(): Token {
    const token = this.token;
    if (token.type === 'eof') this.fail();
    this.at++;
    return token;
  }

  textOf(token: Token): string {
    return this.sqlText.text.slice(token.start, token.end);
  }

  /** The token does not fit. @param hint what Spark appends, for example `: extra input 'x'` */
  fail(hint = '', at = this.at): never {
    throw failure(at, hint);
  }

  /** Tries a rule; on a syntax failure goes back and gives undefined. Errors of meaning are not caught. */
  attempt<T>(rule: (p: Cursor) => T): T | undefined {
    const start = this.at;
    const reported = this.#reported.length;
    try {
      return rule(this);
    } catch (error) {
      if (!(error instanceof SyntaxFailure)) throw error;
      this.#reported.length = reported;
      if (this.furthest === undefined || error.at > this.furthest.at) this.furthest = error;
      this.at = start;
      return undefined;
    }
  }

  /** Whether one of the types stands inside of the parenthesis `ahead`, not deeper: tells special forms from plain calls without trying both. */
  hasInside(ahead: number, ...types: readonly string[]): boolean {
    let depth = 0;
    for (let at = this.at + ahead; at < this.tokens.length; at++) {
      const { type } = this.tokens[at] as Token;
      if (type === '(' || type === '[') depth++;
      else if (type === ')' || type === ']') {
        if (--depth === 0) return false;
      } else if (depth === 1 && types.includes(type)) return true;
    }
    return false;
  }

  list<T>(rule: (p: Cursor) => T): T[] {
    const items = [rule(this)];
    while (this.accept(',')) items.push(rule(this));
    return items;
  }

  parenthesized<T>(rule: (p: Cursor) => T): T[] {
    this.expect('(');
    const items = this.list(rule);
    this.expect(')');
    return items;
  }

  /** From the token at index `from` to the last one taken. */
  origin(from: number): Origin {
    const first = this.tokens[from] as Token;
    const last = this.at > from ? (this.tokens[this.at - 1] as Token) : first;
    return new Origin(this.sqlText, first.start, last.end);
  }

  /** The text from the token at index `from` to the last one taken, as written. */
  source(from: number): string {
    return this.origin(from).fragment;
  }

  /** An error of meaning. @param from index of the token to point at */
  error(condition: string, parameters: MessageParameters = {}, from = this.at): ParseException {
    return new ParseException(condition, parameters, this.sqlText, (this.tokens[from] ?? (this.tokens.at(-1) as Token)).start);
  }

  /** Notes an error of meaning and goes on: it is thrown when the rest fits the grammar. */
  report(condition: string, parameters: MessageParameters = {}, from = this.at): void {
    this.#reported.push(this.error(condition, parameters, from));
  }

  /** Runs a rule over the whole text. @throws ParseException when it does not fit, when anything is left, or the first error reported */
  whole<T>(rule: (p: Cursor) => T): T {
    try {
      const made = rule(this);
      if (this.type() !== 'eof') this.fail(this.type(1) === 'eof' || this.type(1) === ';' ? `: extra input ${this.display(this.at)}` : '');
      if (this.#reported[0] !== undefined) throw this.#reported[0];
      return made;
    } catch (error) {
      if (error instanceof SyntaxFailure) throw this.#syntaxError(error);
      // Rules call one another as deep as the text nests; what the stack cannot hold is refused, not a crash.
      if (error instanceof RangeError) throw this.error('FAILED_TO_PARSE_TOO_COMPLEX', {}, 0);
      throw error;
    }
  }

  #syntaxError(last: SyntaxFailure): ParseException {
    const unclosed = this.tokens.find((token) => token.type === 'unclosedComment');
    if (unclosed !== undefined) return new ParseException('UNCLOSED_BRACKETED_COMMENT', {}, this.sqlText, unclosed.start);
    const best = this.furthest !== undefined && this.furthest.at > last.at ? this.furthest : last;
    return this.error('PARSE_SYNTAX_ERROR', { error: this.display(best.at), hint: best.hint }, best.at);
  }

  /** A token in a message: quoted, line breaks as \n. */
  display(at: number): string {
    const token = this.tokens[at] as Token;
    if (token.type === 'eof') return 'end of input';
    return `'${this.textOf(token).replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}'`;
  }

  /** Whether the next word may be a table alias: any name but those that go on with a join or a set operation. */
  get isStrictWord(): boolean {
    return this.token.isWord && !STRICT_NON_RESERVED.has(this.type());
  }
}
