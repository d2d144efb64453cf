// What a container that comes or goes changes of the counts of its application and of all queues above it, and so of whose turn it is.
import type { Resource } from '../../../../common/resource.ts';
import type { FairApp } from './fair-asks.ts';
import { type FairQueue, turnKey } from './fair-queue.ts';

const NO_MINIMUM = { memoryMb: 0, vcores: 0 };

/** sign -1 gives back. O(depth × log of what stands beside). */
export function charge(app: FairApp, resource: Resource, sign: 1 | -1, total: Resource): void {
  const { used } = app;
  const { memoryMb, vcores, others } = resource;
  used.memoryMb += sign * memoryMb;
  used.vcores += sign * vcores;
  if (others !== undefined) {
    used.others ??= {};
    for (const name in others) used.others[name] = (used.others[name] ?? 0) + sign * others[name]!;
  }
  weigh(app, total);
  for (let queue: FairQueue | undefined = app.leaf; queue !== undefined; queue = queue.parent) {
    queue.charge(resource, sign);
    queue.weigh(total);
    queue.parent?.active.fix(queue);
  }
}

/** @param app when it is its driver that comes or goes, and not the application as a whole */
export function chargeDriver(leaf: FairQueue, { memoryMb, vcores }: Resource, sign: 1 | -1, app?: FairApp): void {
  for (const driver of app === undefined ? [leaf.driver] : [leaf.driver, app.driver]) {
    driver.memoryMb += sign * memoryMb;
    driver.vcores += sign * vcores;
  }
}

/** In a fifo queue its priority decides; else what it uses for its weight. */
export function weigh(app: FairApp, total: Resource): void {
  const { policy } = app.leaf.config;
  app.share = policy === 'fifo' ? -app.priority : turnKey(policy, app.used, NO_MINIMUM, app.weight, total);
  app.leaf.ready.fix(app);
}
