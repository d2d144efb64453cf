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
};
