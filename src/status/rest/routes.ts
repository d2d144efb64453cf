// Spark's REST API below /api/v1, one router for the driver (one application) and the history server (many). Answers are printed by java-json.ts
// out of the render-*.ts files. Source: Spark's org.apache.spark.status.api.v1; docs/REST.md.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApplicationInfo } from '../store/api-types.ts';
import type { AppHandle, AppSource } from './app-source.ts';
import { applicationRoutes } from './application-routes.ts';
import { sendJson } from './json-stream.ts';
import { renderApplication, renderAttempt } from './render-apps.ts';
import { NoSuchPath, notFound, Query, RestError } from './request.ts';
import { stageRoutes } from './stage-routes.ts';

export type AppRequest = { readonly app: AppHandle; readonly query: Query; readonly params: Readonly<Record<string, string>> };
/** A route of one application: below /api/v1/applications/ID and ID/ATTEMPT. Returns what is printed as JSON. */
export type AddRoute = (path: string, answer: (request: AppRequest, reply: FastifyReply) => unknown) => void;

const BASE = '/api/v1';

/** @param version what `/version` says */
export function restRoutes(server: FastifyInstance, apps: AppSource, version: string): void {
  const get = (path: string, answer: (request: FastifyRequest, reply: FastifyReply) => unknown): void => {
    server.get(path, async (request, reply) => {
      const value = await answer(request, reply);
      if (!reply.sent && value !== reply) void sendJson(reply, value);
      return reply;
    });
  };
  get(`${BASE}/version`, () => ({ spark: version }));
  get(`${BASE}/applications`, (request) => listed(apps.list(), new Query(request.query)).map(renderApplication));
  get(`${BASE}/applications/:appId`, (request) => renderApplication(known(apps, paramsOf(request)['appId']!)));
  get(`${BASE}/applications/:appId/:attemptId`, (request) => {
    const { appId, attemptId } = paramsOf(request) as { appId: string; attemptId: string };
    const attempt = apps
      .list()
      .find((app) => app.id === appId)
      ?.attempts.find((a) => a.attemptId === attemptId);
    if (attempt === undefined) throw notFound(`unknown app ${appId}, attempt ${attemptId}`);
    return renderAttempt(attempt);
  });
  const add: AddRoute = (path, answer) => {
    for (const prefix of ['/:appId', '/:appId/:attemptId']) {
      get(`${BASE}/applications${prefix}${path}`, async (request, reply) => {
        const params = paramsOf(request);
        const app = await appOf(apps, params['appId']!, params['attemptId']);
        return answer({ app, query: new Query(request.query), params }, reply);
      });
    }
  };
  applicationRoutes(add);
  stageRoutes(add);
}

export const paramsOf = (request: FastifyRequest): Record<string, string> => request.params as Record<string, string>;

/** @throws RestError 404 */
export async function appOf(apps: AppSource, appId: string, attemptId: string | undefined): Promise<AppHandle> {
  const app = await apps.find(appId, attemptId);
  if (app === undefined) throw notFound(`no such app: ${attemptId === undefined ? appId : `${appId}/${attemptId}`}`);
  return app;
}

function known(apps: AppSource, appId: string): ApplicationInfo {
  const app = apps.list().find((a) => a.id === appId);
  if (app === undefined) throw notFound(`unknown app: ${appId}`);
  return app;
}

/** Refusals are Spark's words as plain text; anything else is ours and says no more than that. */
export function answerError(error: unknown, reply: FastifyReply): void {
  const status = error instanceof RestError ? error.status : ((error as { statusCode?: number }).statusCode ?? 500);
  const text = status < 500 || error instanceof RestError ? (error as Error).message : `Server error: ${(error as Error).message}`;
  const words = error instanceof NoSuchPath ? reply.request.url.split('?')[0] : text;
  void reply.code(status).type('text/plain; charset=utf-8').send(words);
}

const FIRST_MS = Date.UTC(2010, 0, 1);
const LAST_MS = Date.UTC(3000, 0, 1);

/** Source: ApplicationListResource.scala. An application runs while any attempt of it does. */
function listed(all: readonly ApplicationInfo[], query: Query): ApplicationInfo[] {
  const status = query.words('status', ['COMPLETED', 'RUNNING']);
  const [minStart, maxStart] = [query.date('minDate') ?? FIRST_MS, query.date('maxDate') ?? LAST_MS];
  const [minEnd, maxEnd] = [query.date('minEndDate') ?? FIRST_MS, query.date('maxEndDate') ?? LAST_MS];
  const limit = query.whole('limit', Number.MAX_SAFE_INTEGER);
  const found = all.filter((app) => {
    const running = app.attempts.length === 0 || !app.attempts[0]!.completed;
    if (status.length > 0 && !status.includes(running ? 'RUNNING' : 'COMPLETED')) return false;
    return app.attempts.some((attempt) => {
      if (attempt.startTimeMs < minStart || attempt.startTimeMs > maxStart) return false;
      // With a maxEndDate in the past nothing that runs can have ended before it.
      return running ? maxEnd > attempt.lastUpdatedMs : attempt.endTimeMs >= minEnd && attempt.endTimeMs <= maxEnd;
    });
  });
  return found.slice(0, Math.max(0, limit));
}
