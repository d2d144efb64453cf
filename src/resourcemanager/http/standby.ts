// HTTP of a ResourceManager that stands by: everything leads to the active one, in YARN's words, which clients look for; only what it is itself
// it says itself. Source: YARN's RMWebAppFilter. The active one's answers: rm-app.ts.
import type { ServerResponse } from 'node:http';
import type { RequestHandler } from '../../web/web-server.ts';
import type { RunningRm } from '../service/resource-manager.ts';

/** Seconds until a browser tries again, with nobody to go to. */
const AGAIN_S = 3;

export type ByRole = {
  readonly running: Pick<RunningRm, 'active' | 'admin'>;
  readonly version: string;
  /** For the one that is active now. */
  readonly handlerOf: (active: NonNullable<RunningRm['active']>) => Promise<RequestHandler>;
};

/** @returns what answers as the active one or as a standby, whichever it is at each request */
export function byRole({ running, version, handlerOf }: ByRole): RequestHandler {
  const made = new WeakMap<object, Promise<RequestHandler>>();
  return (request, response) => {
    const { active } = running;
    if (active === undefined) return standby(running, version, request.url ?? '/', response);
    const handler = made.get(active) ?? handlerOf(active);
    made.set(active, handler);
    handler.then(
      (handle) => handle(request, response),
      (error: Error) => plain(response, 500, `The web server can't be loaded: ${error.message}\n`),
    );
  };
}

function standby({ admin }: ByRole['running'], version: string, url: string, response: ServerResponse): void {
  const { web, sinceMs, id } = admin.state();
  if (/^\/ws\/v1\/cluster(\/info)?\/?(\?|$)/.test(url)) {
    const clusterInfo = {
      id: sinceMs,
      startedOn: sinceMs,
      state: 'STARTED',
      haState: 'STANDBY',
      rmStateStoreName: 'SQLite',
      resourceManagerVersion: version,
      haZooKeeperConnectionState: 'ResourceManager HA is enabled without ZooKeeper: a lease in the state store',
      rmId: id,
    };
    response.writeHead(200, { 'content-type': 'application/json;charset=utf-8' }).end(JSON.stringify({ clusterInfo }));
    return;
  }
  if (web === '') return plain(response, 503, 'There is no active RM right now.\n', { refresh: String(AGAIN_S) });
  const to = `${web}${url}`;
  plain(response, 307, `This is standby RM. Redirecting to the current active RM: ${to}\n`, {
    location: to,
    refresh: `${AGAIN_S}; url=${to}`,
  });
}

function plain(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain;charset=utf-8', ...headers }).end(text);
}
