// Answers clients: submission, reports, kill, nodes, queues. A connection that proved `client:<user>`.
import { randomBytes } from 'node:crypto';
import { AppError } from '../../common/errors.ts';
import type { ApplicationId } from '../../common/ids.ts';
import type { Logger } from '../../common/ports.ts';
import type { Resource } from '../../common/resource.ts';
import {
  applicationKill,
  applicationList,
  applicationMove,
  applicationNew,
  applicationPriority,
  applicationReport as applicationReportRpc,
  applicationSubmit,
  applicationTimeout,
  applicationWatch,
  attemptList,
  clusterInfo,
  containerList,
  nodeDecommission,
  nodeList,
  queueList,
  queuesRefresh,
} from '../../rpc/messages/client.ts';
import type { ApplicationReport } from '../../rpc/messages/shapes.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Cluster } from '../core/cluster.ts';
import type { Application } from '../core/entities.ts';
import { applicationReport, attemptReport, containerReports, nodeReport, queueName, queueReports } from '../core/reports.ts';
import type { QueuesRead } from '../core/queue-policies.ts';
import type { Connections } from './connections.ts';
import type { EventLoop } from './event-loop.ts';

export type ClientServiceParts = {
  readonly loop: EventLoop;
  readonly connections: Connections;
  readonly logger: Logger;
  readonly version: string;
  readonly dataDir: string;
  /** @throws AppError QUEUE_CONFIG_INVALID, CONFIG_BAD_FILE */
  readonly readQueues: () => Promise<QueuesRead>;
  /** Of a user, the primary group first; for placement rules. */
  readonly groupsOf: (user: string) => Promise<readonly string[]>;
};

/** While no node has registered the limit is not known: then it is what fits into 31 bits, so that nobody refuses on its account. */
const UNKNOWN_MAXIMUM: Resource = { memoryMb: 2 ** 31 - 1, vcores: 2 ** 31 - 1 };
export const maximumAllocation = (cluster: Cluster): Resource => cluster.maximumAllocation() ?? UNKNOWN_MAXIMUM;

export function serveClient(peer: Peer, { loop, connections, logger, version, dataDir, readQueues, groupsOf }: ClientServiceParts): void {
  const { cluster } = loop.core;
  peer.onFault = (fault) => logger.warn(`${peer.name}: ${fault}`);
  peer.onClose = () => connections.forgetClient(peer);
  const find = (applicationId: ApplicationId): Application => {
    const application = cluster.applications.get(applicationId);
    if (application === undefined) throw new AppError('APPLICATION_UNKNOWN', { applicationId });
    return application;
  };

  peer.serve(clusterInfo, () => ({
    version,
    startedAtMs: cluster.startedAtMs,
    epoch: cluster.epoch,
    maximumAllocation: maximumAllocation(cluster),
    nodes: cluster.byHeartbeat.size,
    dataDir,
  }));
  peer.serve(applicationNew, async () => ({ applicationId: await loop.newApplicationId(), maximumAllocation: maximumAllocation(cluster) }));
  peer.serve(applicationSubmit, async ({ applicationId, ...submission }) => {
    const groups = cluster.policies.placement.rules.length > 0 ? await groupsOf(submission.user) : [];
    await loop.handle({ tag: 'applicationSubmitted', id: applicationId, submission, secret: randomBytes(32).toString('hex'), groups });
    const { secret, submission: taken } = find(applicationId);
    return { applicationId, queue: taken.queue, secret };
  });
  peer.serve(applicationReportRpc, ({ applicationId }) => applicationReport(cluster, find(applicationId)));
  peer.serve(applicationWatch, ({ applicationId }) => {
    const application = find(applicationId);
    if (!('ending' in application.state)) connections.watch(applicationId, peer);
    return applicationReport(cluster, application);
  });
  peer.serve(applicationList, (filter) => ({ applications: newestFirst(cluster, filter) }));
  peer.serve(applicationKill, async ({ applicationId, user, diagnostics }) => {
    const before = applicationReport(cluster, find(applicationId));
    await loop.handle({ tag: 'applicationKill', id: applicationId, user, diagnostics });
    return before;
  });
  peer.serve(applicationMove, async ({ applicationId: id, queue, user }) => {
    await loop.handle({ tag: 'applicationMove', id, queue, user });
    return applicationReport(cluster, find(id));
  });
  peer.serve(applicationPriority, async ({ applicationId: id, priority, user }) => {
    await loop.handle({ tag: 'applicationPriority', id, priority, user });
    return applicationReport(cluster, find(id));
  });
  peer.serve(applicationTimeout, async ({ applicationId: id, expiresAtMs, user }) => {
    await loop.handle({ tag: 'applicationTimeout', id, expiresAtMs, user });
    return applicationReport(cluster, find(id));
  });
  peer.serve(attemptList, ({ applicationId }) => ({ attempts: find(applicationId).attempts.map(attemptReport) }));
  peer.serve(containerList, ({ attemptId }) => {
    const attempt = cluster.attempt(attemptId);
    if (attempt === undefined) throw new AppError('ATTEMPT_UNKNOWN', { attemptId });
    return { containers: containerReports(attempt) };
  });
  peer.serve(nodeList, () => ({ nodes: [...cluster.nodes.values()].map(nodeReport) }));
  peer.serve(nodeDecommission, async (request) => {
    await loop.handle({ tag: 'nodeDecommission', ...request });
    return nodeReport(cluster.nodes.get(request.nodeId)!);
  });
  peer.serve(queueList, () => ({ queues: queueReports(cluster) }));
  peer.serve(queuesRefresh, async () => {
    await loop.handle({ tag: 'queuesRefreshed', ...(await readQueues()) });
    logger.info('The queues were refreshed');
    return { queues: queueReports(cluster) };
  });
}

type Filter = {
  states: readonly string[];
  types: readonly string[];
  tags: readonly string[];
  queue?: string | undefined;
  user?: string | undefined;
};

function newestFirst(cluster: Cluster, { states, types, tags, queue, user }: Filter): ApplicationReport[] {
  const wanted = [...cluster.applications.values()].filter(
    ({ state, submission: s }) =>
      (states.length === 0 || states.includes(state.tag)) &&
      (types.length === 0 || types.includes(s.type)) &&
      (tags.length === 0 || s.tags.some((tag) => tags.includes(tag))) &&
      (queue === undefined || s.queue === queue || queueName(cluster, s.queue) === queue) &&
      (user === undefined || s.user === user),
  );
  return wanted.sort((a, b) => b.seq - a.seq).map((a) => applicationReport(cluster, a));
}
