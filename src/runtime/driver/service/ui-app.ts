// What the driver's HTTP server answers: the REST API, the pages' data, the pages, metrics. A bundle of its own (dist/ui.cjs): its packages are
// loaded only when somebody looks. The server itself is ui-server.ts.
import fastify from 'fastify';
import type { AppHandle, AppSource } from '../../../status/rest/app-source.ts';
import { PAGE_HEADERS, PageFiles } from '../../../status/pages/page-files.ts';
import { metricsRoutes } from '../../../status/prometheus/metrics-routes.ts';
import { pageDataRoutes } from '../../../status/rest/page-data-routes.ts';
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

const MOST_BODY_BYTES = 64 * 1024;

export async function uiHandler(settings: UiSettings): Promise<RequestHandler> {
  const server = fastify({
    bodyLimit: MOST_BODY_BYTES,
    routerOptions: { ignoreTrailingSlash: false },
    logger: false,
    exposeHeadRoutes: true,
  });
  server.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('x-frame-options', 'SAMEORIGIN').header('referrer-policy', 'same-origin');
  });
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );
  server.setErrorHandler((error, _request, reply) => answerError(error, reply));
  restRoutes(server, oneApp(settings.app), settings.version);
  pageDataRoutes(server, () => settings.app);
  const { app, state, version, prometheus, metricsNamespace: namespace } = settings;
  metricsRoutes(server, { view: app.view, state, version, executors: prometheus, namespace, process: processFigures });
  const pages = pageFiles(settings.pagesFolder);
  server.setNotFoundHandler((request, reply) => {
    const [path, query] = splitUrl(request.url);
    const answer = request.method === 'GET' || request.method === 'HEAD' ? pages?.answer(path) : undefined;
    if (answer?.tag === 'redirect')
      return void reply
        .code(302)
        .header('location', answer.location + query)
        .send('');
    if (answer !== undefined)
      return void reply.headers(PAGE_HEADERS).type(answer.contentType).header('cache-control', answer.cacheControl).send(answer.body);
    void reply.code(404).type('text/plain; charset=utf-8').send('HTTP 404 Not Found');
  });
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

function splitUrl(url: string): [path: string, query: string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at)];
}
