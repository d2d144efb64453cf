// What makes a node unwell besides full disks: the operator's script, with real processes, and how many disks must be well.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Logger } from '../../../../src/common/ports.ts';
import { Settings } from '../../../../src/common/settings.ts';
import { DiskHealth } from '../../../../src/nodemanager/service/disk-health.ts';
import { HealthScript } from '../../../../src/nodemanager/service/health-script.ts';
import { NodeHealth } from '../../../../src/nodemanager/service/node-health.ts';
import { runCheck } from '../../../../src/platform/run-check.ts';

let dir: string;
let warned: string[];
const logger: Logger = { debug() {}, info() {}, warn: (text) => void warned.push(text), error() {}, named: () => logger };
const timers = { after: () => () => {}, every: () => () => {} };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'nh-'));
  warned = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function script(body: string, timeoutMs = 10_000, args: string[] = []): HealthScript {
  const path = join(dir, 'check.sh');
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return new HealthScript({ run: runCheck, timers, logger }, { path, args, intervalMs: 1_000, timeoutMs });
}

describe('health script', () => {
  it('makes the node unwell with its lines that begin with ERROR, and well again without', async () => {
    const check = script(
      '[ -e "$1/well" ] || { echo fine; echo "ERROR the disk controller is gone"; echo " ERROR not at the beginning"; }',
      10_000,
      [dir],
    );
    await check.check();
    expect(check.health).toEqual({ healthy: false, healthReport: 'ERROR the disk controller is gone' });
    writeFileSync(join(dir, 'well'), '');
    await check.check();
    expect(check.health).toEqual({ healthy: true, healthReport: '' });
    expect(warned).toEqual(['Health script: ERROR the disk controller is gone', 'Health script: all well again']);
  });

  it('does not take an exit code for illness, nor a script that is not there', async () => {
    const check = script('exit 3');
    await check.check();
    expect(check.health.healthy).toBe(true);
    expect(warned[0]).toMatch(/check\.sh said nothing of an error, and ended with exit code 3/);
    rmSync(join(dir, 'check.sh'));
    await check.check();
    expect(check.health.healthy).toBe(true);
    expect(warned[1]).toMatch(/ENOENT/);
  });

  it('is ended with all that it started when it takes too long', async () => {
    const check = script(`sleep 300 & echo $! > ${dir}/child; wait`, 200);
    await check.check();
    expect(check.health).toEqual({ healthy: false, healthReport: expect.stringMatching(/^Node health script timed out: .* 200 ms$/) });
    const child = readFileSync(join(dir, 'child'), 'utf8').trim();
    // Gone, or dead and not yet waited for by its new parent.
    let state = 'gone';
    try {
      state = readFileSync(`/proc/${child}/stat`, 'utf8').split(') ').at(-1)![0]!;
    } catch {}
    expect(['gone', 'Z', 'X']).toContain(state);
  });
});

describe('disks', () => {
  it('asks for a least number of them, and for free space', () => {
    writeFileSync(join(dir, 'file'), '');
    const dirs = { local: [join(dir, 'file/a'), join(dir, 'file/b'), join(dir, 'ok')], logs: [join(dir, 'logs')] };
    const quarter = new DiskHealth(dirs, 100, { minFreeMb: 0, minHealthyFraction: 0.25 });
    quarter.check();
    expect(quarter.health.healthy).toBe(true);
    const half = new DiskHealth(dirs, 100, { minFreeMb: 0, minHealthyFraction: 0.5 });
    half.check();
    expect(half.health).toEqual({ healthy: false, healthReport: expect.stringContaining('2/3 local-dirs unusable') });
    const roomy = new DiskHealth({ local: [dir], logs: [dir] }, 100, { minFreeMb: 1e9, minHealthyFraction: 0 });
    roomy.check();
    expect(roomy.health.healthReport).toMatch(/free space \d+ MB below threshold of 1000000000 MB/);
  });

  it('and the script are told together', async () => {
    writeFileSync(join(dir, 'sick.sh'), '#!/bin/sh\necho ERROR $1\n', { mode: 0o755 });
    const setting = (name: string, value: string) => ({ name, value, where: 'test', line: 1 });
    const settings = new Settings([
      setting('yarn.nodemanager.health-checker.script.path', join(dir, 'sick.sh')),
      setting('yarn.nodemanager.health-checker.script.opts', 'flames'),
      setting('yarn.nodemanager.disk-health-checker.min-free-space-per-disk-mb', '1000000000'),
    ]);
    let changed = () => {};
    const looked = new Promise<void>((done) => {
      changed = done;
    });
    const woken = () => {
      changed();
      return () => {};
    };
    const health = new NodeHealth(
      { timers: { after: woken, every: () => () => {} }, logger, runCheck },
      { local: [dir], logs: [dir] },
      settings,
    );
    expect(health.health.healthReport).toMatch(/^1\/1 local-dirs unusable/);
    health.start();
    await looked;
    expect(health.health.healthReport).toMatch(/^ERROR flames ; 1\/1 local-dirs unusable/);
    health.stop();
  });
});
