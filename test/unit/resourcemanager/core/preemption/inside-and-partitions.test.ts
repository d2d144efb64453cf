// Preemption inside a queue by users, in partitions by node label, and for nodes that are kept: plans over views made by hand.
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../../../src/common/resource.ts';
import { planBetweenQueues } from '../../../../../src/resourcemanager/core/preemption/capacity-plan.ts';
import { planInsideQueues } from '../../../../../src/resourcemanager/core/preemption/intra-queue.ts';
import type { Held, RoomFor, View } from '../../../../../src/resourcemanager/core/preemption/plan.ts';
import type { PreemptionSettings } from '../../../../../src/resourcemanager/core/preemption/settings.ts';
import type { Obstacle } from '../../../../../src/resourcemanager/core/scheduler/obstacle.ts';
import type { ScheduledApp, WaitingAsk } from '../../../../../src/resourcemanager/core/scheduler/scheduler-port.ts';
import type { QueueUsage } from '../../../../../src/resourcemanager/core/scheduler/scheduler-views.ts';

const of = (n: number): Resource => ({ memoryMb: n * 1024, vcores: n });
const SETTINGS: PreemptionSettings = {
  enabled: true,
  intervalMs: 1,
  graceMs: 1,
  perRound: 1,
  ignoredOverCapacity: 0,
  naturalTermination: 1,
  observeOnly: false,
  intraQueue: { enabled: true, order: 'userlimit_first', minimumThreshold: 0.5, maxAllowable: 1 },
  utilizationThreshold: 0,
};
const NO_ROOM = (label: string): Obstacle => ({ tag: 'noNodeFits', label, mostFree: undefined, used: of(0), total: of(0) });

/** `has` containers of 1 GB on node `node`, and `waits` more for `obstacle`. */
type Spec = {
  user?: string;
  priority?: number;
  queue: string;
  has: number;
  waits?: number;
  label?: string;
  node?: string;
  obstacle?: Obstacle;
};

function world(
  queues: Record<string, { guaranteed: number; userLimit?: number; disabled?: boolean }>,
  specs: readonly Spec[],
  nodes: Record<string, string> = { n1: '' },
): View {
  const labels = [...new Set(Object.values(nodes))];
  const containers: (Held & { queue: string; label: string; node: string })[] = [];
  const apps = specs.map((spec, seq) => {
    const { user = 'ada', priority = 0, queue, has, waits = 0, label = '', node = 'n1', obstacle = NO_ROOM(label) } = spec;
    const asks = new Map<number, WaitingAsk>();
    const app: ScheduledApp = {
      seq,
      user,
      priority,
      queue,
      usedMb: of(has).memoryMb,
      usedVcores: has,
      used: of(has),
      containers: has,
      asks,
      owner: undefined,
    };
    if (waits > 0) asks.set(1, { app, askId: 1, priority: 1, resource: of(1), count: waits, hosts: [], label, forDriver: false, obstacle });
    for (let i = 0; i < has; i++)
      containers.push({
        id: `c${seq}.${i}`,
        app,
        queue,
        label,
        node,
        resource: of(1),
        startedAtMs: i,
        priority: 1,
        isDriver: false,
        askedBack: false,
      });
    return { app, label };
  });
  const used = (path: string, label: string) => containers.filter((c) => c.label === label && (path === 'root' || c.queue === path)).length;
  const usage = (path: string, parent: string, guaranteed: number, userLimit = 100, disabled = false): QueueUsage => ({
    path,
    parent,
    leaf: path !== 'root',
    priority: 0,
    preemptionDisabled: disabled,
    intraQueuePreemptionDisabled: disabled,
    partitions: labels.map((label) => ({
      label,
      guaranteed: of(guaranteed),
      maximum: of(100),
      used: of(used(path, label)),
      pending: of(0),
      reserved: of(0),
      userLimit: of(userLimit),
    })),
    applications: apps
      .filter(({ app }) => app.queue === path)
      .map(({ app, label }) => ({ app, partitions: [{ label, used: app.used, pending: of(0) }] })),
  });
  const total = Object.values(queues).reduce((sum, { guaranteed }) => sum + guaranteed, 0);
  return {
    snapshot: {
      partitions: labels.map((label) => ({ label, exclusive: true, total: of(total) })),
      queues: [
        usage('root', '', total),
        ...Object.entries(queues).map(([path, q]) => usage(path, 'root', q.guaranteed, q.userLimit, q.disabled)),
      ],
    },
    nodesOf: (label) => ({ nodes: Object.keys(nodes).filter((id) => nodes[id] === label), first: 0 }),
    freeOn: () => of(0),
    containersOn: (id) => containers.filter(({ node }) => node === id),
    keptOn: () => undefined,
    slotOf: (id) => Object.keys(nodes).indexOf(id),
    nodeAt: (slot) => Object.keys(nodes)[slot],
    nowMs: 0,
    looks: { left: 1_000, each: 1_000 },
  };
}
const victimsOf = (rooms: readonly RoomFor[]) => rooms.flatMap(({ victims }) => victims);
const ids = (rooms: readonly RoomFor[]) => victimsOf(rooms).map(({ id }) => id);

describe('preemption inside a queue', () => {
  const queue = { 'root.a': { guaranteed: 10, userLimit: 5 } };
  it('takes from users above their limit for those below it, down to the limit and no further', () => {
    const rooms = planInsideQueues(
      world(queue, [
        { queue: 'root.a', has: 8 },
        { queue: 'root.a', user: 'bob', has: 2, waits: 9 },
      ]),
      SETTINGS,
    );
    expect(ids(rooms)).toEqual(['c0.7', 'c0.6', 'c0.5']);
    expect(victimsOf(rooms)[0]!.because).toBe(
      'in queue root.a, where user bob waits for 1024 MB and 1 vcore and has 2048 MB and 2 vcores of 5120 MB and 5 vcores: user ada used 8192 MB and 8 vcores, above what one user may have',
    );
  });

  it('takes nothing from a user within his limit, in a queue that is hardly used, or where it is not wanted', () => {
    const within = [
      { queue: 'root.a', has: 5 },
      { queue: 'root.a', user: 'bob', has: 5, waits: 9 },
    ];
    expect(planInsideQueues(world(queue, within), SETTINGS)).toEqual([]);
    const above = [
      { queue: 'root.a', has: 8 },
      { queue: 'root.a', user: 'bob', has: 2, waits: 9 },
    ];
    expect(planInsideQueues(world({ 'root.a': { guaranteed: 20, userLimit: 5 } }, above), SETTINGS)).toEqual([]);
    expect(planInsideQueues(world({ 'root.a': { ...queue['root.a'], disabled: true } }, above), SETTINGS)).toEqual([]);
    expect(planInsideQueues(world(queue, above), { ...SETTINGS, intraQueue: { ...SETTINGS.intraQueue, enabled: false } })).toEqual([]);
  });

  it('goes by priority among the applications of one user, and of all with priority_first', () => {
    const specs = [
      { queue: 'root.a', has: 4 },
      { queue: 'root.a', user: 'bob', has: 5 },
      { queue: 'root.a', priority: 3, has: 1, waits: 1 },
    ];
    expect(ids(planInsideQueues(world(queue, specs), SETTINGS))).toEqual(['c0.3']);
    const byPriority = { ...SETTINGS, intraQueue: { ...SETTINGS.intraQueue, order: 'priority_first' as const } };
    expect(ids(planInsideQueues(world(queue, specs), byPriority))).toEqual(['c1.4']); // the youngest of all
  });

  it('takes no more at a time than max-allowable-limit, and one container always', () => {
    const few = { ...SETTINGS, intraQueue: { ...SETTINGS.intraQueue, maxAllowable: 0.01 } };
    expect(
      planInsideQueues(
        world(queue, [
          { queue: 'root.a', has: 8 },
          { queue: 'root.a', user: 'bob', has: 2, waits: 9 },
        ]),
        few,
      ),
    ).toHaveLength(1);
  });
});

describe('preemption between queues', () => {
  const queues = { 'root.a': { guaranteed: 5 }, 'root.b': { guaranteed: 5 } };
  it('looks at each partition by itself: nodes of another label are of no use', () => {
    const nodes = { n1: '', n2: 'gpu' };
    const specs = (label: string) => [
      { queue: 'root.a', has: 10, node: 'n1' },
      { queue: 'root.a', has: 10, node: 'n2', label: 'gpu' },
      { queue: 'root.b', has: 0, waits: 1, label },
    ];
    expect(ids(planBetweenQueues(world(queues, specs('gpu'), nodes), SETTINGS))).toEqual(['c1.9']);
    expect(ids(planBetweenQueues(world(queues, specs(''), nodes), SETTINGS))).toEqual(['c0.9']);
  });

  it('makes room on the node that is kept for who waits', () => {
    const nodes = { n1: '', n2: '' };
    const obstacle: Obstacle = { tag: 'reserved', slot: 1, host: 'n2', free: of(0), sinceMs: 0 };
    const specs = [
      { queue: 'root.a', has: 5, node: 'n1' },
      { queue: 'root.a', has: 5, node: 'n2' },
      { queue: 'root.b', has: 0, waits: 1, obstacle },
    ];
    expect(ids(planBetweenQueues(world(queues, specs, nodes), SETTINGS))).toEqual(['c1.4']);
  });

  it('takes nothing for who waits for a limit of his own, and nothing from a queue that is spared', () => {
    const limit: Obstacle = { tag: 'userLimit', queue: 'root.b', label: '', user: 'ada', used: of(1), limit: of(1), activeUsers: 1 };
    expect(
      planBetweenQueues(
        world(queues, [
          { queue: 'root.a', has: 10 },
          { queue: 'root.b', has: 0, waits: 1, obstacle: limit },
        ]),
        SETTINGS,
      ),
    ).toEqual([]);
    const spared = { ...queues, 'root.a': { guaranteed: 5, disabled: true } };
    expect(
      planBetweenQueues(
        world(spared, [
          { queue: 'root.a', has: 10 },
          { queue: 'root.b', has: 0, waits: 1 },
        ]),
        SETTINGS,
      ),
    ).toEqual([]);
  });
});
