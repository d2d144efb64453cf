// GET /ws/v1/node and /ws/v1/node/info. Source: YARN's NMWebServices, NodeInfo.
import type { FastifyInstance } from 'fastify';
import { answer } from '../../web/answer.ts';
import type { NmHttpParts } from './nm-app.ts';

/** What YARN would let containers have of virtual memory. It is not limited here; tools show the figure. Source: yarn.nodemanager.vmem-pmem-ratio. */
const VMEM_RATIO = 2.1;

export function nodeRoutes(app: FastifyInstance, { view }: NmHttpParts): void {
  const startedAtMs = view.nowMs() - Math.floor(process.uptime() * 1000);
  for (const path of ['/ws/v1/node', '/ws/v1/node/info'])
    app.get(path, (request, reply) => answer(request, reply, { nodeInfo: nodeInfo(view, startedAtMs) }));
}

function nodeInfo(view: NmHttpParts['view'], startedAtMs: number) {
  const { version, capacity } = view;
  const { healthy, healthReport } = view.health();
  const build = `${version} from emberloom`;
  return {
    healthReport,
    totalVmemAllocatedContainersMB: Math.floor(capacity.memoryMb * VMEM_RATIO),
    totalPmemAllocatedContainersMB: capacity.memoryMb,
    totalVCoresAllocatedContainers: capacity.vcores,
    vmemCheckEnabled: false,
    pmemCheckEnabled: view.checksMemory,
    lastNodeUpdateTime: view.nowMs(),
    resourceTypes: 'memory-mb (unit=Mi), vcores',
    nodeHealthy: healthy,
    nodeManagerVersion: version,
    nodeManagerBuildVersion: build,
    nodeManagerVersionBuiltOn: '',
    hadoopVersion: version,
    hadoopBuildVersion: build,
    hadoopVersionBuiltOn: '',
    id: view.nodeId,
    nodeHostName: view.host,
    nmStartupTime: startedAtMs,
  };
}
