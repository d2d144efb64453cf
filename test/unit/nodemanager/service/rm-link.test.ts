// The connection to the ResourceManager, against a stand-in for the peer and with time that moves when told.
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/common/errors.ts';
import type { ContainerId } from '../../../../src/common/ids.ts';
import { type Orders, RmLink } from '../../../../src/nodemanager/service/rm-link.ts';
import { nodeHeartbeat, nodeRegister } from '../../../../src/rpc/messages/node.ts';
import type { ContainerReport } from '../../../../src/rpc/messages/shapes.ts';
import type { Peer } from '../../../../src/rpc/peer.ts';
import { containerOf } from '../../../helpers/fake-resource-manager.ts';

type Call = { definition: unknown; request: any; resolve: (reply: unknown) => void; reject: (error: Error) => void };

class StandInPeer {
  onClose: (reason: string) => void = () => {};
  onFault: (fault: string) => void = () => {};
  closed = false;
  calls: Call[] = [];
  heard: (body: { orders: Orders }) => void = () => {};
  channel = { destroy: (reason: string) => this.end(reason) };
  on(_: unknown, handle: (body: { orders: Orders }) => void) {
    this.heard = handle;
    return this;
  }
  call(definition: unknown, request: unknown) {
    return new Promise((resolve, reject) => this.calls.push({ definition, request, resolve, reject }));
  }
  close() {
    this.closed = true;
  }
  end(reason: string) {
    this.closed = true;
    for (const call of this.calls.splice(0)) call.reject(new AppError('CONNECTION_LOST', { peer: 'rm', detail: reason }));
    this.onClose(reason);
  }
}

class World {
  timers: { atMs: number; run: () => void; everyMs?: number }[] = [];
  nowMs = 0;
  peers: StandInPeer[] = [];
  refuse: Error | undefined;
  attempts: number[] = [];
  acked: ContainerId[] = [];
  orders: number[] = [];
  keys: unknown[] = [];
  registered = 0;
  warnings: string[] = [];
  reports = new Map<ContainerId, ContainerReport>();
  link: RmLink;

  constructor() {
    const logger = { debug() {}, info() {}, error() {}, warn: (m: string) => void this.warnings.push(m), named: () => logger };
    const add = (timer: World['timers'][number]) => {
      this.timers.push(timer);
      return () => void (this.timers = this.timers.filter((t) => t !== timer));
    };
    this.link = new RmLink({
      nodeId: 'vm:n1' as never,
      random: () => 0.5,
      logger,
      timers: {
        after: (delayMs, run) => add({ atMs: this.nowMs + delayMs, run }),
        every: (everyMs, run) => add({ atMs: this.nowMs + everyMs, run, everyMs }),
      },
      connect: async () => {
        this.attempts.push(this.nowMs);
        if (this.refuse) throw this.refuse;
        const peer = new StandInPeer();
        this.peers.push(peer);
        return peer as unknown as Peer;
      },
      registration: () => ({ nodeId: 'vm:n1', containers: [...this.reports.values()] }) as never,
      report: (id) => this.reports.get(id),
      health: () => ({ healthy: true, healthReport: '' }),
      onRegistered: () => void this.registered++,
      onOrders: (orders) => void this.orders.push(...orders.map((o) => o.orderSeq)),
      onKeys: (keys) => this.keys.push(keys),
      onClock: () => {},
      onAcked: (ids) => void this.acked.push(...ids),
    });
  }

  get peer(): StandInPeer {
    return this.peers.at(-1)!;
  }

  async settle(): Promise<void> {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  }

  async advance(ms: number): Promise<void> {
    const until = this.nowMs + ms;
    for (;;) {
      const due = this.timers.filter((t) => t.atMs <= until).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.nowMs = due.atMs;
      if (due.everyMs !== undefined) due.atMs += due.everyMs;
      else this.timers = this.timers.filter((t) => t !== due);
      due.run();
      await this.settle();
    }
    this.nowMs = until;
  }

  /** Answers the oldest unanswered call, which must be of this kind. @returns its request */
  async answer(definition: unknown, reply: unknown): Promise<any> {
    const call = this.peer.calls.shift();
    expect((call?.definition as { name: string } | undefined)?.name).toBe((definition as { name: string }).name);
    call!.resolve(reply);
    await this.settle();
    return call!.request;
  }

  async connected(): Promise<void> {
    void this.link.start().catch(() => {});
    await this.settle();
    await this.answer(nodeRegister, REGISTERED);
    await this.answer(nodeHeartbeat, { seq: 1, acked: [], state: 'RUNNING' });
  }
}

const REGISTERED = { epoch: 1, heartbeatMs: 1000, containerKeys: [], nmKeys: [], kill: [], finishedApplications: [] };
const ID = containerOf(1);
const report = (state: ContainerReport['state']): ContainerReport => ({
  containerId: ID,
  state,
  resource: { memoryMb: 1, vcores: 1 },
  user: 'a',
  exitStatus: 0,
  diagnostics: '',
  startedAtMs: 0,
  finishedAtMs: 0,
});

describe('the link to the ResourceManager', () => {
  it('hands on keys that have been replaced, with the answer of the heartbeat', async () => {
    const w = new World();
    await w.connected();
    expect(w.keys).toEqual([]);
    w.link.changed(ID);
    await w.settle();
    const keys = { containerKeys: [{ keyId: 2, key: 'b' }], nmKeys: [{ keyId: 1, key: 'a' }] };
    await w.answer(nodeHeartbeat, { seq: 2, acked: [], state: 'RUNNING', ...keys });
    expect(w.keys).toEqual([keys]);
  });

  it("registers, then proves life at the RM's pace with rising numbers", async () => {
    const w = new World();
    await w.connected();
    expect(w.registered).toBe(1);
    await w.advance(999);
    expect(w.peer.calls).toHaveLength(0);
    await w.advance(1);
    expect(await w.answer(nodeHeartbeat, { seq: 2, acked: [], state: 'RUNNING' })).toMatchObject({ seq: 2, reports: [], healthy: true });
  });

  it('reports a change at once, and what changes meanwhile as soon as the answer is there', async () => {
    const w = new World();
    await w.connected();
    w.reports.set(ID, report('LAUNCHING'));
    w.link.changed(ID);
    w.reports.set(ID, report('RUNNING'));
    w.link.changed(ID);
    w.link.changed(ID);
    expect(w.peer.calls).toHaveLength(1);
    expect((await w.answer(nodeHeartbeat, { seq: 2, acked: [], state: 'RUNNING' })).reports).toMatchObject([{ state: 'LAUNCHING' }]);
    expect((await w.answer(nodeHeartbeat, { seq: 3, acked: [], state: 'RUNNING' })).reports).toMatchObject([{ state: 'RUNNING' }]);
    expect(w.peer.calls).toHaveLength(0);
  });

  it('repeats an end with every heartbeat until it is acknowledged', async () => {
    const w = new World();
    await w.connected();
    w.reports.set(ID, report('COMPLETED'));
    w.link.changed(ID);
    await w.answer(nodeHeartbeat, { seq: 2, acked: [], state: 'RUNNING' });
    expect(w.peer.calls).toHaveLength(0);
    await w.advance(1000);
    expect((await w.answer(nodeHeartbeat, { seq: 3, acked: [ID], state: 'RUNNING' })).reports).toHaveLength(1);
    expect(w.acked).toEqual([ID]);
    await w.advance(1000);
    expect((await w.answer(nodeHeartbeat, { seq: 4, acked: [], state: 'RUNNING' })).reports).toEqual([]);
  });

  it('acknowledges the orders that it has carried out', async () => {
    const w = new World();
    await w.connected();
    w.peer.heard({
      orders: [
        { orderSeq: 4, order: 'kill', containerId: ID },
        { orderSeq: 5, order: 'kill', containerId: ID },
      ],
    });
    await w.advance(1000);
    expect(await w.answer(nodeHeartbeat, { seq: 2, acked: [], state: 'RUNNING' })).toMatchObject({ ackedOrders: 5 });
    expect(w.orders).toEqual([4, 5]);
  });

  it('acknowledges a shutdown at once: it may be the last word', async () => {
    const w = new World();
    await w.connected();
    w.peer.heard({ orders: [{ orderSeq: 6, order: 'shutdown' }] });
    expect(await w.answer(nodeHeartbeat, { seq: 2, acked: [], state: 'DECOMMISSIONED' })).toMatchObject({ ackedOrders: 6 });
  });

  it('comes back after a lost connection, with numbers and acknowledgements from the start and nothing forgotten', async () => {
    const w = new World();
    await w.connected();
    w.peer.heard({ orders: [{ orderSeq: 9, order: 'kill' }] });
    w.reports.set(ID, report('RUNNING'));
    w.link.changed(ID);
    w.peer.end('the RM was killed');
    await w.settle();
    await w.advance(100);
    expect(w.peers).toHaveLength(2);
    expect((await w.answer(nodeRegister, REGISTERED)).containers).toHaveLength(1);
    expect(await w.answer(nodeHeartbeat, { seq: 1, acked: [], state: 'RUNNING' })).toMatchObject({ seq: 1, ackedOrders: 0 });
  });

  it('tells what changed while the registration was on its way, also of a container that is in it', async () => {
    const w = new World();
    void w.link.start().catch(() => {});
    w.reports.set(ID, report('LAUNCHING'));
    w.link.changed(ID);
    await w.settle();
    w.reports.set(ID, report('RUNNING'));
    w.link.changed(ID);
    expect((await w.answer(nodeRegister, REGISTERED)).containers).toMatchObject([{ state: 'LAUNCHING' }]);
    expect((await w.answer(nodeHeartbeat, { seq: 1, acked: [], state: 'RUNNING' })).reports).toMatchObject([{ state: 'RUNNING' }]);
  });

  it('repeats an end that was in the registration until a heartbeat is answered with it', async () => {
    const w = new World();
    w.reports.set(ID, report('COMPLETED'));
    void w.link.start().catch(() => {});
    await w.settle();
    expect((await w.answer(nodeRegister, REGISTERED)).containers).toHaveLength(1);
    expect((await w.answer(nodeHeartbeat, { seq: 1, acked: [ID], state: 'RUNNING' })).reports).toMatchObject([{ state: 'COMPLETED' }]);
    expect(w.acked).toEqual([ID]);
  });

  it('tries for ever, slower and slower up to a second, and says so once', async () => {
    const w = new World();
    w.refuse = new AppError('CONNECT_FAILED', { peer: 'the RM', address: 'x', detail: 'ENOENT' });
    void w.link.start().catch(() => {});
    await w.settle();
    await w.advance(20_000);
    expect(w.attempts.slice(0, 6)).toEqual([0, 50, 150, 350, 750, 1550]);
    expect(w.attempts.length).toBeGreaterThan(20);
    expect(w.warnings).toHaveLength(1);
    w.refuse = undefined;
    await w.advance(1000);
    await w.answer(nodeRegister, REGISTERED);
    expect(w.registered).toBe(1);
  });

  it('tells the starter when it is refused the first time, and waits long before it asks again', async () => {
    const w = new World();
    w.refuse = new AppError('AUTH_REFUSED', { peer: 'the RM' });
    await expect(w.link.start()).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
    await w.advance(4_999);
    expect(w.attempts).toHaveLength(1);
    await w.advance(1);
    expect(w.attempts).toHaveLength(2);
  });

  it.each(['NODE_UNKNOWN', 'HEARTBEAT_STALE'] as const)('registers again on the same connection after %s', async (code) => {
    const w = new World();
    await w.connected();
    w.reports.set(ID, report('RUNNING'));
    w.link.changed(ID);
    w.peer.calls.shift()!.reject(new AppError(code, (code === 'NODE_UNKNOWN' ? { nodeId: 'vm:n1' } : { seq: 1, latest: 2 }) as never));
    await w.settle();
    expect((await w.answer(nodeRegister, REGISTERED)).containers).toHaveLength(1);
    expect(await w.answer(nodeHeartbeat, { seq: 1, acked: [], state: 'RUNNING' })).toMatchObject({ seq: 1 });
    expect(w.peers).toHaveLength(1);
  });

  it('gives up a connection on which a heartbeat is not answered', async () => {
    const w = new World();
    await w.connected();
    await w.advance(1000);
    w.peer.calls.shift()!.reject(new AppError('RPC_TIMEOUT', { message: 'node.heartbeat', timeoutMs: 5000, peer: 'rm' }));
    await w.settle();
    await w.advance(100);
    expect(w.peers).toHaveLength(2);
  });

  it('tells what changed before it stops, but does not wait for ever', async () => {
    const w = new World();
    await w.connected();
    w.reports.set(ID, report('COMPLETED'));
    w.link.changed(ID);
    const stopped = w.link.stop(500);
    await w.answer(nodeHeartbeat, { seq: 2, acked: [ID], state: 'RUNNING' });
    await stopped;
    expect(w.peer.closed).toBe(true);
    const late = new World();
    await late.connected();
    late.link.changed(ID);
    const gaveUp = late.link.stop(500);
    await late.advance(500);
    await gaveUp;
    expect(late.timers).toEqual([]);
  });
});
