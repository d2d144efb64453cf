// The capacity scheduler's queues and obstacles as data. Reads only; the types are scheduler-views.ts and obstacle.ts.
import { NOTHING, plus, type Resource, resource, times } from '../../../common/resource.ts';
import type { Ask, SchedulerApp } from './asks.ts';
import type { Obstacle } from './obstacle.ts';
import type { CapacityScheduler } from './scheduler.ts';
import type { Queue } from './queue-tree.ts';
import type { QueuePartition, QueueState, QueueUsage, QueueView, UsageSnapshot } from './scheduler-views.ts';

const UNLIMITED: Resource = { memoryMb: Number.MAX_SAFE_INTEGER, vcores: Number.MAX_SAFE_INTEGER };

export function obstacleOf(scheduler: CapacityScheduler, ask: Ask): Obstacle | undefined {
  const { app, parkedIn } = ask;
  if (parkedIn === undefined) return undefined;
  const { leaf } = app;
  if (parkedIn === leaf.driversFull) {
    return {
      tag: 'driverShare',
      queue: leaf.path,
      label: '',
      user: undefined,
      used: resource(leaf.driverMb, leaf.driverVcores),
      maximum: resource(leaf.maximumDriverMb, leaf.maximumDriverVcores),
      share: leaf.config.maximumAmShare,
      base: resource(leaf.guaranteedMb, leaf.guaranteedVcores),
    };
  }
  for (let queue: Queue | undefined = leaf; queue !== undefined; queue = queue.parent) {
    // A queue that may use everything is full when the cluster is: the nodes then say more.
    if (parkedIn !== queue.full || queue.maximum >= 1) continue;
    const [used, maximum] = [resource(queue.usedMb, queue.usedVcores), resource(queue.maximumMb, queue.maximumVcores)];
    const parentPercent = (queue.parent?.maximum ?? 1) * 100;
    const percent = queue.maximum * 100;
    return { tag: 'queueMaximum', queue: queue.path, label: '', used, maximum, percent, parentPercent, total: scheduler.total };
  }
  if (scheduler.total.memoryMb === 0) return { tag: 'noNodes', label: '' };
  const slot = scheduler.roomiest();
  const mostFree = slot < 0 ? undefined : scheduler.freeOn(slot);
  const used = resource(scheduler.root.usedMb, scheduler.root.usedVcores);
  return { tag: 'noNodeFits', label: '', mostFree, used, total: scheduler.total };
}

const appsBelow = (queue: Queue, apps: Iterable<SchedulerApp>): SchedulerApp[] =>
  [...apps].filter(({ leaf }) => leaf === queue || leaf.path.startsWith(`${queue.path}.`));

const pendingOf = (app: SchedulerApp): Resource => {
  let sum = NOTHING;
  for (const ask of app.asks.values()) sum = plus(sum, times(ask.resource, ask.count));
  return sum;
};

const stateOf = (queue: Queue, apps: readonly SchedulerApp[]): QueueState =>
  queue.isOpen ? 'RUNNING' : apps.length > 0 ? 'DRAINING' : 'STOPPED';

function partition(queue: Queue, apps: readonly SchedulerApp[]): QueuePartition {
  return {
    label: '',
    capacityPercent: queue.config.capacityPercent,
    maximumPercent: queue.config.maximumCapacityPercent,
    absoluteCapacityPercent: queue.capacity * 100,
    absoluteMaximumPercent: queue.maximum * 100,
    weight: -1,
    guaranteed: resource(queue.guaranteedMb, queue.guaranteedVcores),
    maximum: resource(queue.maximumMb, queue.maximumVcores),
    used: resource(queue.usedMb, queue.usedVcores),
    reserved: NOTHING,
    pending: apps.map(pendingOf).reduce(plus, NOTHING),
    driverUsed: resource(queue.driverMb, queue.driverVcores),
    driverLimit: resource(queue.maximumDriverMb, queue.maximumDriverVcores),
    userLimit: resource(queue.maximumMb, queue.maximumVcores),
    userDriverLimit: resource(queue.maximumDriverMb, queue.maximumDriverVcores),
  };
}

/** @param apps of its subtree */
function queueView(queue: Queue, apps: readonly SchedulerApp[]): QueueView {
  const waiting = apps.filter((app) => [...app.asks.values()].some((ask) => ask.forDriver));
  return {
    path: queue.path,
    parent: queue.parent?.path ?? '',
    leaf: queue.isLeaf,
    state: stateOf(queue, apps),
    runningApplications: apps.length - waiting.length,
    pendingApplications: waiting.length,
    containers: apps.reduce((sum, app) => sum + app.containers, 0),
    pendingContainers: apps.reduce((sum, app) => sum + [...app.asks.values()].reduce((n, ask) => n + ask.count, 0), 0),
    partitions: [partition(queue, apps)],
    users: [],
    accessibleLabels: ['*'],
    defaultLabel: '',
    orderingPolicy: 'fifo',
    priority: 0,
    defaultApplicationPriority: 0,
    maximumApplications: Number.MAX_SAFE_INTEGER,
    maximumApplicationsPerUser: Number.MAX_SAFE_INTEGER,
    userLimitPercent: 100,
    userLimitFactor: 1,
    maximumAllocation: UNLIMITED,
    preemptionDisabled: false,
    intraQueuePreemptionDisabled: false,
    maximumLifetimeS: -1,
    defaultLifetimeS: -1,
  };
}

/** @param apps of its subtree */
function queueUsage(queue: Queue, apps: readonly SchedulerApp[]): QueueUsage {
  const { label, guaranteed, maximum, used, pending, reserved, userLimit } = partition(queue, apps);
  return {
    path: queue.path,
    parent: queue.parent?.path ?? '',
    leaf: queue.isLeaf,
    priority: 0,
    preemptionDisabled: false,
    intraQueuePreemptionDisabled: false,
    partitions: [{ label, guaranteed, maximum, used, pending, reserved, userLimit }],
    applications: queue.isLeaf ? apps.map((app) => ({ app, partitions: [{ label: '', used: app.used, pending: pendingOf(app) }] })) : [],
  };
}

export const queueViews = (root: Queue, apps: Iterable<SchedulerApp>): QueueView[] =>
  [...root.all()].map((queue) => queueView(queue, appsBelow(queue, apps)));

export const snapshotOf = (root: Queue, total: Resource, apps: Iterable<SchedulerApp>): UsageSnapshot => ({
  partitions: [{ label: '', exclusive: true, total }],
  queues: [...root.all()].map((queue) => queueUsage(queue, appsBelow(queue, apps))),
});
