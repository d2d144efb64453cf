// Packed logs: what goes in comes out, in whole and in part; a file that is not whole is none.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApplicationId, NodeId } from '../../../src/common/ids.ts';
import { archiveName, BLOCK_BYTES } from '../../../src/logs/archive-format.ts';
import { BadArchive, readArchived, readArchiveIndex } from '../../../src/logs/read-archive.ts';
import { writeArchive } from '../../../src/logs/write-archive.ts';

const APP = 'application_1700000000000_0001' as ApplicationId;
const container = (n: number) => `container_1700000000000_0001_01_00000${n}`;
const of = { applicationId: APP, nodeId: 'h:1' as NodeId, nowMs: 1_700_000_000_000 };

describe('archives of logs', () => {
  let dir: string;
  let path: string;
  const put = (disk: string, n: number, name: string, content: string | Buffer) => {
    mkdirSync(join(dir, disk, container(n)), { recursive: true });
    writeFileSync(join(dir, disk, container(n), name), content);
  };
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'el-logs-'));
    path = join(dir, 'out', APP, archiveName('h:1'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('holds all files of all disks, smaller than they were, by container and name', async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `line ${i} of a log\n`).join('');
    put('a', 2, 'stdout', lines);
    put('a', 2, 'stderr', '');
    put('b', 1, 'stdout', 'first\n');
    put('b', 1, '.hidden', 'x');
    mkdirSync(join(dir, 'b', 'not-a-container'));
    symlinkSync('/etc/passwd', join(dir, 'b', container(1), 'leads-away'));
    const made = await writeArchive(path, of, [join(dir, 'a'), join(dir, 'b'), join(dir, 'absent')]);
    expect(made).toMatchObject({ files: 3, rawBytes: lines.length + 6 });
    expect(made!.bytes).toBeLessThan(lines.length / 3);
    const index = (await readArchiveIndex(path))!;
    expect(index.files.map((f) => [f.containerId, f.name, f.sizeBytes])).toEqual([
      [container(1), 'stdout', 6],
      [container(2), 'stderr', 0],
      [container(2), 'stdout', lines.length],
    ]);
    const file = index.files[2]!;
    let all = '';
    for (let at = 0; at < file.sizeBytes; ) {
      const part = (await readArchived(path, file, at, 100_000))!;
      expect(part.offset).toBe(at);
      all += part.bytes.toString();
      at += part.bytes.length;
    }
    expect(all).toBe(lines);
    expect((await readArchived(path, file, -20, 7))!.bytes.toString()).toBe(lines.slice(-20, -13));
    expect((await readArchived(path, file, BLOCK_BYTES - 3, 1_000))!.bytes.toString()).toBe(lines.slice(BLOCK_BYTES - 3, BLOCK_BYTES));
    expect((await readArchived(path, file, file.sizeBytes + 5, 10))!.bytes).toHaveLength(0);
    expect((await readArchived(path, index.files[1]!, 0, 10))!.bytes).toHaveLength(0);
  });

  it('makes nothing of nothing, and says that there is none', async () => {
    expect(await writeArchive(path, of, [join(dir, 'absent')])).toBeUndefined();
    expect(await readArchiveIndex(path)).toBeUndefined();
  });

  it('leaves nothing half behind when it can not be written', async () => {
    put('a', 1, 'stdout', 'x');
    writeFileSync(join(dir, 'out'), 'a file where a folder should be');
    await expect(writeArchive(path, of, [join(dir, 'a')])).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(readdirSync(dir).sort()).toEqual(['a', 'out']);
  });

  it('refuses one that was cut, or damaged, with a sentence', async () => {
    put('a', 1, 'stdout', 'x'.repeat(10_000));
    await writeArchive(path, of, [join(dir, 'a')]);
    const index = (await readArchiveIndex(path))!;
    const bytes = readFileSync(path);
    bytes[index.files[0]!.blocks[0]!.at + 20]! ^= 0xff;
    writeFileSync(path, bytes);
    await expect(readArchived(path, index.files[0]!, 0, 100)).rejects.toThrow(BadArchive);
    truncateSync(path, bytes.length - 4);
    await expect(readArchiveIndex(path)).rejects.toThrow('no whole end');
    truncateSync(path, 3);
    await expect(readArchiveIndex(path)).rejects.toThrow(BadArchive);
  });
});
