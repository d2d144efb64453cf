// What an operator changes of an application that lives: its queue (yarn application -changeQueue) and its priority
// (-updatePriority). Its lifetime is timeouts.ts. Source: YARN's ClientRMService and CapacityScheduler.moveApplication.
import { AppError } from '../../common/errors.ts';
import type { ApplicationId } from '../../common/ids.ts';
import { mustBeAllowed } from './acls/admission.ts';
import type { Cluster } from './cluster.ts';
import type { Application } from './entities.ts';
import type { RmEvent } from './events.ts';

/** In that queue already: nothing changes. @throws AppError APPLICATION_UNKNOWN, APPLICATION_FINISHED, QUEUE_UNKNOWN, SUBMIT_REFUSED */
export function applicationMove(cluster: Cluster, e: Extract<RmEvent, { tag: 'applicationMove' }>): void {
  const application = livingApplication(cluster, e.id);
  const { queue: from, priority, user } = application.submission;
  if (cluster.scheduler.leafNamed(e.queue) === from) return;
  const { queue } = cluster.scheduler.admit({ user, queue: e.queue, priority });
  if (e.caller !== undefined) mustBeAllowed(cluster, e.caller, { tag: 'submit', queue });
  cluster.accrue(application);
  cluster.scheduler.moveApp(application.scheduled!, { queue });
  application.submission = { ...application.submission, queue };
  changed(cluster, application, `was moved from queue ${from} to ${queue} by ${e.user}`);
}

/** @throws AppError APPLICATION_UNKNOWN, APPLICATION_FINISHED, APPLICATION_CHANGE_REFUSED */
export function applicationPriority(cluster: Cluster, e: Extract<RmEvent, { tag: 'applicationPriority' }>): void {
  const application = livingApplication(cluster, e.id);
  if (!Number.isSafeInteger(e.priority) || e.priority < 0)
    throw new AppError('APPLICATION_CHANGE_REFUSED', {
      applicationId: e.id,
      change: 'priority',
      reason: `${e.priority} is no whole number ≥ 0`,
    });
  const priority = allowedPriority(cluster, e.priority);
  const before = application.submission.priority;
  if (priority === before) return;
  cluster.scheduler.moveApp(application.scheduled!, { priority });
  application.submission = { ...application.submission, priority };
  changed(cluster, application, `has priority ${priority} (before: ${before}), set by ${e.user}`);
}

/** Source: YARN's yarn.cluster.max-application-priority: more than that counts as that. */
export const allowedPriority = ({ settings }: Cluster, asked: number): number =>
  Math.min(asked, settings.maxApplicationPriority ?? Number.POSITIVE_INFINITY);

function livingApplication(cluster: Cluster, id: ApplicationId): Application {
  const application = cluster.applications.get(id);
  if (application === undefined) throw new AppError('APPLICATION_UNKNOWN', { applicationId: id });
  if ('ending' in application.state) throw new AppError('APPLICATION_FINISHED', { applicationId: id, state: application.state.tag });
  return application;
}

function changed(cluster: Cluster, application: Application, what: string): void {
  cluster.save(application, 'now');
  cluster.changedApplications.add(application);
  cluster.log('info', `${application.id} ${what}`);
}
