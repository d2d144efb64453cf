import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskHealth } from '../../../../src/nodemanager/service/disk-health.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dh-'));
  writeFileSync(join(dir, 'file'), '');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('disk health', () => {
  it('makes folders, and is well', () => {
    const health = new DiskHealth({ local: [join(dir, 'a')], logs: [join(dir, 'b')] }, 100);
    expect(health.check()).toBe(false);
    expect(health.health).toEqual({ healthy: true, healthReport: '' });
  });

  it('goes on with the folders that are left, and says which is not', () => {
    const health = new DiskHealth({ local: [join(dir, 'file/x'), join(dir, 'a')], logs: [join(dir, 'b')] }, 100);
    expect(health.check()).toBe(true);
    expect(health.usable.local).toEqual([join(dir, 'a')]);
    expect(health.health).toEqual({
      healthy: true,
      healthReport: expect.stringMatching(/^1\/2 local-dirs unusable: \[ .*file\/x : .*ENOTDIR/),
    });
    expect(health.check()).toBe(false);
  });

  it('is not well when all of one kind are gone or too full, and is again when they are back', () => {
    const health = new DiskHealth({ local: [join(dir, 'file')], logs: [join(dir, 'b')] }, 100);
    expect(health.check()).toBe(true);
    expect(health.health.healthy).toBe(false);
    expect(health.usable.local).toEqual([join(dir, 'file')]);
    rmSync(join(dir, 'file'));
    expect(health.check()).toBe(true);
    expect(health.health.healthy).toBe(true);
    const full = new DiskHealth({ local: [join(dir, 'a')], logs: [join(dir, 'b')] }, 0);
    full.check();
    expect(full.health).toEqual({
      healthy: false,
      healthReport: expect.stringMatching(/1\/1 local-dirs unusable: .*used space \d+\.\d % above threshold of 0 % \] ; 1\/1 log-dirs/),
    });
  });
});
