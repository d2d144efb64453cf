// Serves the cluster's pages with an invented cluster or node, by the real routes: for the tests in test/pages, and to look at while working on them.
import { join } from 'node:path';
import fastify from 'fastify';
import { ClusterFiles } from '../../src/cluster-pages/cluster-files.ts';
import type { ClusterSource, NodeSource } from '../../src/cluster-pages/cluster-source.ts';
import { nmPages } from '../../src/cluster-pages/nm-routes.ts';
import { rmPages } from '../../src/cluster-pages/rm-routes.ts';

const FOLDER = join(import.meta.dirname, '../../dist/ui-cluster');
type Who = { readonly user: string };
export type ClusterPagesServer = { readonly url: string; readonly close: () => Promise<void> };

export async function serveCluster(source: ClusterSource<Who, number, number>, port = 0, user = 'ann'): Promise<ClusterPagesServer> {
  const server = fastify({ forceCloseConnections: true });
  rmPages({ server, files: new ClusterFiles(FOLDER, 'rm'), whoOf: () => ({ user }) }, source);
  return { url: await server.listen({ port, host: '127.0.0.1' }), close: () => server.close() };
}

export async function serveNode(source: NodeSource<Who>, port = 0): Promise<ClusterPagesServer> {
  const server = fastify({ forceCloseConnections: true });
  nmPages({ server, files: new ClusterFiles(FOLDER, 'nm'), whoOf: () => ({ user: 'ann' }) }, source);
  return { url: await server.listen({ port, host: '127.0.0.1' }), close: () => server.close() };
}
