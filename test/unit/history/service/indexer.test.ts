import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { indexLog } from '../../../../src/history/service/indexer.ts';
import { scanLogFolder } from '../../../../src/history/service/log-folder.ts';
import { openIndex } from '../../../../src/history/store/index-file.ts';
import { openDatabase } from '../../../../src/platform/database.ts';
import { EventReader } from '../../../../src/status/event-json.ts';
import { liveTaskTables } from '../../../../src/status/store/live-task-table.ts';
import { StatusState } from '../../../../src/status/store/status-state.ts';
import { StatusStore } from '../../../../src/status/store/status-store.ts';
import type { StatusView } from '../../../../src/status/store/status-view.ts';
import { eventLines } from '../../../helpers/write-event-log.ts';

const GOLDEN = new URL('../../../fixtures/golden/eventlog.real-4.0.1.jsonl', import.meta.url);
const NOW_MS = 1_800_000_000_000;
let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'el-index-'));
  folder = join(root, 'logs');
  mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const path = () => join(root, 'index.sqlite');
async function index(key: string) {
  const log = scanLogFolder(folder).find((l) => l.key === key)!;
  return await indexLog({ folder, log, path: path() }, openDatabase, () => {});
}

/** What a view says of everything, for comparing the index with the live store that had the same events. */
function everything(view: StatusView): unknown {
  const stages = view.stages();
  return {
    application: view.application(),
    environment: view.environment(),
    jobs: view.jobs(),
    stages,
    executors: view.executors(false),
    rdds: view.rdds(),
    sql: view.sqlExecutions(0, 100),
    ofStages: stages.map(({ stageId, attemptId }) => ({
      tasks: view.tasks(stageId, attemptId, { offset: 0, length: 1_000 }),
      slowest: view.tasks(stageId, attemptId, { offset: 1, length: 7, sort: { by: 'duration', descending: true } }).map((t) => t.taskId),
      byRead: view.tasks(stageId, attemptId, { offset: 0, length: 9, sort: { by: 'inputBytes', descending: false } }).map((t) => t.taskId),
      byHost: view.tasks(stageId, attemptId, { offset: 0, length: 9, sort: { by: 'host', descending: false } }).map((t) => t.taskId),
      searched: view.tasks(stageId, attemptId, { offset: 0, length: 9, search: 'host2' }).map((t) => t.taskId),
      counts: [{}, { status: ['SUCCESS'] }, { status: ['FAILED'] }, { search: '3' }, { search: 'host1' }].map((f) =>
        view.taskCount(stageId, attemptId, f),
      ),
      summary: view.taskSummary(stageId, attemptId, [0, 0.25, 0.333, 0.5, 0.95, 1]),
      executors: view.executorSummary(stageId, attemptId),
      timeline: view.timeline(stageId, attemptId),
      graph: view.stageGraph(stageId),
      jobs: view.jobsOfStage(stageId),
    })),
  };
}

function indexed(look: (view: StatusView) => unknown): unknown {
  const opened = openIndex(path(), openDatabase)!;
  try {
    return structuredClone(look(new StatusStore(opened.state, { nowMs: () => NOW_MS })));
  } finally {
    opened.close();
  }
}

function live(lines: Iterable<string>): StatusView {
  const store = new StatusStore(new StatusState(liveTaskTables(1_000_000)), { nowMs: () => NOW_MS });
  const reader = new EventReader(store);
  for (const line of lines) reader.line(line);
  return store;
}

describe('an index answers as the live store does', () => {
  test('a log of ours', async () => {
    const lines = [...eventLines({ stages: 3, tasksPerStage: 60 })];
    writeFileSync(join(folder, 'app-1'), `${lines.join('\n')}\n`);
    const { progress, summary } = await index('app-1');
    expect(progress).toMatchObject({ complete: true, closed: true, badLines: 0, lines: lines.length });
    expect(summary).toMatchObject({ applicationId: 'app-1', name: 'made' });
    expect(indexed(everything)).toEqual(everything(live(lines)));
  });

  test('a log of real Spark 4.0.1', async () => {
    const { readFileSync } = await import('node:fs');
    const text = readFileSync(GOLDEN, 'utf8');
    writeFileSync(join(folder, 'local-1795351723684'), text);
    await index('local-1795351723684');
    expect(indexed(everything)).toEqual(everything(live(text.split('\n'))));
  });

  test('a log that stops in the middle of its tasks: they run', async () => {
    const lines = [...eventLines({ stages: 1, tasksPerStage: 40 })].slice(0, 60);
    writeFileSync(join(folder, 'app-1.inprogress'), `${lines.join('\n')}\n`);
    await index('app-1');
    expect(indexed(everything)).toEqual(everything(live(lines)));
    expect(indexed((view) => view.taskCount(0, 0, { status: ['RUNNING'] }))).toBe(7);
  });
});

test('a log in progress is read on where it stopped, at every line, and when it is closed', async () => {
  const lines = [...eventLines({ stages: 2, tasksPerStage: 12 })];
  const file = join(folder, 'app-1.inprogress');
  writeFileSync(file, '');
  for (let i = 0; i < lines.length; i += 5) {
    const text = `${lines.slice(i, i + 5).join('\n')}\n`;
    appendFileSync(file, text.slice(0, -20)); // the writer's buffer ends anywhere
    await index('app-1');
    appendFileSync(file, text.slice(-20));
  }
  renameSync(file, join(folder, 'app-1'));
  const { progress } = await index('app-1');
  expect(progress).toMatchObject({ lines: lines.length, badLines: 0, closed: true });
  expect(indexed(everything)).toEqual(everything(live(lines)));
  // A closed log that has not changed is not read again.
  expect((await index('app-1')).progress).toEqual(progress);
});

test('a rolled, compressed log gets further parts', async () => {
  const lines = [...eventLines({ stages: 2, tasksPerStage: 12 })];
  const rolled = join(folder, 'eventlog_v2_app-1');
  mkdirSync(rolled);
  writeFileSync(join(rolled, 'appstatus_app-1.inprogress'), '');
  for (let n = 1; n <= 3; n++) {
    const third = lines.slice(Math.floor(((n - 1) * lines.length) / 3), Math.floor((n * lines.length) / 3));
    writeFileSync(join(rolled, `events_${n}_app-1.zstd`), zstdCompressSync(`${third.join('\n')}\n`));
    await index('eventlog_v2_app-1');
  }
  renameSync(join(rolled, 'appstatus_app-1.inprogress'), join(rolled, 'appstatus_app-1'));
  expect((await index('eventlog_v2_app-1')).progress).toMatchObject({ lines: lines.length, closed: true });
  expect(indexed(everything)).toEqual(everything(live(lines)));
});

test('a file that was written anew under the old name is read anew', async () => {
  writeFileSync(join(folder, 'app-1'), `${[...eventLines({ stages: 3, tasksPerStage: 20 })].join('\n')}\n`);
  await index('app-1');
  const lines = [...eventLines({ stages: 4, tasksPerStage: 20, name: 'another' })];
  writeFileSync(join(folder, 'app-1'), `${lines.join('\n')}\n`);
  await index('app-1');
  expect(indexed(everything)).toEqual(everything(live(lines)));
});

test('lines that are no events cost themselves only, and are told', async () => {
  const lines = [...eventLines({ stages: 1, tasksPerStage: 10 })];
  const damaged = [...lines.slice(0, 5), '{"Event":"SparkListenerTaskEnd", garbage', ...lines.slice(5), '{"Event":"SomethingNew"}'];
  writeFileSync(join(folder, 'app-1'), damaged.join('\n'));
  const { progress } = await index('app-1');
  expect(progress).toMatchObject({ badLines: 1 });
  expect(progress.fault).toMatch(/^line 6 is no event/);
  expect(indexed(everything)).toEqual(everything(live(lines)));
});

test('an index that is damaged, or of another format, is made anew', async () => {
  const lines = [...eventLines({ stages: 1, tasksPerStage: 10 })];
  writeFileSync(join(folder, 'app-1'), lines.join('\n'));
  writeFileSync(path(), 'this is no database, but it lies where one is wanted'.repeat(100));
  expect(openIndex(path(), openDatabase)).toBeUndefined();
  await index('app-1');
  expect(indexed(everything)).toEqual(everything(live(lines)));
});

test('a large stage: stored quantiles and those that are searched for are the same as sorted ones', async () => {
  const lines = [...eventLines({ stages: 1, tasksPerStage: 4_100 })];
  writeFileSync(join(folder, 'app-1'), lines.join('\n'));
  await index('app-1');
  const quantiles = [0, 0.001, 0.05, 0.25, 0.3333, 0.5, 0.77777, 0.95, 1];
  expect(indexed((view) => view.taskSummary(0, 0, quantiles))).toEqual(live(lines).taskSummary(0, 0, quantiles));
  const page = { offset: 17, length: 5, sort: { by: 'shuffleBytesWritten', descending: true } };
  expect(indexed((view) => view.tasks(0, 0, page))).toEqual(live(lines).tasks(0, 0, page));
});

test('a full disk is said with the index and its reason, and the log is read when there is room', async () => {
  writeFileSync(join(folder, 'log'), [...eventLines({ stages: 3, tasksPerStage: 400 })].map((line) => `${line.trimEnd()}\n`).join(''));
  const small: typeof openDatabase = (file, options) => {
    const db = openDatabase(file, options);
    db.prepare('PRAGMA max_page_count = 30').get();
    return db;
  };
  const log = scanLogFolder(folder)[0]!;
  const read = (open: typeof openDatabase) => indexLog({ folder, log, path: path() }, open, () => {});
  await expect(read(small)).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
    message: expect.stringContaining(`${path()} can't be used: database or disk is full`),
  });
  expect((await read(openDatabase)).progress.complete).toBe(true);
});
