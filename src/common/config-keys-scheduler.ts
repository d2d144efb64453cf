// Settings of the ResourceManager's scheduler: which one, and what holds for the whole cluster. The queues have their own file,
// conf/capacity-scheduler.yaml (docs/OPERATING.md).
import { key } from './key.ts';

export const SCHEDULER_KEYS = {
  schedulerClass: key({
    name: 'yarn.resourcemanager.scheduler.class',
    unit: 'text',
    fallback: 'capacity',
    since: '0.2',
    doc: "Which scheduler shares the cluster: YARN's class name, or one of the short words; only at a start.",
  }),
  amExclusion: key({
    name: 'yarn.resourcemanager.am-scheduling.node-blacklisting-enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.6',
    doc: "The next attempt of an application is not placed on a host where its driver failed, unless it was killed, preempted, lost with its node, or used more memory than it may: the fault may be the host's. Shown as nodesBlacklistedBySystem.",
  }),
  amExclusionThreshold: key({
    name: 'yarn.resourcemanager.am-scheduling.node-blacklisting-disable-threshold',
    unit: 'ratio',
    fallback: '0.8',
    since: '0.6',
    doc: 'When that leaves out so large a part of the hosts, or more, none is left out: 0 to 1. On a cluster of one host none ever is.',
  }),
  nodeResourceType: key({
    name: 'yarn.nodemanager.resource-type.<name>',
    unit: 'count',
    fallback: undefined,
    since: '0.2',
    doc: 'How much of a countable resource a node offers, for example yarn.nodemanager.resource-type.yarn.io/gpu: 2. Any name; what asks for it (spark.yarn.executor.resource.yarn.io/gpu.amount) is placed where there is enough. Which of them a container has is not told to it.',
  }),
};
