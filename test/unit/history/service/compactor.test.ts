import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compactLog, leftovers } from '../../../../src/history/service/compactor.ts';
import { indexLog } from '../../../../src/history/service/indexer.ts';
import { scanLogFolder } from '../../../../src/history/service/log-folder.ts';
import { summarize } from '../../../../src/history/service/log-summary.ts';
import { openIndex } from '../../../../src/history/store/index-file.ts';
import { openDatabase } from '../../../../src/platform/database.ts';
import { eventLines } from '../../../helpers/write-event-log.ts';
import { zstdText } from '../../../helpers/zstd-text.ts';

const KEY = 'eventlog_v2_app-1';
let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'el-compact-'));
  folder = join(root, 'logs');
  mkdirSync(join(folder, KEY), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const inside = (name: string) => join(folder, KEY, name);
const names = () => readdirSync(join(folder, KEY)).sort();
const found = () => scanLogFolder(folder).find(({ key }) => key === KEY)!;
const LIMITS = { maxFilesToRetain: 2, scoreThreshold: 0.7 };
const compact = (limits = LIMITS) => compactLog({ folder, log: found(), limits });
const indexed = async () => {
  await indexLog({ folder, log: found(), path: join(root, 'index') }, openDatabase, () => {});
  const index = openIndex(join(root, 'index'), openDatabase)!;
  const jobs = [...index.state.jobs.values()].map(({ jobId, status }) => `${jobId} ${status}`);
  index.close();
  return jobs;
};

/** Five parts: each job is in one, and the last has the end. */
function rolled(ending = '.zstd'): void {
  const lines = [...eventLines({ stages: 5, tasksPerStage: 10 })];
  let part = 1;
  let text = '';
  const flush = (): void => {
    writeFileSync(inside(`events_${part++}_app-1${ending}`), ending === '' ? text : zstdCompressSync(text));
    text = '';
  };
  for (const line of lines) {
    text += `${line}\n`;
    if (line.includes('"SparkListenerJobEnd"') && part < 5) flush();
  }
  flush();
  writeFileSync(inside('appstatus_app-1'), '');
}

test("the oldest parts become one with Spark's name, and age as before; the list and what is left are read as ever", async () => {
  rolled();
  utimesSync(inside('events_3_app-1.zstd'), 1_000, 2_000);
  expect(await compact()).toMatchObject({ compacted: `${KEY}/events_3_app-1.zstd.compact`, removed: 3 });
  expect(names()).toEqual(['appstatus_app-1', 'events_3_app-1.zstd.compact', 'events_4_app-1.zstd', 'events_5_app-1.zstd']);
  expect(statSync(inside('events_3_app-1.zstd.compact')).mtimeMs).toBe(2_000_000);
  const text = zstdText(inside('events_3_app-1.zstd.compact'));
  expect(text).toContain('SparkListenerApplicationStart');
  expect(text).not.toContain('SparkListenerTaskEnd');
  expect((await summarize(folder, found())).summary).toMatchObject({ applicationId: 'app-1', name: 'made' });
  expect(await indexed()).toEqual(['3 SUCCEEDED', '4 SUCCEEDED']);
  // Again there is nothing to do until there are more files.
  expect(await compact()).toMatchObject({ compacted: undefined, removed: 0 });
});

test('a second compaction takes the compacted part in', async () => {
  rolled('');
  await compact({ ...LIMITS, maxFilesToRetain: 3 });
  expect(names()).toEqual(['appstatus_app-1', 'events_2_app-1.compact', 'events_3_app-1', 'events_4_app-1', 'events_5_app-1']);
  await compact({ ...LIMITS, maxFilesToRetain: 1 });
  expect(names()).toEqual(['appstatus_app-1', 'events_4_app-1.compact', 'events_5_app-1']);
  expect(readFileSync(inside('events_4_app-1.compact'), 'utf8').match(/SparkListenerLogStart/g)).toHaveLength(1);
  expect(await indexed()).toEqual(['4 SUCCEEDED']);
});

test('an index that was there keeps what compaction dropped', async () => {
  rolled();
  const before = await indexed();
  expect(before).toHaveLength(5);
  await compact();
  expect(await indexed()).toEqual(before);
  writeFileSync(inside('events_6_app-1.zstd'), zstdCompressSync('{"Event":"SparkListenerJobStart","Job ID":9,"Stage IDs":[]}\n'));
  expect(await indexed()).toEqual([...before, '9 RUNNING']);
});

test('tasks that run still: the log stays as it is', async () => {
  rolled();
  const unended = [...eventLines({ stages: 5, tasksPerStage: 10 })].filter((line) => !line.includes('"SparkListenerJobEnd"'));
  writeFileSync(inside('events_1_app-1.zstd'), zstdCompressSync(unended.join('\n')));
  const before = names();
  expect(await compact()).toMatchObject({ compacted: undefined, reason: 'only 57 % of its tasks are over' });
  expect(names()).toEqual(before);
});

test('a part that is damaged: nothing is dropped', async () => {
  rolled();
  const bytes = readFileSync(inside('events_2_app-1.zstd'));
  writeFileSync(inside('events_2_app-1.zstd'), bytes.fill(7, 30, 60));
  const before = names();
  await expect(compact()).rejects.toThrow('is damaged and is not compacted');
  expect(names()).toEqual(before);
});

test('killed between the rename and the removals, or while writing: read right meanwhile, tidied the next time', async () => {
  rolled();
  const originals = ['events_1_app-1.zstd', 'events_3_app-1.zstd'].map((name) => [name, readFileSync(inside(name))] as const);
  await compact();
  for (const [name, bytes] of originals) writeFileSync(inside(name), bytes);
  const dead = `.compacting-${hostname()}-999999999`;
  writeFileSync(inside(dead), 'half');
  writeFileSync(inside('events_3_app-1.zstd.compact.inprogress'), 'half of a compaction of real Spark');
  expect(found().parts.map(({ path }) => path.slice(KEY.length + 1))).toEqual([
    'events_3_app-1.zstd.compact',
    'events_4_app-1.zstd',
    'events_5_app-1.zstd',
  ]);
  expect(leftovers(folder, KEY).sort()).toEqual([dead, 'events_1_app-1.zstd', 'events_3_app-1.zstd']);
  expect(await compact()).toMatchObject({ removed: 3 });
  expect(leftovers(folder, KEY)).toEqual([]);
});

test('a compacted part whose compression its name does not say, as real Spark writes it with default settings', async () => {
  rolled('');
  await compact();
  const plain = readFileSync(inside('events_3_app-1.compact'));
  writeFileSync(inside('events_3_app-1.compact'), zstdCompressSync(plain));
  expect(found().parts[0]).toMatchObject({ codec: 'zstd' });
  expect((await summarize(folder, found())).summary?.applicationId).toBe('app-1');
});
