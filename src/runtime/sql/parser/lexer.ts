// SQL text → tokens; white space and comments are dropped, hints /*+ … */ are kept. Never throws: what it cannot read becomes a token
// that no rule accepts, so the error names the place. Source: the token rules of Spark 4.2's SqlBaseLexer.
import { KEYWORDS, RESERVED } from './keywords.ts';
import { scanNumber } from './lex-number.ts';
import type { ParserOptions } from './parser-options.ts';
import type { Token } from './token.ts';

const SPACE = /[ \t\n\f\r\v\u00a0\u1680\u2000-\u200a\u2028\u202f\u205f\u3000]*/y;
const WORD = /[\p{L}0-9_]+/uy;
const URI = /\p{L}+:\/\/[\p{L}0-9_/\-.?=&#%]+/uy;
const LINE_COMMENT = /--(?:\\\n|[^\r\n])*/y;
const SINGLE_QUOTED = /'(?:[^'\\]|\\[\s\S]|'')*'/y;
const DOUBLE_QUOTED = /"(?:[^"\\]|\\[\s\S]|"")*"/y;
const RAW = /[rR](?:'[^']*'|"[^"]*")/y;
const BACK_QUOTED = /`(?:[^`]|``)*`/y;
const DOLLAR_QUOTED = /\$([A-Za-z_]*)\$[\s\S]*?\$\1\$/y;
/** Longest first. */
const SYMBOLS = ['>>>', '<=>', '/*+', '==', '<>', '!=', '<=', '!>', '>=', '!<', '<<', '>>', '||', '|>', '::', '->', '=>', '*/'];
const SAME: { readonly [symbol: string]: string } = { '==': '=', '!>': '<=', '!<': '>=' };
const SINGLE = ';(),.[]!=<>+-*/%~&|^:?';

export function tokenize(text: string, options: ParserOptions = {}): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let typeDepth = 0;
  for (;;) {
    at = skip(SPACE, text, at);
    if (at >= text.length) break;
    const c = text.charCodeAt(at);
    if (c === 45 && text.charCodeAt(at + 1) === 45) {
      at = skip(LINE_COMMENT, text, at);
      continue;
    }
    if (c === 47 && text.charCodeAt(at + 1) === 42 && text.charCodeAt(at + 2) !== 43) {
      const end = commentEnd(text, at);
      if (end === -1) {
        tokens.push({ type: 'unclosedComment', start: at, end: text.length, isWord: false });
        at = text.length;
      } else at = end;
      continue;
    }
    const token = readToken(text, at, c, typeDepth, options);
    if (token.type === 'ARRAY' || token.type === 'MAP' || token.type === 'STRUCT') {
      if (text.charCodeAt(skip(SPACE, text, token.end)) === 60) typeDepth++;
    } else if (token.type === '>' && typeDepth > 0) typeDepth--;
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ type: 'eof', start: text.length, end: text.length, isWord: false });
  return tokens;
}

function readToken(text: string, at: number, c: number, typeDepth: number, options: ParserOptions): Token {
  const isDigit = c >= 48 && c <= 57;
  if (isDigit || (c === 46 && isDigitAt(text, at + 1))) {
    const number = scanNumber(text, at);
    if (number !== undefined) return number;
  }
  if ((c === 114 || c === 82) && (text[at + 1] === "'" || text[at + 1] === '"')) {
    const end = skip(RAW, text, at);
    if (end > at) return { type: 'string', start: at, end, isWord: false };
  }
  if (c === 39) return quoted(SINGLE_QUOTED, 'string', text, at);
  if (c === 34) {
    const token = quoted(DOUBLE_QUOTED, 'dstring', text, at);
    return options.doubleQuotedIdentifiers && token.type === 'dstring' ? { ...token, type: 'quotedName', isWord: true } : token;
  }
  if (c === 96) return quoted(BACK_QUOTED, 'backquoted', text, at);
  if (c === 36) return quoted(DOLLAR_QUOTED, 'dollarQuoted', text, at);
  if (isDigit || c === 95 || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c > 127) {
    const word = readWord(text, at, options.enforceReservedKeywords === true);
    if (word !== undefined) return word;
  }
  return symbolAt(text, at, typeDepth);
}

function readWord(text: string, start: number, enforcesReserved: boolean): Token | undefined {
  let end = skip(WORD, text, start);
  if (end === start) return undefined;
  if (text.startsWith('://', end)) {
    const uriEnd = skip(URI, text, start);
    if (uriEnd > end) end = uriEnd;
  }
  const type = KEYWORDS.get(text.slice(start, end).toUpperCase()) ?? 'ident';
  return { type, start, end, isWord: !(enforcesReserved && RESERVED.has(type)) };
}

function symbolAt(text: string, start: number, typeDepth: number): Token {
  for (const symbol of SYMBOLS) {
    if (!text.startsWith(symbol, start)) continue;
    // ARRAY<ARRAY<INT>> closes twice; it is no shift.
    if (typeDepth > 0 && (symbol === '>>' || symbol === '>>>')) continue;
    return { type: SAME[symbol] ?? symbol, start, end: start + symbol.length, isWord: false };
  }
  const one = text[start] as string;
  if (SINGLE.includes(one)) return { type: one, start, end: start + 1, isWord: false };
  const wide = text.codePointAt(start) as number;
  return { type: 'unrecognized', start, end: start + (wide > 0xffff ? 2 : 1), isWord: false };
}

function quoted(pattern: RegExp, type: string, text: string, start: number): Token {
  const end = skip(pattern, text, start);
  if (end === start) return { type: 'unrecognized', start, end: start + 1, isWord: false };
  return { type, start, end, isWord: type === 'backquoted' };
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

const isDigitAt = (text: string, at: number): boolean => {
  const c = text.charCodeAt(at);
  return c >= 48 && c <= 57;
};

/** Comments nest. @returns the offset after the comment, or -1 when it does not end */
function commentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length - 1; ) {
    const two = text.slice(at, at + 2);
    if (two === '/*' && text[at + 2] !== '+') {
      depth++;
      at += 2;
    } else if (two === '*/') {
      depth--;
      at += 2;
      if (depth === 0) return at;
    } else at++;
  }
  return -1;
}
