// Collations by name: what a STRING's comparison takes for equal and what comes first. UTF8_BINARY and UTF8_LCASE are Spark's own, all others ICU's
// by locale, with case (CI) and accents (AI) left out of account where the name says so, and spaces at the ends (LTRIM, RTRIM, TRIM).
// How they are computed: ../functions/collated.ts and ../kernel/js-collations.ts. Source: CollationFactory of Spark 4.2.
import { levenshtein } from '../../../common/suggest.ts';
import { COLLATION_LOCALES } from './collation-locales.ts';
import { collatedString, type DataType, stringType, structType, UTF8_BINARY } from './data-type.ts';

export type Collation = {
  /** As Spark writes it: `UTF8_LCASE`, `UNICODE_CI`, `en_USA_AI_RTRIM`. */
  readonly name: string;
  /** BCP 47; undefined: Spark's own, by bytes or by lower-case letters. */
  readonly locale: string | undefined;
  readonly isCaseSensitive: boolean;
  readonly isAccentSensitive: boolean;
  /** Spaces that do not count. */
  readonly trim: '' | 'LTRIM' | 'RTRIM' | 'TRIM';
};

/** Of an expression whose arguments have two collations and no rule says which wins. No name of a collation. */
export const INDETERMINATE = 'null';

const known = new Map<string, Collation | undefined>();

/** @param name in any case. @returns undefined: there is none of this name */
export function findCollation(name: string): Collation | undefined {
  const key = name.toUpperCase();
  if (!known.has(key)) known.set(key, parse(key));
  return known.get(key);
}

function parse(name: string): Collation | undefined {
  const words = name.split('_');
  if (words[0] === 'UTF8') {
    const [, base, trim = '', ...more] = words;
    if ((base !== 'BINARY' && base !== 'LCASE') || more.length > 0 || !isTrim(trim)) return undefined;
    const full = `UTF8_${base}${trim === '' ? '' : `_${trim}`}`;
    return { name: full, locale: undefined, isCaseSensitive: base === 'BINARY', isAccentSensitive: true, trim };
  }
  const size = [3, 2, 1].find((n) => words.length >= n && localeNamed(words.slice(0, n).join('_')) !== undefined);
  if (size === undefined) return undefined;
  const [locale, tag] = localeNamed(words.slice(0, size).join('_'))!;
  const specifiers = words.slice(size);
  const of = (...choices: string[]) => specifiers.filter((s) => choices.includes(s));
  const [cases, accents, trims] = [of('CI', 'CS'), of('AI', 'AS'), of('LTRIM', 'RTRIM', 'TRIM')];
  if (cases.length > 1 || accents.length > 1 || trims.length > 1) return undefined;
  if (cases.length + accents.length + trims.length < specifiers.length) return undefined;
  const [isCi, isAi, trim] = [cases[0] === 'CI', accents[0] === 'AI', (trims[0] ?? '') as Collation['trim']];
  return {
    name: [locale, isCi ? 'CI' : '', isAi ? 'AI' : '', trim].filter((word) => word !== '').join('_'),
    locale: tag,
    isCaseSensitive: !isCi,
    isAccentSensitive: !isAi,
    trim,
  };
}

const isTrim = (word: string): word is Collation['trim'] => ['', 'LTRIM', 'RTRIM', 'TRIM'].includes(word);

let locales: Map<string, readonly [name: string, tag: string]> | undefined;
function localeNamed(upper: string): readonly [name: string, tag: string] | undefined {
  locales ??= new Map(COLLATION_LOCALES.map(([name, tag]) => [name.toUpperCase(), [name, tag]]));
  return locales.get(upper);
}

/** Rows of SHOW COLLATIONS: catalogue, schema, name, language, country, whether accents and cases count, padding, ICU's version. */
export function allCollations(): (string | null)[][] {
  const languages = new Intl.DisplayNames(['en'], { type: 'language' });
  const countries = new Intl.DisplayNames(['en'], { type: 'region' });
  const names = [...COLLATION_LOCALES.flatMap(([name]) => ['', '_AI', '_CI', '_CI_AI'].map((suffix) => name + suffix))].sort();
  return ['UTF8_BINARY', 'UTF8_LCASE', ...names].map((name) => {
    const { locale, isAccentSensitive, isCaseSensitive } = findCollation(name)!;
    const { language, region } = new Intl.Locale(locale ?? 'und');
    const shown =
      locale === undefined ? [null, null] : [locale === 'und' ? '' : languages.of(language)!, region ? countries.of(region)! : ''];
    const sensitivity = [
      isAccentSensitive ? 'ACCENT_SENSITIVE' : 'ACCENT_INSENSITIVE',
      isCaseSensitive ? 'CASE_SENSITIVE' : 'CASE_INSENSITIVE',
    ];
    return ['SYSTEM', 'BUILTIN', name, ...shown, ...sensitivity, 'NO_PAD', locale === undefined ? null : `${process.versions.icu}.0.0`];
  });
}

/** The three that are written most like it, for messages. Source: CollationFactory.getClosestSuggestionsOnInvalidName. */
export function similarCollations(name: string): string {
  const upper = name.toUpperCase();
  const modifiers = upper.startsWith('UTF8_') ? [] : [...new Set(upper.match(/_(?:CI|AI|CS|AS)(?=_|$)/g) ?? [])];
  const base = modifiers.reduce((rest, m) => rest.replace(m, ''), upper);
  const roots = upper.startsWith('UTF8_') ? ['UTF8_BINARY', 'UTF8_LCASE'] : COLLATION_LOCALES.map(([locale]) => locale);
  const scored = roots.map((root) => [levenshtein(base, root.toUpperCase()), root] as const).sort((a, b) => a[0] - b[0]);
  return scored
    .slice(0, 3)
    .map(([, root]) => root + modifiers.join(''))
    .join(', ');
}

/** Of the text in a type: a string's, or that of an array's elements. undefined: there is no text. */
export function collationIn(type: DataType): string | undefined {
  if (type.tag === 'array') return collationIn(type.elementType);
  return type.tag === 'string' || type.tag === 'char' || type.tag === 'varchar' ? type.collation : undefined;
}

/** Whether equality of such values is not that of their bytes. */
export function isCollated(type: DataType): boolean {
  switch (type.tag) {
    case 'string':
    case 'char':
    case 'varchar':
      return type.collation !== UTF8_BINARY;
    case 'array':
      return isCollated(type.elementType);
    case 'map':
      return isCollated(type.keyType) || isCollated(type.valueType);
    case 'struct':
      return type.fields.some((f) => isCollated(f.dataType));
    default:
      return false;
  }
}

/** The type with this collation on all its text. @param isExplicit UTF8_BINARY is said in names */
/** Texts that say no collation of their own get the default one of their table or view. */
export function withDefaultCollation<T extends DataType>(type: T, collation: string | undefined): T {
  if (collation === undefined) return type;
  const inside = <U extends DataType>(t: U): U => withDefaultCollation(t, collation);
  switch (type.tag) {
    case 'string':
      return type.collation === UTF8_BINARY && type.isExplicit !== true ? (stringType(collation) as T) : type;
    case 'array':
      return { ...type, elementType: inside(type.elementType) };
    case 'map':
      return { ...type, keyType: inside(type.keyType), valueType: inside(type.valueType) };
    case 'struct':
      return { ...type, fields: type.fields.map((f) => ({ ...f, dataType: inside(f.dataType) })) };
    default:
      return type;
  }
}

export function withCollation<T extends DataType>(type: T, collation: string, isExplicit = false): T {
  const inside = <U extends DataType>(t: U): U => withCollation(t, collation, isExplicit);
  switch (type.tag) {
    case 'string':
      return (isExplicit ? collatedString(collation) : stringType(collation)) as T;
    case 'char':
    case 'varchar':
      return { ...type, collation };
    case 'array':
      return { ...type, elementType: inside(type.elementType) };
    case 'map':
      return { ...type, keyType: inside(type.keyType), valueType: inside(type.valueType) };
    case 'struct':
      return structType(type.fields.map((f) => ({ ...f, dataType: inside(f.dataType) }))) as T;
    default:
      return type;
  }
}
