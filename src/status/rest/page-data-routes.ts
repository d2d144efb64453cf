// What only the pages ask (`/ui/api/…`; the list is pages/page-routes.ts), and Spark's POSTs that kill a job or stage. One plugin: the driver
// mounts it at its root, the history server below /history/ID. Plain compact JSON, times in ms.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AppHandle, LiveApp } from './app-source.ts';
import { eventStream } from './event-stream.ts';
import { JsonItems } from './java-json.ts';
import { sendJson } from './json-stream.ts';
import { renderTasks } from './render-stages.ts';
import { notFound, pathNumber, Query, RestError } from './request.ts';
import { attemptOf } from './stage-routes.ts';

const MOST_PROFILE_SECONDS = 60;
const TASK_STATUSES = ['RUNNING', 'GET RESULT', 'SUCCESS', 'FAILED', 'KILLED', 'UNKNOWN'] as const;
type Find = (request: FastifyRequest) => AppHandle | Promise<AppHandle>;

/** @param find the application that a request means. @throws RestError 404 */
export function pageDataRoutes(server: FastifyInstance, find: Find): void {
  const get = (path: string, answer: (app: AppHandle, request: FastifyRequest, reply: FastifyReply) => unknown): void => {
    server.get(`/ui/api${path}`, async (request, reply) => {
      const value = await answer(await find(request), request, reply);
      return value === reply ? reply : reply.type('application/json').header('cache-control', 'no-store').send(JSON.stringify(value));
    });
  };
  const params = (request: FastifyRequest) => request.params as Record<string, string>;
  get('/alarms', (app) => app.view.alarms());
  get('/jobs/errors', (app) =>
    Object.fromEntries(app.view.jobs(['FAILED']).flatMap(({ jobId, error }) => (error === undefined ? [] : [[jobId, error]]))),
  );
  get('/stages/:stageId/graph', (app, request) => {
    const graph = app.view.stageGraph(pathNumber(params(request)['stageId']));
    if (graph === undefined) throw notFound(`unknown stage: ${params(request)['stageId']}`);
    return graph;
  });
  get('/stages/:stageId/jobs', (app, request) => app.view.jobsOfStage(pathNumber(params(request)['stageId'])));
  get('/stages/:stageId/:attempt/timeline', (app, request) => {
    const { stageId, attemptId } = attemptOf(app, params(request));
    return app.view.timeline(stageId, attemptId);
  });
  get('/stages/:stageId/:attempt/executors', (app, request) => {
    const { stageId, attemptId } = attemptOf(app, params(request));
    return app.view.executorSummary(stageId, attemptId) ?? {};
  });
  get('/stages/:stageId/:attempt/tasks', (app, request, reply) => {
    const { stageId, attemptId } = attemptOf(app, params(request));
    const query = new Query(request.query);
    const status = query.all('status').flatMap((list) => list.split(',').filter((word) => word !== ''));
    for (const word of status)
      if (!(TASK_STATUSES as readonly string[]).includes(word)) throw new RestError(400, `unknown task status: ${word}`);
    const filter = { status, search: query.text('search') || undefined };
    const page = {
      ...filter,
      offset: Math.max(0, query.whole('offset', 0)),
      length: Math.max(0, query.whole('length', 20)),
      sort: { by: sortName(query.text('sortBy') ?? 'index'), descending: query.bool('descending', false) },
    };
    const tasks = new JsonItems(renderTasks(app.view.eachTask(stageId, attemptId, page)));
    return sendJson(reply.header('cache-control', 'no-store'), { total: app.view.taskCount(stageId, attemptId, filter), tasks });
  });
  get('/pools', (app) => {
    const pools = app.live?.pools();
    if (pools === undefined) throw notFound('There are no pools: spark.scheduler.mode is not FAIR, or the application has ended.');
    return pools;
  });
  get('/executors/:executorId/profile', async (app, request, reply) => {
    const seconds = Math.max(1, Math.min(MOST_PROFILE_SECONDS, new Query(request.query).whole('seconds', 5)));
    const live = running(app);
    if (!live.profileEnabled) throw new RestError(403, 'spark.ui.threadDump.flamegraphEnabled is false.');
    fromHere(request); // it makes tasks slower
    const folded = await live.profile(params(request)['executorId']!, seconds);
    if (folded === undefined) throw notFound('No profile is available: the executor has gone, or is not connected.');
    return reply.type('text/plain; charset=utf-8').header('cache-control', 'no-store').send(folded);
  });
  get('/live', (app, _request, reply) => {
    if (app.live === undefined) throw notFound('The application has ended: nothing changes any more.');
    return eventStream(app.view, reply);
  });
  killRoute(server, find, '/jobs/job/kill/', 'job', (live, id) => live.killJob(id));
  killRoute(server, find, '/stages/stage/kill/', 'stage', (live, id) => live.killStage(id));
}

/** Names of the REST API's TaskMetrics that differ from the columns'. */
const SORT_NAMES: Readonly<Record<string, string>> = {
  executorDeserializeCpuTime: 'executorDeserializeCpuTimeNs',
  executorCpuTime: 'executorCpuTimeNs',
  jvmGcTime: 'gcTime',
  'inputMetrics.bytesRead': 'inputBytes',
  'inputMetrics.recordsRead': 'inputRecords',
  'outputMetrics.bytesWritten': 'outputBytes',
  'outputMetrics.recordsWritten': 'outputRecords',
  'shuffleReadMetrics.fetchWaitTime': 'shuffleFetchWaitTime',
  'shuffleReadMetrics.recordsRead': 'shuffleRecordsRead',
  'shuffleReadMetrics.remoteBytesRead': 'shuffleRemoteBytes',
  'shuffleReadMetrics.localBytesRead': 'shuffleLocalBytes',
  'shuffleWriteMetrics.bytesWritten': 'shuffleBytesWritten',
  'shuffleWriteMetrics.writeTime': 'shuffleWriteTimeNs',
  'shuffleWriteMetrics.recordsWritten': 'shuffleRecordsWritten',
};
const sortName = (name: string): string => SORT_NAMES[name] ?? name;

function running(app: AppHandle): LiveApp {
  if (app.live === undefined) throw new RestError(503, 'Only while the application runs.');
  return app.live;
}

/** @throws RestError what another site's page asks for has its Origin or says cross-site: it must not kill anything, nor make it slow */
function fromHere({ headers: { origin, host, 'sec-fetch-site': site } }: FastifyRequest): void {
  if ((origin !== undefined && origin !== `http://${host}`) || (site !== undefined && site !== 'same-origin' && site !== 'none'))
    throw new RestError(403, 'Refused: this request comes from another site.');
}

/** Then back to the list, as in Spark. */
function killRoute(server: FastifyInstance, find: Find, path: string, what: string, kill: (live: LiveApp, id: number) => boolean): void {
  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const live = running(await find(request));
    if (!live.killEnabled) throw new RestError(403, 'spark.ui.killEnabled is false.');
    fromHere(request);
    const id = pathNumber(new Query(request.query).text('id') ?? (request.body as { id?: string } | null | undefined)?.id);
    if (!kill(live, id)) throw notFound(`${what} ${id} does not run.`);
    return reply.code(302).header('location', `../../`).send('');
  };
  server.post(path, handle);
  server.post(path.slice(0, -1), handle);
  for (const p of [path, path.slice(0, -1)])
    server.get(p, (_request, reply) => reply.code(405).header('allow', 'POST').type('text/plain').send('Killing is a POST.'));
}
