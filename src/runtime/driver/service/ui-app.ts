// What the driver's HTTP server answers: the REST API, the pages' data, the pages, metrics. A bundle of its own (dist/ui.cjs): its packages are
// loaded only when somebody looks. The server itself is ui-server.ts.
import fastify from 'fastify';
import type { AppHandle, AppSource } from '../../../status/rest/app-source.ts';
import { PageFiles } from '../../../status/pages/page-files.ts';
import { metricsRoutes } from '../../../status/prometheus/metrics-routes.ts';
import { pageDataRoutes } from '../../../status/rest/page-data-routes.ts';
import { MOST_BODY_BYTES, pageServer } from '../../../status/rest/page-server.ts';
import { answerError, restRoutes } from '../../../status/rest/routes.ts';
import type { StatusState } from '../../../status/store/status-state.ts';
import { processFigures } from './process-figures.ts';
import type { RequestHandler } from './ui-server.ts';

export type UiSettings = {
  readonly app: AppHandle;
  readonly state: StatusState;
  readonly version: string;
  /** dist/ui */
  readonly pagesFolder: string;
  readonly prometheus: boolean;
  readonly metricsNamespace: string | undefined;
};

export async function uiHandler(settings: UiSettings): Promise<RequestHandler> {
  const server = fastify({
    bodyLimit: MOST_BODY_BYTES,
    routerOptions: { ignoreTrailingSlash: false },
    logger: false,
    exposeHeadRoutes: true,
  });
  pageServer(server, pageFiles(settings.pagesFolder));
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );
  server.setErrorHandler((error, _request, reply) => answerError(error, reply));
  restRoutes(server, oneApp(settings.app), settings.version);
  pageDataRoutes(server, () => settings.app);
  const { app, state, version, prometheus, metricsNamespace: namespace } = settings;
  metricsRoutes(server, { view: app.view, state, version, executors: prometheus, namespace, process: processFigures });
  await server.ready();
  return (request, response) => server.routing(request, response);
}

/** As Spark's own server of one application: any attempt id means this one. */
function oneApp(app: AppHandle): AppSource {
  const info = () => app.view.application();
  return {
    list: () => [info()].filter((found) => found !== undefined),
    find: (appId) => (info()?.id === appId ? app : undefined),
  };
}

/** Without the pages' files (sources that were never built) there is still the REST API. */
function pageFiles(folder: string): PageFiles | undefined {
  try {
    return new PageFiles(folder, 'driver');
  } catch {
    return undefined;
  }
}
