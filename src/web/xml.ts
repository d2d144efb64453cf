// An answer as XML: each key an element, a list the element again and again, null and undefined nothing. Source: what JAXB makes of YARN's dao classes.
import { isRawNumber } from './raw-number.ts';

export const xmlText = (body: unknown): string => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${members(body)}`;

function members(body: unknown): string {
  return Object.entries((body ?? {}) as Record<string, unknown>)
    .map(([name, value]) => elementText(name, value))
    .join('');
}

export function elementText(name: string, value: unknown): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => elementText(name, item)).join('');
  const tag = name.replace(/[^\w.-]/g, '_');
  if (value === null || value === '') return `<${tag}/>`;
  if (isRawNumber(value)) return `<${tag}>${value.rawJSON}</${tag}>`;
  if (typeof value === 'object') return `<${tag}>${members(value)}</${tag}>`;
  return `<${tag}>${escapeXml(String(value))}</${tag}>`;
}

const ENTITY: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** Control characters have no place in XML 1.0, not even escaped. */
const escapeXml = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd').replace(/[&<>"']/g, (c) => ENTITY[c]!);
