// The capacity scheduler's queue tree as YARN's REST shows it. Source: CapacitySchedulerInfo, CapacitySchedulerQueueInfo, CapacitySchedulerLeafQueueInfo,
// QueueCapacitiesInfo, AutoQueueTemplatePropertiesInfo. What there is no such thing of (YARN's older auto-create-child-queue) has YARN's word for "none".
import { NOTHING, type Resource } from '../../common/resource.ts';
import { float } from '../../web/raw-number.ts';
import type { Container } from '../core/entities.ts';
import type { RunDetails } from '../core/scheduler-health.ts';
import type { QueuePartition, QueueUser, QueueView, TemplateProperty } from '../core/scheduler/scheduler-views.ts';
import { maximumAllocation } from '../service/client-service.ts';
import { percentOf, resourceInfo } from './resource-info.ts';
import type { RmHttpParts } from './rm-app.ts';

const NO_LIMIT = 2 ** 31 - 1;
const limit = (n: number): number => Math.min(n, NO_LIMIT);
/** By memory, or by vcores where there is no memory. */
const shareOf = (used: Resource, whole: Resource): number =>
  Math.max(percentOf(used.memoryMb, whole.memoryMb), percentOf(used.vcores, whole.vcores));

export function capacitySchedulerInfo(parts: RmHttpParts) {
  const views = parts.loop.core.cluster.queueViews();
  const tree = new QueueRendering(parts, views);
  const root = views[0]!;
  const at = tree.defaultOf(root);
  return {
    type: 'capacityScheduler',
    capacity: float(at.capacityPercent),
    usedCapacity: float(tree.used(at)),
    maxCapacity: float(at.maximumPercent),
    weight: float(at.weight),
    normalizedWeight: float(0),
    queueCapacityVectorInfo: capacityVector(at),
    queueName: 'root',
    queuePath: 'root',
    maxParallelApps: NO_LIMIT,
    isAbsoluteResource: false,
    queues: tree.childrenOf(root),
    capacities: tree.capacities(root),
    health: tree.health(),
    maximumAllocation: resourceInfo(maximumAllocation(parts.loop.core.cluster)),
    queueAcls: tree.acls(root.path),
    queuePriority: root.priority,
    orderingPolicyInfo: root.orderingPolicy,
    ...modeOf(root, at),
  };
}

class QueueRendering {
  readonly #parts: RmHttpParts;
  readonly #below: ReadonlyMap<string, QueueView[]>;

  constructor(parts: RmHttpParts, views: readonly QueueView[]) {
    this.#parts = parts;
    this.#below = Map.groupBy(views, (view) => view.parent);
  }

  /** The default partition. */
  defaultOf(view: QueueView): QueuePartition {
    return view.partitions[0]!;
  }

  used({ used, guaranteed }: QueuePartition): number {
    return shareOf(used, guaranteed);
  }

  childrenOf(view: QueueView) {
    const children = this.#below.get(view.path) ?? [];
    return children.length === 0 ? {} : { queue: children.map((child) => this.#queue(child)) };
  }

  capacities(view: QueueView) {
    return { queueCapacitiesByPartition: view.partitions.map((p) => this.#partition(p)) };
  }

  acls(path: string) {
    const acl = this.#parts.loop.core.cluster.policy.queues.get(path);
    return {
      queueAcl: [
        { accessType: 'ADMINISTER_QUEUE', accessControlList: acl?.administer?.text ?? (path === 'root' ? '*' : ' ') },
        { accessType: 'APPLICATION_MAX_PRIORITY', accessControlList: '*' },
        { accessType: 'SUBMIT_APP', accessControlList: acl?.submit?.text ?? (path === 'root' ? '*' : ' ') },
      ],
    };
  }

  /** What the scheduler did last. Which reservation was the last is not kept: the queues say what is reserved now. */
  health() {
    const { lastRunMs, last, run } = this.#parts.loop.core.cluster.health;
    const operation = (name: string, container: Container | undefined) => ({
      operation: `last-${name}`,
      nodeId: container?.node.id ?? 'N/A',
      containerId: container?.id ?? 'N/A',
      queue: container?.attempt.application.submission.queue ?? 'N/A',
    });
    const details = (name: string, { count, memoryMb, vcores }: RunDetails) => ({
      operation: name,
      count,
      resources: resourceInfo({ memoryMb, vcores }),
    });
    return {
      lastrun: lastRunMs,
      operationsInfo: [
        operation('allocation', last.allocation),
        operation('release', last.release),
        operation('preemption', last.preemption),
        operation('reservation', undefined),
      ],
      lastRunDetails: [
        details('releases', run.release),
        details('allocations', run.allocation),
        details('reservations', { count: 0, memoryMb: 0, vcores: 0 }),
      ],
    };
  }

  #queue(view: QueueView): Record<string, unknown> {
    const at = this.defaultOf(view);
    return {
      type: view.leaf ? 'capacitySchedulerLeafQueueInfo' : 'capacitySchedulerQueueInfo',
      queuePath: view.path,
      capacity: float(at.capacityPercent),
      usedCapacity: float(this.used(at)),
      maxCapacity: float(at.maximumPercent),
      absoluteCapacity: float(at.absoluteCapacityPercent),
      absoluteMaxCapacity: float(at.absoluteMaximumPercent),
      absoluteUsedCapacity: float(shareOf(at.used, this.#parts.loop.core.cluster.scheduler.total)),
      weight: float(at.weight),
      normalizedWeight: float(0),
      numApplications: view.runningApplications + view.pendingApplications,
      maxParallelApps: NO_LIMIT,
      queueName: view.path.slice(view.path.lastIndexOf('.') + 1),
      isAbsoluteResource: false,
      state: view.state,
      ...(view.leaf ? {} : { queues: this.childrenOf(view) }),
      resourcesUsed: resourceInfo(at.used),
      hideReservationQueues: false,
      nodeLabels: view.accessibleLabels,
      allocatedContainers: view.containers,
      reservedContainers: 0,
      pendingContainers: view.pendingContainers,
      capacities: this.capacities(view),
      resources: { resourceUsagesByPartition: view.partitions.map(usageOfPartition) },
      minEffectiveCapacity: resourceInfo(at.guaranteed),
      maxEffectiveCapacity: resourceInfo(at.maximum),
      maximumAllocation: resourceInfo(this.#largest(view)),
      queueAcls: this.acls(view.path),
      queuePriority: view.priority,
      orderingPolicyInfo: view.orderingPolicy,
      autoCreateChildQueueEnabled: false,
      leafQueueTemplate: {},
      ...modeOf(view, at),
      ...(view.leaf ? leafFields(view, at) : {}),
    };
  }

  #largest({ maximumAllocation: own }: QueueView): Resource {
    const most = maximumAllocation(this.#parts.loop.core.cluster);
    return { memoryMb: Math.min(own.memoryMb, most.memoryMb), vcores: Math.min(own.vcores, most.vcores), others: most.others };
  }

  #partition(p: QueuePartition) {
    const { driverLimit, maximum } = p;
    return {
      partitionName: p.label,
      queueCapacityVectorInfo: capacityVector(p),
      capacity: float(p.capacityPercent),
      usedCapacity: float(this.used(p)),
      maxCapacity: float(p.maximumPercent),
      absoluteCapacity: float(p.absoluteCapacityPercent),
      absoluteUsedCapacity: float(shareOf(p.used, this.#parts.loop.core.cluster.scheduler.total)),
      absoluteMaxCapacity: float(p.absoluteMaximumPercent),
      maxAMLimitPercentage: float(percentOf(driverLimit.memoryMb, maximum.memoryMb)),
      weight: float(p.weight),
      normalizedWeight: float(0),
      configuredMinResource: resourceInfo(NOTHING),
      configuredMaxResource: resourceInfo(NOTHING),
      effectiveMinResource: resourceInfo(p.guaranteed),
      effectiveMaxResource: resourceInfo(maximum),
    };
  }
}

const modeOf = ({ leaf, dynamic, autoCreate }: QueueView, { weight }: QueuePartition) => ({
  mode: weight >= 0 ? 'weight' : 'percentage',
  queueType: leaf ? 'leaf' : 'parent',
  creationMethod: dynamic ? 'dynamicFlexible' : 'static',
  autoCreationEligibility: autoCreate === undefined ? 'off' : 'flexible',
  autoQueueTemplateProperties: templateInfo(autoCreate?.template),
  autoQueueParentTemplateProperties: templateInfo(autoCreate?.['parent-template']),
  autoQueueLeafTemplateProperties: templateInfo(autoCreate?.['leaf-template']),
});

const templateInfo = (properties: readonly TemplateProperty[] = []) =>
  properties.length === 0 ? {} : { property: properties.map(({ name, value }) => ({ name, value: String(value) })) };

function capacityVector({ capacityPercent, weight }: QueuePartition) {
  const value = weight >= 0 ? `${weight.toFixed(1)}w` : `${Number(capacityPercent.toFixed(4)).toFixed(1)}%`;
  return {
    configuredCapacityVector: `[memory-mb=${value},vcores=${value}]`,
    capacityVectorEntries: ['memory-mb', 'vcores'].map((resourceName) => ({ resourceName, resourceValue: value })),
  };
}

const usageOfPartition = (p: QueuePartition) => ({
  partitionName: p.label,
  used: resourceInfo(p.used),
  reserved: resourceInfo(p.reserved),
  pending: resourceInfo(p.pending),
  amUsed: resourceInfo(p.driverUsed),
  amLimit: resourceInfo(p.driverLimit),
  userAmLimit: resourceInfo(p.userDriverLimit),
});

function leafFields(view: QueueView, at: QueuePartition) {
  return {
    numActiveApplications: view.runningApplications,
    numPendingApplications: view.pendingApplications,
    numContainers: view.containers,
    maxApplications: limit(view.maximumApplications),
    maxApplicationsPerUser: limit(view.maximumApplicationsPerUser),
    userLimit: float(view.userLimitPercent),
    users: view.users.length === 0 ? {} : { user: view.users.map((user) => userInfo(user, at)) },
    userLimitFactor: float(view.userLimitFactor),
    configuredMaxAMResourceLimit: float(percentOf(at.driverLimit.memoryMb, at.maximum.memoryMb) / 100),
    AMResourceLimit: resourceInfo(at.driverLimit),
    usedAMResource: resourceInfo(at.driverUsed),
    userAMResourceLimit: resourceInfo(at.userDriverLimit),
    preemptionDisabled: view.preemptionDisabled,
    intraQueuePreemptionDisabled: view.intraQueuePreemptionDisabled,
    defaultPriority: view.defaultApplicationPriority,
    isAutoCreatedLeafQueue: false,
    maxApplicationLifetime: view.maximumLifetimeS,
    defaultApplicationLifetime: view.defaultLifetimeS,
  };
}

const userInfo = (user: QueueUser, at: QueuePartition) => ({
  username: user.user,
  resourcesUsed: resourceInfo(user.used),
  numPendingApplications: user.pendingApplications,
  numActiveApplications: user.runningApplications,
  AMResourceUsed: resourceInfo(user.driverUsed),
  userResourceLimit: resourceInfo(user.limit),
  resources: {
    resourceUsagesByPartition: [
      {
        partitionName: '',
        used: resourceInfo(user.used),
        reserved: resourceInfo(user.reserved),
        pending: resourceInfo(NOTHING),
        amUsed: resourceInfo(user.driverUsed),
        amLimit: resourceInfo(at.driverLimit),
        userAmLimit: resourceInfo(at.userDriverLimit),
      },
    ],
  },
  userWeight: float(user.weight),
  isActive: user.pendingApplications > 0 || user.runningApplications > 0,
});
