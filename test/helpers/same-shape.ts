// Compares an answer with a golden one by its shape: the same keys, the same types, the same empty forms, whatever the values. A list is compared by
// its first item. Differences that are meant are listed with their reason; one that is listed and is not there any more is a fault, too.
import { expect } from 'vitest';

/** Path (`app.resourceInfo.*`, `[]` for items of a list) and the reason why it may differ. */
export type Accepted = Readonly<Record<string, string>>;

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

function differences(golden: unknown, ours: unknown, path: string): string[] {
  if (kindOf(golden) !== kindOf(ours)) return [`${path}: ${kindOf(golden)} expected, ${kindOf(ours)} found`];
  if (Array.isArray(golden)) {
    const own = ours as unknown[];
    return golden.length === 0 || own.length === 0 ? [] : differences(golden[0], own[0], `${path}[]`);
  }
  if (kindOf(golden) !== 'object') return [];
  const [theirs, own] = [golden as Record<string, unknown>, ours as Record<string, unknown>];
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  return [
    ...Object.keys(theirs).flatMap((key) => (key in own ? differences(theirs[key], own[key], at(key)) : [`${at(key)}: is missing`])),
    ...Object.keys(own).flatMap((key) => (key in theirs ? [] : [`${at(key)}: is not in YARN's`])),
  ];
}

export function expectSameShape(golden: unknown, ours: unknown, accepted: Accepted = {}): void {
  const found = differences(golden, ours, '');
  const covers = (pattern: string, difference: string) => {
    const path = difference.slice(0, difference.indexOf(':'));
    return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
  };
  expect(found.filter((difference) => !Object.keys(accepted).some((pattern) => covers(pattern, difference)))).toEqual([]);
  expect(Object.keys(accepted).filter((pattern) => !found.some((difference) => covers(pattern, difference)))).toEqual([]);
}
