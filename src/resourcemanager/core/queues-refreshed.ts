// Another set of queues for a cluster that runs (yarn rmadmin -refreshQueues): taken whole or not at all. Reading them is main.ts.
import type { Cluster } from './cluster.ts';
import type { RmEvent } from './events.ts';

/** @throws AppError QUEUE_CONFIG_INVALID when a queue with applications would go away */
export function queuesRefreshed(cluster: Cluster, { queues, policies }: Extract<RmEvent, { tag: 'queuesRefreshed' }>): void {
  cluster.scheduler.replaceQueues(queues);
  if (policies !== undefined) cluster.policies = policies;
}
