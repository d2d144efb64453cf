// GET /ws/v1/cluster/metrics and nodes, POST nodes/N/resource. Source: YARN's RMWebServices, ClusterMetricsInfo, NodesInfo.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { minus, resource } from '../../common/resource.ts';
import { answer } from '../../web/answer.ts';
import { answerList } from '../../web/answer-list.ts';
import { Query } from '../../web/query.ts';
import { fieldsOf, wholeField } from '../../web/body.ts';
import { badRequest, notFound } from '../../web/web-error.ts';
import type { Cluster } from '../core/cluster.ts';
import type { Node } from '../core/entities.ts';
import { paramOf } from './asking.ts';
import { clusterFigures } from './cluster-figures.ts';
import { nodeInfo } from './render-nodes.ts';
import { percentOf, resourceInfo } from './resource-info.ts';
import { labelOf } from '../core/node-labels.ts';
import type { RmHttpParts } from './rm-app.ts';

const BASE = '/ws/v1/cluster';
const NODE_STATES = ['NEW', 'RUNNING', 'UNHEALTHY', 'DECOMMISSIONED', 'LOST', 'REBOOTED', 'DECOMMISSIONING', 'SHUTDOWN'];
/** Shown when no states are asked for: the others are not part of the cluster. Source: NodesPage, RMWebServices.getNodes. */
const IN_CLUSTER: ReadonlySet<string> = new Set(['RUNNING', 'UNHEALTHY', 'DECOMMISSIONING']);

export function nodeRoutes(app: FastifyInstance, parts: RmHttpParts): void {
  const { cluster } = parts.loop.core;
  const labelsOf = (node: Node) => [labelOf(cluster, node)].filter((label) => label !== '');
  app.get(`${BASE}/metrics`, (request, reply) => answer(request, reply, { clusterMetrics: clusterMetrics(cluster) }));
  app.get(`${BASE}/nodes`, (request, reply) => {
    const states = new Query(request).words('states').map((word) => {
      const state = word.toUpperCase();
      if (!NODE_STATES.includes(state)) throw badRequest(`No enum constant org.apache.hadoop.yarn.api.records.NodeState.${state}`);
      return state;
    });
    const wanted = states.length === 0 ? IN_CLUSTER : new Set(states);
    const nodes = [...cluster.nodes.values()].filter(({ state }) => wanted.has(state.tag));
    return answerList(request, reply, { root: 'nodes', item: 'node' }, nodes, (node) => nodeInfo(node, labelsOf(node)));
  });
  const answerNode = (request: FastifyRequest, reply: FastifyReply, node: Node) =>
    answer(request, reply, { node: nodeInfo(node, labelsOf(node)) });
  app.post(`${BASE}/nodes/:nodeId/resource`, async (request, reply) => {
    const node = nodeNamed(cluster, paramOf(request, 'nodeId'));
    const body = fieldsOf(request.body);
    const asked = body['resource'] === undefined ? body : fieldsOf(body['resource'], 'resource');
    const [memoryMb, vcores] = [wholeField(asked, 'memory'), wholeField(asked, 'vCores')];
    if (memoryMb === undefined || vcores === undefined || memoryMb < 1 || vcores < 1)
      throw badRequest('resource: memory (MB) and vCores, 1 or more, are expected.');
    const about = { operation: 'updateNodeResource', target: 'AdminService' };
    await parts.access.may(request.webUser, { tag: 'administer', what: `node ${node.id}` }, about);
    const capacity = resource(memoryMb, vcores, node.capacity.others);
    await parts.access.noted(request.webUser, about, () => parts.loop.handle({ tag: 'nodeResized', nodeId: node.id, capacity }));
    return answer(request, reply, { resourceInfo: resourceInfo(node.capacity) });
  });
  app.get(`${BASE}/nodes/:nodeId`, (request, reply) => answerNode(request, reply, nodeNamed(cluster, paramOf(request, 'nodeId'))));
}

/** @throws WebError 404 */
export function nodeNamed(cluster: Cluster, id: string): Node {
  const node = cluster.nodes.get(id as Node['id']);
  if (node === undefined) throw notFound(`nodeId, ${id}, is not found`);
  return node;
}

function clusterMetrics(cluster: Cluster) {
  const f = clusterFigures(cluster);
  const available = minus(f.total, f.allocated);
  return {
    appsSubmitted: f.apps.submitted,
    appsCompleted: f.apps.completed,
    appsPending: f.apps.pending,
    appsRunning: f.apps.running,
    appsFailed: f.apps.failed,
    appsKilled: f.apps.killed,
    reservedMB: f.reserved.memoryMb,
    availableMB: Math.max(0, available.memoryMb),
    allocatedMB: f.allocated.memoryMb,
    pendingMB: f.pending.memoryMb,
    reservedVirtualCores: f.reserved.vcores,
    availableVirtualCores: Math.max(0, available.vcores),
    allocatedVirtualCores: f.allocated.vcores,
    pendingVirtualCores: f.pending.vcores,
    containersAllocated: f.containersAllocated,
    containersReserved: f.containersReserved,
    containersPending: f.containersPending,
    totalMB: f.total.memoryMb,
    utilizedMB: f.utilized.memoryMb,
    totalVirtualCores: f.total.vcores,
    utilizedVirtualCores: Math.round(f.utilized.cores),
    utilizedMBPercent: Math.floor(percentOf(f.utilized.memoryMb, f.total.memoryMb)),
    utilizedVirtualCoresPercent: Math.floor(percentOf(f.utilized.cores, f.total.vcores)),
    rmSchedulerBusyPercent: 0,
    totalNodes: Object.values(f.nodes).reduce((sum, n) => sum + n, 0) - f.nodes.DECOMMISSIONED,
    lostNodes: f.nodes.LOST,
    unhealthyNodes: f.nodes.UNHEALTHY,
    decommissioningNodes: f.nodes.DECOMMISSIONING,
    decommissionedNodes: f.nodes.DECOMMISSIONED,
    rebootedNodes: f.nodes.REBOOTED,
    activeNodes: f.nodes.RUNNING,
    shutdownNodes: 0,
    containerAssignedPerSecond: 0,
    totalUsedResourcesAcrossPartition: resourceInfo(f.allocated),
    totalClusterResourcesAcrossPartition: resourceInfo(f.total),
    totalReservedResourcesAcrossPartition: resourceInfo(f.reserved),
    totalAllocatedContainersAcrossPartition: f.containersAllocated,
    crossPartitionMetricsAvailable: true,
    rmEventQueueSize: 0,
    schedulerEventQueueSize: 0,
  };
}
