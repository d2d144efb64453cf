// Submission and killing of applications, as clients ask for them.
import { AppError } from '../../common/errors.ts';
import { type ApplicationId, applicationId } from '../../common/ids.ts';
import { moveApplication } from './attempt-events.ts';
import { admit } from './acls/admission.ts';
import type { Cluster } from './cluster.ts';
import { NodeSet } from './node-set.ts';
import { refuseTooLarge } from './driver-events.ts';
import type { Application } from './entities.ts';
import type { RmEvent } from './events.ts';
import { placeIn } from './placement/place-in.ts';
import { nothingPreempted, type Submission } from './records.ts';
import { timeoutsOf, watchTimeouts } from './timeouts.ts';

type Submitted = Extract<RmEvent, { tag: 'applicationSubmitted' }>;

/** The same id again changes nothing: the answer to the first may have been lost. @throws AppError QUEUE_UNKNOWN, RESOURCE_TOO_LARGE, SUBMIT_REFUSED */
export function applicationSubmitted(cluster: Cluster, reservedSeq: number, e: Submitted): void {
  const taken = cluster.applications.get(e.id);
  if (taken !== undefined) {
    if (contentOf(taken.submission) === contentOf(e.submission)) return;
    throw new AppError('SUBMIT_REFUSED', { reason: `the id ${e.id} was submitted before, with other content` });
  }
  const { submission } = e;
  const seq = Number(/_(\d+)$/.exec(e.id)?.[1]);
  if (seq > reservedSeq || applicationId(cluster.clusterStartMs, seq) !== e.id)
    throw new AppError('SUBMIT_REFUSED', { reason: `the id ${e.id} was not handed out by this ResourceManager` });
  if (!submission.unmanaged && (submission.am === undefined || submission.amResource === undefined))
    throw new AppError('SUBMIT_REFUSED', { reason: "a managed application must say what its driver's container runs and needs" });
  if (/[|\n]/.test(submission.user) || submission.user === '')
    throw new AppError('SUBMIT_REFUSED', { reason: `${JSON.stringify(submission.user)} is no user name` });
  const { queue, priority } = placeIn(cluster, submission, e.groups ?? []);
  if (e.caller !== undefined) admit(cluster, e.caller, queue);
  if (submission.amResource !== undefined && !submission.unmanaged) refuseTooLarge(cluster, 'the driver', submission.amResource, queue);
  const application: Application = {
    id: e.id,
    seq,
    submission: { ...submission, queue, priority },
    secret: e.secret,
    submittedAtMs: e.atMs,
    launchedAtMs: 0,
    state: { tag: 'NEW' },
    attempts: [],
    scheduled: cluster.scheduler.addApp({ seq, priority, user: submission.user, queue, label: submission.nodeLabelExpression }),
    progress: 0,
    trackingUrl: '',
    note: '',
    memoryMbMs: 0,
    vcoreMs: 0,
    usageSinceMs: e.atMs,
    ...timeoutsOf(submission, cluster.queueTimeouts(queue), e.atMs),
    preempted: nothingPreempted(),
    nodes: new NodeSet(),
  };
  application.scheduled!.owner = application;
  cluster.applications.set(e.id, application);
  moveApplication(cluster, application, { tag: 'submitted' });
  moveApplication(cluster, application, { tag: 'accepted' });
  watchTimeouts(cluster, application);
}

/** Without the queue, which is a name at first and a path once it is taken, and the priority: operators may have changed both since. */
const contentOf = ({ queue: _, priority: __, ...rest }: Submission): string =>
  JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));

export function applicationKill(cluster: Cluster, e: Extract<RmEvent, { tag: 'applicationKill' }>): void {
  const application = applicationOf(cluster, e.id);
  moveApplication(cluster, application, {
    tag: 'kill',
    atMs: e.atMs,
    diagnostics: e.diagnostics || `Application ${e.id} was killed by user ${e.user}`,
  });
}

/** @throws AppError APPLICATION_UNKNOWN */
export function applicationOf(cluster: Cluster, id: ApplicationId): Application {
  const application = cluster.applications.get(id);
  if (application === undefined) throw new AppError('APPLICATION_UNKNOWN', { applicationId: id });
  return application;
}
