// The ResourceManager's pages on its fastify server: what they ask (/ui-api, listed in page-routes.ts) from a ClusterSource.
import { setImmediate as pause } from 'node:timers/promises';
import { notFound, RestError } from '../status/rest/request.ts';
import type { ClusterSource } from './cluster-source.ts';
import { logPageRoutes } from './log-routes.ts';
import { LiveStream } from './live-stream.ts';
import { applicationTable, SORT_KEYS } from './model/applications.ts';
import { NODE_SORT_KEYS, nodeTable } from './model/nodes.ts';
import { type PageServer, servePages, tableQuery, uiApi } from './serve-pages.ts';

export function rmPages<W extends { readonly user: string }, A, N>(on: PageServer<W>, source: ClusterSource<W, A, N>): void {
  servePages(on, 'rm');
  const live = new LiveStream(source);
  const deaf = source.onSample((sample) => live.send('sample', sample));
  on.server.addHook('preClose', async () => {
    deaf();
    live.close();
  });
  const { get, post } = uiApi(on);
  get('/about', ({ who }) => ({ daemon: 'rm', version: source.version, user: who.user }));
  get('/live', ({ reply }) => {
    if (!live.open(reply)) throw new RestError(503, 'Too many pages are open; this one shows what was true when it was opened.');
    return reply;
  });
  get('/strip', () => source.strip());
  get('/lines', () => source.lines());
  get('/apps', async ({ who, query }) =>
    applicationTable(
      await source.applications(who),
      tableQuery(query, SORT_KEYS, { sortBy: 'id', descending: true, length: 50 }),
      async () => void (await pause()),
    ),
  );
  get('/apps/:id', async ({ who, params, query }) => {
    const found = await source.application(params['id']!, who, query.text('attempt'));
    if (found === undefined)
      throw notFound(`There is no application ${params['id']}. It never was, or it ended long ago and is forgotten.`);
    return found;
  });
  post('/apps/:id/kill', async ({ who, params }) => {
    await source.kill(params['id']!, who);
    return { killed: params['id'] };
  });
  logPageRoutes(get, source);
  get('/queues', () => source.queues());
  get('/nodes', async ({ who, query }) =>
    nodeTable(await source.nodes(who), tableQuery(query, NODE_SORT_KEYS, { sortBy: 'id', descending: false, length: 20 })),
  );
  get('/nodes/:id', async ({ who, params }) => {
    const found = await source.node(params['id']!, who);
    if (found === undefined) throw notFound(`There is no node ${params['id']}.`);
    return found;
  });
  get('/settings', async ({ who }) => {
    const rows = await source.settings(who);
    if (rows === undefined) throw new RestError(403, `User ${who.user} may not see the settings: only who administers the cluster may.`);
    return rows;
  });
}
