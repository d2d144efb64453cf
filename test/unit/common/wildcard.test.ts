// `*` in patterns of users: what a regular expression would say, without what it would cost.
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../src/common/prng.ts';
import { matchesWildcard } from '../../../src/common/wildcard.ts';

const asRegExp = (pattern: string) =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );

describe('matchesWildcard', () => {
  it.each([
    ['', '', true],
    ['', '*', true],
    ['etl-1', 'etl-*', true],
    ['etl-1', 'etl', false],
    ['a.c', 'a.c', true],
    ['abc', 'a.c', false],
    ['a\nb', 'a*b', true],
    ['*', '*', true],
    ['aXbXc', 'a*X*c', true],
    ['aXbXd', 'a*X*c', false],
  ])('%j and %j: %s', (text, pattern, expected) => expect(matchesWildcard(text, pattern)).toBe(expected));

  it('says what the regular expression says', () => {
    const random = new Prng(7);
    const made = (letters: string, most: number) =>
      Array.from({ length: random.int(most) }, () => letters[random.int(letters.length)]).join('');
    for (let i = 0; i < 5_000; i++) {
      const [text, pattern] = [made('ab.', 12), made('ab.*', 8)];
      expect([text, pattern, matchesWildcard(text, pattern)]).toEqual([text, pattern, asRegExp(pattern).test(text)]);
    }
  });

  it('takes a thousand stars without a thousand ways', () => {
    const before = process.cpuUsage().user;
    expect(matchesWildcard('x'.repeat(2_000), `${'*'.repeat(500)}${'x*'.repeat(250)}y`)).toBe(false);
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(1_000);
  });
});
