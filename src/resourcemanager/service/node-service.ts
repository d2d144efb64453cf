// Answers NodeManagers. A connection that proved `nm:<nodeId>` speaks for that node and no other.
import { AppError } from '../../common/errors.ts';
import type { ApplicationId, NodeId } from '../../common/ids.ts';
import type { Logger } from '../../common/ports.ts';
import { nodeHeartbeat, nodeRegister } from '../../rpc/messages/node.ts';
import { nodePeers, nodeRights } from '../../rpc/messages/node-questions.ts';
import { stagingGet } from '../../rpc/messages/staging.ts';
import { hostOf } from '../../rpc/connection-gate.ts';
import type { ReplyOf } from '../../rpc/define-rpc.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Cluster } from '../core/cluster.ts';
import type { Node } from '../core/entities.ts';
import { type Access, rightsOf } from './access.ts';
import type { Connections } from './connections.ts';
import type { EventLoop } from './event-loop.ts';
import type { MasterKeys } from './master-keys.ts';
import type { NodeLists } from './node-lists.ts';
import type { StagedFiles } from './staged-files.ts';

export type NodeServiceParts = {
  readonly loop: EventLoop;
  readonly connections: Connections;
  readonly logger: Logger;
  readonly keys: MasterKeys;
  readonly staged: StagedFiles;
  readonly nodeLists: NodeLists;
  readonly access: Access;
};

export function serveNode(peer: Peer, me: NodeId, { loop, connections, logger, keys, staged, nodeLists, access }: NodeServiceParts): void {
  const { cluster } = loop.core;
  const mustBeMe = (nodeId: NodeId) => {
    if (nodeId !== me) throw new AppError('NODE_REFUSED', { nodeId, reason: `this connection proved to be ${me}` });
  };
  let told = 0;
  const keysFor = () => {
    told = keys.version;
    return { containerKeys: keys.all('container'), nmKeys: keys.all('nm') };
  };
  peer.onFault = (fault) => logger.warn(`${peer.name}: ${fault}`);

  peer.serve(nodeRegister, async (request) => {
    mustBeMe(request.nodeId);
    const reason = nodeLists.refusal(request);
    if (reason !== undefined && !isAtWork(cluster.nodes.get(me))) throw new AppError('NODE_REFUSED', { nodeId: me, reason });
    const before = connections.nodes.get(me);
    const elsewhere = before === undefined || before.closed ? undefined : hostOf(before.channel.stream);
    if (elsewhere !== undefined && elsewhere !== hostOf(peer.channel.stream) && cluster.nodes.get(me)?.state.tag !== 'LOST') {
      const twice = `a node of that name is connected from ${elsewhere}, this is ${hostOf(peer.channel.stream)}: two hosts must not share a name (yarn.nodemanager.hostname); if it is the same one with another address, it may come when the first is LOST`;
      access.note(
        { user: me, real: me, ip: hostOf(peer.channel.stream) },
        { operation: 'Register Node', target: 'ResourceTrackerService', description: twice, permissions: '' },
      );
      throw new AppError('NODE_REFUSED', { nodeId: me, reason: twice });
    }
    const registered = loop.handle({ tag: 'nodeRegistered', ...request });
    connections.nodes.set(me, peer);
    if (before !== undefined && before !== peer) before.channel.destroy('the node registered on another connection');
    await registered;
    const { kill, finishedApplications } = cluster.nodes.get(me)!.answer;
    // After this answer: orders may follow.
    setImmediate(() => {
      if (connections.nodes.get(me) === peer) loop.feed({ tag: 'nodeReady', nodeId: me });
    });
    return {
      epoch: cluster.epoch,
      heartbeatMs: cluster.settings.nodeHeartbeatMs,
      ...keysFor(),
      kill,
      finishedApplications,
      nowMs: loop.now(),
    };
  });

  peer.serve(nodeHeartbeat, async (request) => {
    mustBeMe(request.nodeId);
    if (connections.nodes.get(me) !== peer) throw new AppError('NODE_UNKNOWN', { nodeId: me });
    await loop.handle({ tag: 'nodeHeartbeat', ...request });
    return {
      seq: request.seq,
      acked: request.reports.filter((r) => r.state === 'COMPLETED').map((r) => r.containerId),
      state: cluster.nodes.get(me)!.state.tag,
      nowMs: loop.now(),
      ...(told !== keys.version && keysFor()),
    };
  });

  peer.serve(nodePeers, () => ({ addresses: [...cluster.nodes.values()].map(({ address }) => address) }));
  peer.serve(nodeRights, ({ user, ip, operation, ...asked }) => nodeRightsOf(access, cluster, { user, ip, operation }, asked));
  peer.serve(stagingGet, (request) => staged.get(request));

  peer.onClose = (reason) => {
    if (connections.nodes.get(me) !== peer) return;
    connections.nodes.delete(me);
    logger.warn(`Node ${me}: connection lost (${reason})`);
    loop.feed({ tag: 'nodeDisconnected', nodeId: me });
  };
}

/** Such a node is taken out in order (nodes.refresh): its containers may still be at work, or it has yet to hear that it is out. */
const isAtWork = (node: Node | undefined): boolean =>
  node !== undefined &&
  (node.state.tag === 'LOST' || node.state.tag === 'DECOMMISSIONED' ? node.orders.some((o) => o.what.tag === 'shutdown') : true);

type Asking = { readonly user: string; readonly ip: string; readonly operation: string | undefined };
type Asked = { readonly applicationIds: readonly ApplicationId[]; readonly administer?: string | undefined };

/** What a node asks for whoever looks at its pages. */
async function nodeRightsOf(
  access: Access,
  { applications }: Cluster,
  { user, ip, operation }: Asking,
  { applicationIds, administer }: Asked,
): Promise<ReplyOf<typeof nodeRights>> {
  const caller = await access.caller(user);
  const acts = applicationIds.map((id) => {
    const application = applications.get(id);
    const act = application
      ? { tag: 'view' as const, application: rightsOf(application) }
      : { tag: 'administer' as const, what: `what is left of ${id}` };
    return { what: id as string, applicationId: id as ApplicationId | undefined, act };
  });
  if (administer !== undefined) acts.push({ what: administer, applicationId: undefined, act: { tag: 'administer', what: administer } });
  const refused = acts.flatMap(({ what, applicationId, act }) => {
    const refusal = access.refusal(caller, act);
    if (refusal === undefined) return [];
    if (operation !== undefined)
      access.failed(
        { user, real: user, ip },
        { operation, target: 'NMWebServices', applicationId },
        new AppError('ACCESS_DENIED', { user, ...refusal }),
      );
    return [{ what, ...refusal, grants: [...refusal.grants] }];
  });
  return { refused };
}
