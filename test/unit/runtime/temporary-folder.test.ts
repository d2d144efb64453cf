import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTemporaryFolder, removeTemporaryFolder, sweepTemporaryFolders } from '../../../src/runtime/temporary-folder.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'el-test-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

test('a folder of a dead process is swept; those of living ones, other hosts and other programs stay', () => {
  const own = makeTemporaryFolder(base);
  expect(statSync(own).mode & 0o777).toBe(0o700);
  const [, place] = /^emberloom-(\w{6})-/.exec(basename(own))!;
  const dead = Number(execFileSync('/bin/sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
  const names = {
    dead: `emberloom-${place}-${dead}-aaaaaa`,
    alive: `emberloom-${place}-1-aaaaaa`,
    elsewhere: `emberloom-${place === '000000' ? '111111' : '000000'}-${dead}-aaaaaa`,
    other: `emberloom-notes-${dead}`,
  };
  for (const name of Object.values(names)) mkdirSync(join(base, name, 'shuffle'), { recursive: true });
  sweepTemporaryFolders(base);
  expect(readdirSync(base).sort()).toEqual([basename(own), names.alive, names.elsewhere, names.other].sort());
  removeTemporaryFolder(own);
  expect(existsSync(own)).toBe(false);
});

test('a folder that is not there has nothing to sweep', () => {
  expect(() => sweepTemporaryFolders(join(base, 'nowhere'))).not.toThrow();
});
