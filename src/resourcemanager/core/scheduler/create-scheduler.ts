// Which scheduler there is, by yarn.resourcemanager.scheduler.class: YARN's class names and the short words. The one place that
// knows all of them.
import { nearest } from '../../../common/suggest.ts';
import type { FairConfig } from './fair/fair-config.ts';
import { FairScheduler } from './fair/fair-scheduler.ts';
import type { CapacityConfig } from './queue-config.ts';
import { CapacityScheduler } from './capacity/capacity-scheduler.ts';
import type { SchedulerKind, SchedulerPort } from './scheduler-port.ts';

/** Of one scheduler, told apart by `kind`; also what a refresh of the queues brings. */
export type SchedulerConfig = CapacityConfig | FairConfig;

const PACKAGE = 'org.apache.hadoop.yarn.server.resourcemanager.scheduler';
const CLASSES: ReadonlyMap<string, SchedulerKind> = new Map([
  ['capacity', 'capacity'],
  [`${PACKAGE}.capacity.CapacityScheduler`, 'capacity'],
  ['fair', 'fair'],
  [`${PACKAGE}.fair.FairScheduler`, 'fair'],
  ['fifo', 'fifo'],
  [`${PACKAGE}.fifo.FifoScheduler`, 'fifo'],
]);

/** @returns the kind, or what is wrong with the text */
export function schedulerKind(text: string): { readonly kind: SchedulerKind } | { readonly fault: string } {
  const kind = CLASSES.get(text.trim()) ?? CLASSES.get(text.trim().toLowerCase());
  if (kind !== undefined) return { kind };
  const words = [...CLASSES.keys()];
  const meant = nearest(text, words);
  return { fault: `one of ${words.join(', ')}${meant === undefined ? '' : ` (did you mean ${meant}?)`}` };
}

export function createScheduler(config: SchedulerConfig): SchedulerPort<SchedulerConfig> {
  switch (config.kind) {
    case 'capacity':
      return new CapacityScheduler(config) as SchedulerPort<SchedulerConfig>;
    case 'fair':
    case 'fifo':
      return new FairScheduler(config) as SchedulerPort<SchedulerConfig>;
    default:
      return config satisfies never;
  }
}
