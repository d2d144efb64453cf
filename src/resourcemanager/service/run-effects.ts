// Carries out what the core wants told, after the event loop has committed what it wants saved. So after a crash a peer may have
// heard less than we know, and asks again; it has never heard more. Source: the ordering rule of etcd-io/raft, node.go, `Ready`.
import type { ApplicationId } from '../../common/ids.ts';
import type { Logger } from '../../common/ports.ts';
import { nodeOrders } from '../../rpc/messages/node.ts';
import { allocateUpdate, driverShutdown } from '../../rpc/messages/driver.ts';
import { applicationChanged } from '../../rpc/messages/client.ts';
import type { BodyOf } from '../../rpc/define-rpc.ts';
import type { Cluster } from '../core/cluster.ts';
import type { TellEffect } from '../core/effects.ts';
import { applicationReport } from '../core/reports.ts';
import type { Connections } from './connections.ts';
import type { Container, Order, Update } from '../core/entities.ts';
import type { ContainerToken } from '../../rpc/messages/shapes.ts';

/** Who signs container tokens: master-keys.ts. */
export type TokenSource = { token(container: Container): ContainerToken };

export type TellParts = {
  readonly cluster: Cluster;
  readonly connections: Connections;
  readonly signer: TokenSource;
  readonly logger: Logger;
  /** The submitter may be gone (waitAppCompletion=false, Ctrl-C): what it staged for the application is removed at the application's end. */
  readonly removeStaging?: ((id: ApplicationId) => void) | undefined;
};

export function runTells(tells: readonly TellEffect[], parts: TellParts): void {
  for (const effect of tells) tell(effect, parts);
}

function tell(effect: TellEffect, { cluster, connections, signer, logger, removeStaging }: TellParts): void {
  switch (effect.tag) {
    case 'tellNode':
      connections.nodes.get(effect.nodeId)?.push(nodeOrders, { orders: effect.orders.map((o) => orderMessage(o, signer)) });
      break;
    case 'tellDriver': {
      const peer = connections.drivers.get(effect.attemptId);
      for (const update of effect.updates) peer?.push(allocateUpdate, updateMessage(update, signer));
      break;
    }
    case 'shutDownDriver':
      connections.drivers.get(effect.attemptId)?.push(driverShutdown, { reason: effect.reason });
      break;
    case 'closeDriver': {
      const peer = connections.drivers.get(effect.attemptId);
      peer?.channel.flush(); // it reads why when it goes on
      peer?.channel.destroy('the driver said nothing for too long');
      break;
    }
    case 'applicationChanged': {
      const application = cluster.applications.get(effect.id);
      if (application === undefined) break;
      const report = applicationReport(cluster, application);
      for (const peer of connections.watchersOf(effect.id)) peer.push(applicationChanged, report);
      if ('ending' in application.state) {
        connections.unwatch(effect.id);
        removeStaging?.(effect.id);
      }
      break;
    }
    case 'log':
      logger[effect.level](effect.text);
      break;
    default:
      effect satisfies never;
  }
}

export function updateMessage(
  { seq, granted, completed, preempt, leavingNodes }: Update,
  signer: TokenSource,
): BodyOf<typeof allocateUpdate> {
  return {
    seq,
    preempt: [...preempt],
    leavingNodes: [...leavingNodes],
    completed: completed as BodyOf<typeof allocateUpdate>['completed'],
    granted: granted.map(({ askId, container }) => ({
      askId,
      token: signer.token(container),
      nodeAddress: container.node.address,
      host: container.node.host,
    })),
  };
}

function orderMessage({ orderSeq, what }: Order, signer: TokenSource): BodyOf<typeof nodeOrders>['orders'][number] {
  switch (what.tag) {
    case 'launch':
      return { orderSeq, order: 'launch', token: signer.token(what.container), launch: what.launch };
    case 'kill':
      return { orderSeq, order: 'kill', containerId: what.containerId };
    case 'signal':
      return { orderSeq, order: 'signal', containerId: what.containerId, signal: what.signal };
    case 'cleanupApplication':
      return { orderSeq, order: 'cleanupApplication', applicationId: what.applicationId };
    case 'shutdown':
      return { orderSeq, order: 'shutdown' };
    default:
      return what satisfies never;
  }
}
