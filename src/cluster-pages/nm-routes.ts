// The NodeManager's pages on its fastify server: what they ask (/ui-api, listed in page-routes.ts) from a NodeSource.
import { RestError } from '../status/rest/request.ts';
import type { NodeSource } from './cluster-source.ts';
import { logPageRoutes } from './log-routes.ts';
import { LiveStream } from './live-stream.ts';
import { type PageServer, servePages, uiApi } from './serve-pages.ts';

export function nmPages<W extends { readonly user: string }>(on: PageServer<W>, source: NodeSource<W>): void {
  servePages(on, 'nm');
  const live = new LiveStream(source);
  on.server.addHook('preClose', async () => live.close());
  const { get } = uiApi(on);
  get('/about', ({ who }) => ({ daemon: 'nm', version: source.version, user: who.user }));
  get('/live', ({ reply }) => {
    if (!live.open(reply)) throw new RestError(503, 'Too many pages are open; this one shows what was true when it was opened.');
    return reply;
  });
  get('/node', ({ who }) => source.page(who));
  get('/settings', async ({ who }) => {
    const rows = await source.settings(who);
    if (rows === undefined) throw new RestError(403, `User ${who.user} may not see the settings: only who administers the cluster may.`);
    return rows;
  });
  logPageRoutes(get, source);
}
