// JSON read as Spark's parser reads it (Jackson: single quotes and NaN allowed) and written again. Numbers keep their digits.
// Not here: JSON as values of a schema (json-values.ts). Source: JSONOptions.scala, JacksonParser.scala of Spark 4.2.
import { doubleText } from '../types/value-text.ts';

export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  get isWhole(): boolean {
    return /^-?\d+$/.test(this.text);
  }
}
export type JsonObject = { readonly entries: readonly (readonly [string, Json])[] };
export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject;
export const isObject = (v: Json): v is JsonObject => typeof v === 'object' && v !== null && 'entries' in v && !Array.isArray(v);

/** What a text may have beside JSON. Source: JSONOptions.buildJsonFactory. */
export type JsonRules = {
  readonly singleQuotes: boolean;
  readonly unquotedNames: boolean;
  readonly comments: boolean;
  readonly leadingZeros: boolean;
  readonly anyEscape: boolean;
  readonly controlCharacters: boolean;
  readonly nonNumericNumbers: boolean;
};
const DEFAULT_RULES: JsonRules = {
  singleQuotes: true,
  unquotedNames: false,
  comments: false,
  leadingZeros: false,
  anyEscape: false,
  controlCharacters: false,
  nonNumericNumbers: true,
};

/**
 * Where a text is wanted whatever stands there: its very characters are kept, but for a text's, which are read. By the fields of objects, by the
 * items of arrays and maps.
 */
export type JsonShape =
  | { readonly is: 'text' }
  | { readonly is: 'object'; readonly fields: Readonly<Record<string, JsonShape>> }
  | { readonly is: 'items'; readonly of: JsonShape };

/** @returns undefined: it is no JSON */
export const parseJson = (text: string): Json | undefined => read(text, DEFAULT_RULES, true);

/** What stands first in a text; what comes after it is left alone, as Spark's readers of files do. @param shape of each record: an array has several */
export const firstJson = (text: string, rules: JsonRules, shape?: JsonShape): Json | undefined =>
  read(text, rules, false, shape !== undefined && /^\s*\[/.test(text) ? { is: 'items', of: shape } : shape);

function read(text: string, rules: JsonRules, isAll: boolean, shape?: JsonShape): Json | undefined {
  const reader = new Reader(text, rules);
  try {
    const value = reader.value(shape);
    return !isAll || reader.isAtEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

class Reader {
  #text: string;
  readonly #rules: JsonRules;
  #at = 0;

  constructor(text: string, rules: JsonRules) {
    this.#text = text;
    this.#rules = rules;
  }

  isAtEnd(): boolean {
    this.#space();
    return this.#at >= this.#text.length;
  }

  value(shape?: JsonShape): Json {
    this.#space();
    if (shape?.is === 'text') return this.#asWritten();
    const c = this.#text[this.#at];
    if (c === '{') return this.#object(shape);
    if (c === '[') return this.#array(shape?.is === 'items' ? shape.of : undefined);
    if (this.#isQuote(c)) return this.#string(c!);
    if (this.#rules.leadingZeros) while (/^-?0\d/.test(this.#text.slice(this.#at, this.#at + 3))) this.#leaveZero();
    const word = /^(?:true|false|null|NaN|[+-]?INF|[+-]?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/.exec(
      this.#text.slice(this.#at, this.#at + 400),
    )?.[0];
    if (word === undefined || (!this.#rules.nonNumericNumbers && /[NI]/.test(word))) throw new SyntaxError('no value');
    this.#at += word.length;
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    return new JsonNumber(word.replace(/^\+/, '').replace('INF', 'Infinity'));
  }

  /** A text, null, or the characters of anything else. */
  #asWritten(): string | null {
    const from = this.#at;
    const value = this.value();
    return value === null || typeof value === 'string' ? value : this.#text.slice(from, this.#at);
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
    if (!this.#rules.comments) return;
    const comment = /^(?:\/\*[\s\S]*?\*\/|\/\/[^\n]*)/.exec(this.#text.slice(this.#at))?.[0];
    if (comment === undefined) return;
    this.#at += comment.length;
    this.#space();
  }

  #isQuote(c: string | undefined): boolean {
    return c === '"' || (c === "'" && this.#rules.singleQuotes);
  }

  /** The first zero of a number that has more digits; a sign stays. */
  #leaveZero(): void {
    if (this.#text[this.#at] !== '-') {
      this.#at++;
      return;
    }
    this.#text = `${this.#text.slice(0, this.#at)}-${this.#text.slice(this.#at + 2)}`;
  }

  #name(): string {
    const quote = this.#text[this.#at];
    if (this.#isQuote(quote)) return this.#string(quote!);
    const name = this.#rules.unquotedNames ? /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(this.#text.slice(this.#at))?.[0] : undefined;
    if (name === undefined) throw new SyntaxError('no name');
    this.#at += name.length;
    return name;
  }

  #next(c: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== c) return false;
    this.#at++;
    return true;
  }

  #object(shape?: JsonShape): JsonObject {
    const shapes = shape?.is === 'object' ? shape.fields : {};
    const items = shape?.is === 'items' ? shape.of : undefined;
    this.#at++;
    const entries: (readonly [string, Json])[] = [];
    if (this.#next('}')) return { entries };
    do {
      this.#space();
      const name = this.#name();
      if (!this.#next(':')) throw new SyntaxError('no colon');
      entries.push([name, this.value(items ?? (Object.hasOwn(shapes, name) ? shapes[name] : undefined))]);
    } while (this.#next(','));
    if (!this.#next('}')) throw new SyntaxError('no end of an object');
    return { entries };
  }

  #array(shape?: JsonShape): Json[] {
    this.#at++;
    const items: Json[] = [];
    if (this.#next(']')) return items;
    do items.push(this.value(shape));
    while (this.#next(','));
    if (!this.#next(']')) throw new SyntaxError('no end of an array');
    return items;
  }

  #string(quote: string): string {
    let out = '';
    for (let i = this.#at + 1; i < this.#text.length; i++) {
      const c = this.#text[i]!;
      if (c === quote) {
        this.#at = i + 1;
        return out;
      }
      if (c < ' ' && !this.#rules.controlCharacters) throw new SyntaxError('a control character');
      if (c !== '\\') {
        out += c;
        continue;
      }
      const escaped = this.#text[++i]!;
      if (escaped === 'u') {
        const hex = this.#text.slice(i + 1, i + 5);
        if (!/^[\da-fA-F]{4}$/.test(hex)) throw new SyntaxError('no code');
        out += String.fromCharCode(Number.parseInt(hex, 16));
        i += 4;
      } else {
        const plain = ESCAPES[escaped] ?? (this.#rules.anyEscape ? escaped : undefined);
        if (plain === undefined) throw new SyntaxError('an unknown escape');
        out += plain;
      }
    }
    throw new SyntaxError('no end of a text');
  }
}

const ESCAPES: { readonly [c: string]: string } = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', "'": "'" };

export const quoted = (text: string): string => JSON.stringify(text);

/** Without spaces; floating numbers in Java's form. */
export function jsonText(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (value instanceof JsonNumber) return value.isWhole ? value.text : doubleText(Number(value.text));
  if (isObject(value)) return `{${value.entries.map(([k, v]) => `${quoted(k)}:${jsonText(v)}`).join(',')}}`;
  return `[${value.map(jsonText).join(',')}]`;
}

/** The same value for any reader of JSON; numbers as they were written. */
export function strictJson(value: Json): string {
  if (value instanceof JsonNumber) return value.text;
  if (isObject(value)) return `{${value.entries.map(([k, v]) => `${quoted(k)}:${strictJson(v)}`).join(',')}}`;
  return Array.isArray(value) ? `[${value.map(strictJson).join(',')}]` : jsonText(value);
}

/** As a column of strings has it: texts without quotes. null is NULL. */
export const plainText = (value: Json): string | null => (value === null ? null : typeof value === 'string' ? value : jsonText(value));

type Step = { readonly name: string } | { readonly index: number } | 'any';
const paths = new Map<string, readonly Step[] | null>();

/** `$.a['b'][0][*]`. @returns null: it is no path */
function readPath(path: string): readonly Step[] | null {
  let steps = paths.get(path);
  if (steps !== undefined) return steps;
  steps = null;
  if (path.startsWith('$')) {
    const found: Step[] = [];
    const step = /\.\*|\[\*\]|\.([^.[]+)|\['([^'?]+)'\]|\[(\d+)\]/y;
    step.lastIndex = 1;
    for (let m = step.exec(path); m !== null; m = step.exec(path)) {
      found.push(
        m[3] !== undefined ? { index: Number(m[3]) } : m[1] !== undefined || m[2] !== undefined ? { name: (m[1] ?? m[2])! } : 'any',
      );
      if (step.lastIndex === path.length) break;
    }
    const end = found.length === 0 ? 1 : step.lastIndex;
    if (end === path.length) steps = found;
  }
  paths.set(path, steps);
  return steps;
}

function matches(value: Json, steps: readonly Step[]): Json[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [value];
  if (step === 'any') return Array.isArray(value) ? value.flatMap((v) => matches(v, rest)) : [];
  if ('index' in step) return Array.isArray(value) && value.length > step.index ? matches(value[step.index]!, rest) : [];
  if (Array.isArray(value)) return value.flatMap((v) => (isObject(v) ? matches(v, steps) : []));
  const found = isObject(value as Json) ? (value as JsonObject).entries.find(([k]) => k === step.name) : undefined;
  return found === undefined ? [] : matches(found[1], rest);
}

/** get_json_object. Source: JsonExpressionEvaluationUtils, GetJsonObjectEvaluator. */
export function jsonAtPath(text: string, path: string): string | null {
  const steps = readPath(path);
  const value = steps === null ? undefined : parseJson(text);
  if (value === undefined) return null;
  const found = matches(value, steps!);
  if (found.length === 0) return null;
  const hasWildcard = steps!.includes('any');
  if (found.length === 1) return hasWildcard && found[0] !== null ? jsonText(found[0]!) : plainText(found[0]!);
  return jsonText(found);
}
