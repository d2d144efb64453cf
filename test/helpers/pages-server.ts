// A small server that gives the application's pages their data from functions: for the tests in test/pages and to look at while working on the pages
// (`node test/helpers/show-pages.ts`). It serves the bundle with page-files.ts as the driver's server does; it is not that server.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PAGE_HEADERS } from '../../src/status/pages/page-bundle.ts';
import { PageFiles } from '../../src/status/pages/page-files.ts';

/** The answer to a GET of a path below the server's root: JSON, or text as it is. undefined: not mine. */
export type Answers = (path: string, query: URLSearchParams) => unknown;
export type PagesServer = {
  readonly url: string;
  /** `GET /api/v1/…?…`, in order. */
  readonly requests: readonly string[];
  /** Tells the pages that something has changed. */
  readonly pulse: () => void;
  readonly close: () => Promise<void>;
};

export async function startPagesServer(kind: 'driver' | 'history', answers: Answers, port = 0): Promise<PagesServer> {
  const files = new PageFiles(join(import.meta.dirname, '../../dist/ui'), kind);
  const requests: string[] = [];
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    requests.push(`${request.method} ${url.pathname}${url.search}`);
    if (url.pathname.endsWith('/ui/api/live') && kind === 'driver') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(': hello\n\n');
      streams.add(response);
      response.on('close', () => streams.delete(response));
      return;
    }
    if (request.method === 'POST') {
      response.writeHead(302, { location: '/jobs/' }).end();
      return;
    }
    const body = answers(url.pathname, url.searchParams);
    if (body !== undefined) {
      const isText = typeof body === 'string';
      response.writeHead(200, {
        ...PAGE_HEADERS,
        'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
        'cache-control': 'no-store',
      });
      response.end(isText ? body : JSON.stringify(body));
      return;
    }
    const page = files.answer(url.pathname);
    if (page?.tag === 'redirect') response.writeHead(302, { location: page.location + url.search }).end();
    else if (page)
      response.writeHead(200, { ...PAGE_HEADERS, 'content-type': page.contentType, 'cache-control': page.cacheControl }).end(page.body);
    else response.writeHead(404, { 'content-type': 'text/plain' }).end(`no such page: ${url.pathname}`);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    pulse: () => {
      for (const stream of streams) stream.write('event: change\ndata: {"version":1}\n\n');
    },
    close: () =>
      new Promise((resolve) => {
        for (const stream of streams) stream.end();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
