// Settings of how applications share the cluster: which scheduler, priorities, preemption. Part of KEYS (config-keys.ts). YARN's names
// and defaults where YARN has one; the queues themselves are in capacity-scheduler.yaml or fair-scheduler.xml.
import { key } from './key.ts';

export const SHARING_KEYS = {
  maxApplicationPriority: key({
    name: 'yarn.cluster.max-application-priority',
    unit: 'count',
    fallback: undefined,
    since: '0.6',
    doc: 'A larger priority of an application counts as this one. Default: there is no limit (YARN: 0, so that priorities do nothing until it is set).',
  }),
};
