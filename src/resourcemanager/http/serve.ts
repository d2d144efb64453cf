// What a ResourceManager answers over HTTP from the moment on at which it runs: as the active one or as a standby (standby.ts), with the hour of
// time lines that its pages show. The app (rm-app.ts) and fastify are loaded at the first request.
import { join } from 'node:path';
import { KEYS } from '../../common/config-keys.ts';
import type { Logger, Timers } from '../../common/ports.ts';
import type { Secrets } from '../../common/secrets.ts';
import type { Settings } from '../../common/settings.ts';
import { WebServer, type WebServerOptions } from '../../web/web-server.ts';
import { ClusterHistory } from '../pages/cluster-history.ts';
import type { RunningRm } from '../service/resource-manager.ts';
import type { SchedulerFile } from './scheduler-conf.ts';
import { byRole } from './standby.ts';

type WebPlace = Pick<WebServerOptions, 'address' | 'tls'>;

export type ServeParts = {
  readonly web: WebServer;
  readonly running: RunningRm;
  readonly settings: Settings;
  readonly logger: Logger;
  readonly timers: Timers;
  readonly version: string;
  readonly dataDir: string;
  readonly secrets: Secrets;
  readonly generationOf: (user: string) => number | undefined;
  readonly schedulerFile: SchedulerFile | undefined;
};

/** @returns what ends it, but for the server itself */
export function serveWeb({ web, running, logger, timers, secrets, generationOf, ...about }: ServeParts): () => void {
  const history = new ClusterHistory(() => running.active?.loop, timers);
  web.serve(async () => {
    const [{ rmHandler }, { secureAuthentication }] = await Promise.all([
      import('./rm-app.ts'),
      import('../../web/secure-authentication.ts'),
    ]);
    const authenticate = secureAuthentication({ settings: about.settings, secrets, generationOf });
    const app = { ...about, authenticate, history, logger: logger.named('WebApp'), hostPort: web.hostPort };
    return byRole({ running, version: about.version, handlerOf: ({ loop, access, logs }) => rmHandler({ loop, access, logs, ...app }) });
  });
  return history.stop;
}

/** @param id of one of several; undefined: it is the only one */
export const webServer = (place: WebPlace, settings: Settings, dataDir: string, id: string | undefined, logger: Logger): WebServer =>
  new WebServer({
    what: 'ResourceManager',
    ...place,
    maxRetries: settings.need(KEYS.webPortRetries),
    logger: logger.named('WebApp'),
    addressFile: join(dataDir, 'run', id === undefined ? 'rm-http' : `rm-http-${id}`),
  });

/** @param id as of webServer */
export function webAddresses(settings: Settings, id: string | undefined): { http: string; https: string } {
  const own = (key: typeof KEYS.haWebAddress) => (id === undefined ? undefined : settings.getFor(key, id));
  return {
    http: own(KEYS.haWebAddress) ?? settings.need(KEYS.rmWebAddress),
    https: own(KEYS.haWebHttpsAddress) ?? settings.need(KEYS.rmWebHttpsAddress),
  };
}
