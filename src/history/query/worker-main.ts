// The thread that answers about large stages: the same routes as the server's, on an index of its own opening, asked without a socket. Orders
// come from service/query-thread.ts. It keeps the index that was asked for last open, and others while a long answer is made of them: those go out
// piece by piece, each when it is asked for.
import type { Readable } from 'node:stream';
import { parentPort } from 'node:worker_threads';
import fastify from 'fastify';
import { invariant } from '../../common/invariant.ts';
import { openDatabase } from '../../platform/database.ts';
import { pageDataRoutes } from '../../status/rest/page-data-routes.ts';
import { RestError } from '../../status/rest/request.ts';
import { answerError, restRoutes } from '../../status/rest/routes.ts';
import type { StatusView } from '../../status/store/status-view.ts';
import { viewOf } from '../service/index-view.ts';
import type { QueryAnswer, QueryOrder, QueryPiece, QueryRequest } from '../service/query-thread.ts';
import { type OpenIndex, openIndex } from '../store/index-file.ts';

invariant(parentPort, 'the query worker is a thread of the history server');
const server = parentPort;

type Opened = { readonly name: string; readonly index: OpenIndex; readonly view: StatusView; answers: number };
let opened: Opened | undefined;

/** Closes what nothing is asked of any more. */
function release(index: Opened): void {
  if (index !== opened && index.answers === 0) index.index.close();
}

/** @throws RestError 503 */
function viewFor({ path, log }: QueryOrder): StatusView {
  const name = `${path} ${log.sizeBytes} ${log.changedAtMs} ${log.inProgress}`;
  if (opened?.name === name) return opened.view;
  const before = opened;
  opened = undefined;
  if (before !== undefined) release(before);
  const index = openIndex(path, openDatabase);
  if (index === undefined) throw new RestError(503, `The index of ${log.key} was removed meanwhile; ask again.`);
  opened = { name, index, view: viewOf(index, log, Date.now), answers: 0 };
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

/** Long answers that are not at their end. */
const going = new Map<number, { readonly pieces: Readable; readonly rest: AsyncIterator<string>; readonly index: Opened | undefined }>();

/** The next piece; undefined: the answer has ended. */
async function pull(rest: AsyncIterator<string>): Promise<string | undefined> {
  const { done, value } = await rest.next();
  return done ? undefined : value;
}

async function answer(order: QueryOrder): Promise<void> {
  asked = order;
  const { statusCode, headers, stream } = await routes.inject({ url: order.url, payloadAsStream: true });
  const pieces = stream().setEncoding('utf8');
  const rest: AsyncIterator<string> = pieces[Symbol.asyncIterator]();
  const first = await pull(rest);
  const second = first === undefined ? undefined : await pull(rest);
  const more = second !== undefined;
  if (more) {
    if (opened !== undefined) opened.answers++;
    going.set(order.id, { pieces, rest, index: opened });
  }
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    name === 'content-type' || name === 'cache-control' ? [[name, String(value)] as const] : [],
  );
  const body = (first ?? '') + (second ?? '');
  server.postMessage({ id: order.id, status: statusCode, headers: Object.fromEntries(kept), body, more } satisfies QueryAnswer);
}

function end(id: number): void {
  const found = going.get(id);
  if (found === undefined) return;
  going.delete(id);
  found.pieces.destroy();
  if (found.index === undefined) return;
  found.index.answers--;
  release(found.index);
}

async function goOn(id: number): Promise<void> {
  const found = going.get(id);
  if (found === undefined) return;
  try {
    const piece = await pull(found.rest);
    if (piece === undefined) end(id);
    server.postMessage({ id, piece } satisfies QueryPiece);
  } catch (error) {
    end(id);
    server.postMessage({ id, piece: undefined, fault: (error as Error).message } satisfies QueryPiece);
  }
}

let last: Promise<void> = Promise.resolve();
server.on('message', (request: QueryRequest) => {
  if ('goOn' in request) void (request.goOn ? goOn(request.id) : end(request.id));
  else last = last.then(() => answer(request));
});
