// /proxy/<application>/…: the driver's pages and REST API, through here: its address need not be reachable for whoever looks, and links hold after the
// end. No open proxy: only to the address that this application's driver has registered, only on hosts of the cluster, only for who may view it.
// Source: YARN's WebAppProxyServlet.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { forward } from '../../web/forward.ts';
import { webScheme } from '../../web/web-scheme.ts';
import { forbidden, WebError } from '../../web/web-error.ts';
import type { Application } from '../core/entities.ts';
import { rightsOf } from '../service/access.ts';
import { applicationNamed, paramOf, RM_WEB } from './asking.ts';
import type { RmHttpParts } from './rm-app.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
/** Below are services of the system, not drivers. */
const FIRST_USER_PORT = 1024;

export function proxyRoutes(app: FastifyInstance, parts: RmHttpParts): void {
  // The bodies belong to the server behind: they are passed on as they are.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    for (const url of ['/proxy/:appId', '/proxy/:appId/*'])
      scope.route({
        method: ['GET', 'HEAD', 'POST', 'PUT'],
        url,
        exposeHeadRoute: false,
        handler: (request, reply) => proxied(parts, request, reply),
      });
  });
}

async function proxied(parts: RmHttpParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const application = applicationNamed(parts, paramOf(request, 'appId'));
  const looks = request.method === 'GET' || request.method === 'HEAD';
  const about = { operation: 'Web Proxy', target: RM_WEB, applicationId: application.id };
  await parts.access.may(request.webUser, { tag: looks ? 'view' : 'modify', application: rightsOf(application) }, about);
  const prefix = `/proxy/${application.id}`;
  if (application.trackingUrl === '')
    return reply.redirect(`${webScheme(parts.settings)}://${parts.hostPort}/cluster/app/${application.id}`, 302);
  const rest = request.url.slice(prefix.length);
  // Relative links of its first page count from a folder.
  if (!rest.startsWith('/')) return reply.redirect(`${prefix}/${rest}`, 302);
  const target = addressOf(parts, application, withoutUser(rest));
  try {
    return await forward(request, reply, { target, prefix, body: Buffer.isBuffer(request.body) ? request.body : undefined });
  } catch (error) {
    throw new WebError(
      502,
      'javax.ws.rs.ServerErrorException',
      `The driver of ${application.id} registered ${application.trackingUrl}; there nothing answers (${(error as Error).message}). It may be ending.`,
      { cause: error },
    );
  }
}

/** The driver must not learn who else there is, and has no use for a name that only counts here. */
function withoutUser(path: string): string {
  const at = path.indexOf('?');
  if (at < 0) return path;
  const query = path
    .slice(at + 1)
    .split('&')
    .filter((part) => !part.startsWith('user.name='));
  return path.slice(0, at) + (query.length === 0 ? '' : `?${query.join('&')}`);
}

/** @throws WebError 403 when the driver registered what is no driver's address: a user's program must not choose whom this server talks to */
function addressOf({ loop, hostPort }: RmHttpParts, application: Application, path: string): URL {
  const { trackingUrl } = application;
  const refused = (why: string) => forbidden(`The driver of ${application.id} registered ${trackingUrl}, which is not proxied: ${why}.`);
  const base = URL.parse(/^[a-z]+:\/\//i.test(trackingUrl) ? trackingUrl : `http://${trackingUrl}`);
  if (base === null || base.protocol !== 'http:') throw refused('it is no http address');
  const host = base.hostname.toLowerCase();
  const hosts = new Set([...loop.core.cluster.nodes.values()].map((node) => node.host.toLowerCase()));
  const driver = application.attempts.at(-1)?.driver.host.toLowerCase();
  if (!LOOPBACK.test(host) && host !== driver && !hosts.has(host)) throw refused("its host is neither the driver's nor a node's");
  if (Number(base.port || 80) < FIRST_USER_PORT || base.host === hostPort) throw refused("its port is no driver's");
  const target = new URL(base.origin);
  const [pathname, search = ''] = path.split(/\?(.*)/s, 2) as [string, string?];
  target.pathname = base.pathname.replace(/\/+$/, '') + pathname;
  target.search = search;
  return target;
}
