// What the history server answers over HTTP: the REST API for every application (status/rest), the pages and what only they ask, the list,
// the logs with their faults, the comparison of two runs. Which application is meant, history-server.ts knows.
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { PageFiles } from '../../status/pages/page-files.ts';
import { allowedHost } from '../../status/rest/hosts.ts';
import { pageDataRoutes } from '../../status/rest/page-data-routes.ts';
import { MOST_BODY_BYTES, pageServer } from '../../status/rest/page-server.ts';
import { renderApplication } from '../../status/rest/render-apps.ts';
import { notFound, Query, RestError } from '../../status/rest/request.ts';
import { answerError, appOf, paramsOf, restRoutes } from '../../status/rest/routes.ts';
import { applicationPage } from '../core/application-page.ts';
import { compareRuns, type RunOfComparison } from '../core/compare.ts';
import type { HistoryServer } from './history-server.ts';

export type HttpOptions = {
  readonly version: string;
  /** undefined: they were not built; there is still the REST API. */
  readonly pages: PageFiles | undefined;
  /** Names by which this host is known, besides localhost and addresses. */
  readonly hostNames: readonly string[];
  /** spark.history.ui.maxApplications */
  readonly maxApplications: number;
};

export function historyHttp(history: HistoryServer, { version, pages, hostNames, maxApplications }: HttpOptions): FastifyInstance {
  const server = fastify({ bodyLimit: MOST_BODY_BYTES, logger: false, exposeHeadRoutes: true, forceCloseConnections: true });
  server.addHook('onRequest', async (request) => {
    // A page of another site may let its own name point here; it would read what the browser's user may read.
    if (!allowedHost(request.headers.host, hostNames)) throw new RestError(403, 'Refused: this server does not go by that name.');
  });
  pageServer(server, pages);
  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof RestError && error.status === 503) reply.header('retry-after', '2');
    answerError(error, reply);
  });
  server.addHook('preHandler', async (request, reply) => {
    if (!isForQueryThread(request)) return;
    const { appId, attemptId } = paramsOf(request) as { appId: string; attemptId?: string };
    const answer = await history.askElsewhere(appId, attemptId, request.url).catch((error: Error) => {
      throw new RestError(503, `This could not be answered (${error.message}). Ask for less, or again.`);
    });
    if (answer !== undefined) return reply.code(answer.status).headers(answer.headers).send(answer.body);
  });
  restRoutes(server, history, version);
  const find = (request: FastifyRequest) => appOf(history, paramsOf(request)['appId']!, paramsOf(request)['attemptId']);
  for (const prefix of ['/history/:appId', '/history/:appId/:attemptId'])
    server.register(async (scope) => pageDataRoutes(scope, find), { prefix });
  listRoutes(server, history, maxApplications);
  return server;
}

/** Questions that sort, search or go through the tasks of a stage. */
function isForQueryThread(request: FastifyRequest): boolean {
  const path = request.routeOptions.url ?? '';
  if (request.method !== 'GET' || !path.includes(':appId')) return false;
  if (/\/(taskSummary|timeline|taskTable|taskList|tasks)$/.test(path)) return true;
  if (!/\/stages(\/:stageId(\/:attempt)?)?$/.test(path)) return false;
  const query = new Query(request.query);
  return query.bool('withSummaries', false) || query.bool('details', path.includes(':stageId'));
}

function listRoutes(server: FastifyInstance, history: HistoryServer, maxApplications: number): void {
  const get = (path: string, answer: (query: Query) => unknown): void => {
    server.get(path, async (request, reply) => {
      const value = await answer(new Query(request.query));
      return reply.type('application/json').header('cache-control', 'no-store').send(JSON.stringify(value));
    });
  };
  get('/ui/api/applications', (query) => {
    const { total, applications } = applicationPage(history.list().slice(0, maxApplications), {
      offset: Math.max(0, query.whole('offset', 0)),
      length: Math.max(0, query.whole('length', 20)),
      sortBy: query.text('sortBy') ?? 'startTime',
      descending: query.bool('descending', true),
      search: query.text('search') ?? '',
      completed: query.text('completed') === undefined ? undefined : query.bool('completed', true),
    });
    return { total, applications: applications.map(renderApplication) };
  });
  get('/ui/api/logs', () => ({ fault: history.folderFault, logs: history.logs() }));
  get('/ui/api/compare', async (query) => {
    const [left, right] = await Promise.all([runOf(history, query, 'left'), runOf(history, query, 'right')]);
    return compareRuns(left, right);
  });
}

/** `left=app-1` or `left=app-1/2`. */
async function runOf(history: HistoryServer, query: Query, name: 'left' | 'right'): Promise<RunOfComparison> {
  const [id, attemptId] = (query.text(name) ?? '').split('/') as [string, string | undefined];
  if (id === '') throw new RestError(400, `${name} is missing: /ui/api/compare?left=ID[/ATTEMPT]&right=ID[/ATTEMPT]`);
  const { view } = await appOf(history, id, attemptId);
  const application = history.list().find((app) => app.id === id);
  if (application === undefined) throw notFound(`unknown app: ${id}`);
  return { application, attemptId, stages: view.stages() };
}
