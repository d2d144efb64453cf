// What the REST API refuses, in Spark's words, and what its parameters do.
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { pageDataRoutes } from '../../../../src/status/rest/page-data-routes.ts';
import type { LiveApp } from '../../../../src/status/rest/app-source.ts';
import { answerError, restRoutes } from '../../../../src/status/rest/routes.ts';
import { javaText, printJson } from '../../../../src/status/rest/java-json.ts';
import { stageInfo, TestApplication } from '../../../helpers/status-events.ts';

const killed: string[] = [];
const live: LiveApp = {
  killEnabled: true,
  profileEnabled: true,
  threads: async () => [{ threadId: 1, threadName: 't', threadState: 'RUNNABLE', stackTrace: ['at f (job.ts:1)'], taskId: 5 }],
  profile: async () => 'slot 0;f (job.ts:1) 3\n',
  killJob: (id) => id === 0 && killed.push(`job ${id}`) > 0,
  killStage: () => false,
  pools: () => undefined,
};
const app = new TestApplication().executor('1');
app
  .job(0, [stageInfo(0)])
  .submit(stageInfo(0))
  .task(0, 0)
  .task(0, 1, { reason: { tag: 'TaskKilled', reason: 'r' } });
const handle = { view: app.store, live };
const server = fastify();
server.setErrorHandler((error, _request, reply) => answerError(error, reply));
restRoutes(server, { list: () => [app.store.application()!], find: (id) => (id === 'app-1' ? handle : undefined) }, '1');
pageDataRoutes(server, () => handle);
const A = '/api/v1/applications';

const refusals: [string, number, string][] = [
  [`${A}/no`, 404, 'unknown app: no'],
  [`${A}/no/jobs`, 404, 'no such app: no'],
  [`${A}/no/7/jobs`, 404, 'no such app: no/7'],
  [`${A}/app-1/7`, 404, 'unknown app app-1, attempt 7'],
  [`${A}/app-1/jobs/9`, 404, 'unknown job: 9'],
  [`${A}/app-1/stages/9`, 404, 'unknown stage: 9'],
  [`${A}/app-1/stages/0/3`, 404, 'unknown attempt for stage 0.  Found attempts: [0]'],
  [`${A}/app-1/stages/9/0/taskSummary`, 404, 'No tasks reported metrics for 9 / 0 yet.'],
  [`${A}/app-1/stages/0/0/taskSummary?quantiles=0.1,foo`, 400, 'Bad value for parameter "quantiles".  Expected a double, got "foo"'],
  [`${A}/app-1/storage/rdd/4`, 404, 'no rdd found w/ id 4'],
  [`${A}/app-1/sql/4`, 404, 'unknown query execution id: 4'],
  [`${A}/app-1/executors/x/threads`, 400, "Invalid executorId: neither 'driver' nor number."],
  [`${A}/app-1/executors/9/threads`, 404, 'Executor does not exist.'],
  [`${A}/app-1/threads?taskId=1&executorId=1`, 404, 'No thread dump is available.'],
  [`${A}/app-1/logs`, 503, 'Event logs are not available for app: app-1.'],
  [`${A}/app-1/streaming/statistics`, 404, 'no streaming listener attached to test'],
  [`${A}?minDate=yesterday`, 400, "Couldn't parse date: yesterday"],
  [`${A}?status=asleep`, 404, 'HTTP 404 Not Found'],
];
test.each(refusals)('%s is refused', async (url, status, text) => {
  const answer = await server.inject(url);
  expect([answer.statusCode, answer.body]).toEqual([status, text]);
  expect(answer.headers['content-type']).toMatch(/^text\/plain/);
});

const get = async (path: string) => JSON.parse((await server.inject(`${A}${path}`)).body);

test('parameters', async () => {
  expect(await get('?status=running&minDate=1970-01-01&limit=5')).toHaveLength(1);
  expect(await get('')).toHaveLength(0); // it began before 2010
  expect(await get('?minDate=1970-01-01&limit=0')).toHaveLength(0);
  expect(await get('/app-1/jobs?status=succeeded')).toHaveLength(0);
  expect(await get('/app-1/jobs?status=running&status=failed')).toHaveLength(1);
  expect(await get('/app-1/stages?status=active')).toHaveLength(1);
  expect((await get('/app-1/stages'))[0]).not.toHaveProperty('tasks');
  expect(Object.keys((await get('/app-1/stages/0/0?taskStatus=KILLED')).tasks)).toEqual(['1']);
  const summary = await get('/app-1/stages/0/0?details=false&withSummaries=true&quantiles=0,1');
  expect(summary.taskMetricsDistributions.quantiles).toEqual([0, 1]);
  expect(summary.executorMetricsDistributions.succeededTasks).toEqual([1, 1]);
  expect(summary).not.toHaveProperty('tasks');
  expect(await get('/app-1/stages/0/0/taskList?sortBy=-runtime&length=1')).toHaveLength(1);
  const table = await get('/app-1/stages/0/0/taskTable?numTasks=2&start=0&length=1&columnNameToSort=Index&order[0][dir]=desc');
  expect(table).toMatchObject({ recordsTotal: '2', recordsFiltered: '2', aaData: [{ index: 1 }] });
  expect((await get('/app-1/executors/1/threads'))[0]).toMatchObject({ threadName: 't', stackTrace: { elems: ['at f (job.ts:1)'] } });
  expect(await get('/app-1/threads?taskId=5&executorId=1')).toMatchObject({ threadId: 1 });
});

test('a recording is refused to another site, and by spark.ui.threadDump.flamegraphEnabled=false', async () => {
  const url = '/ui/api/executors/1/profile?seconds=1';
  expect((await server.inject(url)).body).toBe('slot 0;f (job.ts:1) 3\n');
  expect((await server.inject({ url, headers: { 'sec-fetch-site': 'cross-site' } })).statusCode).toBe(403);
  const off = fastify();
  off.setErrorHandler((error, _request, reply) => answerError(error, reply));
  pageDataRoutes(off, () => ({ view: app.store, live: { ...live, profileEnabled: false } }));
  const answer = await off.inject(url);
  expect([answer.statusCode, answer.body]).toEqual([403, 'spark.ui.threadDump.flamegraphEnabled is false.']);
});

test('a kill needs a POST of this very site', async () => {
  const post = (url: string, headers: Record<string, string> = {}) => server.inject({ method: 'POST', url, headers });
  expect((await server.inject('/jobs/job/kill/?id=0')).statusCode).toBe(405);
  expect((await post('/jobs/job/kill/?id=0', { origin: 'http://evil.example' })).statusCode).toBe(403);
  expect((await post('/jobs/job/kill/?id=0', { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
  expect(killed).toEqual([]);
  expect((await post('/jobs/job/kill/?id=0', { origin: 'http://localhost:80', host: 'localhost:80' })).statusCode).toBe(302);
  expect(killed).toEqual(['job 0']);
  expect((await post('/stages/stage/kill/?id=0')).statusCode).toBe(404);
});

test("numbers as Java's, keys as Jackson's", () => {
  expect([0, 1, 0.05, 1e7, 23_110_913, 9_999_999, 1e-4, 1.5e10, -2].map(javaText)).toEqual([
    '0.0',
    '1.0',
    '0.05',
    '1.0E7',
    '2.3110913E7',
    '9999999.0',
    '1.0E-4',
    '1.5E10',
    '-2.0',
  ]);
  expect(printJson({ a: [], b: {}, c: undefined, d: [1, { e: '"' }] })).toBe(
    '{\n  "a" : [ ],\n  "b" : { },\n  "d" : [ 1, {\n    "e" : "\\""\n  } ]\n}',
  );
});
