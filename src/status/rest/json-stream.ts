// Sends JSON: what is short as one text with its length, what is long piece by piece as fast as the client reads, so that an answer of a million
// tasks (1 GB of text) needs no memory. How values look is java-json.ts. A failure in the middle cuts the connection: half a list must not look whole.
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { jsonParts } from './java-json.ts';

/** Characters of a piece, and the longest answer with a length. */
const PIECE = 64 * 1024;

export function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  const pieces = jsonPieces(value);
  const first = pieces.next().value ?? '';
  const second = pieces.next();
  reply.type('application/json');
  if (second.done) return reply.send(first);
  return reply.send(Readable.from(following([first, second.value], pieces), { objectMode: false, highWaterMark: PIECE }));
}

/** @yields texts of about PIECE characters */
export function* jsonPieces(value: unknown): Generator<string, undefined> {
  let parts: string[] = [];
  let length = 0;
  for (const part of jsonParts(value)) {
    parts.push(part);
    length += part.length;
    if (length < PIECE) continue;
    yield parts.join('');
    parts = [];
    length = 0;
  }
  if (length > 0) yield parts.join('');
  return undefined;
}

async function* following(begun: readonly string[], rest: Iterable<string>): AsyncGenerator<string> {
  yield* begun;
  for (const piece of rest) {
    yield piece;
    // A reader as fast as we are would keep the event loop, and the driver's tasks, waiting to the end.
    await new Promise(setImmediate);
  }
}
