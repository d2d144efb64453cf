// Settings of preemption. Part of SHARING_KEYS (config-keys-sharing.ts). YARN's names and defaults; which queues are spared is in the
// queues' own file (disable_preemption, allowPreemptionFrom).
import { key } from './key.ts';

const CAPACITY = 'yarn.resourcemanager.monitor.capacity.preemption';

export const PREEMPTION_KEYS = {
  preemptionEnabled: key({
    name: 'yarn.resourcemanager.scheduler.monitor.enable',
    unit: 'bool',
    fallback: 'false',
    since: '0.6',
    doc: 'Capacity scheduler: queues below what they are guaranteed take containers back from those above. Off, they wait until containers end.',
  }),
  preemptionIntervalMs: key({
    name: `${CAPACITY}.monitoring_interval`,
    unit: 'ms',
    fallback: '3000',
    since: '0.6',
    doc: 'How often it is looked whether somebody is below his due.',
  }),
  preemptionGraceMs: key({
    name: `${CAPACITY}.max_wait_before_kill`,
    unit: 'ms',
    fallback: '15000',
    since: '0.6',
    doc: 'From asking a driver for a container to killing it. An executor that is asked back hands its blocks and shuffle files on and ends by itself; shorter times throw more work away.',
  }),
  preemptionPerRound: key({
    name: `${CAPACITY}.total_preemption_per_round`,
    unit: 'ratio',
    fallback: '0.1',
    since: '0.6',
    doc: 'The most of the cluster that is asked for at a time, 0 to 1; room for one container always is.',
  }),
  preemptionIgnored: key({
    name: `${CAPACITY}.max_ignored_over_capacity`,
    unit: 'ratio',
    fallback: '0.1',
    since: '0.6',
    doc: 'A queue that is above its guarantee by less than this part of it is left alone: 0.1 is ten percent.',
  }),
  preemptionNatural: key({
    name: `${CAPACITY}.natural_termination_factor`,
    unit: 'ratio',
    fallback: '0.2',
    since: '0.6',
    doc: 'The part of what a queue is missing that is asked for in a round, 0 to 1; containers that end by themselves may give the rest. 1 is fastest.',
  }),
  preemptionObserveOnly: key({
    name: `${CAPACITY}.observe_only`,
    unit: 'bool',
    fallback: 'false',
    since: '0.6',
    doc: 'What would be taken is logged, and nothing is taken.',
  }),
  intraQueueEnabled: key({
    name: `${CAPACITY}.intra-queue-preemption.enabled`,
    unit: 'bool',
    fallback: 'false',
    since: '0.6',
    doc: 'Containers are taken inside a queue, too: from users above their limit, from applications of lower priority.',
  }),
  intraQueueOrder: key({
    name: `${CAPACITY}.intra-queue-preemption.preemption-order-policy`,
    unit: 'text',
    fallback: 'userlimit_first',
    since: '0.6',
    doc: 'userlimit_first: from users above their limit, then by priority among the applications of one user. priority_first: by priority, whoever it is.',
  }),
  intraQueueMinimum: key({
    name: `${CAPACITY}.intra-queue-preemption.minimum-threshold`,
    unit: 'ratio',
    fallback: '0.5',
    since: '0.6',
    doc: 'Nothing is taken inside a queue that uses less than this part of its guarantee.',
  }),
  intraQueueMost: key({
    name: `${CAPACITY}.intra-queue-preemption.max-allowable-limit`,
    unit: 'ratio',
    fallback: '0.2',
    since: '0.6',
    doc: 'The most that is taken inside a queue at a time, as a part of its guarantee.',
  }),
  fairPreemption: key({
    name: 'yarn.scheduler.fair.preemption',
    unit: 'bool',
    fallback: 'false',
    since: '0.6',
    doc: 'Fair scheduler: queues and applications that are below their minimum or fair share for longer than their timeout take containers back. The timeouts are in the allocations file; without any nothing is ever taken.',
  }),
  fairUtilization: key({
    name: 'yarn.scheduler.fair.preemption.cluster-utilization-threshold',
    unit: 'ratio',
    fallback: '0.8',
    since: '0.6',
    doc: 'Fair scheduler: nothing is taken while less than this of the memory and of the vcores of the cluster is in use.',
  }),
  fairGraceMs: key({
    name: 'yarn.scheduler.fair.waitTimeBeforeKill',
    unit: 'ms',
    fallback: '15000',
    since: '0.6',
    doc: 'Fair scheduler: from asking a driver for a container to killing it.',
  }),
  fairIntervalMs: key({
    name: 'yarn.scheduler.fair.update-interval-ms',
    unit: 'ms',
    fallback: '500',
    since: '0.6',
    doc: 'Fair scheduler: how often it is looked whether somebody is below his due. Shares themselves are always those of the moment.',
  }),
};
