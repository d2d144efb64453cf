// Which drivers fail their attempt, and which failures count: the core alone, with its time in hand.
import { describe, expect, it } from 'vitest';
import { type ApplicationId, attemptId, type ContainerId, type NodeId } from '../../../../src/common/ids.ts';
import type { Submission } from '../../../../src/resourcemanager/core/records.ts';
import { RmCore } from '../../../../src/resourcemanager/core/rm-core.ts';
import { DEFAULT_QUEUES } from '../../../../src/resourcemanager/core/scheduler/queue-config.ts';
import { applicationRecord, attemptRecord } from '../../../../src/resourcemanager/core/to-record.ts';
import { CORE_SETTINGS, NOTHING_FOUND } from '../../../helpers/core-settings.ts';

const SETTINGS = { ...CORE_SETTINGS, nmExpiryMs: 1e9, amSilenceMs: 30_000, grantExpiryMs: 1e9, maxAppAttempts: 4 };
const AM = { kind: 'driver' as const, args: [], env: {}, secretEnv: {}, resources: [], user: 'ada' };

class World {
  nowMs = 1_000;
  readonly core = new RmCore(SETTINGS, NOTHING_FOUND, DEFAULT_QUEUES, this.nowMs);
  readonly id: ApplicationId;

  constructor(more: Partial<Submission> = {}) {
    const nodeId = 'h:n1' as NodeId;
    this.handle({
      tag: 'nodeRegistered',
      nodeId,
      host: 'h',
      rack: '/r',
      address: 'unix:/n1',
      capacity: { memoryMb: 4096, vcores: 4 },
      containers: [],
      version: '1',
      applications: [],
    });
    this.id = this.core.newApplicationId();
    const managed = { am: AM, amResource: { memoryMb: 512, vcores: 1 }, unmanaged: false };
    const base = { name: 'x', type: 'SPARK', user: 'ada', queue: 'default', tags: [], priority: 0, maxAttempts: 2 };
    this.handle({ tag: 'applicationSubmitted', id: this.id, submission: { ...base, ...managed, ...more }, secret: 's' });
  }

  get application() {
    return this.core.cluster.applications.get(this.id)!;
  }

  /** @returns what is told */
  handle(event: Record<string, unknown>) {
    this.core.handle({ ...event, atMs: this.nowMs } as never);
    this.core.schedule(100);
    return this.core.takeEffects().tells;
  }

  after(ms: number, event: Record<string, unknown> = { tag: 'timePassed' }) {
    this.nowMs += ms;
    return this.handle(event);
  }

  get me() {
    return attemptId(this.id, this.application.attempts.length);
  }

  register() {
    const none = { lastUpdateSeq: 0, epoch: 0, held: [], asks: [] };
    this.handle({ tag: 'driverRegistered', attemptId: this.me, host: 'h', rpcPort: -1, trackingUrl: '', ...none });
  }

  fail(afterMs: number) {
    this.register();
    this.handle({ tag: 'driverDisconnected', attemptId: this.me });
    this.after(afterMs);
  }
}

describe('a driver that is connected', () => {
  it('lives as long as it says so, and fails its attempt when it says nothing: the next one starts, the connection is closed', () => {
    const world = new World();
    world.register();
    const first = world.me;
    for (let i = 0; i < 5; i++) world.after(29_000, { tag: 'driverAlive', attemptId: first });
    const none = { asks: [], release: [], ackedUpdateSeq: 0, progress: 0, diagnostics: '' };
    world.after(29_000, { tag: 'driverAllocate', attemptId: first, seq: 1, ...none });
    world.after(29_000);
    expect(world.application.state.tag).toBe('RUNNING');
    const tells = world.after(1_000);
    expect(tells.filter((t) => t.tag === 'shutDownDriver' || t.tag === 'closeDriver').map((t) => t.tag)).toEqual([
      'shutDownDriver',
      'closeDriver',
    ]);
    expect(world.application.attempts.map((a) => a.state.tag)).toEqual(['FAILED', 'ALLOCATED']);
    expect(world.application.attempts[0]!.diagnostics).toContain('is connected and said nothing for 30000 ms');
    expect(() => world.handle({ tag: 'driverAllocate', attemptId: first, seq: 2, ...none })).toThrow('attempt');
  });

  it('that hangs before its first word fails its attempt too: its container runs, and nothing else would ever end it', () => {
    const world = new World();
    const containerId = world.application.attempts[0]!.am!.containerId;
    const report = {
      containerId,
      state: 'RUNNING',
      kind: 'driver',
      resource: { memoryMb: 512, vcores: 1 },
      exitStatus: 0,
      diagnostics: '',
      startedAtMs: 1,
    };
    const beat = { tag: 'nodeHeartbeat', nodeId: 'h:n1', ackedOrders: 0, healthy: true, healthReport: '' };
    world.handle({ ...beat, seq: 1, reports: [report] });
    expect(world.application.attempts[0]!.state.tag).toBe('LAUNCHED');
    world.after(29_999);
    expect(world.application.attempts).toHaveLength(1);
    world.after(1);
    expect(world.application.attempts[0]).toMatchObject({
      state: { tag: 'FAILED' },
      diagnostics: expect.stringContaining('did not register within 30000 ms'),
    });
    expect(world.application.attempts).toHaveLength(2);
  });

  it('fails the application in client mode', () => {
    const world = new World({ unmanaged: true, maxAttempts: 1 });
    world.register();
    world.after(30_000);
    expect(world.application.state).toMatchObject({
      tag: 'FAILED',
      ending: { diagnostics: expect.stringContaining('said nothing for 30000 ms') },
    });
  });

  it('is not held to a time in which this ResourceManager stood still', () => {
    const world = new World();
    world.register();
    world.after(100_000, { tag: 'clockMoved', byMs: 99_000 });
    world.after(28_000);
    expect(world.application.state.tag).toBe('RUNNING');
    world.after(1_000);
    expect(world.application.attempts[0]!.state.tag).toBe('FAILED');
  });
});

describe('failures of attempts', () => {
  it('count all, however old, when nothing is said', () => {
    const world = new World();
    world.fail(10_000);
    world.fail(10_000_000);
    expect(world.application.state.tag).toBe('FAILED');
  });

  it('count while they are younger than the validity interval', () => {
    const world = new World({ failuresValidityMs: 60_000 });
    for (let i = 0; i < 5; i++) {
      world.fail(10_000);
      world.register();
      for (let said = 0; said < 3; said++) world.after(20_000, { tag: 'driverAlive', attemptId: world.me });
    }
    expect(world.application.attempts).toHaveLength(6);
    world.fail(10_000);
    world.fail(10_000);
    expect(world.application.state).toMatchObject({ tag: 'FAILED', ending: { diagnostics: expect.stringContaining('failed 2 times') } });
  });
});

describe('containers that outlive their attempt', () => {
  const N1 = 'h:n1' as NodeId;
  const resource = { memoryMb: 256, vcores: 1 };
  const report = (containerId: ContainerId, state: 'RUNNING' | 'COMPLETED' = 'RUNNING', exitStatus = -1000) => ({
    containerId,
    resource,
    user: 'ada',
    state,
    exitStatus,
    diagnostics: '',
    startedAtMs: 1,
    finishedAtMs: 0,
  });
  const beat = (w: World, seq: number, ...reports: ReturnType<typeof report>[]) =>
    w.handle({ tag: 'nodeHeartbeat', nodeId: N1, seq, reports, ackedOrders: 0, healthy: true, healthReport: '' });
  const register = (w: World, held: ContainerId[] = []) =>
    w.handle({
      tag: 'driverRegistered',
      attemptId: w.me,
      host: 'h',
      rpcPort: 1,
      trackingUrl: '',
      lastUpdateSeq: 0,
      epoch: 0,
      held,
      asks: [],
    });
  const allocate = (w: World, seq: number, more: { count?: number; release?: ContainerId[]; acked?: number } = {}) =>
    w.handle({
      tag: 'driverAllocate',
      attemptId: w.me,
      seq,
      asks: more.count === undefined ? [] : [{ askId: 1, priority: 0, count: more.count, resource, hosts: [] }],
      release: more.release ?? [],
      ackedUpdateSeq: more.acked ?? 0,
      progress: 0,
      diagnostics: '',
    });
  const containers = (w: World) => [...w.core.cluster.containers.keys()].sort();

  /** One attempt with a driver and two executors that run. */
  function running(more: Partial<Submission>): { w: World; executors: ContainerId[] } {
    const w = new World(more);
    const am = w.application.attempts[0]!.am!.containerId;
    beat(w, 1, report(am));
    register(w);
    allocate(w, 1, { count: 2 });
    const executors = containers(w).filter((id) => id !== am);
    allocate(w, 2, { count: 0, acked: 1 });
    beat(w, 2, ...executors.map((id) => report(id)));
    expect(executors).toHaveLength(2);
    return { w, executors };
  }
  const failDriver = (w: World) => beat(w, 3, report(w.application.attempts.at(-1)!.am!.containerId, 'COMPLETED', 1));

  it('end with it where that was not asked for', () => {
    const { w } = running({});
    failDriver(w);
    expect(containers(w)).toEqual([w.application.attempts[1]!.am!.containerId]);
  });

  it('are the next one’s: its driver is told, keeps one, and gives one back', () => {
    const { w, executors } = running({ keepContainers: true });
    failDriver(w);
    const next = w.application.attempts[1]!;
    expect(containers(w)).toEqual([...executors, next.am!.containerId].sort());
    beat(w, 4, report(next.am!.containerId));
    register(w);
    expect([...next.driver.previous].sort()).toEqual(executors);
    register(w); // the first answer was lost: told again
    expect([...next.driver.previous].sort()).toEqual(executors);
    allocate(w, 1, { release: [executors[0]!] });
    expect(next.driver.previous.size).toBe(0);
    expect(containers(w)).toEqual([executors[1]!, next.am!.containerId].sort());
    register(w, [executors[1]!]);
    expect(containers(w)).toContain(executors[1]);
    beat(w, 5, report(executors[1]!, 'COMPLETED', 3)); // its end is told to who has it now
    const told = [...next.driver.unacked, next.driver].flatMap(({ completed }) => completed.map((e) => e.containerId));
    expect(told).toEqual(executors); // the one that it gave back, and the one that ended
    expect(next.ended.map((e) => e.id)).toContain(executors[1]);
  });

  it('end with the last one', () => {
    const { w } = running({ keepContainers: true, maxAttempts: 1 });
    failDriver(w);
    expect([w.application.state.tag, containers(w)]).toEqual(['FAILED', []]);
  });

  it('are found again after a restart, and told to a driver that has not answered yet', () => {
    const { w, executors } = running({ keepContainers: true });
    const first = w.application.attempts[0]!.am!.containerId;
    failDriver(w);
    const records = {
      applications: [applicationRecord(w.application)],
      attempts: w.application.attempts.map(attemptRecord),
    };
    const again = new RmCore(
      SETTINGS,
      { epoch: 1, clusterStartMs: 1, applicationSeq: 20, containerKeys: [], nmKeys: [], nodesOut: [], ...records },
      DEFAULT_QUEUES,
      w.nowMs,
    );
    const am = w.application.attempts[1]!.am!.containerId;
    again.handle({
      tag: 'nodeRegistered',
      nodeId: N1,
      host: 'h',
      rack: '/r',
      address: 'unix:/n1',
      capacity: { memoryMb: 4096, vcores: 4 },
      containers: [...executors, am, first].map((id) => report(id)),
      version: '1',
      applications: [],
      atMs: w.nowMs,
    } as never);
    const attempt = again.cluster.applications.get(w.id)!.attempts[1]!;
    expect([...attempt.driver.previous].sort()).toEqual(executors);
    expect(again.cluster.nodes.get(N1)!.answer.kill).toEqual([first]); // the driver that had failed is nobody's
  });
});
