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
    doc: 'The queues of the fair scheduler. Default: fair-scheduler.xml, else fair-scheduler.yaml, beside emberloom.yaml. Read again when it has changed, and by yarn rmadmin -refreshQueues.',
  }),
  fairReservableNodes: key({
    name: 'yarn.scheduler.fair.reservable-nodes',
    unit: 'ratio',
    fallback: '0.05',
    since: '0.6',
    doc: 'Fair and fifo scheduler: the part of all nodes that is kept at once for large containers that smaller ones went past; one always may be, with 0 none ever is. More serves large containers sooner and leaves more room unused meanwhile.',
  }),
  fairLocalityNode: key({
    name: 'yarn.scheduler.fair.locality.threshold.node',
    unit: 'ratio',
    fallback: '-1',
    since: '0.6',
    doc: 'Fair scheduler: how long a request waits for the hosts that it names before a node of their racks will do, in heartbeats of nodes as a part of the number of nodes. -1 (here or for the rack): it does not wait.',
  }),
  fairLocalityRack: key({
    name: 'yarn.scheduler.fair.locality.threshold.rack',
    unit: 'ratio',
    fallback: '-1',
    since: '0.6',
    doc: 'Fair scheduler: the same from the rack to any node.',
  }),
  fairSizeBasedWeight: key({
    name: 'yarn.scheduler.fair.sizebasedweight',
    unit: 'bool',
    fallback: 'false',
    since: '0.6',
    doc: 'Fair scheduler: an application weighs log2(1 + the MiB that it has and asks for), so that large ones get more; false: all weigh alike.',
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
