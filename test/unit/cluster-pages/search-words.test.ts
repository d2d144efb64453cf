import { describe, expect, it } from 'vitest';
import { type Field, matches, wordsOf, wordText } from '../../../src/cluster-pages/model/search-words.ts';

const app: Record<Field, string> = {
  id: 'application_1_0042',
  name: 'Nightly Report: sales',
  user: 'ann',
  queue: 'root.etl.nightly',
  type: 'SPARK',
  tag: 'daily\nurgent',
};
const finds = (search: string) => matches(wordsOf(search), (field) => app[field]);

describe('searching applications', () => {
  it.each([
    ['', true],
    ['report', true],
    ['REPORT 0042', true],
    ['report missing', false],
    ['user:ann', true],
    ['user:an', false],
    ['user:ANN queue:etl', true],
    ['queue:nightly', true],
    ['queue:root.etl', true],
    ['queue:root.et', false],
    ['tag:urg', true],
    ['type:spark', true],
    ['type:spar', false],
    ['name:"report: sales"', true],
    ['"report: sales"', true],
    ['report:', true],
    ['http://x', false],
    ['id:0042', true],
  ])('%s', (search, found) => expect(finds(search)).toBe(found));
  it('a field’s word can be typed back, whatever is in the value', () => {
    for (const value of ['ann', 'two words', 'with "quotes" in it', 'a:b']) {
      expect(wordsOf(wordText('user', value))).toEqual([{ field: 'user', text: value.replaceAll('"', '').toLowerCase() }]);
    }
  });
});
