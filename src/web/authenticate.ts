// Who asks. The default is YARN's simple authentication: whoever `user.name` says, else the static user dr.who. Other rules (a token, a trusted
// proxy's header) are a function of the same type, chosen where the daemon's web app is put together.
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any route runs. */
    webUser: WebUser;
  }
}

/** The same shape as resourcemanager/service/access.ts's Who. */
export type WebUser = {
  /** In whose name he acts. */
  readonly user: string;
  /** Who proved himself. */
  readonly real: string;
  /** He could be anybody. */
  readonly trusted: boolean;
  readonly ip: string;
  /** He may look and not touch. */
  readonly readOnly?: boolean | undefined;
};

/** @throws WebError 401, 403 */
export type Authenticate = (request: FastifyRequest) => WebUser | Promise<WebUser>;

/** Source: hadoop.http.staticuser.user. */
export const STATIC_USER = 'dr.who';

export const simpleAuthentication: Authenticate = (request) => {
  const name = (request.query as Record<string, unknown> | undefined)?.['user.name'];
  const user = typeof name === 'string' && name !== '' ? name : STATIC_USER;
  return { user, real: user, trusted: false, ip: request.ip };
};
