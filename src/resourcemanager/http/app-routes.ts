// Reading applications, their attempts and containers below /ws/v1/cluster. Source: YARN's RMWebServices, WebServices.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../../common/errors.ts';
import { isContainerId } from '../../common/ids.ts';
import { answer } from '../../web/answer.ts';
import { answerList } from '../../web/answer-list.ts';
import { Query } from '../../web/query.ts';
import { badRequest } from '../../web/web-error.ts';
import type { Application } from '../core/entities.ts';
import { containerReports } from '../core/reports.ts';
import { APPLICATION_STATES, filteredApps, statesOf } from './app-filters.ts';
import { applicationNamed, attemptNamed, paramOf, viewable } from './asking.ts';
import { attemptInfo, containerInfo } from './render-attempts.ts';
import { appInfo, appRendering, lifetimeOf } from './render-app.ts';
import type { RmHttpParts } from './rm-app.ts';

const BASE = '/ws/v1/cluster';
const APP = `${BASE}/apps/:appId`;

export function appRoutes(app: FastifyInstance, parts: RmHttpParts): void {
  const { cluster } = parts.loop.core;
  app.get(`${BASE}/apps`, async (request, reply) => {
    const query = new Query(request);
    const hidden = new Set(query.words('deSelects'));
    const { mayView, seen } = await viewOf(parts, request, filteredApps(cluster, query));
    const rendering = appRendering(parts);
    return answerList(request, reply, { root: 'apps', item: 'app' }, seen, (a) => without(appInfo(rendering, a, mayView(a)), hidden));
  });
  app.get(`${BASE}/appstatistics`, (request, reply) => answer(request, reply, appStatistics(parts, new Query(request))));
  app.get(APP, async (request, reply) => {
    const application = applicationNamed(parts, paramOf(request, 'appId'));
    const caller = await parts.access.caller(request.webUser.user);
    const mayView = parts.access.canView(caller, request.webUser, application);
    const hidden = new Set(new Query(request).words('deSelects'));
    return answer(request, reply, { app: without(appInfo(appRendering(parts), application, mayView), hidden) });
  });
  const get = (path: string, operation: string, of: (application: Application, request: FastifyRequest) => unknown): void => {
    app.get(`${APP}${path}`, async (request, reply) => answer(request, reply, of(await viewable(parts, request, operation), request)));
  };
  get('/state', 'Get Application State', ({ state }) => ({ state: state.tag }));
  get('/queue', 'Get Application Queue', ({ submission }) => ({ queue: submission.queue }));
  get('/priority', 'Get Application Priority', ({ submission }) => ({ priority: submission.priority }));
  get('/timeouts', 'Get Application Timeouts', (a) => ({ timeouts: { timeout: [lifetimeOf(a, parts.loop.now())] } }));
  get('/timeouts/:type', 'Get Application Timeout', (a, request) => {
    const type = paramOf(request, 'type');
    if (type.toUpperCase() !== 'LIFETIME')
      throw badRequest(`No enum constant org.apache.hadoop.yarn.api.records.ApplicationTimeoutType.${type}`);
    return { timeout: lifetimeOf(a, parts.loop.now()) };
  });
  get('/appattempts', 'Get Application Attempts', (a) => ({ appAttempts: { appAttempt: a.attempts.map((t) => attemptInfo(parts, t)) } }));
  get('/appattempts/:attemptId', 'Get Application Attempt', (a, request) => ({
    appAttempt: attemptInfo(parts, attemptNamed(a, paramOf(request, 'attemptId'))),
  }));
  get('/appattempts/:attemptId/containers', 'Get Containers', (a, request) => {
    const live = liveContainers(a, paramOf(request, 'attemptId'));
    return live.length === 0 ? {} : { container: live.map((c) => containerInfo(parts, a, c)) };
  });
  get('/appattempts/:attemptId/containers/:containerId', 'Get Container', (a, request) => {
    const containerId = paramOf(request, 'containerId');
    if (!isContainerId(containerId)) throw badRequest(`Invalid ContainerId: ${containerId}`);
    const found = liveContainers(a, paramOf(request, 'attemptId')).find((c) => c.containerId === containerId);
    if (found === undefined) throw new AppError('CONTAINER_UNKNOWN', { containerId });
    return { container: containerInfo(parts, a, found) };
  });
}

/** Those that run; ended ones are asked of the history, as with YARN. */
const liveContainers = (a: Application, attemptId: string) =>
  containerReports(attemptNamed(a, attemptId)).filter(({ state }) => state !== 'COMPLETED');

/** Of these applications those that he may know of, and whether he may view one. */
async function viewOf({ access }: RmHttpParts, { webUser }: FastifyRequest, all: readonly Application[]) {
  const caller = await access.caller(webUser.user);
  const mayView = (a: Application) => access.canView(caller, webUser, a);
  return { mayView, seen: access.hideOthers ? all.filter(mayView) : all };
}

/** deSelects: `resourceRequests`, `appTimeouts`, `amNodeLabelExpression`, `appNodeLabelExpression`, `resourceInfo`, `timeouts`. Source: DeSelectFields. */
const DESELECTS: Readonly<Record<string, string>> = { appTimeouts: 'timeouts' };

function without(info: Record<string, unknown>, hidden: ReadonlySet<string>): Record<string, unknown> {
  for (const field of hidden) delete info[DESELECTS[field] ?? field];
  return info;
}

/** Counts by state and type. Source: YARN's ApplicationStatisticsInfo. @throws WebError 400 */
function appStatistics({ loop }: RmHttpParts, query: Query) {
  const asked = [...statesOf(query, 'states')];
  const types = query.words('applicationTypes').map((type) => type.toLowerCase());
  if (types.length > 1) throw badRequest(`# of applicationTypes = ${types.length}, we temporarily support at most one applicationType`);
  const type = types[0];
  const counts = new Map((asked.length > 0 ? asked : APPLICATION_STATES).map((state) => [state as string, 0]));
  for (const { state, submission } of loop.core.cluster.applications.values()) {
    const before = counts.get(state.tag);
    if (before !== undefined && (type === undefined || submission.type.toLowerCase() === type)) counts.set(state.tag, before + 1);
  }
  return { appStatInfo: { statItem: [...counts].map(([state, count]) => ({ state, type: type ?? '*', count })) } };
}
