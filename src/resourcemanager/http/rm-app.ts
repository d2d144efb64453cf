// The ResourceManager's web app put together: YARN's REST API, the pages. Loaded at the first request (web/web-server.ts), so nothing here costs a start.
import type { ContainerLogs } from '../../common/container-logs.ts';
import type { Logger } from '../../common/ports.ts';
import type { Settings } from '../../common/settings.ts';
import { PROMETHEUS_TYPE, prometheusText } from '../../status/prometheus/text-format.ts';
import { type Authenticate, simpleAuthentication, type WebUser } from '../../web/authenticate.ts';
import { daemonRoutes } from '../../web/daemon-routes.ts';
import { jmxRoute } from '../../web/jmx.ts';
import { logRoutes } from '../../web/log-routes.ts';
import { processFigures } from '../../web/process-figures.ts';
import { handlerOf, webApp } from '../../web/web-app.ts';
import type { RequestHandler } from '../../web/web-server.ts';
import type { Access } from '../service/access.ts';
import type { EventLoop } from '../service/event-loop.ts';
import type { ClusterHistory } from '../pages/cluster-history.ts';
import { appRoutes } from './app-routes.ts';
import { changeRoutes } from './change-routes.ts';
import { clusterRoutes } from './cluster-routes.ts';
import { labelRoutes } from './label-routes.ts';
import { nodeRoutes } from './node-routes.ts';
import { registerPages } from './pages.ts';
import { proxyRoutes } from './proxy-routes.ts';
import { reservationRoutes } from './reservation-routes.ts';
import { rmBeans } from './rm-beans.ts';
import { rmFamilies } from './rm-metrics.ts';
import { schedulerConfRoutes, type SchedulerFile } from './scheduler-conf.ts';
import { schedulerRoutes } from './scheduler-routes.ts';
import { submitRoutes } from './submit-routes.ts';

export type RmHttpParts = {
  readonly loop: EventLoop;
  /** May he? Ask before anything is shown of an application or changed. */
  readonly access: Access;
  /** Container logs of all nodes. */
  readonly logs: ContainerLogs<WebUser>;
  readonly logger: Logger;
  readonly history: ClusterHistory;
  readonly version: string;
  readonly dataDir: string;
  /** `127.0.0.1:8088` */
  readonly hostPort: string;
  readonly settings: Settings;
  /** The queues' file, where there is one. */
  readonly schedulerFile?: SchedulerFile | undefined;
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
  nodeRoutes(app, parts);
  appRoutes(app, parts);
  changeRoutes(app, parts);
  submitRoutes(app, parts);
  schedulerRoutes(app, parts);
  schedulerConfRoutes(app, parts);
  labelRoutes(app, parts);
  reservationRoutes(app);
  logRoutes(app, '/ws/v1/cluster', parts.logs);
  proxyRoutes(app, parts);
  const { loop, access } = parts;
  const figures = processFigures();
  jmxRoute(app, () => rmBeans(loop.core.cluster, figures));
  app.get('/metrics', (_request, reply) => reply.type(PROMETHEUS_TYPE).send(prometheusText(rmFamilies(loop, figures))));
  app.get('/isActive', (_request, reply) => reply.type('text/plain;charset=utf-8').send('I am Active!'));
  const mayAdminister = (who: WebUser, operation: string) =>
    access.may(who, { tag: 'administer', what: operation }, { operation, target: 'AdminService' });
  daemonRoutes(app, { ...parts, daemon: 'resourcemanager', mayAdminister });
  registerPages(app, parts);
  return handlerOf(app);
}
