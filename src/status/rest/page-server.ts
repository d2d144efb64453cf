// What the driver's HTTP server and the history server have in common: safe headers, the pages for every address that is no route, and 404.
// Which application is meant, they know themselves; the files are pages/page-bundle.ts.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AnswersPages, PAGE_HEADERS } from '../pages/page-bundle.ts';

/** Of a form or a JSON document that a page sends. */
export const MOST_BODY_BYTES = 64 * 1024;

/** @param pages undefined: they were not built; there is still the REST API */
export function pageServer(server: FastifyInstance, pages: AnswersPages | undefined): void {
  server.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('x-frame-options', 'SAMEORIGIN').header('referrer-policy', 'same-origin');
  });
  server.setNotFoundHandler((request, reply) => pageOr404(pages, request, reply));
}

function pageOr404(pages: AnswersPages | undefined, request: FastifyRequest, reply: FastifyReply): void {
  const at = request.url.indexOf('?');
  const [path, query] = at < 0 ? [request.url, ''] : [request.url.slice(0, at), request.url.slice(at)];
  const answer = request.method === 'GET' || request.method === 'HEAD' ? pages?.answer(path) : undefined;
  if (answer?.tag === 'redirect')
    return void reply
      .code(302)
      .header('location', answer.location + query)
      .send('');
  if (answer !== undefined)
    return void reply.headers(PAGE_HEADERS).type(answer.contentType).header('cache-control', answer.cacheControl).send(answer.body);
  void reply.code(404).type('text/plain; charset=utf-8').send('HTTP 404 Not Found');
}
