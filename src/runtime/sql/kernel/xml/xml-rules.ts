// Options of XML with Spark's defaults, and what they make of names and attributes. Keys of options are in lower case. Source: XmlOptions of Spark 4.2.
import type { ValueOptions } from '../json-values.ts';
import type { XmlNode } from '../xml-tree.ts';

export type XmlRules = {
  readonly how: ValueOptions;
  /** What columns of attributes begin with. */
  readonly prefix: string;
  /** The column of an element's own text. */
  readonly valueTag: string;
  /** Undefined: no text means NULL. */
  readonly nullValue: string | undefined;
  readonly trims: boolean;
  readonly excludesAttributes: boolean;
  readonly ignoresNamespace: boolean;
  /** The column of elements that have none. */
  readonly wildcard: string;
  readonly infers: boolean;
  readonly prefersDecimal: boolean;
};

export function xmlRules(how: ValueOptions): XmlRules {
  const { options } = how;
  return {
    how,
    prefix: options.attributeprefix ?? '_',
    valueTag: options.valuetag ?? '_VALUE',
    nullValue: options.nullvalue,
    trims: options.ignoresurroundingspaces !== 'false',
    excludesAttributes: options.excludeattribute === 'true',
    ignoresNamespace: options.ignorenamespace === 'true',
    wildcard: options.wildcardcolname ?? 'xs_any',
    infers: options.inferschema !== 'false',
    prefersDecimal: options.prefersdecimal === 'true',
  };
}

/** @returns its column */
export const columnOf = ({ name }: XmlNode, rules: XmlRules): string => (rules.ignoresNamespace ? name.split(':').at(-1)! : name);

/** Columns and texts. */
export const attributesOf = (element: XmlNode, rules: XmlRules): readonly (readonly [column: string, text: string])[] =>
  rules.excludesAttributes ? [] : element.attributes.map((a) => [rules.prefix + columnOf(a, rules), a.value]);

/** @returns null: the text means NULL */
export function meantText(text: string, { trims, nullValue }: XmlRules): string | null {
  const meant = trims ? text.trim() : text;
  return meant === nullValue ? null : meant;
}

export const isBlank = (text: string): boolean => text.trim() === '';
export const rootOf = (document: XmlNode): XmlNode => document.children.find((c) => c.type === 'element')!;
