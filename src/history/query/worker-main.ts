// The thread that answers about large stages: the same routes as the server's, on an index of its own opening, asked without a socket. Orders
// come from service/query-thread.ts. It keeps the index that was asked for last open.
import { parentPort } from 'node:worker_threads';
import fastify from 'fastify';
import { invariant } from '../../common/invariant.ts';
import { openDatabase } from '../../platform/database.ts';
import { pageDataRoutes } from '../../status/rest/page-data-routes.ts';
import { RestError } from '../../status/rest/request.ts';
import { answerError, restRoutes } from '../../status/rest/routes.ts';
import type { StatusView } from '../../status/store/status-view.ts';
import { viewOf } from '../service/index-view.ts';
import type { QueryAnswer, QueryOrder } from '../service/query-thread.ts';
import { type OpenIndex, openIndex } from '../store/index-file.ts';

invariant(parentPort, 'the query worker is a thread of the history server');
const server = parentPort;

let opened: { readonly name: string; readonly index: OpenIndex; readonly view: StatusView } | undefined;

/** @throws RestError 503 */
function viewFor({ path, log }: QueryOrder): StatusView {
  const name = `${path} ${log.sizeBytes} ${log.changedAtMs} ${log.inProgress}`;
  if (opened?.name === name) return opened.view;
  opened?.index.close();
  opened = undefined;
  const index = openIndex(path, openDatabase);
  if (index === undefined) throw new RestError(503, `The index of ${log.key} was removed meanwhile; ask again.`);
  opened = { name, index, view: viewOf(index, log, Date.now) };
  return opened.view;
}

let asked: QueryOrder | undefined;
const find = () => ({
  get view(): StatusView {
    return viewFor(asked!);
  },
});
const routes = fastify({ logger: false });
routes.setErrorHandler((error, _request, reply) => answerError(error, reply));
restRoutes(routes, { list: () => [], find }, '');
for (const prefix of ['/history/:appId', '/history/:appId/:attemptId'])
  routes.register(async (scope) => pageDataRoutes(scope, find), { prefix });

let last: Promise<void> = Promise.resolve();
server.on('message', (order: QueryOrder) => {
  last = last.then(async () => {
    asked = order;
    const { statusCode, headers, body } = await routes.inject(order.url);
    const kept = Object.entries(headers).flatMap(([name, value]) =>
      name === 'content-type' || name === 'cache-control' ? [[name, String(value)] as const] : [],
    );
    server.postMessage({ id: order.id, status: statusCode, headers: Object.fromEntries(kept), body } satisfies QueryAnswer);
  });
});
