// Removing what a user may be changing: links are removed, not followed, whoever puts them there and when; nothing of it stays.
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync, chmodSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeTree } from '../../../src/platform/remove-tree.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'remove-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const closed = () => {
  mkdirSync(join(dir, 'state'), { recursive: true, mode: 0o700 });
  return join(dir, 'state');
};
const isRoot = process.getuid!() === 0;

describe('removing a folder', () => {
  it('takes all of it, links without what they lead to, and nothing is no fault', async () => {
    const [victim, folder] = [join(dir, 'victim'), join(dir, 'staging', 'app')];
    mkdirSync(victim);
    writeFileSync(join(victim, 'precious'), '1');
    mkdirSync(join(folder, 'deep', 'deeper'), { recursive: true });
    writeFileSync(join(folder, 'deep', 'file'), '1');
    symlinkSync(victim, join(folder, 'link'));
    symlinkSync(join(victim, 'precious'), join(folder, 'deep', 'link'));
    await removeTree(folder, closed());
    await removeTree(folder, closed());
    symlinkSync(victim, folder);
    await removeTree(folder, closed());
    expect([existsSync(join(victim, 'precious')), existsSync(folder), readdirSync(closed())]).toEqual([true, false, []]);
    if (isRoot) await expect(removeTree(victim, tmpdir())).rejects.toThrow(/not root's alone/);
  });

  it.skipIf(!isRoot)(
    'follows no link that its owner puts in the place of a folder meanwhile',
    async () => {
      const [victim, staging] = [join(dir, 'victim'), join(dir, 'staging')];
      chmodSync(dir, 0o755);
      for (const path of [victim, staging]) mkdirSync(path);
      for (let i = 0; i < 300; i++) writeFileSync(join(victim, `${i}`), '1');
      chmodSync(staging, 0o1733);
      // Two folders that change places with a link, as fast as can be.
      const swap = `const fs=require('fs');const [a,l,t]=process.argv.slice(1);let n=0;
      for(;;){try{fs.renameSync(a,t);fs.renameSync(l,a);fs.renameSync(a,l);fs.renameSync(t,a);n++===9&&fs.writeSync(1,'.')}catch{}}`;
      for (let round = 0; round < 5; round++) {
        const app = join(staging, `app${round}`);
        mkdirSync(join(app, 'sub'), { recursive: true });
        for (let i = 0; i < 300; i++) writeFileSync(join(app, 'sub', `${i}`), '1');
        symlinkSync(victim, join(app, 'link'));
        for (const path of [app, join(app, 'sub')]) chownSync(path, 65_534, 65_534);
        const attacker = spawn(process.execPath, ['-e', swap, join(app, 'sub'), join(app, 'link'), join(app, 'aside')], {
          uid: 65_534,
          gid: 65_534,
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        await new Promise((resolve) => attacker.stdout.once('data', resolve));
        await removeTree(app, closed());
        attacker.kill('SIGKILL');
        expect([round, existsSync(app), readdirSync(victim).length]).toEqual([round, false, 300]);
      }
    },
    60_000,
  );
});
