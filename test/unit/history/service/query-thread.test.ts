// Questions about stages of large applications do not hold up the server: order of answers, and the same answers as in the server's own thread.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HistoryServer } from '../../../../src/history/service/history-server.ts';
import { historyHttp } from '../../../../src/history/service/http-app.ts';
import { openDatabase } from '../../../../src/platform/database.ts';
import { systemClock, systemTimers } from '../../../../src/platform/system-clock.ts';
import { writeEventLog } from '../../../helpers/write-event-log.ts';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const HOLDING = file('../../../fixtures/history/holding-query-worker.mjs');
const REAL = file('../../../../src/history/query/worker-main.ts');
const quiet = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
let root: string;
const stops: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'el-query-'));
  mkdirSync(join(root, 'logs'));
  writeEventLog(join(root, 'logs/app-1'), { stages: 2, tasksPerStage: 60 });
  process.env['EMBERLOOM_TEST_RELEASE'] = join(root, 'release');
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  delete process.env['EMBERLOOM_TEST_RELEASE'];
  rmSync(root, { recursive: true, force: true });
});

async function serving(queryWorkerFile: string, largeIndexBytes: number, store: string) {
  const history = new HistoryServer(
    {
      logFolder: join(root, 'logs'),
      storePath: join(root, store),
      updateIntervalMs: 60_000,
      maxDiskUsageBytes: 1e9,
      retainedApplications: 5,
      indexAhead: false,
      compaction: { maxFilesToRetain: 2 ** 31 - 1, scoreThreshold: 0.7 },
      cleaner: undefined,
      workerFile: file('../../../../src/history/worker-main.ts'),
      queryWorkerFile,
      largeIndexBytes,
    },
    {
      clock: systemClock,
      timers: systemTimers,
      logger: quiet,
      openDatabase,
      lockDatabase: (path) => openDatabase(path, { migrations: [], synchronous: 'NORMAL', exclusive: true }),
      join,
    },
  );
  const http = historyHttp(history, { version: '4.0.1', pages: undefined, hostNames: [], maxApplications: 10 });
  await history.start();
  stops.push(async () => {
    await http.close();
    await history.stop();
  });
  return { history, http };
}

async function serve(...where: Parameters<typeof serving>) {
  const { http } = await serving(...where);
  return async (url: string) => {
    const { statusCode, body } = await http.inject({ url, headers: { host: 'localhost' } });
    return { statusCode, body };
  };
}

const API = '/api/v1/applications/app-1';

test('while a slow question holds its thread, the list and everything but stages is answered', async () => {
  const get = await serve(HOLDING, 0, 'store');
  const order: string[] = [];
  const slow = get(`${API}/stages/0/0/taskTable?search[value]=host2`).then((answer) => {
    order.push('search');
    return answer;
  });
  for (const path of [
    '/api/v1/applications',
    `${API}/jobs`,
    `${API}/allexecutors`,
    '/ui/api/applications',
    '/history/app-1/ui/api/alarms',
  ]) {
    expect((await get(path)).statusCode, path).toBe(200);
    order.push('other');
  }
  writeFileSync(join(root, 'release'), '');
  expect(await slow).toEqual({ statusCode: 200, body: 'held app-1' });
  expect(order).toEqual(['other', 'other', 'other', 'other', 'other', 'search']);
});

test('answers and refusals of the thread are those of the server', async () => {
  const there = await serve(REAL, 0, 'store1');
  const here = await serve(HOLDING, Number.POSITIVE_INFINITY, 'store2');
  const asked = [
    '/stages?withSummaries=true&details=false',
    '/stages/1?details=true',
    '/stages/0/0/taskList?length=100000',
    '/stages/0/0/taskSummary?quantiles=0.1234,0.9',
    '/stages/0/0/taskSummary?quantiles=x',
    '/stages/0/0/taskList?sortBy=-runtime&length=5',
    '/stages/0/0/taskList?sortBy=-runtime&length=100000',
    '/stages?details=true',
    '/stages/0/0?taskStatus=success',
    '/stages/0/0/taskTable?search[value]=host2&length=3',
    '/stages/9/0/taskTable',
    '/stages/x/0/taskSummary',
  ].map((path) => API + path);
  for (const url of [...asked, '/history/app-1/ui/api/stages/1/0/tasks?search=host3', '/history/app-1/ui/api/stages/0/0/timeline']) {
    expect(await there(url), url).toEqual(await here(url));
  }
  expect((await there('/api/v1/applications/nobody/stages/0/0/taskSummary')).body).toBe('no such app: nobody');
});

test('a long answer comes piece by piece: another log is asked in its middle, and a client that goes away leaves nothing behind', async () => {
  writeEventLog(join(root, 'logs/app-2'), { applicationId: 'app-2', stages: 1, tasksPerStage: 1_000 });
  const { history } = await serving(REAL, 0, 'store');
  const ask = async (appId: string, path: string) =>
    (await history.askElsewhere(appId, undefined, `/api/v1/applications/${appId}${path}`))!;
  const begin = async () => {
    const { body } = await ask('app-2', '/stages/0/0/taskList?sortBy=-runtime&length=100000');
    if (typeof body === 'string') throw new Error('it came as a whole');
    return body.setEncoding('utf8');
  };
  const [read, left] = [await begin(), await begin()];
  const pieces: string[] = [];
  for await (const piece of read) {
    pieces.push(piece as string);
    if (pieces.length === 1) expect((await ask('app-1', '/stages/1/0/taskSummary')).status).toBe(200);
    if (pieces.length === 2) left.destroy();
  }
  const tasks = JSON.parse(pieces.join('')) as { taskId: number }[];
  expect(new Set(tasks.map(({ taskId }) => taskId)).size).toBe(1_000);
  expect(pieces.length).toBeGreaterThan(2);
  expect((await ask('app-2', '/stages/0/0/taskList?length=1')).body).toContain('"taskId" : ');
});

test('a thread that dies of a question: 503 for that one, the next one is answered', async () => {
  writeFileSync(
    join(root, 'dies.mjs'),
    `import { parentPort } from 'node:worker_threads';
import { existsSync, writeFileSync } from 'node:fs';
parentPort.on('message', ({ id }) => {
  if (existsSync('${join(root, 'once')}')) return parentPort.postMessage({ id, status: 200, headers: {}, body: 'alive' });
  writeFileSync('${join(root, 'once')}', '');
  throw new Error('out of luck');
});`,
  );
  const get = await serve(join(root, 'dies.mjs'), 0, 'store');
  const died = await get(`${API}/stages/0/0/taskSummary`);
  expect(died.statusCode).toBe(503);
  expect(died.body).toContain('out of luck');
  expect((await get(`${API}/stages/0/0/taskSummary`)).body).toBe('alive');
});
