// Answers clients: submission, reports, kill, nodes, queues. A connection that proved `client:<user>` or `user:<user>`; what its user
// may is asked of access.ts before anything is done.
import { randomBytes } from 'node:crypto';
import { AppError } from '../../common/errors.ts';
import { type ApplicationId, applicationOfContainer } from '../../common/ids.ts';
import type { Logger } from '../../common/ports.ts';
import type { Resource } from '../../common/resource.ts';
import {
  applicationCounts,
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
  clientMessages,
  clusterInfo,
  containerList,
  nodeDecommission,
  nodeList,
  queueList,
  queuesRefresh,
} from '../../rpc/messages/client.ts';
import { logMessages, logsAccess, logsRelayList, logsRelayRead } from '../../rpc/messages/logs.ts';
import { stagingPut } from '../../rpc/messages/staging.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Cluster } from '../core/cluster.ts';
import type { Application } from '../core/entities.ts';
import { applicationReport, attemptReport, containerReports, nodeReport, queueReports } from '../core/reports.ts';
import type { QueuesRead } from '../core/queue-policies.ts';
import { type Access, rightsOf, type Who } from './access.ts';
import type { Connections } from './connections.ts';
import { countApplications, listApplications } from './list-applications.ts';
import type { EventLoop } from './event-loop.ts';
import type { StagedFiles } from './staged-files.ts';
import type { MasterKeys } from './master-keys.ts';
import type { NodeLists } from './node-lists.ts';
import type { NodeLogs } from './node-logs.ts';
import { type Refresh, serveOperators } from './operator-service.ts';
import { restrictedReport } from './restricted-report.ts';
import { logTicket } from './token-signer.ts';

export type ClientServiceParts = {
  readonly loop: EventLoop;
  readonly connections: Connections;
  readonly logger: Logger;
  readonly version: string;
  readonly dataDir: string;
  /** host:port of our web server; undefined: none */
  readonly httpAddress?: string | undefined;
  /** Its URL. */
  readonly web?: (() => string) | undefined;
  /** @throws AppError QUEUE_CONFIG_INVALID, CONFIG_BAD_FILE */
  readonly readQueues: () => Promise<QueuesRead>;
  readonly access: Access;
  readonly staged: StagedFiles;
  readonly keys: MasterKeys;
  readonly nodeLists: NodeLists;
  readonly logs: NodeLogs;
  readonly refresh: Refresh;
  /** Who proved himself on this connection. */
  readonly who: Who;
};

/** While no node has registered the limit is not known: then it is what fits into 31 bits, so that nobody refuses on its account. */
const UNKNOWN_MAXIMUM: Resource = { memoryMb: 2 ** 31 - 1, vcores: 2 ** 31 - 1 };
export const maximumAllocation = (cluster: Cluster): Resource => cluster.maximumAllocation() ?? UNKNOWN_MAXIMUM;

const RM = 'ClientRMService';
/** To connect with; a connection that stands may go on. */
const LOG_TICKET_MS = 600_000;

export function serveClient(peer: Peer, parts: ClientServiceParts): void {
  const { loop, connections, logger, version, dataDir, readQueues, httpAddress, web, access, keys, who, staged, logs } = parts;
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
    nowMs: loop.now(),
    httpAddress,
    httpScheme: web?.().startsWith('https:') ? ('https' as const) : ('http' as const),
  }));
  peer.serve(stagingPut, async (piece) => {
    const { applicationId } = piece;
    const application = cluster.applications.get(applicationId);
    if (application !== undefined && 'ending' in application.state)
      throw new AppError('APPLICATION_FINISHED', { applicationId, state: application.state.tag });
    if (application !== undefined && !staged.isOf(applicationId, who.user))
      await access.may(
        who,
        { tag: 'modify', application: rightsOf(application) },
        { operation: 'Stage File Request', target: RM, applicationId },
      );
    return staged.put(piece, who.user);
  });
  peer.serve(applicationNew, async () => ({ applicationId: await loop.newApplicationId(), maximumAllocation: maximumAllocation(cluster) }));
  peer.serve(applicationSubmit, async ({ applicationId, ...submission }) => {
    const about = { operation: 'Submit Application Request', target: RM, applicationId, queue: submission.queue };
    const as = await access.inNameOf(who, submission.user, about);
    return access.noted(as, about, async () => {
      const caller = await access.caller(as.user);
      const groups = cluster.policies.placement.rules.length > 0 ? await access.groupsOf(as.user) : [];
      const secret = randomBytes(32).toString('hex');
      await loop.handle({ tag: 'applicationSubmitted', id: applicationId, submission, secret, groups, caller });
      const taken = find(applicationId);
      return { applicationId, queue: taken.submission.queue, secret: taken.secret };
    });
  });
  /** @throws AppError APPLICATION_UNKNOWN, ACCESS_DENIED */
  const viewable = async (applicationId: ApplicationId, operation: string): Promise<Application> => {
    const application = find(applicationId);
    await access.may(who, { tag: 'view', application: rightsOf(application) }, { operation, target: RM, applicationId });
    return application;
  };
  peer.serve(applicationReportRpc, async ({ applicationId }) => {
    const application = find(applicationId);
    const report = applicationReport(cluster, application);
    return access.canView(await access.caller(who.user), who, application) ? report : restrictedReport(report);
  });
  peer.serve(applicationWatch, async ({ applicationId }) => {
    const application = await viewable(applicationId, 'Watch Application Request');
    if (!('ending' in application.state)) connections.watch(applicationId, peer);
    return applicationReport(cluster, application);
  });
  peer.serve(applicationList, (filter) => listApplications(cluster, access, who, filter));
  peer.serve(applicationCounts, () => countApplications(cluster));
  peer.serve(applicationKill, async ({ applicationId, user, diagnostics }) => {
    const application = find(applicationId);
    const about = { operation: 'Kill Application Request', target: RM, applicationId };
    const as = await access.inNameOf(who, user, about);
    await access.may(as, { tag: 'modify', application: rightsOf(application) }, about);
    const before = applicationReport(cluster, application);
    await access.noted(as, about, () => loop.handle({ tag: 'applicationKill', id: applicationId, user: as.user, diagnostics }));
    return before;
  });
  /** @returns the application, and in whose name @throws AppError APPLICATION_UNKNOWN, ACCESS_DENIED, IMPERSONATION_DENIED */
  const modify = async (applicationId: ApplicationId, user: string, operation: string, act: (user: string) => Promise<void>) => {
    const about = { operation, target: RM, applicationId };
    const as = await access.inNameOf(who, user, about);
    await access.may(as, { tag: 'modify', application: rightsOf(find(applicationId)) }, about);
    await access.noted(as, about, () => act(as.user));
    return applicationReport(cluster, find(applicationId));
  };
  peer.serve(applicationMove, ({ applicationId: id, queue, user }) =>
    modify(id, user, 'Move Application Request', async (by) => {
      const caller = await access.caller(by);
      await loop.handle({ tag: 'applicationMove', id, queue, user: by, caller });
    }),
  );
  peer.serve(applicationPriority, ({ applicationId: id, priority, user }) =>
    modify(id, user, 'Update Application Priority Request', (by) => loop.handle({ tag: 'applicationPriority', id, priority, user: by })),
  );
  peer.serve(applicationTimeout, ({ applicationId: id, expiresAtMs, user }) =>
    modify(id, user, 'Update Application Timeout Request', (by) => loop.handle({ tag: 'applicationTimeout', id, expiresAtMs, user: by })),
  );
  peer.serve(attemptList, async ({ applicationId }) => ({
    attempts: (await viewable(applicationId, 'Get Application Attempts Request')).attempts.map(attemptReport),
  }));
  peer.serve(containerList, async ({ attemptId }) => {
    const attempt = cluster.attempt(attemptId);
    if (attempt === undefined) throw new AppError('ATTEMPT_UNKNOWN', { attemptId });
    await viewable(attempt.application.id, 'Get Containers Request');
    return { containers: containerReports(attempt) };
  });
  peer.serve(logsAccess, async ({ applicationId, user }) => {
    const about = { operation: 'Get Container Logs Request', target: RM, applicationId };
    const as = await access.inNameOf(who, user, about);
    const application = cluster.applications.get(applicationId);
    await access.may(
      as,
      application ? { tag: 'view', application: rightsOf(application) } : { tag: 'administer', what: `logs of ${applicationId}` },
      about,
    );
    return logTicket(keys.current('nm'), { user: as.user, applicationId, expiresAtMs: loop.now() + LOG_TICKET_MS });
  });
  const mayReadLogs = async (applicationId: ApplicationId, user: string) => {
    const about = { operation: 'Get Container Logs Request', target: RM, applicationId };
    await logs.mayRead(applicationId, await access.inNameOf(who, user, about));
  };
  peer.serve(logsRelayList, async ({ nodeId, applicationId, user }) => {
    await mayReadLogs(applicationId, user);
    return await logs.list(nodeId, applicationId);
  });
  peer.serve(logsRelayRead, async ({ nodeId, user, ...request }) => {
    await mayReadLogs(applicationOfContainer(request.containerId), user);
    return await logs.readOn(nodeId, request);
  });
  peer.serve(nodeList, () => ({ nodes: [...cluster.nodes.values()].map((node) => nodeReport(cluster, node)) }));
  peer.serve(nodeDecommission, async (request) => {
    const about = { operation: 'refreshNodes', target: 'AdminService' };
    await access.may(who, { tag: 'administer', what: `node ${request.nodeId}` }, about);
    await access.noted(who, about, () => loop.handle({ tag: 'nodeDecommission', ...request }));
    return nodeReport(cluster, cluster.nodes.get(request.nodeId)!);
  });
  serveOperators(peer, parts);
  peer.serve(queueList, () => ({ queues: queueReports(cluster) }));
  peer.serve(queuesRefresh, async () => {
    const about = { operation: 'refreshQueues', target: 'AdminService' };
    await access.may(who, { tag: 'administer', what: 'the queues' }, about);
    await access.noted(who, about, async () => loop.handle({ tag: 'queuesRefreshed', ...(await readQueues()) }));
    logger.info('The queues were refreshed');
    return { queues: queueReports(cluster) };
  });
}

/** One of too many connections of a user: it hears why, whatever it asks, and then ends. */
export function serveNobody(peer: Peer, limit: number): void {
  for (const message of [...clientMessages, ...logMessages])
    if ('reply' in message)
      peer.serve(message as typeof clusterInfo, () => {
        setImmediate(() => peer.close());
        throw new AppError('TOO_MANY', { what: `connections of ${peer.name}`, limit, setting: 'emberloom.connections.max-per-user' });
      });
}
