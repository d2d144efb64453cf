// Passes one request on to a server of ours and its answer back, streamed. Only headers of a short list go either way: no cookie and no token of
// this server reaches a program of a user, and no cookie of it a browser. Source: YARN's WebAppProxyServlet, ProxyUriUtils.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Source: WebAppProxyServlet.PASS_THROUGH_HEADERS. */
const PASSED_ON = [
  'accept',
  'accept-encoding',
  'accept-language',
  'accept-charset',
  'user-agent',
  'content-type',
  'range',
  'if-none-match',
  'if-modified-since',
  'last-event-id',
];
const PASSED_BACK = [
  'content-type',
  'content-encoding',
  'content-length',
  'content-disposition',
  'content-range',
  'content-security-policy',
  'cache-control',
  'etag',
  'last-modified',
  'retry-after',
  'vary',
];
const CONNECT_MS = 10_000;

export type Forward = {
  readonly target: URL;
  /** `/proxy/application_…`: what stands before the paths of the server behind. */
  readonly prefix: string;
  readonly body: Buffer | undefined;
};

/** @throws Error when nothing answers; before anything was sent back */
export async function forward(request: FastifyRequest, reply: FastifyReply, { target, prefix, body }: Forward): Promise<FastifyReply> {
  const { request: ask } = process.getBuiltinModule('node:http');
  const headers = {
    ...pick(request.headers, PASSED_ON),
    'x-forwarded-context': prefix,
    ...(body === undefined ? {} : { 'content-length': body.length }),
  };
  const answered = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = ask(target, { method: request.method, headers, timeout: CONNECT_MS }, resolve);
    sent.on('error', reject);
    // Until it answers; a stream of events may be silent for long.
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${CONNECT_MS} ms`)));
    sent.once('response', () => sent.setTimeout(0));
    reply.raw.once('close', () => sent.destroy());
    sent.end(body);
  });
  reply.code(answered.statusCode ?? 502).headers(pick(answered.headers, PASSED_BACK));
  const { location } = answered.headers;
  if (location !== undefined) reply.header('location', locationHere(location, target, prefix));
  return reply.send(answered);
}

function pick(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (typeof value === 'string') found[name] = value;
  }
  return found;
}

/** A redirect of the server behind stays behind the prefix; one to elsewhere is left as it is. */
function locationHere(location: string, target: URL, prefix: string): string {
  if (location.startsWith('//')) return location;
  if (location.startsWith('/')) return prefix + location;
  return location.startsWith(`${target.origin}/`) ? prefix + location.slice(target.origin.length) : location;
}
