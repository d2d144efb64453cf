// Text can be read: every colour that text has, on every ground it stands on, has the contrast of WCAG's AA (4.5), in light and dark.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../../../src/browser/style.css'), 'utf8');
const sets = [...css.matchAll(/\{\s*color-scheme: (light|dark);([^}]*)\}/g)].map((m) => ({
  scheme: m[1]!,
  colours: new Map([...m[2]!.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((c) => [c[1]!, c[2]!])),
}));
const luminance = (hex: string): number => {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};
const GROUNDS = ['ground', 'surface', 'sunken'];
const PAIRS: readonly (readonly [text: string, ground: string])[] = [
  ...['ink', 'muted', 'accent', 'bad', 'warn', 'good'].flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
  ...['run', 'good', 'bad', 'warn', 'calm', 'accent'].map((tone) => [tone, `${tone}-soft`] as const),
  ['ink', 'run-soft'],
  ['ink', 'good-soft'],
  ['ink', 'accent-soft'],
  ['muted', 'accent-soft'],
];

it('the dark colours stand twice, for the system’s wish and for the reader’s, and are the same', () => {
  const dark = sets.filter((s) => s.scheme === 'dark');
  expect(dark).toHaveLength(2);
  expect(dark[0]!.colours).toEqual(dark[1]!.colours);
  expect([...dark[0]!.colours.keys()].sort()).toEqual([...sets[0]!.colours.keys()].sort());
});

describe.each(sets)('$scheme', ({ colours }) => {
  it.each(PAIRS)('%s on %s', (text, ground) => {
    expect(contrast(colours.get(text)!, colours.get(ground)!)).toBeGreaterThanOrEqual(4.5);
  });
});
