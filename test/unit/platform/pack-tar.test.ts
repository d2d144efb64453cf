// What is packed is what is unpacked, and the same content has the same bytes.
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packTar } from '../../../src/platform/pack-tar.ts';
import { archiveUnpacker } from '../../../src/platform/unpack-archive.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pack-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function tree(name: string, order: readonly string[]): string {
  const root = join(dir, name);
  for (const path of order) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), `content of ${path}\n`.repeat(path.length * 20), { mode: path.endsWith('.sh') ? 0o750 : 0o600 });
  }
  return root;
}
const LONG = `${'deep/'.repeat(30)}größe-${'x'.repeat(120)}.txt`;
const FILES = ['a.txt', 'b/run.sh', 'b/c/empty-beside.txt', LONG];

describe('a folder as a tar', () => {
  it('comes out as it went in: long and foreign names, empty files and folders, links, modes', async () => {
    const root = tree('in', FILES);
    mkdirSync(join(root, 'hollow'));
    writeFileSync(join(root, 'empty'), '');
    symlinkSync('b/run.sh', join(root, 'link'));
    symlinkSync(`${'deep/'.repeat(30)}`, join(root, 'far-link'));
    await packTar(root, join(dir, 'x.tar'));
    mkdirSync(join(dir, 'out'));
    await archiveUnpacker.unpack(join(dir, 'x.tar'), 'x.tar', join(dir, 'out'), { maxBytes: 1e9, maxEntries: 1000 });
    for (const path of FILES) expect(readFileSync(join(dir, 'out', path), 'utf8')).toBe(readFileSync(join(root, path), 'utf8'));
    expect(statSync(join(dir, 'out/empty')).size).toBe(0);
    expect(statSync(join(dir, 'out/hollow')).isDirectory()).toBe(true);
    expect(readlinkSync(join(dir, 'out/link'))).toBe('b/run.sh');
    expect(statSync(join(dir, 'out/b/run.sh')).mode & 0o111).not.toBe(0);
    expect(statSync(join(dir, 'out/a.txt')).mode & 0o111).toBe(0);
  });

  it('has the same hash whoever packs it when, and another one for other content', async () => {
    const one = tree('one', FILES);
    const two = tree('two', [...FILES].reverse());
    utimesSync(join(two, 'a.txt'), 1, 1);
    const hashes = await Promise.all([packTar(one, join(dir, '1.tar')), packTar(two, join(dir, '2.tar'))]);
    expect(hashes[0]).toEqual(hashes[1]);
    expect(hashes[0]!.sizeBytes).toBe(statSync(join(dir, '1.tar')).size);
    writeFileSync(join(two, 'a.txt'), 'another');
    expect((await packTar(two, join(dir, '3.tar'))).sha256).not.toBe(hashes[0]!.sha256);
  });
});
