// Searching in text as a collation sees it. Text is cut into units (code points; for ICU's collations what a reader takes for one letter), and
// a match is a run of units. Parameters: the collation's name. Source: CollationAwareUTF8String of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { type Collation, findCollation } from '../types/collations.ts';
import { byRow, type JsFunction } from './js-function.ts';

/** A letter that becomes two in lower case, and the two when they stand apart. */
const DOTTED_I = 'i\u0307';

/** Code point by code point, without regard to what stands beside. */
export function lowerCaseCodePoints(s: string): string {
  let out = '';
  for (const c of s) out += c === 'ς' ? 'σ' : c.toLowerCase();
  return out;
}

class Searcher {
  readonly #collation: Collation;
  readonly #collator: Intl.Collator | undefined;
  readonly #segmenter: Intl.Segmenter | undefined;

  constructor(name: string) {
    this.#collation = findCollation(name)!;
    const { locale, isCaseSensitive, isAccentSensitive } = this.#collation;
    if (locale === undefined) return;
    const sensitivity = isAccentSensitive ? (isCaseSensitive ? 'variant' : 'accent') : isCaseSensitive ? 'case' : 'base';
    this.#collator = new Intl.Collator(locale, { sensitivity });
    this.#segmenter = new Intl.Segmenter(locale, { granularity: 'grapheme' });
  }

  units(s: string): string[] {
    return this.#segmenter === undefined ? [...s] : [...this.#segmenter.segment(s)].map((g) => g.segment);
  }

  key(s: string): string {
    return this.#collation.isCaseSensitive ? s : lowerCaseCodePoints(s);
  }

  isSame(a: string, b: string): boolean {
    return this.#collator === undefined ? this.key(a) === this.key(b) : this.#collator.compare(a, b) === 0;
  }

  /** Without the spaces that do not count. */
  trimmed(s: string): string {
    const { trim } = this.#collation;
    const left = trim === 'TRIM' || trim === 'LTRIM' ? s.replace(/^ +/, '') : s;
    return trim === 'TRIM' || trim === 'RTRIM' ? left.replace(/ +$/, '') : left;
  }

  /** How many units from `at` on are the pattern; −1: none. */
  lengthAt(units: readonly string[], at: number, pattern: string): number {
    if (this.#collator === undefined) {
      const wanted = this.key(pattern);
      let found = '';
      for (let i = at; i < units.length && found.length < wanted.length; i++) {
        found += this.key(units[i]!);
        if (found === wanted) return i - at + 1;
      }
      return -1;
    }
    const most = Math.min(units.length - at, 2 * pattern.length + 4);
    for (let n = 1; n <= most; n++) if (this.isSame(units.slice(at, at + n).join(''), pattern)) return n;
    return -1;
  }

  /** [first, end) of the next match at or after `from`. */
  find(units: readonly string[], pattern: string, from: number): readonly [number, number] | undefined {
    for (let at = from; at < units.length; at++) {
      const n = this.lengthAt(units, at, pattern);
      if (n > 0) return [at, at + n];
    }
    return undefined;
  }

  /** The text between matches that do not overlap. */
  split(s: string, pattern: string): string[] {
    const units = this.units(s);
    const parts: string[] = [];
    let start = 0;
    for (let hit = this.find(units, pattern, 0); hit !== undefined; hit = this.find(units, pattern, start)) {
      parts.push(units.slice(start, hit[0]).join(''));
      start = hit[1];
    }
    return [...parts, units.slice(start).join('')];
  }
}

const searchers = new Map<string, Searcher>();
function searcher(name: string): Searcher {
  let made = searchers.get(name);
  if (made === undefined) searchers.set(name, (made = new Searcher(name)));
  return made;
}

const isIn = (c: Searcher, text: string, part: string): boolean => part === '' || c.find(c.units(text), part, 0) !== undefined;

function contains(c: Searcher, text: string, part: string): boolean {
  return isIn(c, c.trimmed(text), c.trimmed(part));
}

function startsWith(c: Searcher, text: string, part: string): boolean {
  const pattern = c.trimmed(part);
  return pattern === '' || c.lengthAt(c.units(c.trimmed(text)), 0, pattern) > 0;
}

function endsWith(c: Searcher, text: string, part: string): boolean {
  const [units, pattern] = [c.units(c.trimmed(text)), c.trimmed(part)];
  return pattern === '' || units.some((_, at) => c.isSame(units.slice(at).join(''), pattern));
}

/** From 1, in code points; 0: not there. */
function locate(c: Searcher, part: string, text: string, from: number): number {
  if (from < 1) return 0;
  const pattern = c.trimmed(part);
  if (pattern === '') return 1;
  const units = c.units(text);
  let [first, points] = [0, 0];
  while (first < units.length && points < from - 1) points += [...units[first++]!].length;
  const hit = c.find(units, pattern, first);
  return hit === undefined ? 0 : [...units.slice(0, hit[0]).join('')].length + 1;
}

/** Before the count-th delimiter, or after the count-th from the end. */
function substringIndex(c: Searcher, text: string, delimiter: string, count: number): string {
  const pattern = c.trimmed(delimiter);
  if (pattern === '' || count === 0) return '';
  const units = c.units(text);
  if (count > 0) {
    let at = -1;
    for (let i = 0; i < count; i++) {
      const hit = c.find(units, pattern, at + 1);
      if (hit === undefined) return text;
      at = hit[0];
    }
    return units.slice(0, at).join('');
  }
  let end = units.length;
  for (let i = 0; i < -count; i++) {
    const start = Array.from({ length: end }, (_, k) => end - 1 - k).find((at) => {
      const n = c.lengthAt(units, at, pattern);
      return n > 0 && at + n <= end;
    });
    if (start === undefined) return text;
    if (i === -count - 1) return units.slice(start + c.lengthAt(units, start, pattern)).join('');
    end = start;
  }
  return text;
}

function splitPart(c: Searcher, text: string, delimiter: string, n: number): string {
  if (n === 0) throw new AnalysisException('INVALID_INDEX_OF_ZERO');
  const pattern = c.trimmed(delimiter);
  const parts = pattern === '' ? [text] : c.split(text, pattern);
  return parts[n > 0 ? n - 1 : parts.length + n] ?? '';
}

function findInSet(c: Searcher, word: string, set: string): number {
  const wanted = c.trimmed(word);
  if (wanted.includes(',')) return 0;
  return set.split(',').findIndex((part) => c.isSame(c.trimmed(part), wanted)) + 1;
}

/** Letters; a dotted i that stands apart is one where such a letter is looked for. */
function letters(c: Searcher, s: string, wanted: readonly string[]): string[] {
  const units = c.units(s);
  if (!wanted.some((w) => c.key(w) === DOTTED_I)) return units;
  return units.flatMap((u, i) => (u === '\u0307' && units[i - 1] === 'i' ? [] : u === 'i' && units[i + 1] === '\u0307' ? [DOTTED_I] : [u]));
}

function translate(c: Searcher, text: string, from: string, to: string): string {
  const [source, target] = [c.units(from), [...to]];
  return letters(c, text, source)
    .map((letter) => {
      const at = source.findIndex((s) => c.isSame(s, letter));
      return at < 0 ? letter : (target[at] ?? '');
    })
    .join('');
}

/** @param side of the text that is trimmed. Spaces that do not count stay where they are. */
function trim(c: Searcher, side: 'trim' | 'ltrim' | 'rtrim', characters: string, text: string): string {
  const chars = c.units(characters);
  const isTrimmed = (letter: string | undefined): boolean => letter !== undefined && chars.some((x) => c.isSame(x, letter));
  const core = c.trimmed(text);
  const at = text.indexOf(core);
  const units = letters(c, core, chars);
  let [from, to] = [0, units.length];
  if (side !== 'rtrim') while (from < to && isTrimmed(units[from])) from++;
  if (side !== 'ltrim') while (to > from && isTrimmed(units[to - 1])) to--;
  return text.slice(0, at) + units.slice(from, to).join('') + text.slice(at + core.length);
}

const fn = (
  name: string,
  parameterTypes: readonly string[],
  returnType: string,
  compute: (c: Searcher, ...args: any[]) => string | number | boolean,
): JsFunction => ({
  name,
  make: (collation) => ({ parameterTypes, returnType, compute: byRow((...args) => compute(searcher(collation!), ...args)) }),
});

export const JS_COLLATIONS: readonly JsFunction[] = [
  { name: 'lower_code_points', make: () => ({ parameterTypes: ['VARCHAR'], returnType: 'VARCHAR', compute: byRow(lowerCaseCodePoints) }) },
  fn('collated_contains', ['VARCHAR', 'VARCHAR'], 'BOOLEAN', contains),
  fn('collated_startswith', ['VARCHAR', 'VARCHAR'], 'BOOLEAN', startsWith),
  fn('collated_endswith', ['VARCHAR', 'VARCHAR'], 'BOOLEAN', endsWith),
  fn('collated_locate', ['VARCHAR', 'VARCHAR', 'INTEGER'], 'INTEGER', locate),
  fn('collated_substring_index', ['VARCHAR', 'VARCHAR', 'INTEGER'], 'VARCHAR', substringIndex),
  fn('collated_split_part', ['VARCHAR', 'VARCHAR', 'INTEGER'], 'VARCHAR', splitPart),
  fn('collated_find_in_set', ['VARCHAR', 'VARCHAR'], 'INTEGER', findInSet),
  fn('collated_replace', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', (c, text: string, part: string, by: string) =>
    part === '' ? text : c.split(text, part).join(by),
  ),
  fn('collated_translate', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', translate),
  ...(['trim', 'ltrim', 'rtrim'] as const).map((side) =>
    fn(`collated_${side}`, ['VARCHAR', 'VARCHAR'], 'VARCHAR', (c, characters: string, text: string) => trim(c, side, characters, text)),
  ),
];
