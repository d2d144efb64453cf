// Settings of how applications share the cluster: which scheduler, priorities, preemption. Part of KEYS (config-keys.ts). YARN's names
// and defaults where YARN has one; the queues themselves are in capacity-scheduler.yaml or fair-scheduler.xml.
import { PREEMPTION_KEYS } from './config-keys-preemption.ts';
import { key } from './key.ts';

export const SHARING_KEYS = {
  ...PREEMPTION_KEYS,
  maxApplicationPriority: key({
    name: 'yarn.cluster.max-application-priority',
    unit: 'count',
    fallback: undefined,
    since: '0.6',
    doc: 'A larger priority of an application counts as this one. Default: there is no limit (YARN: 0, so that priorities do nothing until it is set).',
  }),
  fairAllocationFile: key({
    name: 'yarn.scheduler.fair.allocation.file',
    unit: 'text',
    fallback: undefined,
    since: '0.6',
    doc: 'The queues of the fair scheduler. Default: fair-scheduler.xml, else fair-scheduler.yaml, beside emberloom.yaml. Read again by yarn rmadmin -refreshQueues.',
  }),
  fairUserAsDefaultQueue: key({
    name: 'yarn.scheduler.fair.user-as-default-queue',
    unit: 'bool',
    fallback: 'true',
    since: '0.6',
    doc: 'Fair scheduler without a queuePlacementPolicy: an application that names no queue goes to root.<user>; false: to root.default.',
  }),
  fairAllowUndeclaredPools: key({
    name: 'yarn.scheduler.fair.allow-undeclared-pools',
    unit: 'bool',
    fallback: 'true',
    since: '0.6',
    doc: 'Fair scheduler without a queuePlacementPolicy: a queue that the file does not name is made for the application; false: such a submission is refused, and who names none goes to root.default.',
  }),
};
