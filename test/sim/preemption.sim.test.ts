// Preemption over the real core, seeded: queues come to their due in bounded rounds, it then stops (nothing goes back and forth), nothing is
// taken when nobody waits, drivers are spared, and every container that goes says by whom and why. Time is in hand; drivers ask again for
// what was taken, as Spark's do.
import { describe, expect, it } from 'vitest';
import { type ApplicationId, attemptId, type ContainerId, type NodeId } from '../../src/common/ids.ts';
import { Prng } from '../../src/common/prng.ts';
import { parseXml } from '../../src/common/xml-lines.ts';
import type { PreemptionSettings } from '../../src/resourcemanager/core/preemption/settings.ts';
import { RmCore } from '../../src/resourcemanager/core/rm-core.ts';
import type { SchedulerConfig } from '../../src/resourcemanager/core/scheduler/create-scheduler.ts';
import { allocationsFrom } from '../../src/resourcemanager/core/scheduler/fair/allocations.ts';
import { queuesFrom } from '../../src/resourcemanager/core/scheduler/queue-config.ts';
import { CORE_SETTINGS, NOTHING_FOUND } from '../helpers/core-settings.ts';
import { simSeeds } from '../helpers/sim-seeds.ts';

const PREEMPTION: PreemptionSettings = {
  enabled: true,
  intervalMs: 1_000,
  graceMs: 3_000,
  perRound: 0.3,
  ignoredOverCapacity: 0.1,
  naturalTermination: 1,
  observeOnly: false,
  intraQueue: { enabled: false, order: 'userlimit_first', minimumThreshold: 0.5, maxAllowable: 1 },
  utilizationThreshold: 0.8,
};
const PREEMPTED = -102;
const SETTINGS = { ...CORE_SETTINGS, nmExpiryMs: 1e9, amExpiryMs: 1e9, amSilenceMs: 1e9, grantExpiryMs: 1e9, maxAppAttempts: 4 };
const AM = { kind: 'driver' as const, args: [], env: {}, secretEnv: {}, resources: [], user: 'ada' };
const capacity = (queues: Record<string, number>, more: Record<string, unknown> = {}): SchedulerConfig => {
  const names = Object.keys(queues);
  const properties = {
    'root.queues': names.join(','),
    ...Object.fromEntries(names.map((name) => [`root.${name}.capacity`, queues[name]])),
    ...Object.fromEntries(names.map((name) => [`root.${name}.user-limit-factor`, 100])),
    'maximum-am-resource-percent': 1,
    ...more,
  };
  return queuesFrom(
    'f',
    Object.entries(properties).map(([name, value], i) => ({ name: `yarn.scheduler.capacity.${name}`, value, line: i + 1 })),
  );
};
const fair = (inside: string): SchedulerConfig => {
  const parsed = parseXml(`<allocations>${inside}</allocations>`);
  if ('fault' in parsed) throw new Error(parsed.fault.detail);
  return allocationsFrom('f', parsed.root, { userAsDefaultQueue: true, allowUndeclaredPools: true }).queues;
};

type App = {
  readonly id: ApplicationId;
  readonly queue: string;
  readonly size: { memoryMb: number; vcores: number };
  seq: number;
  acked: number;
  wants: number;
};
type Loss = {
  readonly container: ContainerId;
  readonly app: App;
  readonly exitStatus: number;
  readonly diagnostics: string;
  readonly atMs: number;
};

class World {
  nowMs = 1_000_000;
  readonly core: RmCore;
  readonly apps: App[] = [];
  readonly losses: Loss[] = [];
  readonly askedBack: ContainerId[] = [];
  /** Queues that got nothing in the turn in which containers were taken for them. */
  readonly inVain: string[] = [];

  constructor(config: SchedulerConfig, preemption: Partial<PreemptionSettings> = {}) {
    const found = NOTHING_FOUND;
    this.core = new RmCore({ ...SETTINGS, preemption: { ...PREEMPTION, ...preemption } }, found, config, this.nowMs);
  }

  node(memoryMb: number, vcores: number): void {
    const name = `h${this.core.cluster.nodes.size}`;
    const nodeId = `${name}:1` as NodeId;
    this.#handle({
      tag: 'nodeRegistered',
      nodeId,
      host: name,
      rack: '/r',
      address: `unix:/${name}`,
      capacity: { memoryMb, vcores },
      containers: [],
      version: '1',
      applications: [],
    });
  }

  /** In client mode unless it has a driver's container. */
  submit(
    queue: string,
    wants: number,
    memoryMb: number,
    more: { vcores?: number; user?: string; priority?: number; driverMb?: number } = {},
  ): App {
    const { vcores = 1, user = 'ada', priority = 0, driverMb } = more;
    const id = this.core.newApplicationId();
    const driver =
      driverMb === undefined ? { unmanaged: true } : { unmanaged: false, am: AM, amResource: { memoryMb: driverMb, vcores: 1 } };
    const submission = { name: 'x', type: 'SPARK', user, queue, tags: [], priority, maxAttempts: 1, ...driver };
    this.#handle({ tag: 'applicationSubmitted', id, submission, secret: 's' });
    const app: App = { id, queue: `root.${queue}`, size: { memoryMb, vcores }, seq: 0, acked: 0, wants };
    this.apps.push(app);
    if (driverMb === undefined || this.attempt(app).am !== undefined) this.register(app);
    return app;
  }

  register(app: App): void {
    const none = { host: 'h', rpcPort: -1, trackingUrl: '', lastUpdateSeq: 0, epoch: 0, held: [], asks: [] };
    this.#handle({ tag: 'driverRegistered', attemptId: attemptId(app.id, 1), ...none });
    this.#handle({ tag: 'driverReady', attemptId: attemptId(app.id, 1) });
    this.want(app, app.wants);
  }

  /** Containers beside what it has. */
  want(app: App, count: number): void {
    app.wants = count;
    const asks = [{ askId: 1, priority: 1, count, resource: app.size, hosts: [] }];
    this.#handle({
      tag: 'driverAllocate',
      attemptId: attemptId(app.id, 1),
      seq: ++app.seq,
      asks,
      release: [],
      ackedUpdateSeq: app.acked,
      progress: 0,
      diagnostics: '',
    });
  }

  release(app: App, ids: readonly ContainerId[]): void {
    this.#handle({
      tag: 'driverAllocate',
      attemptId: attemptId(app.id, 1),
      seq: ++app.seq,
      asks: [],
      release: ids,
      ackedUpdateSeq: app.acked,
      progress: 0,
      diagnostics: '',
    });
  }

  attempt(app: App) {
    return this.core.cluster.applications.get(app.id)!.attempts[0]!;
  }
  held(app: App): number {
    return this.attempt(app).containers.size - (this.attempt(app).am === undefined ? 0 : 1);
  }
  used(queue: string): number {
    return this.core.cluster.scheduler.queues().find(({ path }) => path === `root.${queue}`)!.partitions[0]!.used.memoryMb;
  }

  pass(seconds: number, each: () => void = () => {}): void {
    for (let i = 0; i < seconds; i++) {
      this.nowMs += 1_000;
      this.#handle({ tag: 'timePassed' });
      each();
    }
  }

  #handle(event: Record<string, unknown>): void {
    this.core.handle({ ...event, atMs: this.nowMs } as never);
    this.#turn();
  }

  #turn(): void {
    while (this.core.schedule(1_000) === 1_000);
    const [got, lostFor] = [new Set<string>(), new Set<string>()];
    for (const tell of this.core.takeEffects().tells) {
      if (tell.tag !== 'tellDriver') continue;
      const app = this.apps.find(({ id }) => attemptId(id, 1) === tell.attemptId);
      if (app === undefined) continue;
      for (const { seq, granted, completed, preempt } of tell.updates) {
        app.acked = seq;
        app.wants -= granted.length;
        this.askedBack.push(...preempt);
        if (granted.length > 0) got.add(app.queue);
        for (const { containerId, exitStatus, diagnostics } of completed) {
          const by = exitStatus === PREEMPTED ? /ResourceManager for queue ([^ ,]+), where/.exec(diagnostics)?.[1] : undefined;
          if (by !== undefined) lostFor.add(by);
          this.losses.push({ container: containerId, app, exitStatus, diagnostics, atMs: this.nowMs });
          app.wants++;
        }
        if (completed.length > 0) this.want(app, app.wants);
      }
    }
    this.inVain.push(...[...lostFor].filter((queue) => !got.has(queue)));
  }
}

describe('preemption between queues of the capacity scheduler', () => {
  it('gives a queue its share back, youngest first, asked for before it is taken, and says by whom and why', () => {
    const world = new World(capacity({ a: 50, b: 50 }));
    world.node(8192, 8);
    const a = world.submit('a', 8, 1024);
    const before = world
      .attempt(a)
      .containers.values()
      .map(({ id }) => id);
    const b = world.submit('b', 8, 1024);
    world.pass(1);
    expect(world.askedBack).toEqual([before[7], before[6]]); // at most 30 % of the cluster at a time
    world.pass(2);
    expect(world.losses).toEqual([]);
    world.pass(1);
    expect(world.losses.map(({ container, exitStatus }) => [container, exitStatus])).toEqual([
      [before[7], PREEMPTED],
      [before[6], PREEMPTED],
    ]);
    expect(world.losses[0]!.diagnostics).toBe(
      'Container preempted by the ResourceManager for queue root.b, where an application waits for 1024 MB and 1 vcore and 0 MB and 0 vcores of guaranteed 4096 MB and 4 vcores are in use: queue root.a used 8192 MB and 8 vcores, its guaranteed capacity is 4096 MB and 4 vcores; it was asked back 3 s before.',
    );
    world.pass(20);
    expect([world.held(a), world.held(b)]).toEqual([4, 4]);
    expect(world.losses).toHaveLength(4);
    expect(world.core.cluster.applications.get(a.id)!.preempted).toMatchObject({ memoryMb: 4096, vcores: 4, containers: 4, drivers: 0 });
  });

  it('takes nothing when nobody waits, or waits for a limit of his own', () => {
    const world = new World(capacity({ a: 50, b: 50 }, { 'root.b.maximum-capacity': 50 }));
    world.node(8192, 8);
    world.submit('a', 4, 1024);
    world.submit('b', 9, 1024); // at its maximum
    world.pass(30);
    expect(world.askedBack).toEqual([]);
  });

  it('leaves alone who gave back what was asked for, and who is needed no more', () => {
    const world = new World(capacity({ a: 50, b: 50 }), { perRound: 1 });
    world.node(8192, 8);
    const a = world.submit('a', 8, 1024);
    const b = world.submit('b', 2, 1024);
    world.pass(1);
    expect(world.askedBack).toHaveLength(2);
    world.release(a, [world.askedBack[0]!]);
    expect(world.held(b)).toBe(1);
    world.want(b, 0);
    world.pass(30);
    expect(world.losses).toEqual([
      {
        container: world.askedBack[0],
        app: a,
        exitStatus: -105,
        diagnostics: 'Container released by application',
        atMs: expect.any(Number),
      },
    ]);
  });

  it('never takes a driver while there is anything else, and only says so with observe_only', () => {
    for (const observeOnly of [false, true]) {
      const world = new World(capacity({ a: 50, b: 50 }), { observeOnly });
      world.node(8192, 8);
      const a = world.submit('a', 7, 1024, { driverMb: 1024 });
      const b = world.submit('b', 8, 1024);
      world.pass(30);
      expect(world.attempt(a).am).toBeDefined();
      expect(world.core.cluster.applications.get(a.id)!.state.tag).toBe('RUNNING');
      expect([world.held(a), world.held(b)]).toEqual(observeOnly ? [7, 0] : [3, 4]);
    }
  });

  it('does not throw away what would not make room for a whole container', () => {
    const world = new World(capacity({ a: 50, b: 50 }));
    world.node(4096, 4);
    world.node(4096, 4);
    const a = world.submit('a', 8, 1024);
    const b = world.submit('b', 1, 4096, { vcores: 4 });
    world.pass(10);
    expect([world.held(a), world.held(b)]).toEqual([4, 1]); // all four of one node
    expect(new Set([...world.attempt(a).containers.values()].map(({ node }) => node.id)).size).toBe(1);
  });
});

describe('preemption inside a queue of the capacity scheduler', () => {
  const intraQueue = { enabled: true, order: 'priority_first' as const, minimumThreshold: 0.5, maxAllowable: 0.5 };
  it('takes from lower priorities for higher ones, and stops there', () => {
    const world = new World(capacity({ a: 100 }), { intraQueue });
    world.node(8192, 8);
    const low = world.submit('a', 8, 1024);
    const high = world.submit('a', 3, 1024, { priority: 5 });
    const same = world.submit('a', 3, 1024);
    world.pass(40);
    expect([world.held(low), world.held(high), world.held(same)]).toEqual([5, 3, 0]);
    expect(world.losses).toHaveLength(3);
    expect(world.losses[0]!.diagnostics).toContain(
      'in queue root.a, where an application of priority 5 waits for 1024 MB and 1 vcore: its application has priority 0',
    );
  });
});

describe('preemption of the fair scheduler', () => {
  const queues =
    '<queue name="a"/><queue name="b"><minResources>2048 mb, 2 vcores</minResources><minSharePreemptionTimeout>5</minSharePreemptionTimeout></queue>';
  it('gives a queue its minimum after minSharePreemptionTimeout, and no more', () => {
    const world = new World(fair(queues));
    world.node(8192, 8);
    const a = world.submit('a', 8, 1024);
    const b = world.submit('b', 8, 1024);
    world.pass(5);
    expect(world.askedBack).toEqual([]);
    world.pass(20);
    expect([world.held(a), world.held(b)]).toEqual([6, 2]);
    expect(world.losses[0]!.diagnostics).toContain('for queue root.b, which has less than its minimum of 2048 MB and 2 vcores');
  });

  it('gives applications their fair share after fairSharePreemptionTimeout, up to the threshold and beyond in whole containers', () => {
    const world = new World(
      fair(
        '<queue name="a"/><queue name="b"/><defaultFairSharePreemptionTimeout>5</defaultFairSharePreemptionTimeout><defaultFairSharePreemptionThreshold>1</defaultFairSharePreemptionThreshold>',
      ),
    );
    world.node(8192, 8);
    const [a1, a2] = [world.submit('a', 8, 1024), world.submit('a', 8, 1024)];
    const b = world.submit('b', 8, 1024);
    world.pass(60);
    expect([world.held(a1), world.held(a2), world.held(b)]).toEqual([2, 2, 4]);
    const taken = world.losses.length;
    world.pass(60);
    expect(world.losses).toHaveLength(taken);
  });

  it('spares queues with allowPreemptionFrom false, and a cluster that is not in use', () => {
    const spared = new World(
      fair(queues.replace('<queue name="a"/>', '<queue name="a"><allowPreemptionFrom>false</allowPreemptionFrom></queue>')),
    );
    spared.node(8192, 8);
    spared.submit('a', 8, 1024);
    spared.submit('b', 8, 1024);
    spared.pass(30);
    expect(spared.askedBack).toEqual([]);
  });
});

/** Once failed: a node was kept for a queue that had more than its due, and what was taken there for another came to nobody. */
const KEPT_SEEDS = [347];

describe('preemption under a random load', () => {
  it.each([...KEPT_SEEDS, ...simSeeds(40)])('comes to an end with every queue at its due, seed %i', (seed) => {
    const prng = new Prng(seed);
    const parts = prng.pick([
      [50, 50],
      [60, 40],
      [50, 30, 20],
      [40, 30, 20, 10],
    ]);
    const names = parts.map((_, i) => `q${i}`);
    const weights = names.map((name, i) => `<queue name="${name}"><weight>${parts[i]}</weight></queue>`).join('');
    const isFair = prng.chance(0.4);
    const config = isFair
      ? fair(
          `${weights}<defaultFairSharePreemptionTimeout>2</defaultFairSharePreemptionTimeout><defaultFairSharePreemptionThreshold>1</defaultFairSharePreemptionThreshold>`,
        )
      : capacity(Object.fromEntries(names.map((name, i) => [name, parts[i]!])));
    const world = new World(config, { naturalTermination: prng.pick([0.2, 1]), perRound: prng.pick([0.1, 0.5]), ignoredOverCapacity: 0 });
    for (let i = 0, n = 2 + prng.int(4); i < n; i++) world.node(8192, 8);
    const sizes = prng.pick([[1024], [1024, 2048], [512, 1024, 3072]]);
    for (let i = 0, n = 3 + prng.int(6); i < n; i++) {
      const memoryMb = prng.pick(sizes);
      world.submit(prng.pick(names), 1 + prng.int(40), memoryMb, { vcores: 1, user: prng.pick(['ada', 'bob']) });
      world.pass(prng.int(6));
    }
    const total = world.core.cluster.scheduler.total.memoryMb;
    world.pass(400);
    const settled = world.losses.length;
    expect(settled).toBeLessThan((total / 512) * 3);
    world.pass(60);
    expect(world.losses.length).toBe(settled); // nothing goes back and forth
    expect(world.inVain).toEqual([]); // what was taken for a queue is given to nobody else
    for (const loss of world.losses)
      expect([loss.exitStatus, loss.diagnostics]).toEqual([
        PREEMPTED,
        expect.stringContaining('Container preempted by the ResourceManager for '),
      ]);
    const largest = Math.max(...sizes);
    for (const view of world.core.cluster.scheduler.queues()) {
      if (!view.leaf || view.partitions[0]!.pending.memoryMb === 0 || isFair) continue;
      const { used, guaranteed } = view.partitions[0]!;
      // Within one container of its guarantee, of its own size and of whoever would have to give; on each node what does not fit a whole one.
      const nodes = world.core.cluster.nodes.size;
      expect(used.memoryMb).toBeGreaterThan(guaranteed.memoryMb - 2 * largest - (sizes.length > 1 ? nodes * largest : 0));
    }
  });
});
