// Which drivers fail their attempt, and which failures count: the core alone, with its time in hand.
import { describe, expect, it } from 'vitest';
import { type ApplicationId, attemptId, type NodeId } from '../../../../src/common/ids.ts';
import type { Submission } from '../../../../src/resourcemanager/core/records.ts';
import { RmCore } from '../../../../src/resourcemanager/core/rm-core.ts';
import { DEFAULT_QUEUES } from '../../../../src/resourcemanager/core/scheduler/queue-config.ts';

const SETTINGS = {
  nmExpiryMs: 1e9,
  amExpiryMs: 10_000,
  amSilenceMs: 30_000,
  grantExpiryMs: 1e9,
  nodeHeartbeatMs: 1_000,
  minAllocationMb: 1,
  maxAllocationMb: undefined,
  maxAllocationVcores: undefined,
  maxAppAttempts: 4,
  maxCompletedApps: 10,
  rmAddress: 'unix:/rm',
};
const AM = { kind: 'driver' as const, args: [], env: {}, secretEnv: {}, resources: [], user: 'ada' };

class World {
  nowMs = 1_000;
  readonly core = new RmCore(
    SETTINGS,
    { epoch: 0, clusterStartMs: 1, applicationSeq: 0, containerKeys: [], nmKeys: [], applications: [], attempts: [], nodesOut: [] },
    DEFAULT_QUEUES,
    this.nowMs,
  );
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
