import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scanLogFolder } from '../../../../src/history/service/log-folder.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'el-hist-'));
  folder = join(root, 'logs');
  mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('single logs and rolled ones; other files are not seen', () => {
  writeFileSync(join(folder, 'app-1'), 'x');
  writeFileSync(join(folder, 'app-2.zstd.inprogress'), 'xx');
  writeFileSync(join(folder, 'README.md'), 'x');
  mkdirSync(join(folder, 'somewhere'));
  const rolled = join(folder, 'eventlog_v2_app-3');
  mkdirSync(rolled);
  for (const name of ['events_2_app-3.zstd', 'events_1_app-3.zstd', 'appstatus_app-3.inprogress']) writeFileSync(join(rolled, name), 'xyz');
  const found = Object.fromEntries(scanLogFolder(folder).map((log) => [log.key, log]));
  expect(Object.keys(found).sort()).toEqual(['app-1', 'app-2.zstd', 'eventlog_v2_app-3']);
  expect(found['app-2.zstd']).toMatchObject({ inProgress: true, sizeBytes: 2 });
  expect(found['eventlog_v2_app-3']!.parts.map((p) => p.path)).toEqual([
    'eventlog_v2_app-3/events_1_app-3.zstd',
    'eventlog_v2_app-3/events_2_app-3.zstd',
  ]);
  expect(found['eventlog_v2_app-3']).toMatchObject({ inProgress: true, sizeBytes: 6 });
});

test('a link that leads out of the folder is named and not opened; one inside is a log', () => {
  writeFileSync(join(root, 'secret'), 'secret');
  mkdirSync(join(root, 'outside'));
  writeFileSync(join(root, 'outside/events_1_app-9'), 'secret');
  symlinkSync(join(root, 'secret'), join(folder, 'app-1'));
  symlinkSync(join(root, 'outside'), join(folder, 'eventlog_v2_app-9'));
  writeFileSync(join(folder, 'app-2'), 'x');
  symlinkSync(join(folder, 'app-2'), join(folder, 'app-3'));
  mkdirSync(join(folder, 'eventlog_v2_app-4'));
  symlinkSync(join(root, 'secret'), join(folder, 'eventlog_v2_app-4/events_1_app-4'));
  const found = Object.fromEntries(scanLogFolder(folder).map((log) => [log.key, log]));
  for (const key of ['app-1', 'eventlog_v2_app-9', 'eventlog_v2_app-4']) {
    expect(found[key]!.fault, key).toContain('leads out of the log folder');
    expect(found[key]!.parts, key).toEqual([]);
  }
  expect(found['app-3']).toMatchObject({ fault: undefined, sizeBytes: 1 });
});
