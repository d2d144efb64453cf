// The NodeManager's web app put together: YARN's REST API of a node, the pages. Loaded at the first request (web/web-server.ts).
import type { Logger } from '../../common/ports.ts';
import type { Settings } from '../../common/settings.ts';
import { type Authenticate, simpleAuthentication } from '../../web/authenticate.ts';
import { PROMETHEUS_TYPE, prometheusText } from '../../status/prometheus/text-format.ts';
import { daemonRoutes } from '../../web/daemon-routes.ts';
import { jmxRoute } from '../../web/jmx.ts';
import { logRoutes } from '../../web/log-routes.ts';
import { processFigures } from '../../web/process-figures.ts';
import { handlerOf, webApp } from '../../web/web-app.ts';
import type { RequestHandler } from '../../web/web-server.ts';
import type { NodeView } from '../service/node-view.ts';
import { NodeAccess } from './log-access.ts';
import { nmBeans, nmFamilies } from './nm-metrics.ts';
import { nodeRoutes } from './node-routes.ts';
import { ownLogs } from './own-logs.ts';
import { registerPages } from './pages.ts';

export type NmHttpParts = {
  readonly view: NodeView;
  readonly dataDir: string;
  readonly logger: Logger;
  /** `127.0.0.1:8042` */
  readonly hostPort: string;
  readonly settings: Settings;
  readonly authenticate?: Authenticate | undefined;
};

export function nmHandler(parts: NmHttpParts): Promise<RequestHandler> {
  const app = webApp({
    authenticate: parts.authenticate ?? simpleAuthentication,
    logger: parts.logger,
    hostPort: parts.hostPort,
    settings: parts.settings,
  });
  const access = new NodeAccess(parts.view, parts.settings);
  nodeRoutes(app, parts);
  logRoutes(app, '/ws/v1/node', ownLogs(parts.view, access));
  const figures = processFigures();
  jmxRoute(app, () => nmBeans(parts.view, figures));
  app.get('/metrics', (_request, reply) => reply.type(PROMETHEUS_TYPE).send(prometheusText(nmFamilies(parts.view, figures))));
  daemonRoutes(app, {
    ...parts,
    daemon: `nodemanager-${parts.view.nodeId.slice(parts.view.nodeId.lastIndexOf(':') + 1)}`,
    mayAdminister: (who, operation) => access.mustAdminister(who, operation),
  });
  registerPages(app, parts);
  return handlerOf(app);
}
