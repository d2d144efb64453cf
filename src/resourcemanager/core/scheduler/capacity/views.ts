// The queues as data: for REST, pages and the command line (queueViews), and for preemption (snapshotOf). Reads only; the types are
// scheduler-views.ts. O(queues × partitions + applications + asks).
import { NOTHING, plus, type Resource, times } from '../../../../common/resource.ts';
import type { QueuePartition, QueueState, QueueUsage, QueueUser, QueueView, UsageSnapshot } from '../scheduler-views.ts';
import { floored, subtract, type Vector } from '../vectors.ts';
import type { Application } from './application.ts';
import type { CapacityScheduler } from './capacity-scheduler.ts';
import { applicationLimits, maximumAllocation } from './limits.ts';
import type { Queue, QueuePart } from './queue.ts';
import { type UserPart, userDriverLimit, userLimit } from './user-part.ts';

const UNLIMITED = 2 ** 31 - 1;

export const queueViews = (scheduler: CapacityScheduler): QueueView[] => {
  const byLeaf = Map.groupBy(scheduler.apps, (app) => app.leaf);
  return [...scheduler.root.all()].map((queue) => queueView(scheduler, queue, byLeaf));
};

export function snapshotOf(scheduler: CapacityScheduler): UsageSnapshot {
  const { partitions, dimensions, root } = scheduler;
  const byLeaf = Map.groupBy(scheduler.apps, (app) => app.leaf);
  return {
    partitions: partitions.all.map(({ label, exclusive, total }) => ({ label, exclusive, total: dimensions.resource(total) })),
    queues: [...root.all()].map((queue) => queueUsage(scheduler, queue, byLeaf.get(queue) ?? [])),
  };
}

function queueView(scheduler: CapacityScheduler, queue: Queue, byLeaf: ReadonlyMap<Queue, Application[]>): QueueView {
  const { config } = queue;
  const apps = [...queue.all()].flatMap((at) => byLeaf.get(at) ?? []);
  const pending = apps.filter(waitsForDriver).length;
  const limits = applicationLimits(queue, scheduler.config);
  const largest = maximumAllocation(queue);
  return {
    path: queue.path,
    parent: queue.parent?.path ?? '',
    leaf: queue.isLeaf,
    state: stateOf(queue),
    runningApplications: apps.length - pending,
    pendingApplications: pending,
    containers: apps.reduce((sum, app) => sum + app.containers, 0),
    pendingContainers: apps.reduce((sum, app) => sum + [...app.asks.values()].reduce((n, ask) => n + ask.count, 0), 0),
    partitions: queue.parts
      .filter(({ partition }) => partition.index === 0 || partition.known)
      .map((part) => partitionView(scheduler, part)),
    users: queue.isLeaf ? usersOf(scheduler, queue, apps) : [],
    accessibleLabels: config.accessibleLabels,
    defaultLabel: config.defaultLabel,
    orderingPolicy: config.orderingPolicy,
    priority: config.priority,
    defaultApplicationPriority: config.defaultApplicationPriority,
    maximumApplications: limits.queue,
    maximumApplicationsPerUser: limits.user,
    userLimitPercent: config.userLimitPercent,
    userLimitFactor: config.userLimitFactor,
    maximumAllocation: largest ?? { memoryMb: UNLIMITED, vcores: UNLIMITED },
    preemptionDisabled: config.preemptionDisabled,
    intraQueuePreemptionDisabled: config.intraQueuePreemptionDisabled,
    dynamic: config.dynamic,
    expires: config.expires,
    autoCreate: config.autoCreate?.templates,
    maximumLifetimeS: -1,
    defaultLifetimeS: -1,
  };
}

function stateOf(queue: Queue): QueueState {
  if (queue.isOpen) return 'RUNNING';
  return queue.applicationCount > 0 ? 'DRAINING' : 'STOPPED';
}

const waitsForDriver = (app: Application): boolean => {
  for (const ask of app.asks.values()) if (ask.forDriver) return true;
  return false;
};

function partitionView({ dimensions }: CapacityScheduler, part: QueuePart): QueuePartition {
  const { amount, partition, queue } = part;
  const inWords = (vector: Vector): Resource => dimensions.resource(vector);
  const [capacity, parent] = [part.capacity, part.parent?.capacity ?? 1];
  const absoluteMaximum = maximumShare(part);
  return {
    label: partition.label,
    capacityPercent: amount.capacity.kind === 'percent' ? amount.capacity.percent : parent === 0 ? 0 : (capacity / parent) * 100,
    maximumPercent:
      amount.maximum?.kind === 'percent'
        ? amount.maximum.percent
        : part.parent === undefined
          ? 100
          : ofParent(absoluteMaximum, maximumShare(part.parent)),
    absoluteCapacityPercent: capacity * 100,
    absoluteMaximumPercent: absoluteMaximum * 100,
    weight: amount.capacity.kind === 'weight' ? amount.capacity.weight : -1,
    guaranteed: inWords(part.guaranteed),
    maximum: inWords(part.limit),
    used: usedOf(dimensions, part),
    reserved: inWords(part.reserved),
    pending: inWords(part.pending),
    driverUsed: queue.isLeaf ? inWords(part.driverUsed) : NOTHING,
    driverLimit: queue.isLeaf ? inWords(part.driverLimit) : NOTHING,
    userLimit: queue.isLeaf ? inWords(userLimit(part, [])) : NOTHING,
    userDriverLimit: queue.isLeaf ? inWords(userDriverLimit(part)) : NOTHING,
  };
}

const ofParent = (share: number, parents: number): number => (parents === 0 ? 0 : (share / parents) * 100);

/** Of the partition, also where an absolute resource says it. */
function maximumShare({ maximum, limit, partition }: QueuePart): number {
  if (!Number.isNaN(maximum)) return maximum;
  return partition.total.reduce((share, total, d) => (total > 0 ? Math.max(share, (limit[d] ?? 0) / total) : share), 0);
}

/** By containers: without what is kept. */
function usedOf(dimensions: CapacityScheduler['dimensions'], { taken, reserved }: Pick<QueuePart, 'taken' | 'reserved'>): Resource {
  const used = [...taken];
  subtract(used, reserved);
  return dimensions.resource(used);
}

function usersOf({ dimensions }: CapacityScheduler, queue: Queue, apps: readonly Application[]): QueueUser[] {
  const names = new Set([...queue.applications.keys(), ...queue.parts.flatMap((part) => [...part.users.keys()])]);
  return [...names].sort().map((user) => {
    const parts = queue.parts.flatMap((part) => part.users.get(user) ?? []);
    const sum = (of: (part: UserPart) => Resource) => parts.map(of).reduce(plus, NOTHING);
    const weight = queue.config.userWeights.get(user) ?? 1;
    const his = apps.filter((app) => app.user === user);
    const pending = his.filter(waitsForDriver).length;
    return {
      user,
      used: sum((part) => usedOf(dimensions, part)),
      reserved: sum((part) => dimensions.resource(part.reserved)),
      driverUsed: sum((part) => dimensions.resource(part.driverUsed)),
      weight,
      limit: dimensions.resource(userLimit(queue.parts[0]!, [], weight)),
      runningApplications: his.length - pending,
      pendingApplications: pending,
    };
  });
}

function queueUsage(scheduler: CapacityScheduler, queue: Queue, apps: readonly Application[]): QueueUsage {
  const { config } = queue;
  return {
    path: queue.path,
    parent: queue.parent?.path ?? '',
    leaf: queue.isLeaf,
    priority: config.priority,
    preemptionDisabled: config.preemptionDisabled,
    intraQueuePreemptionDisabled: config.intraQueuePreemptionDisabled,
    partitions: queue.parts.map((part) => {
      const { label, guaranteed, maximum, used, pending, reserved, userLimit: limit } = partitionView(scheduler, part);
      return { label, guaranteed, maximum, used, pending, reserved, userLimit: limit };
    }),
    userWeights: config.userWeights,
    applications: [...apps]
      .sort(inOrder(config.orderingPolicy === 'fair'))
      .map((app) => ({ app, partitions: partitionsOf(scheduler, app) })),
  };
}

const inOrder =
  (fair: boolean) =>
  (a: Application, b: Application): number =>
    (fair ? a.shareFor(0) - b.shareFor(0) : 0) || b.priority - a.priority || a.seq - b.seq;

function partitionsOf({ partitions, dimensions }: CapacityScheduler, app: Application): QueueUsage['applications'][number]['partitions'] {
  return partitions.all.flatMap(({ index, label }) => {
    const used = dimensions.resource(floored(app.usedIn[index] ?? [0, 0]));
    let pending = NOTHING;
    for (const ask of app.asks.values()) if (ask.size.partition.index === index) pending = plus(pending, times(ask.resource, ask.count));
    return used.memoryMb === 0 && pending.memoryMb === 0 ? [] : [{ label, used, pending }];
  });
}
