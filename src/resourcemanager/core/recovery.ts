// Start of the core: what the store had becomes entities again, and live ones wait for their driver and their nodes to come
// back. Nothing that runs is disturbed by it. What is written is records.ts.
import { askForAm } from './am-placement.ts';
import { awaitDriver, moveApplication, newAttempt } from './attempt-events.ts';
import type { Cluster } from './cluster.ts';
import { recoverNode } from './node-events.ts';
import { NodeSet } from './node-set.ts';
import type { Application, Attempt } from './entities.ts';
import { type ApplicationRecord, type AttemptRecord, nothingPreempted, type Recovered } from './records.ts';
import type { ApplicationState } from './application-machine.ts';
import { watchTimeouts } from './timeouts.ts';

export function recover(cluster: Cluster, found: Recovered): void {
  for (const record of found.applications) {
    const application = applicationFrom(cluster, record);
    if (application.scheduled !== undefined) application.scheduled.owner = application;
    cluster.applications.set(application.id, application);
    if ('ending' in application.state) cluster.endedApplications.push(application.id);
  }
  cluster.endedApplications.sort((a, b) => endOf(cluster.applications.get(a)!) - endOf(cluster.applications.get(b)!));
  for (const record of found.attempts) {
    const application = cluster.applications.get(record.applicationId);
    if (application !== undefined) application.attempts.push(attemptFrom(cluster, application, record));
  }
  for (const { id, capacity } of found.nodeSizes ?? []) cluster.nodeSizes.set(id, capacity);
  for (const record of found.nodesOut) recoverNode(cluster, record);
  for (const application of cluster.applications.values()) resume(cluster, application);
}

const endOf = ({ state }: Application): number => ('ending' in state ? state.ending.finishedAtMs : 0);

function applicationFrom(cluster: Cluster, r: ApplicationRecord): Application {
  const ended = r.state === 'FINISHED' || r.state === 'FAILED' || r.state === 'KILLED';
  const state: ApplicationState = ended
    ? { tag: r.state, ending: { finalStatus: r.finalStatus, diagnostics: r.diagnostics, finishedAtMs: r.finishedAtMs } }
    : { tag: r.state === 'SUBMITTED' ? 'SUBMITTED' : 'ACCEPTED' };
  const { user, priority } = r.submission;
  const queue = ended ? r.submission.queue : cluster.scheduler.leafAfterRestart(r.submission.queue);
  if (queue !== r.submission.queue)
    cluster.log(
      'warn',
      `${r.id} goes on in queue ${queue}: its queue ${r.submission.queue} is not in the file (yarn application -appId ${r.id} -changeQueue)`,
    );
  return {
    id: r.id,
    seq: r.seq,
    submission: { ...r.submission, queue },
    secret: r.secret,
    submittedAtMs: r.submittedAtMs,
    launchedAtMs: r.launchedAtMs,
    state,
    attempts: [],
    scheduled: ended ? undefined : cluster.scheduler.addApp({ seq: r.seq, priority, user, queue, label: r.submission.nodeLabelExpression }),
    progress: ended ? 100 : 0,
    trackingUrl: r.trackingUrl,
    note: ended ? '' : r.diagnostics,
    memoryMbMs: r.memoryMbSeconds * 1000,
    vcoreMs: r.vcoreSeconds * 1000,
    usageSinceMs: cluster.nowMs,
    expiresAtMs: r.expiresAtMs,
    waitsUntilMs: r.waitsUntilMs,
    preempted: r.preempted ?? nothingPreempted(),
    nodes: new NodeSet(),
  };
}

function attemptFrom(cluster: Cluster, application: Application, r: AttemptRecord): Attempt {
  const ended = 'ending' in application.state;
  // An AM container that was still ending is not waited for again: its node is told to end it when it registers.
  const tag = r.state === 'FINISHING' && ended ? 'FINISHED' : r.state;
  const attempt = newAttempt(cluster, application, r.number, tag);
  attempt.driver.host = r.host;
  return Object.assign(attempt, {
    am: r.amContainerId !== undefined && r.amNodeId !== undefined ? { containerId: r.amContainerId, nodeId: r.amNodeId } : undefined,
    startedAtMs: r.startedAtMs,
    finishedAtMs: r.finishedAtMs,
    diagnostics: r.diagnostics,
    counts: r.counts,
    failedOnHost: r.failedOnHost,
  });
}

function resume(cluster: Cluster, application: Application): void {
  if ('ending' in application.state) return;
  watchTimeouts(cluster, application, cluster.settings.nmExpiryMs); // its nodes may bring its container along
  const attempt = application.attempts.at(-1);
  if (attempt === undefined) {
    application.state = { tag: 'SUBMITTED' }; // it has attempts from its acceptance on, but for a store that was repaired without them
    moveApplication(cluster, application, { tag: 'accepted' });
    return;
  }
  if (attempt.state.tag === 'SCHEDULED') askForAm(cluster, attempt);
  else if (attempt.state.tag === 'LAUNCHED' && attempt.am !== undefined) awaitDriver(cluster, attempt, cluster.settings.amSilenceMs);
  else awaitDriver(cluster, attempt, Math.max(cluster.settings.amExpiryMs, attempt.am === undefined ? 0 : cluster.settings.nmExpiryMs));
}
