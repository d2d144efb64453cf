// The fair scheduler's queues and obstacles as data, for REST, pages, commands and preemption. Reads only; the types are
// scheduler-views.ts and obstacle.ts. What capacity calls guaranteed is here the instantaneous fair share.
import { atMost, NOTHING, plus, type Resource, times } from '../../../../common/resource.ts';
import type { Obstacle } from '../obstacle.ts';
import type { FairDues, QueuePartition, QueueUsage, QueueUser, QueueView, UsageSnapshot } from '../scheduler-views.ts';
import type { FairApp, FairAsk } from './fair-asks.ts';
import type { Amount, FairQueue } from './fair-queue.ts';
import type { FairState } from './fair-state.ts';

const MOST = Number.MAX_SAFE_INTEGER;
const UNLIMITED: Resource = { memoryMb: MOST, vcores: MOST };

export function obstacleOf({ total, nodes, limits, tree, locality }: FairState, ask: FairAsk): Obstacle | undefined {
  const { app, parkedIn, resource } = ask;
  if (!app.runs) {
    const held = limits.heldBy(app);
    return held === undefined ? undefined : { tag: 'runningApps', ...held };
  }
  if (parkedIn === undefined) return undefined;
  const { leaf } = app;
  if (parkedIn === leaf.driversFull)
    return {
      tag: 'driverShare',
      queue: leaf.path,
      label: '',
      user: undefined,
      used: copy(leaf.driver),
      maximum: finite(leaf.driverLimit),
      share: leaf.config.maxAmShare,
      base: leaf.fairShare,
    };
  for (const queue of leaf.up()) {
    if (parkedIn !== queue.full) continue;
    const maximum = finite(queue.max);
    return {
      tag: 'queueMaximum',
      queue: queue.path,
      label: '',
      used: copy(queue.used),
      maximum,
      percent: Number.NaN,
      parentPercent: 100,
      total,
    };
  }
  if (ask.keptSlot >= 0) {
    const slot = ask.keptSlot;
    return { tag: 'reserved', slot, host: nodes.host(slot), free: nodes.table.freeOn(slot), sinceMs: ask.keptSinceMs };
  }
  if (locality.isDelayed(ask.size)) {
    const { hosts, waitsSince } = ask.size;
    return { tag: 'locality', hosts, missed: locality.chances - waitsSince, after: locality.after(ask.size) };
  }
  const largest = nodes.largest();
  if (largest.memoryMb === 0) return { tag: 'noNodes', label: '' };
  if (resource.memoryMb > largest.memoryMb || resource.vcores > largest.vcores) return { tag: 'tooLarge', label: '', largest };
  if (ask.size.strict) return { tag: 'hostsFull', hosts: [...ask.size.hosts, ...ask.size.racks] };
  const slot = nodes.roomiest();
  return { tag: 'noNodeFits', label: '', mostFree: slot < 0 ? undefined : nodes.table.freeOn(slot), used: copy(tree.root.used), total };
}

export function queueViews(state: FairState): QueueView[] {
  const { tree, total } = state;
  const byQueue = appsByQueue(state.apps);
  const steady = tree.steadyShares(total);
  return [...tree.root.all()].map((queue) => {
    const apps = byQueue.get(queue) ?? [];
    const largest = state.maximumAllocation(queue.path);
    const view = viewOf(queue, apps, total, largest === undefined ? UNLIMITED : finite(largest));
    const { used, pending, maximum } = view.partitions[0]!;
    const fair: FairDues = {
      minimum: finite(queue.min),
      steadyShare: steady.get(queue)!,
      fairShare: queue.fairShare,
      demand: atMost(plus(used, pending), maximum),
      reservedContainers: keptFor(apps).length,
    };
    return { ...view, fair };
  });
}

export function usageOf({ tree, apps, total }: FairState): UsageSnapshot {
  const byQueue = appsByQueue(apps);
  const queues = [...tree.root.all()].map((queue) => queueUsage(queue, byQueue.get(queue) ?? [], total));
  return { partitions: [{ label: '', exclusive: true, total }], queues };
}

/** Of each queue the applications of its subtree, in the order in which they are served. */
function appsByQueue(apps: Iterable<FairApp>): Map<FairQueue, FairApp[]> {
  const found = new Map<FairQueue, FairApp[]>();
  const inTurn = [...apps].sort((a, b) => a.share - b.share || a.seq - b.seq);
  for (const app of inTurn)
    for (const queue of app.leaf.up()) {
      const there = found.get(queue);
      if (there === undefined) found.set(queue, [app]);
      else there.push(app);
    }
  return found;
}

export const copy = ({
  memoryMb,
  vcores,
  others,
}: {
  memoryMb: number;
  vcores: number;
  others?: Record<string, number> | undefined;
}): Resource => (others === undefined ? { memoryMb, vcores } : { memoryMb, vcores, others: { ...others } });

export const finite = ({ memoryMb, vcores, others }: Amount): Resource => {
  const plain = { memoryMb: Math.min(memoryMb, MOST), vcores: Math.min(vcores, MOST) };
  const counted = Object.entries(others ?? {}).filter(([, amount]) => Number.isFinite(amount));
  return counted.length === 0 ? plain : { ...plain, others: Object.fromEntries(counted) };
};

export function pendingOf(app: FairApp): Resource {
  let sum = NOTHING;
  if (app.runs) for (const { resource, count } of app.asks.values()) sum = plus(sum, times(resource, count));
  return sum;
}

/** Asks of theirs for which a node is kept. */
const keptFor = (apps: readonly FairApp[]): FairAsk[] =>
  apps.flatMap(({ asks }) => [...asks.values()].filter(({ keptSlot }) => keptSlot >= 0));

const partOf = (used: Resource, total: Resource): number =>
  100 * Math.max(used.memoryMb / Math.max(total.memoryMb, 1), used.vcores / Math.max(total.vcores, 1));

function partition(queue: FairQueue, apps: readonly FairApp[], total: Resource): QueuePartition {
  const { fairShare, parent, config } = queue;
  const maximum = finite(queue.max);
  const absolute = partOf(fairShare, total);
  return {
    label: '',
    capacityPercent: parent === undefined ? 100 : Math.min(100, partOf(fairShare, parent.fairShare)),
    maximumPercent: Math.min(100, partOf(maximum, total)),
    absoluteCapacityPercent: absolute,
    absoluteMaximumPercent: Math.min(100, partOf(maximum, total)),
    weight: config.weight,
    guaranteed: fairShare,
    maximum,
    used: copy(queue.used),
    reserved: keptFor(apps)
      .map(({ resource }) => resource)
      .reduce(plus, NOTHING),
    pending: apps.map(pendingOf).reduce(plus, NOTHING),
    driverUsed: copy(queue.driver),
    driverLimit: finite(queue.driverLimit),
    userLimit: maximum,
    userDriverLimit: finite(queue.driverLimit),
  };
}

function viewOf(queue: FairQueue, apps: readonly FairApp[], total: Resource, largest: Resource): QueueView {
  const { config, parent, path, isLeaf } = queue;
  const pending = apps.filter(isPending).length;
  return {
    path,
    parent: parent?.path ?? '',
    leaf: isLeaf,
    state: 'RUNNING',
    runningApplications: apps.length - pending,
    pendingApplications: pending,
    containers: apps.reduce((sum, app) => sum + app.containers, 0),
    pendingContainers: apps.reduce((sum, app) => sum + [...app.asks.values()].reduce((n, { count }) => n + count, 0), 0),
    partitions: [partition(queue, apps, total)],
    users: isLeaf ? usersOf(apps, finite(queue.max)) : [],
    accessibleLabels: ['*'],
    defaultLabel: '',
    orderingPolicy: config.policy,
    priority: 0,
    defaultApplicationPriority: 0,
    maximumApplications: Math.min(config.maxRunningApps, MOST),
    maximumApplicationsPerUser: MOST,
    userLimitPercent: 100,
    userLimitFactor: 1,
    maximumAllocation: largest,
    preemptionDisabled: !config.allowPreemptionFrom,
    intraQueuePreemptionDisabled: true,
    maximumLifetimeS: -1,
    defaultLifetimeS: -1,
  };
}

/** It may not run yet, or its driver has no place. */
const isPending = (app: FairApp): boolean => !app.runs || [...app.asks.values()].some(({ forDriver }) => forDriver);

function usersOf(apps: readonly FairApp[], limit: Resource): QueueUser[] {
  const users = new Map<string, FairApp[]>();
  for (const app of apps) users.set(app.user, [...(users.get(app.user) ?? []), app]);
  return [...users].map(([user, theirs]) => {
    const pending = theirs.filter(isPending).length;
    return {
      user,
      used: theirs.map(({ used }) => copy(used)).reduce(plus, NOTHING),
      reserved: keptFor(theirs)
        .map(({ resource }) => resource)
        .reduce(plus, NOTHING),
      driverUsed: theirs.map(({ driver }) => copy(driver)).reduce(plus, NOTHING),
      limit,
      runningApplications: theirs.length - pending,
      weight: 1,
      pendingApplications: pending,
    };
  });
}

function queueUsage(queue: FairQueue, apps: readonly FairApp[], total: Resource): QueueUsage {
  const { label, guaranteed, maximum, used, pending, reserved, userLimit } = partition(queue, apps, total);
  const { config, path, parent, isLeaf, min } = queue;
  return {
    path,
    parent: parent?.path ?? '',
    leaf: isLeaf,
    priority: 0,
    preemptionDisabled: !config.allowPreemptionFrom,
    intraQueuePreemptionDisabled: true,
    partitions: [{ label, guaranteed, maximum, used, pending, reserved, userLimit }],
    applications: isLeaf
      ? apps.map((app) => ({ app, weight: app.weight, partitions: [{ label: '', used: copy(app.used), pending: pendingOf(app) }] }))
      : [],
    fair: {
      policy: config.policy,
      minShare: finite(min),
      minShareTimeoutMs: config.minSharePreemptionTimeoutMs,
      fairShareTimeoutMs: config.fairSharePreemptionTimeoutMs,
      fairShareThreshold: config.fairSharePreemptionThreshold,
    },
  };
}
