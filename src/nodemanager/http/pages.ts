// Where the NodeManager's pages come in: what is not REST.
import type { FastifyInstance } from 'fastify';
import type { NmHttpParts } from './nm-app.ts';

export function registerPages(app: FastifyInstance, parts: NmHttpParts): void {
  app.get('/', (_request, reply) => reply.redirect(`http://${parts.hostPort}/node`, 302));
  app.get('/node', (_request, reply) => reply.type('text/html; charset=utf-8').send('<!DOCTYPE html><title>Emberloom</title>'));
}
