import { expect, test } from 'vitest';
import { partName, partsInOrder, rollingBase, rollingInProgress, singleName } from '../../../../src/history/core/log-names.ts';

test("names of single logs: Spark's and ours, with compression and while they are written", () => {
  expect(singleName('local-1795351723684')).toMatchObject({ key: 'local-1795351723684', codec: 'plain', inProgress: false });
  expect(singleName('application_1_0001_2.zstd.inprogress')).toEqual({
    key: 'application_1_0001_2.zstd',
    base: 'application_1_0001_2',
    codec: 'zstd',
    inProgress: true,
  });
  expect(singleName('app-1.lz4')).toMatchObject({ codec: 'lz4' });
});

test('what is no log: hidden files, other endings, rolled folders, names that could mislead a path', () => {
  for (const name of ['.app-1.crc', 'app-1.gz', 'app-1.tmp', 'eventlog_v2_app-1', '..', '../app', 'a/b', 'a..b', '', '-rf', 'app 1'])
    expect(singleName(name), name).toBeUndefined();
  expect(rollingBase('eventlog_v2_')).toBeUndefined();
  expect(rollingBase('eventlog_v2_../x')).toBeUndefined();
});

test('parts of a rolled log come in their order, from the last compacted one on', () => {
  const parts = ['events_10_app-1.zstd', 'events_2_app-1', 'events_1_app-1', 'events_2_app-1.compact', 'appstatus_app-1', 'events_3_other'];
  const found = parts.flatMap((name) => partName(name, 'app-1') ?? []);
  expect(partsInOrder(found).map((p) => p.name)).toEqual(['events_2_app-1.compact', 'events_10_app-1.zstd']);
  expect(partName('events_1_app-1.zstd', 'app-1')).toMatchObject({ index: 1, codec: 'zstd', compacted: false });
});

test('a rolled log is written still until its status file says otherwise', () => {
  expect(rollingInProgress(['appstatus_app-1.inprogress'], 'app-1')).toBe(true);
  expect(rollingInProgress(['appstatus_app-1'], 'app-1')).toBe(false);
  expect(rollingInProgress([], 'app-1')).toBe(true);
});
