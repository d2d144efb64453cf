// Times that end an application from outside: its lifetime (YARN's ApplicationTimeoutType LIFETIME, with the queue's default and
// maximum), and how long it may wait in its queue for its first container. Both survive a restart: their ends are in its record.
// Source: YARN's RMAppLifetimeMonitor and CapacityScheduler.checkAndGetApplicationLifetime; the queue wait is ours.
import { AppError } from '../../common/errors.ts';
import { moveApplication } from './attempt-events.ts';
import type { Cluster } from './cluster.ts';
import type { Application } from './entities.ts';
import type { Submission } from './records.ts';
import { whyApplicationWaits } from './reports.ts';
import type { QueueTimeouts } from './queue-policies.ts';

/** The word of YARN's RMAppLifetimeMonitor. */
const EXPIRED = 'Application is killed by ResourceManager as it has exceeded the lifetime period.';

/** @returns when each is over, ms since the epoch; undefined: never */
export function timeoutsOf(
  { timeouts, maxQueueWaitMs }: Pick<Submission, 'timeouts' | 'maxQueueWaitMs'>,
  queue: QueueTimeouts,
  nowMs: number,
): { expiresAtMs: number | undefined; waitsUntilMs: number | undefined } {
  const seconds = lifetimeSec(timeouts?.LIFETIME, queue);
  const waitMs = Math.min(maxQueueWaitMs ?? Number.POSITIVE_INFINITY, (queue.maximumWaitSec ?? Number.POSITIVE_INFINITY) * 1000);
  return {
    expiresAtMs: seconds === undefined ? undefined : nowMs + seconds * 1000,
    waitsUntilMs: Number.isFinite(waitMs) ? nowMs + waitMs : undefined,
  };
}

/** What an application gets that asks for so much (undefined or 0: it did not). The queue's default never exceeds its maximum. */
export function lifetimeSec(asked: number | undefined, { maximumLifetimeSec, defaultLifetimeSec }: QueueTimeouts): number | undefined {
  const most = maximumLifetimeSec ?? Number.POSITIVE_INFINITY;
  const seconds = Math.min(asked || defaultLifetimeSec || most, most);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** Starts its timers anew: at submission, after a restart, when its lifetime or the clock was set. */
export function watchTimeouts(cluster: Cluster, application: Application, leastWaitMs = 0): void {
  watchLifetime(cluster, application);
  const { id, waitsUntilMs } = application;
  if (waitsUntilMs === undefined || 'ending' in application.state) return;
  cluster.startTimer(`wait ${id}`, Math.max(leastWaitMs, waitsUntilMs - cluster.nowMs), () => waitedTooLong(cluster, application));
}

/** A lifetime ends at a time of the clock, whatever the clock was set to meanwhile: cluster.moveDeadlines leaves it alone. */
export function watchLifetime(cluster: Cluster, application: Application): void {
  const { id, expiresAtMs } = application;
  if (expiresAtMs === undefined || 'ending' in application.state) return cluster.stopTimer(`lifetime ${id}`);
  cluster.startTimer(`lifetime ${id}`, Math.max(0, expiresAtMs - cluster.nowMs), () => {
    moveApplication(cluster, application, { tag: 'kill', diagnostics: EXPIRED, atMs: cluster.nowMs });
  });
}

function waitedTooLong(cluster: Cluster, application: Application): void {
  const { id, submission, submittedAtMs } = application;
  const seconds = Math.round((cluster.nowMs - submittedAtMs) / 1000);
  const own = submission.maxQueueWaitMs;
  const queueSec = cluster.queueTimeouts(submission.queue).maximumWaitSec;
  const limit =
    own !== undefined && own <= (queueSec ?? Number.POSITIVE_INFINITY) * 1000
      ? `its own limit is ${own / 1000} s (spark.emberloom.maxQueueWait)`
      : `queue ${submission.queue} allows ${queueSec ?? Math.round((application.waitsUntilMs! - submittedAtMs) / 1000)} s (emberloom.scheduler.${submission.queue}.maximum-queue-wait)`;
  const why = whyApplicationWaits(cluster, application);
  const diagnostics = `Application ${id} waited ${seconds} s in queue ${submission.queue} for its first container and got none; ${limit}. ${why}`;
  cluster.log('warn', diagnostics);
  moveApplication(cluster, application, { tag: 'waitedTooLong', diagnostics: diagnostics.trim(), atMs: cluster.nowMs });
}

/**
 * @param expiresAtMs undefined: for ever, as far as the queue allows it
 * @throws AppError APPLICATION_FINISHED, APPLICATION_CHANGE_REFUSED; nothing has changed then
 */
export function setLifetime(cluster: Cluster, application: Application, expiresAtMs: number | undefined): void {
  const { id, state, submission, submittedAtMs } = application;
  if ('ending' in state) throw new AppError('APPLICATION_FINISHED', { applicationId: id, state: state.tag });
  const refuse = (reason: string): never => {
    throw new AppError('APPLICATION_CHANGE_REFUSED', { applicationId: id, change: 'lifetime', reason });
  };
  if (expiresAtMs !== undefined && expiresAtMs <= cluster.nowMs) refuse('its end would be in the past');
  const { maximumLifetimeSec } = cluster.queueTimeouts(submission.queue);
  if (maximumLifetimeSec !== undefined && (expiresAtMs ?? Number.POSITIVE_INFINITY) > submittedAtMs + maximumLifetimeSec * 1000)
    refuse(`queue ${submission.queue} allows ${maximumLifetimeSec} s from the submission on (maximum-application-lifetime)`);
  application.expiresAtMs = expiresAtMs;
  cluster.save(application, 'now');
  cluster.changedApplications.add(application);
  watchLifetime(cluster, application);
}
