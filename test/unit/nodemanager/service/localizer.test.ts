// Files, archives and folders into a work folder: real files, a real cache.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FileCache } from '../../../../src/nodemanager/service/file-cache.ts';
import { Localizer, type ReadAs } from '../../../../src/nodemanager/service/localizer.ts';
import { archiveUnpacker } from '../../../../src/platform/unpack-archive.ts';
import type { ApplicationId } from '../../../../src/common/ids.ts';
import type { LocalResource } from '../../../../src/rpc/messages/shapes.ts';

const EVIL = new URL('../../../helpers/evil-archives.ts', import.meta.url).pathname;
let archives: string;
let outside: string;
let dir: string;
let work: string;
let nowMs = 1_000_000;

const APP = 'application_1700000000000_0001' as ApplicationId;
/** What the ResourceManager's stand-in was asked for, and what it sends. */
let fetched: string[] = [];
let onTheWay: (sha256: string) => Buffer = () => Buffer.from('');
const LIMITS = { maxBytes: 1_000_000, maxEntries: 100 };
function localizer(targetBytes = 1e9): { localize(resources: LocalResource[], workDir: string, readAs?: ReadAs): Promise<void> } {
  const cache = new FileCache({ dir: join(dir, 'cache'), targetBytes, limits: LIMITS, unpacker: archiveUnpacker });
  cache.open();
  const staged = {
    async fetch(applicationId: string, sha256: string, to: string) {
      fetched.push(applicationId);
      writeFileSync(to, onTheWay(sha256));
    },
  };
  const made = new Localizer({ cache, unpacker: archiveUnpacker, limits: LIMITS, clock: { nowMs: () => (nowMs += 1000) }, staged });
  return { localize: (resources, workDir, readAs) => made.localize(resources, workDir, APP, readAs) };
}
const sha = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
function resource(path: string, kind: LocalResource['kind'], name: string, cached = true): LocalResource {
  return { path, kind, name, sizeBytes: 1, ...(cached && { sha256: sha(path) }) };
}
function file(name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}
const cached = () => readdirSync(join(dir, 'cache')).filter((n) => !n.startsWith('.'));
let runs = 0;
const freshWork = () => {
  const path = join(dir, `work${++runs}`);
  mkdirSync(path);
  return path;
};

beforeAll(() => {
  archives = mkdtempSync(join(tmpdir(), 'arc-'));
  outside = join(archives, 'outside', 'escaped');
  mkdirSync(join(archives, 'outside'));
  const made = spawnSync(process.execPath, [EVIL, archives, outside], { encoding: 'utf8' });
  expect(made.stderr).toBe('');
});
afterAll(() => rmSync(archives, { recursive: true, force: true }));
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'loc-'));
  work = freshWork();
  fetched = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('localisation', () => {
  it('links a cached file in: one copy for all containers', async () => {
    const path = file('data.csv', 'a,b\n');
    const it = localizer();
    const other = freshWork();
    await Promise.all([it.localize([resource(path, 'file', 'data.csv')], work), it.localize([resource(path, 'file', 'renamed')], other)]);
    expect(readFileSync(join(work, 'data.csv'), 'utf8')).toBe('a,b\n');
    expect(statSync(join(work, 'data.csv')).ino).toBe(statSync(join(other, 'renamed')).ino);
    expect(statSync(join(work, 'data.csv')).ino).not.toBe(statSync(path).ino);
    expect(cached()).toHaveLength(1);
  });

  it('fetches once what was left with the ResourceManager, though its path is not on this host', async () => {
    const staged = (name: string, content: Buffer, kind: LocalResource['kind']): LocalResource => ({
      name,
      kind,
      path: `/home/of/somebody/else/${name}`,
      sizeBytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      stagedFor: APP,
    });
    const tar = readFileSync(join(archives, 'good.tar'));
    const text = Buffer.from('a,b\n');
    onTheWay = (sha256) => (sha256 === createHash('sha256').update(text).digest('hex') ? text : tar);
    const it = localizer();
    for (const at of [work, freshWork()]) {
      await it.localize([staged('data.csv', text, 'file'), staged('good.tar', tar, 'archive')], at);
      expect(readFileSync(join(at, 'data.csv'), 'utf8')).toBe('a,b\n');
      expect(readFileSync(join(at, 'good.tar/inner/hello.txt'), 'utf8')).toBe('hello from the archive\n');
    }
    expect(fetched).toEqual([APP, APP]);
  });

  it('takes no other content than the hash says, and no file of another application, from the ResourceManager', async () => {
    const resource: LocalResource = { name: 'x', kind: 'file', path: '/far/x', sizeBytes: 1, sha256: 'ab'.repeat(32), stagedFor: APP };
    onTheWay = () => Buffer.from('something else');
    await expect(localizer().localize([resource], work)).rejects.toMatchObject({ code: 'LOCALIZATION_FAILED' });
    const others = { ...resource, stagedFor: 'application_1700000000000_0002' as ApplicationId };
    await expect(localizer().localize([others], work)).rejects.toMatchObject({ code: 'LOCALIZATION_FAILED' });
    expect(fetched).toEqual([APP]);
    expect(cached()).toEqual([]);
  });

  it('copies a file without a hash, and does not cache it', async () => {
    await localizer().localize([resource(file('x', '1'), 'file', 'x', false)], work);
    expect(readFileSync(join(work, 'x'), 'utf8')).toBe('1');
    expect(cached()).toEqual([]);
  });

  it('links a folder', async () => {
    mkdirSync(join(dir, 'app'));
    await localizer().localize([{ path: join(dir, 'app'), kind: 'folder', name: 'app', sizeBytes: 0 }], work);
    expect(readlinkSync(join(work, 'app'))).toBe(join(dir, 'app'));
  });

  it.each(['good.tar', 'good.tar.gz', 'good.zip'])('unpacks %s, links inside included, cached or not', async (name) => {
    const it = localizer();
    for (const useCache of [true, true, false]) {
      const at = freshWork();
      await it.localize([resource(join(archives, name), 'archive', 'lib', useCache)], at);
      expect(readFileSync(join(at, 'lib/inner/hello.txt'), 'utf8')).toBe('hello from the archive\n');
      expect(readFileSync(join(at, 'lib/link.txt'), 'utf8')).toBe('hello from the archive\n');
      expect(lstatSync(join(at, 'lib/link.txt')).isSymbolicLink()).toBe(true);
    }
    expect(cached()).toHaveLength(1);
  });

  it('refuses every archive that would leave its folder, and leaves nothing outside', async () => {
    const names = readdirSync(archives).filter((n) => n.startsWith('bad-'));
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      for (const useCache of [true, false]) {
        const at = freshWork();
        await expect(localizer().localize([resource(join(archives, name), 'archive', 'lib', useCache)], at), name).rejects.toMatchObject({
          code: expect.stringMatching(/^ARCHIVE_ESCAPES|LOCALIZATION_FAILED$/),
        });
        const there = readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((n) => !/^lib(\/(hello\.txt|door|up|etc|a))?$/.test(n));
        expect(there, name).toEqual([]);
      }
    }
    expect(existsSync(outside)).toBe(false);
    expect(readdirSync(join(archives, 'outside'))).toEqual([]);
    expect(cached()).toEqual([]);
    expect(readdirSync(join(dir, 'cache'))).toEqual([]);
  });

  it.each([
    'bad-dot-dot.tar',
    'bad-dot-dot.tgz',
    'bad-dot-dot.zip',
    'bad-absolute.tar',
    'bad-absolute.zip',
    'bad-link-up.tar',
    'bad-link-up.zip',
    'bad-link-absolute.tar',
    'bad-hard-link.tar',
  ])('says that %s escapes, and by which entry', async (name) => {
    await expect(localizer().localize([resource(join(archives, name), 'archive', 'lib')], work)).rejects.toMatchObject({
      code: 'ARCHIVE_ESCAPES',
      params: { archive: name, entry: expect.stringMatching(/escaped|up|etc|passwd/) },
    });
  });

  it('stops at a bomb before the disk is full', async () => {
    const tar = Buffer.alloc(512 + 8_000_000 + 1024);
    tar.write('big', 0);
    tar.write('0000644\0', 100);
    tar.write('0000000\0'.repeat(2), 108);
    tar.write(`${(8_000_000).toString(8).padStart(11, '0')}\0`, 124);
    tar.write('00000000000\0        0', 136);
    tar.write('ustar\x0000', 257);
    const sum = tar.subarray(0, 512).reduce((a, b) => a + b, 0);
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    writeFileSync(join(dir, 'bomb.tgz'), gzipSync(tar));
    await expect(localizer().localize([resource(join(dir, 'bomb.tgz'), 'archive', 'lib')], work)).rejects.toThrow(
      'unpacks to more than 1000000 bytes',
    );
    expect(readdirSync(join(dir, 'cache'))).toEqual([]);
  });

  it.each([
    ['garbage', 'this is no archive at all, whatever its name says'.repeat(30)],
    ['empty', ''],
    ['cut.zip', 'PK\x03\x04 cut'],
  ])('says that %s is no sound archive', async (name, text) => {
    await expect(localizer().localize([resource(file(name, text), 'archive', 'lib')], work)).rejects.toMatchObject({
      code: 'LOCALIZATION_FAILED',
      message: expect.stringContaining('no sound'),
    });
  });

  it('refuses a file that changed since it was submitted, and names that leave the folder', async () => {
    const path = file('x', 'old');
    const wanted = resource(path, 'file', 'x');
    writeFileSync(path, 'new');
    await expect(localizer().localize([wanted], work)).rejects.toThrow(/has changed since/);
    for (const name of ['../x', 'a/b', '..', '', '/x'])
      await expect(localizer().localize([{ ...wanted, name }], work)).rejects.toThrow(/no plain file name/);
    await expect(localizer().localize([{ ...wanted, path: 'x' }], work)).rejects.toThrow(/not absolute/);
    await expect(localizer().localize([{ ...wanted, path: join(dir, 'nope') }], work)).rejects.toThrow(/does not exist/);
    await expect(localizer().localize([{ ...wanted, path: dir }], work)).rejects.toThrow(/it is a folder/);
    await expect(localizer().localize([{ ...wanted, sha256: '../../x' }], work)).rejects.toThrow(/no SHA-256/);
  });

  it('does not give a container what another one wrote into the cached file', async () => {
    const path = file('data', 'good');
    const it = localizer();
    await it.localize([resource(path, 'file', 'data')], work);
    const mine = join(work, 'data');
    chmodSync(mine, 0o755);
    writeFileSync(mine, 'evil');
    utimesSync(mine, Date.now() / 1000 + 5, Date.now() / 1000 + 5);
    const other = freshWork();
    await it.localize([resource(path, 'file', 'data')], other);
    expect(readFileSync(join(other, 'data'), 'utf8')).toBe('good');
  });

  it('keeps the cache below its size, the least recently used leaving first, and finds it again after a restart', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((n) => resource(file(n, n.repeat(400)), 'file', n));
    const it = localizer(1000);
    await it.localize([a!], freshWork());
    await it.localize([b!], freshWork());
    await it.localize([a!], freshWork());
    await it.localize([c!], freshWork());
    expect(cached().sort()).toEqual([`file-${a!.sha256}`, `file-${c!.sha256}`].sort());
    mkdirSync(join(dir, 'cache', '.half-made'));
    await localizer(500).localize([b!], freshWork());
    expect(readdirSync(join(dir, 'cache'))).toEqual([`file-${b!.sha256}`]);
  });

  it('gives every one of many files to many containers at once, though the cache has room for one', async () => {
    const wanted = Array.from({ length: 30 }, (_, i) => resource(file(`f${i}`, String(i).repeat(300)), 'file', `f${i}`));
    const it = localizer(400);
    const works = [freshWork(), freshWork(), freshWork()];
    await Promise.all(works.map((at) => it.localize(wanted, at)));
    for (const at of works) for (let i = 0; i < 30; i++) expect(readFileSync(join(at, `f${i}`), 'utf8')).toBe(String(i).repeat(300));
    expect(cached()).toHaveLength(1);
  });

  it('makes an entry again whose files somebody has swept away', async () => {
    const wanted = resource(file('x', '1'), 'file', 'x');
    const it = localizer();
    await it.localize([wanted], work);
    for (const swept of [join('content', 'file'), 'content', 'bytes', '']) {
      rmSync(join(dir, 'cache', `file-${wanted.sha256}`, swept), { recursive: true });
      const at = freshWork();
      await it.localize([wanted], at);
      expect(readFileSync(join(at, 'x'), 'utf8')).toBe('1');
    }
  });

  it('does not wait for ever for a pipe or a device', async () => {
    const pipe = join(dir, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    for (const path of [pipe, '/dev/zero'])
      await expect(localizer().localize([{ path, kind: 'file', name: 'x', sizeBytes: 0 }], work)).rejects.toThrow(
        /a pipe, a socket or a device/,
      );
  });

  it('says which two have one name', async () => {
    const path = file('x', '1');
    await expect(localizer().localize([resource(path, 'file', 'same'), resource(file('y', '2'), 'file', 'same')], work)).rejects.toThrow(
      /two resources have the name same/,
    );
  });
});

describe('where containers run as their users', () => {
  const text = 'what only root may read';
  const refuses: ReadAs = async (path) => {
    throw new Error(`${path}: Permission denied`);
  };

  it.each([
    ['a file', false],
    ['a file that its submitter named by its hash', true],
  ])('%s that the user may not read is not given to him', async (_, inCache) => {
    const asked = localizer().localize([resource(file('secret', text), 'file', 's', inCache)], work, refuses);
    await expect(asked).rejects.toThrow(/Permission denied/);
    expect(readdirSync(work)).toEqual([]);
    expect(existsSync(join(dir, 'cache')) ? cached() : []).toEqual([]);
  });

  it.each([false, true])('his own file is brought as a copy that he could make, and the copy is removed (by hash: %s)', async (inCache) => {
    const own = file('own', text);
    let copies = 0;
    const readAs: ReadAs = async (path) => {
      const copy = `${path}.copy${++copies}`;
      writeFileSync(copy, readFileSync(path));
      return copy;
    };
    await localizer().localize([resource(own, 'file', 'mine', inCache)], work, readAs);
    expect(readFileSync(join(work, 'mine'), 'utf8')).toBe(text);
    expect(copies).toBe(1);
    expect(existsSync(`${own}.copy1`)).toBe(false);
  });
});
