// Text of the pages can be read in light and dark: WCAG 2.1 AA asks for a contrast of 4.5 between letters and what is behind them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const sheet = ['src/browser/style.css', 'src/cluster-pages/browser/style.css']
  .map((file) => readFileSync(join(import.meta.dirname, '../../..', file), 'utf8'))
  .join('\n');
const COLOURS = new Map(
  [...sheet.matchAll(/^ {2}--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);$/gm)].map(([, name, light, dark]) => [
    name!,
    { light: light!, dark: dark! },
  ]),
);

/** Source: WCAG 2.1, relative luminance. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

const TEXT = ['ink', 'muted', 'accent', 'run', 'good', 'bad', 'warn', 'calm'];
const PAIRS = [
  ...TEXT.flatMap((text) => ['ground', 'surface', 'sunken'].map((behind) => [text, behind] as const)),
  ...['accent', 'run', 'good', 'bad', 'warn', 'calm'].map((text) => [text, `${text}-soft`] as const),
  ...['run', 'good', 'accent'].map((soft) => ['ink', `${soft}-soft`] as const),
  ['muted', 'accent-soft'] as const,
  ...Array.from({ length: 10 }, (_, i) => ['on-app', `app-${i}`] as const),
];

describe.each(['light', 'dark'] as const)('contrast, %s', (theme) => {
  it.each(PAIRS)('%s on %s', (text, behind) => {
    expect(contrast(COLOURS.get(text)![theme], COLOURS.get(behind)![theme])).toBeGreaterThanOrEqual(4.5);
  });
});

it('every colour is said once, for light and for dark', () => {
  expect(sheet).not.toMatch(/prefers-color-scheme/);
  const names = [...sheet.matchAll(/^ {2}--([\w-]+): (?:#|light-dark\(#)/gm)].map(([, name]) => name);
  expect(names.length).toBe(new Set(names).size);
});
