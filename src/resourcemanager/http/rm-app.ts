// The ResourceManager's web app put together: YARN's REST API, the pages. Loaded at the first request (web/web-server.ts), so nothing here costs a start.
import type { Logger } from '../../common/ports.ts';
import type { Settings } from '../../common/settings.ts';
import { type Authenticate, simpleAuthentication } from '../../web/authenticate.ts';
import { handlerOf, webApp } from '../../web/web-app.ts';
import type { RequestHandler } from '../../web/web-server.ts';
import type { Access } from '../service/access.ts';
import type { EventLoop } from '../service/event-loop.ts';
import type { ClusterHistory } from '../pages/cluster-history.ts';
import { clusterRoutes } from './cluster-routes.ts';
import { registerPages } from './pages.ts';

export type RmHttpParts = {
  readonly loop: EventLoop;
  /** May he? Ask before anything is shown of an application or changed. */
  readonly access: Access;
  readonly logger: Logger;
  readonly history: ClusterHistory;
  readonly version: string;
  readonly dataDir: string;
  /** `127.0.0.1:8088` */
  readonly hostPort: string;
  readonly settings: Settings;
  readonly authenticate?: Authenticate | undefined;
};

export function rmHandler(parts: RmHttpParts): Promise<RequestHandler> {
  const app = webApp({
    authenticate: parts.authenticate ?? simpleAuthentication,
    logger: parts.logger,
    hostPort: parts.hostPort,
    settings: parts.settings,
  });
  clusterRoutes(app, parts);
  registerPages(app, parts);
  return handlerOf(app);
}
