// A ResourceManager for tests of the NodeManager: real sockets and proofs, no decisions. Acknowledges ends, signs tokens, sends
// the orders that a test gives it, remembers what it was told.
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { type ApplicationId, type ContainerId, containerId, applicationId, attemptId, type NodeId } from '../../src/common/ids.ts';
import { tokenText } from '../../src/common/token-text.ts';
import { clusterSecret, makeDataDir } from '../../src/platform/cluster-secret.ts';
import { NetTransport } from '../../src/platform/net-transport.ts';
import { acceptChannel, connectPeer } from '../../src/rpc/connect.ts';
import type { RequestOf } from '../../src/rpc/define-rpc.ts';
import { nodeHeartbeat, nodeOrders, nodeRegister } from '../../src/rpc/messages/node.ts';
import type { ContainerReport, ContainerToken, LaunchContext } from '../../src/rpc/messages/shapes.ts';
import { Peer } from '../../src/rpc/peer.ts';
import type { Listener } from '../../src/rpc/transport.ts';

const CONTAINER_KEY = { keyId: 7, key: 'c'.repeat(64) };
const NM_KEY = { keyId: 3, key: 'd'.repeat(64) };

// Of this test's process alone: a NodeManager ends whatever carries a container's id in its environment, wherever on the host it runs.
export const APP = applicationId(1_700_000_000_000 + process.pid, 1);
export const containerOf = (seq: number, app: ApplicationId = APP): ContainerId => containerId(attemptId(app, 1), 0, seq);

export class FakeResourceManager {
  readonly registrations: RequestOf<typeof nodeRegister>[] = [];
  readonly reports: ContainerReport[] = [];
  health: { healthy: boolean; healthReport: string } = { healthy: true, healthReport: '' };
  finishedApplications: ApplicationId[] = [];
  ackEnds = true;
  /** A registration is answered when this has come. */
  answersAfter: Promise<void> = Promise.resolve();
  /** The last order that the node has carried out. */
  acknowledged = 0;
  readonly #dataDir: string;
  #listener: Listener | undefined;
  #node: Peer | undefined;
  #orderSeq = 0;
  #watchers: (() => void)[] = [];

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  async start(): Promise<this> {
    makeDataDir(this.#dataDir);
    const secret = clusterSecret(this.#dataDir);
    this.#listener = await new NetTransport().listen(join(this.#dataDir, 'run', 'rm.sock'), (stream) =>
      acceptChannel(
        stream,
        'rm',
        (id) => (id.startsWith('nm:') ? secret : undefined),
        (channel, id) => {
          const peer = new Peer(channel, id);
          peer.serve(nodeRegister, async (request) => {
            this.#node = peer;
            this.registrations.push(request);
            for (const r of request.containers) this.reports.push(r);
            this.#woken();
            await this.answersAfter;
            return {
              epoch: 1,
              heartbeatMs: 200,
              containerKeys: [CONTAINER_KEY],
              nmKeys: [NM_KEY],
              kill: [],
              finishedApplications: this.finishedApplications,
            };
          });
          peer.serve(nodeHeartbeat, ({ seq, reports, ackedOrders, healthy, healthReport }) => {
            this.acknowledged = ackedOrders;
            this.reports.push(...reports);
            this.health = { healthy, healthReport };
            this.#woken();
            return {
              seq,
              acked: this.ackEnds ? reports.filter((r) => r.state === 'COMPLETED').map((r) => r.containerId) : [],
              state: 'RUNNING' as const,
            };
          });
        },
      ),
    );
    return this;
  }

  async stop(): Promise<void> {
    await this.#listener?.close();
  }

  order(order: Omit<Parameters<typeof this.orders>[0][number], 'orderSeq'>): void {
    this.orders([{ orderSeq: ++this.#orderSeq, ...order }]);
  }

  orders(
    orders: {
      orderSeq: number;
      order: 'launch' | 'kill' | 'cleanupApplication' | 'rotateKeys' | 'shutdown';
      token?: ContainerToken;
      launch?: LaunchContext;
      containerId?: ContainerId;
      applicationId?: ApplicationId;
    }[],
  ): void {
    this.#node?.push(nodeOrders, { orders });
  }

  token(id: ContainerId, nodeId: string, change: Partial<ContainerToken> = {}): ContainerToken {
    const application = `application_${/(\d+_\d{4,})_\d\d/.exec(id)![1]}` as ApplicationId;
    const fields = {
      containerId: id,
      nodeId: nodeId as NodeId,
      applicationId: application,
      user: 'ann',
      resource: { memoryMb: 512, vcores: 1 },
      expiresAtMs: Date.now() + 60_000,
      keyId: CONTAINER_KEY.keyId,
      ...change,
    };
    return { ...fields, mac: change.mac ?? createHmac('sha256', CONTAINER_KEY.key).update(tokenText(fields)).digest('hex') };
  }

  /** A driver's connection to the node. */
  driver(address: string, application: ApplicationId = APP): Promise<Peer> {
    const secret = createHmac('sha256', NM_KEY.key).update(application).digest('hex');
    return connectPeer(new NetTransport(), address, 'node', { id: `app:${application}`, secret });
  }

  client(address: string): Promise<Peer> {
    return connectPeer(new NetTransport(), address, 'node', { id: 'client:ann', secret: clusterSecret(this.#dataDir) });
  }

  /** Resolves with the first report of this container in this state, past or coming. */
  async reported(id: ContainerId, state: ContainerReport['state']): Promise<ContainerReport> {
    return this.until(() => this.reports.find((r) => r.containerId === id && r.state === state));
  }

  async until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }

  #woken(): void {
    for (const wake of this.#watchers.splice(0)) wake();
  }
}

export function command(...args: string[]): LaunchContext {
  return { kind: 'command', args, env: {}, secretEnv: {}, resources: [], user: 'ann' };
}
