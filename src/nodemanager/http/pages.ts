// The NodeManager's pages on its web app: routes and files are src/cluster-pages, the data ../pages.
import type { FastifyInstance } from 'fastify';
import { clusterFiles } from '../../cluster-pages/cluster-files.ts';
import { nmPages } from '../../cluster-pages/nm-routes.ts';
import { nmPageSource } from '../pages/nm-source.ts';
import type { NmHttpParts } from './nm-app.ts';

export const registerPages = (app: FastifyInstance, { view, settings, dataDir }: NmHttpParts): void =>
  nmPages({ server: app, files: clusterFiles('nm'), whoOf: (request) => request.webUser }, nmPageSource({ view, settings, dataDir }));
