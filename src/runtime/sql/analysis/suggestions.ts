// "Did you mean": names in scope by their distance to the one that was not found. Source: StringUtils.orderSuggestedIdentifiersBySimilarity.
import type { Attribute } from '../logical/expressions.ts';

const MOST = 5;

/** @returns the nearest names, at most five, with as many qualifiers as they have when names were qualified */
export function suggestionsFor(name: readonly string[], attributes: readonly Attribute[]): readonly (readonly string[])[] {
  const candidates = attributes.map((a) =>
    name.length > 1 || hasDuplicates(attributes) ? [...a.qualifier, a.name] : [...a.qualifier.slice(0, 0), a.name],
  );
  const base = name.join('.');
  const ranked = candidates.map((c) => ({ c, d: distance(c.join('.').toLowerCase(), base.toLowerCase()) }));
  return ranked
    .sort((a, b) => a.d - b.d)
    .slice(0, MOST)
    .map(({ c }) => c);
}

function hasDuplicates(attributes: readonly Attribute[]): boolean {
  return new Set(attributes.map((a) => a.qualifier.join('.'))).size > 1;
}

/** Levenshtein. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
