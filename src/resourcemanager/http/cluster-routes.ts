// GET /ws/v1/cluster and /ws/v1/cluster/info. Source: YARN's RMWebServices, ClusterInfo.
import type { FastifyInstance } from 'fastify';
import { answer } from '../../web/answer.ts';
import type { RmHttpParts } from './rm-app.ts';

export function clusterRoutes(app: FastifyInstance, parts: RmHttpParts): void {
  for (const path of ['/ws/v1/cluster', '/ws/v1/cluster/info'])
    app.get(path, (request, reply) => answer(request, reply, { clusterInfo: clusterInfo(parts) }));
}

function clusterInfo({ loop, version }: RmHttpParts) {
  const { startedAtMs, clusterStartMs } = loop.core.cluster;
  const build = `${version} from emberloom`;
  return {
    id: clusterStartMs,
    startedOn: startedAtMs,
    state: 'STARTED',
    haState: 'ACTIVE',
    rmStateStoreName: 'SQLite',
    resourceManagerVersion: version,
    resourceManagerBuildVersion: build,
    resourceManagerVersionBuiltOn: '',
    hadoopVersion: version,
    hadoopBuildVersion: build,
    hadoopVersionBuiltOn: '',
    haZooKeeperConnectionState: 'ResourceManager HA is not enabled.',
  };
}
