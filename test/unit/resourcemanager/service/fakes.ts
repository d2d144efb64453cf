// A NodeManager and a driver that only speak the protocol, on real sockets: for tests of the ResourceManager's services.
import type { ContainerId, NodeId } from '../../../../src/common/ids.ts';
import type { BodyOf, ReplyOf, RequestOf } from '../../../../src/rpc/define-rpc.ts';
import { connectPeer } from '../../../../src/rpc/connect.ts';
import { allocateUpdate, driverAllocate, driverRegister, driverShutdown } from '../../../../src/rpc/messages/driver.ts';
import { nodeHeartbeat, nodeOrders, nodeRegister } from '../../../../src/rpc/messages/node.ts';
import type { ContainerReport } from '../../../../src/rpc/messages/shapes.ts';
import type { Peer } from '../../../../src/rpc/peer.ts';
import { NetTransport } from '../../../../src/platform/net-transport.ts';

const transport = new NetTransport();
export const asClient = (address: string, secret: string): Promise<Peer> =>
  connectPeer(transport, address, 'the ResourceManager', { id: 'client:ada', secret });

/** Resolves when `done` holds; woken by every message. */
class Waits {
  #waits: { done: () => boolean; resolve: () => void }[] = [];
  until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((resolve) => this.#waits.push({ done, resolve }));
  }
  wake(): void {
    this.#waits = this.#waits.filter(({ done, resolve }) => !done() || resolve());
  }
}

export class FakeNode {
  readonly id: NodeId;
  readonly containers = new Map<ContainerId, ContainerReport>();
  readonly orders: BodyOf<typeof nodeOrders>['orders'] = [];
  registered: ReplyOf<typeof nodeRegister> | undefined;
  peer: Peer | undefined;
  #seq = 0;
  #acked = 0;
  readonly #waits = new Waits();

  constructor(id: string) {
    this.id = id as NodeId;
  }

  async connect(address: string, secret: string, capacity = { memoryMb: 8192, vcores: 8 }): Promise<void> {
    this.peer = await connectPeer(transport, address, 'the ResourceManager', { id: `nm:${this.id}`, secret });
    this.peer.on(nodeOrders, ({ orders }) => {
      for (const order of orders) {
        this.orders.push(order);
        this.#acked = Math.max(this.#acked, order.orderSeq);
        if (order.order === 'kill') this.containers.delete(order.containerId!);
      }
      this.#waits.wake();
    });
    this.#seq = 0;
    this.registered = await this.peer.call(nodeRegister, {
      nodeId: this.id,
      host: 'localhost',
      rack: '/default-rack',
      address: `unix:/tmp/${this.id}.sock`,
      capacity,
      containers: [...this.containers.values()],
      version: '0.1.0',
      applications: [],
    });
    for (const id of this.registered.kill) this.containers.delete(id);
  }

  run(containerId: ContainerId, resource = { memoryMb: 1024, vcores: 1 }): Promise<ReplyOf<typeof nodeHeartbeat>> {
    this.containers.set(containerId, {
      containerId,
      resource,
      user: 'ada',
      state: 'RUNNING',
      exitStatus: -1000,
      diagnostics: '',
      startedAtMs: 1,
      finishedAtMs: 0,
    });
    return this.beat();
  }

  async end(containerId: ContainerId, exitStatus: number, diagnostics = ''): Promise<void> {
    this.containers.set(containerId, {
      ...this.containers.get(containerId)!,
      state: 'COMPLETED',
      exitStatus,
      diagnostics,
      finishedAtMs: 2,
    });
    const { acked } = await this.beat();
    for (const id of acked) this.containers.delete(id);
  }

  beat(): Promise<ReplyOf<typeof nodeHeartbeat>> {
    return this.peer!.call(nodeHeartbeat, {
      nodeId: this.id,
      seq: ++this.#seq,
      reports: [...this.containers.values()],
      ackedOrders: this.#acked,
      healthy: true,
      healthReport: '',
    });
  }

  until(done: () => boolean): Promise<void> {
    return this.#waits.until(done);
  }
}

type Grant = BodyOf<typeof allocateUpdate>['granted'][number];

export class FakeDriver {
  readonly attemptId: RequestOf<typeof driverRegister>['attemptId'];
  readonly secret: string;
  readonly granted: Grant[] = [];
  readonly completed: BodyOf<typeof allocateUpdate>['completed'] = [];
  readonly leavingNodes: NodeId[] = [];
  shutdown: string | undefined;
  registered: ReplyOf<typeof driverRegister> | undefined;
  peer: Peer | undefined;
  lastUpdate = 0;
  #seq = 0;
  readonly #waits = new Waits();

  constructor(attemptId: string, secret: string) {
    this.attemptId = attemptId as FakeDriver['attemptId'];
    this.secret = secret;
  }

  async connect(address: string, held: ContainerId[] = [], asks: RequestOf<typeof driverRegister>['asks'] = []): Promise<void> {
    this.peer = await connectPeer(transport, address, 'the ResourceManager', { id: `am:${this.attemptId}`, secret: this.secret });
    this.peer.on(allocateUpdate, ({ seq, granted, completed, leavingNodes }) => {
      if (seq <= this.lastUpdate) return;
      this.lastUpdate = seq;
      this.granted.push(...granted);
      this.completed.push(...completed);
      this.leavingNodes.push(...leavingNodes);
      this.#waits.wake();
    });
    this.peer.on(driverShutdown, ({ reason }) => {
      this.shutdown = reason;
      this.#waits.wake();
    });
    this.#seq = 0;
    this.registered = await this.peer.call(driverRegister, {
      attemptId: this.attemptId,
      host: 'localhost',
      rpcPort: -1,
      trackingUrl: '',
      lastUpdateSeq: this.lastUpdate,
      epoch: 0,
      held,
      asks,
    });
  }

  allocate(asks: RequestOf<typeof driverAllocate>['asks'], release: ContainerId[] = []): Promise<ReplyOf<typeof driverAllocate>> {
    return this.peer!.call(driverAllocate, {
      attemptId: this.attemptId,
      seq: ++this.#seq,
      asks,
      release,
      ackedUpdateSeq: this.lastUpdate,
      progress: 0,
      diagnostics: '',
    });
  }

  until(done: () => boolean): Promise<void> {
    return this.#waits.until(done);
  }
}

export const ask = (count: number, memoryMb = 1024, vcores = 1, askId = 1) => ({
  askId,
  priority: 0,
  count,
  resource: { memoryMb, vcores },
  hosts: [],
});
