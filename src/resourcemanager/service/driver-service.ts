// Answers drivers (YARN's ApplicationMasterService). A connection that proved `am:<attemptId>` speaks for that attempt only.
import { AppError } from '../../common/errors.ts';
import { applicationOfAttempt, type AttemptId } from '../../common/ids.ts';
import type { Logger } from '../../common/ports.ts';
import { driverAlive, driverAllocate, driverLeftNode, driverPage, driverRegister, driverUnregister } from '../../rpc/messages/driver.ts';
import { hostOf } from '../../rpc/connection-gate.ts';
import type { ReplyOf } from '../../rpc/define-rpc.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Cluster } from '../core/cluster.ts';
import { driverShutdown } from '../../rpc/messages/driver.ts';
import { whyApplicationWaits } from '../core/reports.ts';
import type { Access } from './access.ts';
import { maximumAllocation } from './client-service.ts';
import type { Connections } from './connections.ts';
import type { EventLoop } from './event-loop.ts';
import type { MasterKeys } from './master-keys.ts';
import { nmSecret } from './token-signer.ts';

export type DriverServiceParts = {
  readonly loop: EventLoop;
  readonly connections: Connections;
  readonly logger: Logger;
  readonly keys: MasterKeys;
  readonly access: Access;
};

export function serveDriver(peer: Peer, me: AttemptId, { loop, connections, logger, keys, access }: DriverServiceParts): void {
  const { cluster } = loop.core;
  const applicationId = applicationOfAttempt(me);
  const mustBeMe = (attemptId: AttemptId) => {
    if (attemptId !== me) throw new AppError('ATTEMPT_UNKNOWN', { attemptId });
  };
  const ip = hostOf(peer.channel.stream);
  const note = (operation: string) => {
    const user = cluster.applications.get(applicationId)?.submission.user ?? '';
    access.note({ user, real: user, ip }, { operation, target: 'ApplicationMasterService', applicationId, attemptId: me });
  };
  peer.onFault = (fault) => logger.warn(`${peer.name}: ${fault}`);

  peer.serve(driverRegister, async (request) => {
    mustBeMe(request.attemptId);
    const registered = loop.handle({ tag: 'driverRegistered', ...request });
    const before = connections.drivers.get(me);
    connections.drivers.set(me, peer);
    if (before !== undefined && before !== peer) before.channel.destroy('the driver registered on another connection');
    await registered;
    note('Register App Master');
    // After this answer: updates may follow.
    setImmediate(() => {
      if (connections.drivers.get(me) === peer) loop.feed({ tag: 'driverReady', attemptId: me });
    });
    return {
      epoch: cluster.epoch,
      maximumAllocation: maximumAllocation(cluster),
      nmSecret: nmSecret(keys.current('nm'), applicationId),
      clusterNodes: cluster.byHeartbeat.size,
      aliveEveryMs: Math.max(1, Math.floor(cluster.settings.amSilenceMs / 3)),
      ...previousOf(cluster, me, keys),
    };
  });

  peer.serve(driverAllocate, async (request) => {
    mustBeMe(request.attemptId);
    if (connections.drivers.get(me) !== peer) throw new AppError('ATTEMPT_UNKNOWN', { attemptId: me });
    await loop.handle({ tag: 'driverAllocate', ...request });
    const application = cluster.applications.get(applicationId);
    return {
      seq: request.seq,
      waiting:
        application?.state.tag === 'RUNNING' && application.scheduled !== undefined && application.scheduled.asks.size > 0
          ? whyApplicationWaits(cluster, application)
          : '',
    };
  });

  peer.on(driverAlive, () => {
    if (connections.drivers.get(me) === peer) loop.feed({ tag: 'driverAlive', attemptId: me });
  });

  peer.on(driverPage, ({ trackingUrl }) => {
    if (connections.drivers.get(me) === peer) loop.feed({ tag: 'driverPage', attemptId: me, trackingUrl });
  });

  peer.on(driverLeftNode, ({ nodeId }) => {
    if (connections.drivers.get(me) === peer) loop.feed({ tag: 'driverLeftNode', attemptId: me, nodeId });
  });

  peer.serve(driverUnregister, async (request) => {
    mustBeMe(request.attemptId);
    await loop.handle({ tag: 'driverUnregistered', ...request });
    note('Unregister App Master');
    return {};
  });

  peer.onClose = () => {
    if (connections.drivers.get(me) !== peer) return;
    connections.drivers.delete(me);
    loop.feed({ tag: 'driverDisconnected', attemptId: me });
  };

  // It was killed or superseded while it was away.
  const application = cluster.applications.get(applicationId);
  if (application !== undefined && 'ending' in application.state)
    peer.push(driverShutdown, { reason: application.state.ending.diagnostics || `${applicationId} has ended` });
}

/** What outlived the attempts before. */
function previousOf(cluster: Cluster, me: AttemptId, keys: MasterKeys): Pick<ReplyOf<typeof driverRegister>, 'previous'> {
  const attempt = cluster.attempt(me);
  if (attempt === undefined || attempt.driver.previous.size === 0) return {};
  const containers = [...attempt.driver.previous].flatMap((id) => attempt.containers.get(id) ?? []);
  return { previous: containers.map((c) => ({ token: keys.token(c), nodeAddress: c.node.address, host: c.node.host })) };
}
