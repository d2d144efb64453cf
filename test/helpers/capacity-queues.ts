// A queue tree for tests, written as the file would say it: names without yarn.scheduler.capacity. to values.
import { type CapacityConfig, queuesFrom } from '../../src/resourcemanager/core/scheduler/queue-config.ts';

export const capacityQueues = (properties: Readonly<Record<string, unknown>>): CapacityConfig =>
  queuesFrom(
    'test.yaml',
    Object.entries(properties).map(([name, value], i) => ({ name: `yarn.scheduler.capacity.${name}`, value, line: i + 1 })),
  );
