// One answer, as the client wants it: JSON as YARN's (compact), or XML when Accept asks for it.
// Source: Hadoop's JAXB and its JSON providers.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { xmlText } from './xml.ts';

/** @param body one object with one key, the root's name, as all of YARN's answers */
export function answer(request: FastifyRequest, reply: FastifyReply, body: unknown): FastifyReply {
  if (wantsXml(request.headers.accept)) return reply.type('application/xml; charset=utf-8').send(xmlText(body));
  return reply.type('application/json;charset=utf-8').send(JSON.stringify(body));
}

/** Whichever of the two is named first; JSON when neither is. */
export function wantsXml(accept: string | undefined): boolean {
  for (const part of (accept ?? '').split(',')) {
    const type = part.split(';')[0]!.trim().toLowerCase();
    if (type === 'application/json' || type === '*/*' || type === 'text/html') return false;
    if (type === 'application/xml' || type === 'text/xml') return true;
  }
  return false;
}
