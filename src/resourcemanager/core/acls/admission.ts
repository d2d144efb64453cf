// Whether the cluster takes one more application: the right to submit to its queue, and how many wait already.
import type { Caller } from '../../../common/access-list.ts';
import { AppError } from '../../../common/errors.ts';
import type { Cluster } from '../cluster.ts';
import { type Act, mayUser } from './may-user.ts';

/** @throws AppError ACCESS_DENIED */
export function mustBeAllowed(cluster: Cluster, caller: Caller, act: Act): void {
  const refusal = mayUser(cluster.policy, caller, act);
  if (refusal !== undefined) throw new AppError('ACCESS_DENIED', { user: caller.user, ...refusal });
}

/**
 * @param queue path of the leaf that the application would go to
 * @throws AppError ACCESS_DENIED, TOO_MANY
 */
export function admit(cluster: Cluster, caller: Caller, queue: string): void {
  mustBeAllowed(cluster, caller, { tag: 'submit', queue });
  const { maxPending = Number.POSITIVE_INFINITY, maxPendingPerUser = Number.POSITIVE_INFINITY } = cluster.settings;
  let [all, his] = [0, 0];
  for (const { state, submission } of cluster.applications.values()) {
    if (state.tag !== 'ACCEPTED' && state.tag !== 'SUBMITTED') continue;
    all++;
    if (submission.user === caller.user) his++;
  }
  if (all >= maxPending)
    throw new AppError('TOO_MANY', {
      what: 'applications that wait for their driver',
      limit: maxPending,
      setting: 'emberloom.applications.max-pending',
    });
  if (his >= maxPendingPerUser)
    throw new AppError('TOO_MANY', {
      what: `applications of ${caller.user} that wait for their driver`,
      limit: maxPendingPerUser,
      setting: 'emberloom.applications.max-pending-per-user',
    });
}
