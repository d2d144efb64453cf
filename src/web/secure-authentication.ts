// Who asks over HTTP, and what a browser may be made to do: tokens of users, a trusted proxy's word, YARN's static user who may only
// look; and the guard against requests that another site makes a browser send. docs/SECURITY.md tells how to close it further.
//
//   a trusted proxy's header  →  whom it names
//   a token (Authorization: Bearer, or the cookie that ?emberloom.token= has put)  →  its user; a wrong one is 401
//   hadoop.http.authentication.type simple and user.name  →  whoever it says, as YARN believes it
//   else  →  dr.who, who may look and not touch; or 401, as emberloom.http.anonymous says
import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { KEYS } from '../common/config-keys.ts';
import type { Secrets } from '../common/secrets.ts';
import type { Settings } from '../common/settings.ts';
import { httpToken, isUserName, userSecret } from '../rpc/user-secret.ts';
import type { Authenticate, WebUser } from './authenticate.ts';
import { WebError } from './web-error.ts';

export type AuthenticationParts = {
  readonly settings: Settings;
  /** The cluster's: who has one of them is trusted, whatever name he takes. */
  readonly secrets: Secrets;
  /** Of a user's own secret; undefined: he has none. */
  readonly generationOf: (user: string) => number | undefined;
};

const COOKIE = 'emberloom.token';
const QUERY = 'emberloom.token';

export function secureAuthentication({ settings, secrets, generationOf }: AuthenticationParts): Authenticate {
  const proxies = new Set(settings.need(KEYS.httpTrustedProxies));
  const header = settings.need(KEYS.httpTrustedHeader).toLowerCase();
  const simple = settings.need(KEYS.httpAuthentication) === 'simple';
  const anonymous = settings.need(KEYS.httpAnonymous);
  const staticUser = settings.need(KEYS.httpStaticUser);
  const nobody = (ip: string): WebUser => {
    if (anonymous === 'none')
      throw unauthorized(
        'Authentication required: send a token (emberloom user token) as Authorization: Bearer, or ?emberloom.token= once.',
      );
    return { user: staticUser, real: staticUser, trusted: false, ip, readOnly: true };
  };
  return (request) => {
    // The connection's own address: what a stranger says in X-Forwarded-For is not asked.
    const ip = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const token = tokenOf(request);
    if (token !== undefined) {
      const user = userOfToken(token, secrets.accepted(), generationOf);
      if (user === undefined) throw unauthorized('The token is not valid (any more): emberloom user token shows yours.');
      return { ...user, ip };
    }
    if (proxies.has(ip)) {
      const named = request.headers[header];
      if (named === undefined) return nobody(ip);
      if (typeof named !== 'string' || !isUserName(named)) throw unauthorized(`${header}: that is no user name`);
      return { user: named, real: named, trusted: false, ip };
    }
    const said = (request.query as Record<string, unknown> | undefined)?.['user.name'];
    if (simple && typeof said === 'string' && said !== '') {
      if (!isUserName(said)) throw unauthorized('user.name: that is no user name');
      return { user: said, real: said, trusted: true, ip };
    }
    return nobody(ip);
  };
}

function userOfToken(
  token: string,
  secrets: readonly string[],
  generationOf: AuthenticationParts['generationOf'],
): { user: string; real: string; trusted: boolean } | undefined {
  const at = token.lastIndexOf(':');
  const [user, given] = [token.slice(0, at), Buffer.from(token.slice(at + 1))];
  if (at < 1 || !isUserName(user)) return undefined;
  const matches = (of: string): boolean => {
    const expected = Buffer.from(httpToken(of, user));
    return expected.length === given.length && timingSafeEqual(expected, given);
  };
  if (secrets.some(matches)) return { user, real: user, trusted: true };
  const generation = generationOf(user);
  if (generation === undefined) return undefined;
  return secrets.some((secret) => matches(userSecret(secret, user, generation))) ? { user, real: user, trusted: false } : undefined;
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '');
  if (bearer !== null) return bearer[1];
  for (const part of (headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === COOKIE && value !== undefined && value !== '') return decode(value);
  }
  return undefined;
}

/** Source of the words: Hadoop's AuthenticationFilter. */
const unauthorized = (message: string): WebError =>
  new WebError(401, 'org.apache.hadoop.security.authentication.client.AuthenticationException', message);

/**
 * What is asked of every request before anybody looks who sends it. To be registered before the hook that authenticates.
 * Source: Hadoop's RestCsrfPreventionFilter, CrossOriginFilter, XFrameOptionsFilter.
 */
export function guardRequests(app: FastifyInstance, settings: Settings): void {
  const csrf = settings.need(KEYS.csrfEnabled);
  const csrfHeader = settings.need(KEYS.csrfHeader).toLowerCase();
  const ignored = new Set(settings.need(KEYS.csrfIgnored).map((method) => method.toUpperCase()));
  const crossOrigin = settings.need(KEYS.corsEnabled);
  const origins = new Set(settings.need(KEYS.corsOrigins));
  const frames = settings.need(KEYS.xframeOptions);

  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    const allowed = crossOrigin && origin !== undefined && (origins.has('*') || origins.has(origin));
    if (allowed) allow(reply, origin, csrfHeader);
    if (allowed && request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined)
      return reply.code(204).send();
    if (csrf && !ignored.has(request.method) && !allowed) refuseForged(request, csrfHeader);
    return request.method === 'GET' ? takeToken(request, reply) : undefined;
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-frame-options', frames).header('x-xss-protection', '1; mode=block');
    const html = String(reply.getHeader('content-type') ?? '').startsWith('text/html');
    if (html && !reply.hasHeader('content-security-policy')) reply.header('content-security-policy', CONTENT_POLICY);
  });
}

/** For pages that say nothing of their own: nothing from elsewhere, no inline scripts. */
const CONTENT_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

function allow(reply: FastifyReply, origin: string, header: string): void {
  reply
    .header('access-control-allow-origin', origin)
    .header('access-control-allow-methods', 'GET,POST,HEAD,PUT,DELETE')
    .header('access-control-allow-headers', `content-type,accept,authorization,${header}`)
    .header('access-control-max-age', '1800')
    .header('vary', 'Origin');
}

/**
 * A header of its own can't come from another site's form, and a page's own requests say their origin. What is no browser has no cookie
 * that another could use.
 */
function refuseForged({ headers }: FastifyRequest, header: string): void {
  if (headers[header] !== undefined) return;
  const missing = () =>
    new WebError(400, 'org.apache.hadoop.yarn.webapp.BadRequestException', 'Missing Required Header for CSRF Vulnerability Protection');
  const { origin } = headers;
  if (origin !== undefined) {
    let host: string | undefined;
    try {
      host = new URL(origin).host;
    } catch {
      // `null`, or nonsense
    }
    if (host === undefined || host !== headers.host) throw missing();
    return;
  }
  if (/^(Mozilla|Opera)/.test(headers['user-agent'] ?? '')) throw missing();
}

/** A link with a token opens the pages: the token moves into a cookie that no script and no other site can use, and out of the address. */
function takeToken(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const token = (request.query as Record<string, unknown> | undefined)?.[QUERY];
  if (typeof token !== 'string') return undefined;
  const [path, query = ''] = request.url.split('?', 2);
  const left = new URLSearchParams(query);
  left.delete(QUERY);
  const to = `/${path!.replace(/^[/\\]+/, '')}${left.size > 0 ? `?${left}` : ''}`;
  return reply
    .header(
      'set-cookie',
      `${COOKIE}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict${request.protocol === 'https' ? '; Secure' : ''}`,
    )
    .redirect(to, 302);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
