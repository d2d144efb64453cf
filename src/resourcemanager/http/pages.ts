// The ResourceManager's pages on its web app: routes and files are src/cluster-pages, the data ../pages.
import type { FastifyInstance } from 'fastify';
import { clusterFiles } from '../../cluster-pages/cluster-files.ts';
import { settingRows } from '../../cluster-pages/model/settings.ts';
import { rmPages } from '../../cluster-pages/rm-routes.ts';
import { webScheme } from '../../web/web-scheme.ts';
import { clusterNodeHttp, rmPageSource } from '../pages/rm-source.ts';
import type { RmHttpParts } from './rm-app.ts';

export function registerPages(app: FastifyInstance, { loop, access, logs, history, version, settings }: RmHttpParts): void {
  const { cluster } = loop.core;
  const source = rmPageSource({
    loop,
    access,
    logs,
    history,
    version,
    httpOf: clusterNodeHttp(cluster, webScheme(settings)),
    settings: () => settingRows(settings),
  });
  rmPages({ server: app, files: clusterFiles('rm'), whoOf: (request) => request.webUser }, source);
}
