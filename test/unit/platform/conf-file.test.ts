import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfFile } from '../../../src/platform/conf-file.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'conf-'));
  file = join(folder, 'emberloom.yaml');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(text: string) {
  writeFileSync(file, text);
  return (await readConfFile(file)).map(({ name, value, line }) => [name, value, line]);
}

describe('conf/emberloom.yaml', () => {
  it('is nothing when it is not there, empty, or all comments', async () => {
    expect(await readConfFile(join(folder, 'none.yaml'))).toEqual([]);
    expect(await read('')).toEqual([]);
    expect(await read('# a: 1\n\n  # b\n')).toEqual([]);
  });

  // The same texts with a line that only the package can read: both ways must agree.
  it.each([
    'a.b: 1',
    'a: /x/y',
    'a: tcp:127.0.0.1:8032',
    'a: true\nb: 10s # ten',
    'a: 8192\r\nb: word',
    'a: 512m',
    'a: 0.5',
    'a: 10',
    'a: x-y_z',
    'a: 1e3',
    'a: 0x10',
    'a: 010',
    'a: null',
    'a: 1_000',
  ])('%j means the same with and without the package', async (text) => {
    const both = await read(text);
    const withPackage = await read(`${text}\nforced: "yes"`);
    expect(withPackage.filter(([name]) => name !== 'forced')).toEqual(both);
  });

  it('may be nested and have lists and quotes', async () => {
    expect(await read('yarn:\n  nodemanager:\n    local-dirs: [/a, /b]\n"c": \'d e\'')).toEqual([
      ['yarn.nodemanager.local-dirs', '/a,/b', 3],
      ['c', 'd e', 4],
    ]);
  });

  it.each(['a: [1', '- a', 'a: 1\na: 2', 'a', 'a:1'])('%j is refused', async (text) => {
    await expect(read(text)).rejects.toThrow("can't be read");
  });
});
