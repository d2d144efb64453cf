// Which packages travel with a program, and where they lie then: Node.js itself says whether it finds them.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyPackages } from '../../../../src/cli/submit/program-packages.ts';

let dir: string;
let project: string;
let to: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'packages-')));
  project = join(dir, 'project');
  to = join(dir, 'to');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(path: string, text: string): string {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
  return join(project, path);
}
/** A package that says its name and version, and those of what it needs. */
function pack(at: string, name: string, version: string, needs: readonly string[] = []): void {
  const dependencies = Object.fromEntries(needs.map((one) => [one, '*']));
  write(`${at}/package.json`, JSON.stringify({ name, version, main: 'i.js', dependencies }));
  write(
    `${at}/i.js`,
    `module.exports = ['${name}@${version}', ${needs.map((one) => `...require('${one}')`).join(', ')}].join(' ').split(' ');`,
  );
}
/** Packs, takes the project away, and runs the program where it was packed to. */
function runAfterwards(program: string): string {
  copyPackages([program], project, to);
  mkdirSync(to, { recursive: true });
  cpSync(program, join(to, 'job.mjs'));
  rmSync(project, { recursive: true });
  const { stdout, stderr } = spawnSync(process.execPath, [join(to, 'job.mjs')], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.trim();
}

describe('packages of a program', () => {
  it('are those that it names and what these need, each version at its place; nothing else', () => {
    pack('node_modules/left', 'left', '1.0.0', ['inner', 'shared']);
    pack('node_modules/left/node_modules/inner', 'inner', '2.0.0', ['shared']);
    pack('node_modules/inner', 'inner', '1.0.0');
    pack('node_modules/shared', 'shared', '1.0.0', ['left']); // a circle
    pack('node_modules/@scope/thing', '@scope/thing', '3.0.0');
    pack('node_modules/unused', 'unused', '1.0.0');
    write('node_modules/shared/i.js', "module.exports = ['shared@1.0.0'];");
    const program = write(
      'job.mjs',
      "import left from 'left';\nimport thing from '@scope/thing/i.js';\nimport { join } from 'node:path';\nimport fs from 'fs';\nconsole.log(left.join(), thing.join(), typeof join, typeof fs);",
    );
    expect(runAfterwards(program)).toBe('left@1.0.0,inner@2.0.0,shared@1.0.0,shared@1.0.0 @scope/thing@3.0.0 function object');
    expect([existsSync(join(to, 'node_modules/unused')), existsSync(join(to, 'node_modules/inner'))]).toEqual([false, false]);
  });

  it('in a store of links (pnpm) find what lies beside them there', () => {
    const store = 'node_modules/.pnpm/left@1.0.0/node_modules';
    pack(`${store}/left`, 'left', '1.0.0', ['inner']);
    pack('node_modules/.pnpm/inner@2.0.0/node_modules/inner', 'inner', '2.0.0');
    symlinkSync('../../inner@2.0.0/node_modules/inner', join(project, store, 'inner'));
    symlinkSync('.pnpm/left@1.0.0/node_modules/left', join(project, 'node_modules/left'));
    expect(runAfterwards(write('job.mjs', "import left from 'left';\nconsole.log(left.join());"))).toBe('left@1.0.0,inner@2.0.0');
  });

  it('above the program come to its top; those that are missing, and ours, are left to Node.js', () => {
    pack('../node_modules/above', 'above', '1.0.0');
    pack('node_modules/emberloom', 'emberloom', '0.0.0');
    const program = write(
      'job.mjs',
      "import above from 'above';\nconsole.log(above.join());\nif (false) { await import('missing'); await import('emberloom'); }",
    );
    expect(runAfterwards(program)).toBe('above@1.0.0');
    expect(existsSync(join(to, 'node_modules/emberloom'))).toBe(false);
  });
});
