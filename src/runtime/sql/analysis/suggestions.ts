// "Did you mean": names in scope by their distance to the one that was not found. Source: StringUtils.orderSuggestedIdentifiersBySimilarity.
import { levenshtein } from '../../../common/suggest.ts';
import type { Attribute } from '../logical/expressions.ts';

const MOST = 5;

/** @returns the nearest names, at most five, with as many qualifiers as they have when names were qualified */
export function suggestionsFor(name: readonly string[], attributes: readonly Attribute[]): readonly (readonly string[])[] {
  const candidates = attributes.map((a) =>
    name.length > 1 || hasDuplicates(attributes) ? [...a.qualifier, a.name] : [...a.qualifier.slice(0, 0), a.name],
  );
  const base = name.join('.');
  const ranked = candidates.map((c) => ({ c, d: levenshtein(c.join('.').toLowerCase(), base.toLowerCase()) }));
  return ranked
    .sort((a, b) => a.d - b.d)
    .slice(0, MOST)
    .map(({ c }) => c);
}

function hasDuplicates(attributes: readonly Attribute[]): boolean {
  return new Set(attributes.map((a) => a.qualifier.join('.'))).size > 1;
}
