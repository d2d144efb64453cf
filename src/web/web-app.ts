// What the web servers of ResourceManager and NodeManager have in common: a fastify app with safe headers, names it goes by, the user of every
// request, YARN's errors. The routes are the daemons' own (resourcemanager/http, nodemanager/http).
import { hostname } from 'node:os';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from '../common/ports.ts';
import { allowedHost } from '../status/rest/hosts.ts';
import { answer } from './answer.ts';
import type { Settings } from '../common/settings.ts';
import { guardRequests } from './secure-authentication.ts';
import type { Authenticate } from './authenticate.ts';
import { bodyParsers } from './body.ts';
import { forbidden, noRoute, remoteException, webErrorOf } from './web-error.ts';
import type { RequestHandler } from './web-server.ts';

export type WebAppOptions = {
  readonly authenticate: Authenticate;
  readonly logger: Logger;
  /** Of the listening address, besides the names of this host. */
  readonly hostPort: string;
  /** With them requests are guarded (secure-authentication.ts). */
  readonly settings?: Settings | undefined;
};

const MOST_BODY_BYTES = 4 << 20;

export function webApp({ authenticate, logger, hostPort, settings }: WebAppOptions): FastifyInstance {
  const app = fastify({ bodyLimit: MOST_BODY_BYTES, logger: false, exposeHeadRoutes: true, routerOptions: { ignoreTrailingSlash: true } });
  const names = [hostname(), hostPort.replace(/:\d+$/, '')];
  bodyParsers(app);
  app.decorateRequest('webUser');
  if (settings !== undefined) guardRequests(app, settings);
  app.addHook('onRequest', async (request) => {
    // A page of another site may let its own name point here; it would read what the browser's user may read.
    if (!allowedHost(request.headers.host, names)) throw forbidden('Refused: this server does not go by that name.');
    request.webUser = await authenticate(request);
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin');
    if (!reply.hasHeader('x-frame-options')) reply.header('x-frame-options', 'SAMEORIGIN');
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  app.setErrorHandler((error, request, reply) => {
    const fault = webErrorOf(error);
    if (fault.status >= 500) logger.error(`${request.method} ${request.url.split('?')[0]}: ${(error as Error).stack ?? String(error)}`);
    return answer(request, reply.code(fault.status), remoteException(fault));
  });
  app.setNotFoundHandler((request, reply) => answer(request, reply.code(404), remoteException(noRoute())));
  return app;
}

export async function handlerOf(app: FastifyInstance): Promise<RequestHandler> {
  await app.ready();
  return (request, response) => app.routing(request, response);
}
