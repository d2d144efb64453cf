import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LaunchSpec } from '../../../src/common/ports.ts';
import { ExecaLauncher } from '../../../src/platform/process-launcher.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pl-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const launcher = new ExecaLauncher();
const sh = (script: string, more: Partial<LaunchSpec> = {}): LaunchSpec => ({
  file: '/bin/sh',
  args: ['-c', script],
  cwd: dir,
  env: { ONLY: 'this' },
  stdoutPath: join(dir, 'out'),
  stderrPath: join(dir, 'err'),
  ...more,
});
const said = (name = 'out') => readFileSync(join(dir, name), 'utf8');

describe('launching a process', () => {
  it('gives it its folder, exactly its environment, and files for its output, appended to', async () => {
    writeFileSync(join(dir, 'out'), 'before\n');
    const { ended } = await launcher.launch(sh('pwd; echo "$ONLY [$HOME] [$NODE_OPTIONS] [$VITEST]"; echo e >&2; exit 3'));
    expect(await ended).toEqual({ exitCode: 3, signal: undefined });
    expect(said()).toBe(`before\n${dir}\nthis [] [] []\n`);
    expect(said('err')).toBe('e\n');
    expect(statSync(join(dir, 'err')).mode & 0o777).toBe(0o640);
  });

  it('in a session and process group of its own', async () => {
    const { pid, ended } = await launcher.launch(sh('cut -d" " -f5,6 </proc/$$/stat'));
    await ended;
    expect(said()).toBe(`${pid} ${pid}\n`);
  });

  it('tells which signal ended it', async () => {
    const { pid, ended } = await launcher.launch(sh('while :; do sleep 1; done'));
    process.kill(-pid, 'SIGKILL');
    expect(await ended).toEqual({ exitCode: undefined, signal: 'SIGKILL' });
  });

  it('has fd 3 as a line to it when asked, and an end of file when that is ended', async () => {
    const { control, ended } = await launcher.launch(sh('cat <&3; echo over', { control: true }));
    control!.end('claimed\n');
    await ended;
    expect(said()).toBe('claimed\nover\n');
    const without = await launcher.launch(sh('exit 0'));
    expect(without.control).toBeUndefined();
    await without.ended;
  });

  it('does not wait for a grandchild that keeps the pipe', async () => {
    const { ended } = await launcher.launch(sh('sleep 5 & echo $! >"$PWD/grandchild"; exit 4', { control: true }));
    expect(await ended).toMatchObject({ exitCode: 4 });
    process.kill(Number(said('grandchild')), 'SIGKILL');
  });

  it('passes no file of ours on', async () => {
    const { ended } = await launcher.launch(sh('ls /proc/$$/fd | sort -n | tail -n +4 | while read n; do readlink /proc/$$/fd/$n; done'));
    await ended;
    expect(said()).not.toContain(dir);
  });

  it("says why it can't", async () => {
    await expect(launcher.launch({ ...sh(''), file: join(dir, 'nothing') })).rejects.toThrow(/ENOENT/);
    await expect(launcher.launch({ ...sh(''), cwd: join(dir, 'nowhere') })).rejects.toThrow(/ENOENT|cwd/);
    await expect(launcher.launch(sh('', { stdoutPath: join(dir, 'no', 'out') }))).rejects.toThrow(/ENOENT/);
    expect(existsSync(join(dir, 'no'))).toBe(false);
  });
});
