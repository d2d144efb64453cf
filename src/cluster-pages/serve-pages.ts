// What the ResourceManager's and the NodeManager's pages have in common on a fastify server: pages, old addresses, JSON answers, faults as
// { error }, and who may send what. The routes themselves are rm-routes.ts and nm-routes.ts.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../common/errors.ts';
import { type AnswersPages, PAGE_HEADERS } from '../status/pages/page-bundle.ts';
import { Query, RestError } from '../status/rest/request.ts';
import type { TableQuery } from './model/select-page.ts';
import { type Daemon, UI_API } from './page-routes.ts';

/** How a server lends itself to the pages. */
export type PageServer<W> = {
  readonly server: FastifyInstance;
  /** Who asks, as the server's authentication found it. */
  readonly whoOf: (request: FastifyRequest) => W;
  /** undefined: they were not built (dist/ui-cluster). */
  readonly files: AnswersPages | undefined;
};

export type Asked<W> = {
  readonly who: W;
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

export type UiGet<W> = (path: string, answer: (asked: Asked<W>) => unknown) => void;

const OLD: Readonly<Record<Daemon, readonly string[]>> = { rm: ['/cluster', '/cluster/*'], nm: ['/node', '/node/*'] };

/** The pages and YARN's old addresses for them. */
export function servePages({ server, files }: Pick<PageServer<unknown>, 'server' | 'files'>, daemon: Daemon): void {
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const at = request.url.indexOf('?');
    const [path, query] = at < 0 ? [request.url, ''] : [request.url.slice(0, at), request.url.slice(at + 1)];
    // Tools ask so whether this is the active ResourceManager, and take a redirect for no (Hadoop's AmIpFilter).
    if (request.method === 'HEAD' && path === '/cluster') return reply.type('text/html; charset=utf-8').send('');
    const found = files?.answer(path);
    if (found === undefined) {
      const why =
        files === undefined ? 'The pages were not built: npm run build makes them. The REST API is at /ws/v1/.' : 'There is no such page.';
      return reply.code(404).type('text/plain; charset=utf-8').send(why);
    }
    if (found.tag === 'file')
      return reply.headers(PAGE_HEADERS).type(found.contentType).header('cache-control', found.cacheControl).send(found.body);
    const more = query === '' ? '' : `${found.location.includes('?') ? '&' : '?'}${query}`;
    return reply
      .code(302)
      .header('location', found.location + more)
      .send('');
  };
  for (const path of ['/', '/ui', '/ui/*', '/favicon.ico', ...OLD[daemon]]) server.get(path, answer);
}

/** Routes below /ui-api, each answering with JSON. */
export function uiApi<W>({ server, whoOf }: PageServer<W>) {
  const route = (method: 'GET' | 'POST', path: string, answer: (asked: Asked<W>) => unknown): void => {
    server.route({
      method,
      url: `${UI_API}${path}`,
      handler: async (request, reply) => {
        try {
          if (method === 'POST') fromHere(request);
          const asked: Asked<W> = {
            who: whoOf(request),
            query: new Query(request.query),
            params: request.params as Record<string, string>,
            request,
            reply,
          };
          const value = await answer(asked);
          return value === reply ? reply : reply.type('application/json').header('cache-control', 'no-store').send(JSON.stringify(value));
        } catch (error) {
          return refuse(reply, error);
        }
      },
    });
  };
  return {
    get: (path: string, answer: (asked: Asked<W>) => unknown) => route('GET', path, answer),
    post: (path: string, answer: (asked: Asked<W>) => unknown) => route('POST', path, answer),
  };
}

const STATUS: Readonly<Record<string, number>> = { APPLICATION_UNKNOWN: 404, ATTEMPT_UNKNOWN: 404, LOG_NOT_FOUND: 404, NODE_UNKNOWN: 404 };

/** The page shows the body as it is. */
function refuse(reply: FastifyReply, error: unknown): FastifyReply {
  const known = error instanceof RestError || error instanceof AppError;
  if (!known) throw error;
  const status =
    error instanceof RestError ? error.status : (STATUS[error.code] ?? (/DENIED|FORBIDDEN|NOT_ALLOWED/.test(error.code) ? 403 : 400));
  const hint = error instanceof AppError && error.hint ? ` ${error.hint}` : '';
  return reply.code(status).type('text/plain; charset=utf-8').header('cache-control', 'no-store').send(`${error.message}${hint}`);
}

/** What another site's page sends in a reader's name has its Origin, or no header that only a script of ours can set. @throws RestError 403 */
function fromHere({ headers: { origin, host, 'sec-fetch-site': site, 'x-xsrf-header': own } }: FastifyRequest): void {
  const elsewhere = origin !== undefined && origin.replace(/^https?:\/\//, '') !== host;
  if (own === undefined || elsewhere || (site !== undefined && site !== 'same-origin' && site !== 'none'))
    throw new RestError(403, 'Refused: this request comes from another site.');
}

const MOST_ROWS = 500;

/** What a list is asked for, in bounds; a key that can't be sorted by is the usual one. */
export function tableQuery<K extends string>(
  query: Query,
  keys: readonly K[],
  usual: { readonly sortBy: K; readonly descending: boolean; readonly length: number },
): TableQuery<K> {
  return {
    offset: Math.max(0, query.whole('offset', 0)),
    length: Math.min(MOST_ROWS, Math.max(0, query.whole('length', usual.length))),
    sortBy: keys.find((name) => name === query.text('sortBy')) ?? usual.sortBy,
    descending: query.bool('descending', usual.descending),
    search: query.text('search') ?? '',
    states: query.all('state').flatMap((list) => list.split(',').filter((word) => word !== '')),
  };
}
