// Another set of queues for a cluster that runs (yarn rmadmin -refreshQueues): taken whole or not at all. Reading them is main.ts.
import { AppError } from '../../common/errors.ts';
import type { Cluster } from './cluster.ts';
import type { RmEvent } from './events.ts';
import { leavesByName, queueTree } from './scheduler/queue-tree.ts';

/** @throws AppError QUEUE_CONFIG_INVALID when a queue with applications would go away */
export function queuesRefreshed(cluster: Cluster, { queues, policies }: Extract<RmEvent, { tag: 'queuesRefreshed' }>): void {
  const next = leavesByName(queueTree(queues));
  for (const { scheduled, submission } of cluster.applications.values()) {
    if (scheduled === undefined || next.get(submission.queue)?.path === submission.queue) continue;
    throw new AppError('QUEUE_CONFIG_INVALID', {
      file: 'capacity-scheduler.yaml',
      line: 1,
      detail: `queue ${submission.queue} has applications and can't be removed; set its state to STOPPED and wait for their end`,
    });
  }
  cluster.scheduler.replaceQueues(queues);
  if (policies !== undefined) cluster.policies = policies;
}
