// A list that may be long (100,000 applications) as one answer: rendered and sent piece by piece, as fast as the client reads, with a turn of the
// event loop between the pieces, so that placements and heartbeats do not wait for it. What is short is sent as any other answer.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answer, wantsXml } from './answer.ts';
import { elementText } from './xml.ts';

/** Items between two turns: rendering one takes some 20 µs. */
const PIECE = 100;

/** `{[root]: {[item]: […]}}`; YARN's form of an empty list is `{[root]: {}}`. */
export function answerList<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  names: { root: string; item: string },
  items: readonly T[],
  render: (item: T) => unknown,
): FastifyReply {
  const { root, item } = names;
  if (items.length <= PIECE) return answer(request, reply, { [root]: items.length === 0 ? {} : { [item]: items.map(render) } });
  const xml = wantsXml(request.headers.accept);
  reply.type(xml ? 'application/xml; charset=utf-8' : 'application/json;charset=utf-8');
  const text = (value: T) => (xml ? elementText(item, render(value)) : JSON.stringify(render(value)));
  const [head, between, tail] = xml
    ? [`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><${root}>`, '', `</${root}>`]
    : [`{"${root}":{"${item}":[`, ',', ']}}'];
  return reply.send(Readable.from(pieces(items, text, { head, between, tail }), { objectMode: false, highWaterMark: 64 * 1024 }));
}

async function* pieces<T>(
  items: readonly T[],
  text: (value: T) => string,
  { head, between, tail }: { head: string; between: string; tail: string },
): AsyncGenerator<string> {
  for (let from = 0; from < items.length; from += PIECE) {
    const piece = items
      .slice(from, from + PIECE)
      .map(text)
      .join(between);
    yield (from === 0 ? head : between) + piece;
    await new Promise(setImmediate);
  }
  yield tail;
}
