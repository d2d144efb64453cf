// Where the pages come in: what is not REST. `/cluster` is there for tools that ask whether the ResourceManager is the active one (HEAD /cluster).
import type { FastifyInstance } from 'fastify';
import type { RmHttpParts } from './rm-app.ts';

export function registerPages(app: FastifyInstance, parts: RmHttpParts): void {
  app.get('/', (_request, reply) => reply.redirect(`http://${parts.hostPort}/cluster`, 302));
  app.get('/cluster', (_request, reply) => reply.type('text/html; charset=utf-8').send('<!DOCTYPE html><title>Emberloom</title>'));
}
