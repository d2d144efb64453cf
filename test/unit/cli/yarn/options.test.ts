import { describe, expect, it } from 'vitest';
import { parseYarnOptions, yarnUsage, type YarnOptions } from '../../../../src/cli/yarn/options.ts';

const options: YarnOptions = {
  list: { takes: 'optional', help: 'List.' },
  kill: { takes: 'list', value: 'Application ID', help: 'Kill.' },
  status: {
    takes: 'one',
    value: 'ID',
    help: 'Status of one with a long explanation that has to be wrapped somewhere in the middle of the text.',
  },
  size: { takes: 'one', help: 'Bytes.' },
  all: { takes: 'none', help: 'All.' },
};

describe('options of yarn', () => {
  it('have one dash or two, values in the next word, lists in several or with commas', () => {
    const parsed = parseYarnOptions(['-list', '--all', '-kill', 'a', 'b,c', '-size', '-100'], options);
    expect(parsed.has('list')).toBe(true);
    expect(parsed.all('list')).toEqual([]);
    expect(parsed.has('all')).toBe(true);
    expect(parsed.all('kill')).toEqual(['a', 'b', 'c']);
    expect(parsed.one('size')).toBe('-100');
    expect(parsed.has('status')).toBe(false);
  });

  it.each([
    [['-bogus'], 'Unrecognized option: -bogus'],
    [['-statsu', 'x'], 'Unrecognized option: -statsu. Did you mean -status?'],
    [['-status'], 'Missing argument for option: status'],
    [['-status', '-all'], 'Missing argument for option: status'],
    [['x'], 'Unexpected argument: x'],
  ])('%j is refused: %s', (argv, why) => {
    expect(() => parseYarnOptions(argv, options)).toThrow(why);
  });

  it('are listed in the usage, sorted and wrapped', () => {
    const text = yarnUsage('application', options);
    expect(text.startsWith('usage: application\n -all ')).toBe(true);
    expect(text).toContain(' -kill <Application ID>   Kill.\n');
    expect(Math.max(...text.split('\n').map((l) => l.length))).toBeLessThanOrEqual(100);
  });
});
