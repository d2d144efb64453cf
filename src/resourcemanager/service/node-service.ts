// Answers NodeManagers. A connection that proved `nm:<nodeId>` speaks for that node and no other.
import { AppError } from '../../common/errors.ts';
import type { NodeId } from '../../common/ids.ts';
import type { Logger } from '../../common/ports.ts';
import { nodeHeartbeat, nodeRegister } from '../../rpc/messages/node.ts';
import { stagingGet } from '../../rpc/messages/staging.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Node } from '../core/entities.ts';
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
};

export function serveNode(peer: Peer, me: NodeId, { loop, connections, logger, keys, staged, nodeLists }: NodeServiceParts): void {
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
    const registered = loop.handle({ tag: 'nodeRegistered', ...request });
    const before = connections.nodes.get(me);
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
      ...(told !== keys.version && keysFor()),
    };
  });

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
