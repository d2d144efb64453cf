// Where several ResourceManagers may have their store: on a disk of their host.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Settings } from '../../../../src/common/settings.ts';
import { networkFileSystem, sharedFileSystemOf } from '../../../../src/platform/file-system.ts';
import { stateStore } from '../../../../src/resourcemanager/store/main.ts';

it('is refused with the reason on a file system of several hosts, and a single one is not', () => {
  const settings = new Settings([]);
  const onNfs = () => 'NFS';
  expect(() => stateStore('/d', settings, 'rm1', onNfs)).toThrow(
    /\/d\/state\/rm\.sqlite.*it is on NFS, where locks and shared memory .* Put EMBERLOOM_DATA on a disk of this host/,
  );
  expect(stateStore('/d', settings, undefined, onNfs).path).toBe('/d/state/rm.sqlite');
});

it('is known by the number that the kernel gives', () => {
  expect([0x6969, 0xfe534d42 | 0, 0xef53, 0x01021994].map(networkFileSystem)).toEqual(['NFS', 'SMB', undefined, undefined]);
  const dir = mkdtempSync(join(tmpdir(), 'store-'));
  expect(sharedFileSystemOf(dir)).toBeUndefined();
  expect(() => stateStore(dir, new Settings([]), 'rm1')).not.toThrow();
  rmSync(dir, { recursive: true });
});
