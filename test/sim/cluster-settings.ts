// What the simulated clusters are configured with.
import type { PreemptionSettings } from '../../src/resourcemanager/core/preemption/settings.ts';
import { capacityQueues } from '../helpers/capacity-queues.ts';
import { fairQueues } from '../helpers/fair-queues.ts';

const queues = (capacities: Readonly<Record<string, readonly [number, number]>>) => {
  const properties: Record<string, unknown> = { 'root.queues': Object.keys(capacities).join(',') };
  for (const [name, [capacity, maximum]] of Object.entries(capacities)) {
    properties[`root.${name}.capacity`] = capacity;
    properties[`root.${name}.maximum-capacity`] = maximum;
    // All clients are one user. Applications that are moved into a small queue would have his limit used up by their drivers, and wait for ever.
    properties[`root.${name}.user-limit-factor`] = 10;
  }
  return capacityQueues(properties);
};
export const QUEUES = queues({ a: [60, 100], b: [25, 60], c: [15, 50] });
export const OTHER_QUEUES = queues({ a: [20, 40], b: [40, 100], c: [40, 40] });
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
