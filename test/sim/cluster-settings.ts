// What the simulated clusters are configured with.
import type { PreemptionSettings } from '../../src/resourcemanager/core/preemption/settings.ts';
import { capacityQueues } from '../helpers/capacity-queues.ts';
import { fairQueues } from '../helpers/fair-queues.ts';

/** By queue: its capacity, its maximum, the least and the most that one user may have. */
const queues = (capacities: Readonly<Record<string, readonly [number, number, number, number]>>) => {
  const properties: Record<string, unknown> = { 'root.queues': Object.keys(capacities).join(',') };
  for (const [name, [capacity, maximum, least, factor]] of Object.entries(capacities)) {
    properties[`root.${name}.capacity`] = capacity;
    properties[`root.${name}.maximum-capacity`] = maximum;
    properties[`root.${name}.minimum-user-limit-percent`] = least;
    properties[`root.${name}.user-limit-factor`] = factor;
  }
  return capacityQueues(properties);
};
// In the small queues a user may have more: three drivers that are moved there would else use up his limit, and wait for executors for ever.
export const QUEUES = queues({ a: [60, 100, 25, 1], b: [25, 60, 100, 2], c: [15, 50, 50, 4] });
export const OTHER_QUEUES = queues({ a: [20, 40, 50, 3], b: [40, 100, 25, 1], c: [40, 40, 100, 1] });
const made = (more: Readonly<Record<string, unknown>>) =>
  capacityQueues({
    'root.queues': 'a,b,c',
    'root.a.capacity': '3w',
    'root.b.capacity': '2w',
    'root.b.auto-queue-creation-v2.enabled': true,
    'root.c.capacity': '2w',
    'root.c.auto-queue-creation-v2.enabled': true,
    'auto-queue-creation-v2.queue-expiration-time': 5,
    ...more,
  });
/** In b each user has a queue of his own, in c below another that is made, too. Of every tenth seed. */
export const MADE = made({ 'root.c.auto-queue-creation-v2.template.ordering-policy': 'fair', 'root.b.user-settings.v.weight': 0.5 });
export const OTHER_MADE = made({
  'root.b.auto-queue-creation-v2.leaf-template.capacity': '5w',
  'root.b.auto-queue-creation-v2.leaf-template.maximum-capacity': 80,
  'root.c.auto-queue-creation-v2.leaf-template.user-limit-factor': 1,
  'root.c.auto-queue-creation-v2.max-queues': 2,
});
export const pathIn = (queues: readonly unknown[], queue: string, user: string): string =>
  !queues.includes(MADE) || queue === 'a' ? queue : queue === 'b' ? `root.b.${user}` : `root.c.staff.${user}`;
export const USERS = ['u', 'v', 'w'];
/** Every fourth seed runs on the fair scheduler. */
export const FAIR = fairQueues(
  '<queue name="a"><weight>3</weight></queue><queue name="b"><minResources>2048 mb, 2 vcores</minResources><minSharePreemptionTimeout>2</minSharePreemptionTimeout></queue><queue name="c"><maxResources>50%</maxResources><maxRunningApps>2</maxRunningApps></queue>',
  { reservableNodes: 0.3, localityThresholdNode: 0.5, localityThresholdRack: 1, sizeBasedWeight: true },
);
export const OTHER_FAIR = fairQueues(
  '<queue name="a"><schedulingPolicy>fifo</schedulingPolicy></queue><queue name="b"><schedulingPolicy>drf</schedulingPolicy></queue><queue name="c"><weight>2</weight><maxResources>70%</maxResources></queue><defaultFairSharePreemptionTimeout>3</defaultFairSharePreemptionTimeout>',
);
/** Of every second seed. */
export const PREEMPTION: PreemptionSettings = {
  enabled: true,
  intervalMs: 1_500,
  graceMs: 2_000,
  perRound: 0.5,
  ignoredOverCapacity: 0,
  naturalTermination: 1,
  observeOnly: false,
  intraQueue: { enabled: true, order: 'userlimit_first', minimumThreshold: 0.1, maxAllowable: 0.5 },
  utilizationThreshold: 0.5,
};
export const SETTINGS = {
  nmExpiryMs: 10_000,
  amExpiryMs: 10_000,
  amSilenceMs: 10_000,
  grantExpiryMs: 20_000,
  nodeHeartbeatMs: 1_000,
  minAllocationMb: 1,
  maxAllocationMb: undefined,
  maxAllocationVcores: undefined,
  maxAppAttempts: 3,
  amExclusion: 0.8,
  maxCompletedApps: 1_000,
  rmAddress: 'unix:/rm',
};
