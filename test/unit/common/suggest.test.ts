import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../../src/common/suggest.ts';

describe('the nearest known word', () => {
  it.each([
    ['--executr-memory', '--executor-memory'],
    ['--mater', '--master'],
    ['--num-executor', '--num-executors'],
    ['yran', 'yarn'],
    ['defualt', 'default'],
  ])('%s → %s', (word, meant) => {
    expect(nearest(word, ['--executor-memory', '--executor-cores', '--master', '--num-executors', 'yarn', 'default'])).toBe(meant);
  });

  it('is nothing when no word is near', () => {
    expect(nearest('--bogus', ['--master', '--name', '--conf'])).toBeUndefined();
    expect(nearest('x', ['local', 'yarn', 'a'])).toBeUndefined();
  });

  it('counts a swap of neighbours as one', () => {
    expect(editDistance('yran', 'yarn')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });
});
