// Attempts and applications as they move each other: an attempt that fails makes the application try again or end, an
// application that ends takes its attempt and all containers with it.
import { attemptId, containerId } from '../../common/ids.ts';
import { step } from '../../common/machine.ts';
import { askForAm, hostToAvoid } from './am-placement.ts';
import { type ApplicationEvent, applicationTable } from './application-machine.ts';
import { type AttemptEvent, attemptTable } from './attempt-machine.ts';
import type { Cluster } from './cluster.ts';
import { SEQ_PER_EPOCH } from './cluster.ts';
import { moveContainer } from './container-events.ts';
import { type ContainerEnd, EXIT } from './container-machine.ts';
import { ContainerTable } from './container-table.ts';
import type { Application, Attempt, Driver } from './entities.ts';
import { endKept, handDown, outlives } from './kept-containers.ts';
import { hasLeft } from './leaving-nodes.ts';

export function moveApplication(cluster: Cluster, application: Application, event: ApplicationEvent): void {
  const before = application.state.tag;
  const { next, effects } = step(applicationTable, application.state, event);
  application.state = next;
  if (before !== next.tag) {
    cluster.changedApplications.add(application);
    cluster.log('info', `${application.id} State change from ${before} to ${next.tag} on event = ${event.tag}`);
  }
  for (const effect of effects) {
    switch (effect.tag) {
      case 'save':
        cluster.save(application, 'now');
        break;
      case 'saveSoon':
        cluster.save(application, 'soon');
        break;
      case 'startAttempt':
        startAttempt(cluster, application);
        break;
      case 'cleanUp':
        cleanUp(cluster, application);
        break;
      default:
        effect satisfies never;
    }
  }
}

export function moveAttempt(cluster: Cluster, attempt: Attempt, event: AttemptEvent): void {
  const before = attempt.state.tag;
  const { next, effects } = step(attemptTable, attempt.state, event);
  attempt.state = next;
  if (before !== next.tag) cluster.log('info', `${attempt.id} State change from ${before} to ${next.tag} on event = ${event.tag}`);
  if (before !== 'LAUNCHED' && next.tag === 'LAUNCHED') awaitDriver(cluster, attempt, cluster.settings.amSilenceMs); // it may hang before its first word
  if (before !== next.tag && (next.tag === 'FINISHED' || next.tag === 'FAILED' || next.tag === 'KILLED')) {
    attempt.finishedAtMs = cluster.nowMs;
    attempt.application.trackingUrl = ''; // its page ended with it
  }
  for (const effect of effects) {
    switch (effect.tag) {
      case 'save':
        cluster.save(attempt, 'now');
        break;
      case 'saveSoon':
        cluster.save(attempt, 'soon');
        break;
      case 'killContainers':
        killContainers(cluster, attempt, effect.withAm, next.tag === 'FAILED');
        break;
      case 'applicationRunning':
        if (attempt.application.launchedAtMs === 0) attempt.application.launchedAtMs = cluster.nowMs;
        moveApplication(cluster, attempt.application, { tag: 'driverRegistered' });
        break;
      case 'applicationFinished': {
        attempt.diagnostics = effect.diagnostics;
        if (next.tag === 'FINISHING') {
          cluster.startTimer(`attempt ${attempt.id}`, cluster.settings.amExpiryMs, () =>
            moveAttempt(cluster, attempt, { tag: 'expired', diagnostics: 'the driver said good-bye and did not end', counts: false }),
          );
        }
        moveApplication(cluster, attempt.application, {
          tag: 'driverFinished',
          finalStatus: effect.finalStatus,
          diagnostics: effect.diagnostics,
          atMs: cluster.nowMs,
        });
        break;
      }
      case 'attemptFailed':
        attemptFailed(cluster, attempt, effect);
        break;
      default:
        effect satisfies never;
    }
  }
}

function startAttempt(cluster: Cluster, application: Application): void {
  const number = application.attempts.length + 1;
  const { unmanaged } = application.submission;
  const attempt = newAttempt(cluster, application, number, unmanaged ? 'LAUNCHED' : 'SCHEDULED');
  application.attempts.push(attempt);
  cluster.save(attempt, 'now');
  if (unmanaged) awaitDriver(cluster, attempt, cluster.settings.amExpiryMs);
  else askForAm(cluster, attempt);
}

export function newAttempt(cluster: Cluster, application: Application, number: number, tag: Attempt['state']['tag']): Attempt {
  const id = attemptId(application.id, number);
  const attempt: Attempt = {
    id,
    number,
    application,
    state: { tag },
    am: undefined,
    driver: newDriver(cluster.epoch),
    containers: new ContainerTable(),
    ended: [],
    containerPrefix: containerId(id, cluster.epoch, 1).slice(0, -6),
    containerSeq: 0,
    startedAtMs: cluster.nowMs,
    finishedAtMs: 0,
    diagnostics: '',
    counts: true,
    failedOnHost: undefined,
    avoids: [],
  };
  cluster.attempts.set(id, attempt);
  return attempt;
}

const newDriver = (epoch: number): Driver => ({
  ready: false,
  connected: false,
  lastHeardMs: 0,
  registered: false,
  seq: 0,
  host: '',
  rpcPort: -1,
  unacked: [],
  updateSeq: epoch * SEQ_PER_EPOCH,
  granted: [],
  completed: [],
  preempt: [],
  leavingNodes: [],
  unconfirmed: new Set(),
  previous: new Set(),
});

/** A driver that does not come (back) in time fails its attempt. */
export function awaitDriver(cluster: Cluster, attempt: Attempt, afterMs: number): void {
  cluster.startTimer(`attempt ${attempt.id}`, afterMs, () => {
    const diagnostics = attempt.driver.registered
      ? `ApplicationMaster for attempt ${attempt.id} timed out: its connection was lost and did not come back within ${afterMs} ms`
      : `ApplicationMaster for attempt ${attempt.id} timed out: it did not register within ${afterMs} ms`;
    moveAttempt(cluster, attempt, { tag: 'expired', diagnostics, counts: true });
  });
}

/**
 * A connection alone is no sign of life: a driver that hangs or was stopped keeps it, and its containers, for ever. One that says nothing
 * fails its attempt as one that is gone does. Source: YARN's AMLivelinessMonitor.
 */
export function watchDriver(cluster: Cluster, attempt: Attempt): void {
  const { driver } = attempt;
  const { amSilenceMs } = cluster.settings;
  cluster.startTimer(`attempt ${attempt.id}`, driver.lastHeardMs + amSilenceMs - cluster.nowMs, () => {
    if (driver.lastHeardMs + amSilenceMs > cluster.nowMs) return watchDriver(cluster, attempt);
    const diagnostics = `ApplicationMaster for attempt ${attempt.id} timed out: its driver is connected and said nothing for ${amSilenceMs} ms`;
    attempt.diagnostics = diagnostics; // the reason in its driver.shutdown, when it goes on
    moveAttempt(cluster, attempt, { tag: 'expired', diagnostics, counts: true });
    cluster.tells.push({ tag: 'closeDriver', attemptId: attempt.id });
  });
}

/** Source of the sentence: YARN's RMAppAttemptImpl.getAMContainerCrashedDiagnostics. */
export function amEnded(cluster: Cluster, attempt: Attempt, { exitStatus, diagnostics }: ContainerEnd): void {
  const notItsFault = [EXIT.ABORTED, EXIT.DISKS_FAILED, EXIT.PREEMPTED, EXIT.KILLED_BY_RESOURCEMANAGER].some(
    (status) => status === exitStatus,
  );
  attempt.failedOnHost = hostToAvoid(cluster, attempt, exitStatus);
  moveAttempt(cluster, attempt, {
    tag: 'amExited',
    counts: !notItsFault,
    diagnostics: `AM Container for ${attempt.id} exited with  exitCode: ${exitStatus}\nFailing this attempt.Diagnostics: ${diagnostics}`,
  });
}

function attemptFailed(cluster: Cluster, attempt: Attempt, { diagnostics, counts }: { diagnostics: string; counts: boolean }): void {
  const { application } = attempt;
  attempt.diagnostics = diagnostics;
  attempt.counts = counts;
  const { failuresValidityMs = Number.POSITIVE_INFINITY } = application.submission;
  const failures = application.attempts.filter(
    (a) => a.state.tag === 'FAILED' && a.counts && a.finishedAtMs > cluster.nowMs - failuresValidityMs,
  ).length;
  const local = application.submission.maxAttempts || cluster.settings.maxAppAttempts; // 0: the submitter did not say
  const most = Math.min(local, cluster.settings.maxAppAttempts);
  const again = !application.submission.unmanaged && failures < most;
  application.note = diagnostics;
  const said = `Application ${application.id} failed ${Math.max(1, failures)} times (global limit =${cluster.settings.maxAppAttempts}; local limit is =${local}) due to ${diagnostics}. Failing the application.`;
  if (!again) endKept(cluster, attempt);
  moveApplication(cluster, application, { tag: 'attemptFailed', again, diagnostics: again ? diagnostics : said, atMs: cluster.nowMs });
  if (again) handDown(attempt, application.attempts.at(-1)!);
}

function killContainers(cluster: Cluster, attempt: Attempt, withAm: boolean, attemptHasFailed: boolean): void {
  cluster.stopTimer(`confirm ${attempt.id}`);
  if (withAm) cluster.stopTimer(`attempt ${attempt.id}`);
  if (attempt.application.scheduled !== undefined) cluster.scheduler.dropAsks(attempt.application.scheduled);
  const end = attemptHasFailed
    ? { exitStatus: EXIT.KILLED_BY_RESOURCEMANAGER, diagnostics: `Killed because ${attempt.id} failed` }
    : {
        exitStatus: EXIT.KILLED_AFTER_APP_COMPLETION,
        diagnostics: `Container killed by the ResourceManager: ${attempt.application.id} has ended`,
      };
  for (const container of attempt.containers.values()) {
    if (attemptHasFailed && outlives(attempt, container)) continue;
    if (withAm || attempt.am?.containerId !== container.id) moveContainer(cluster, container, { tag: 'kill', end });
  }
  if (attempt.state.tag !== 'FINISHING' && attempt.driver.connected) {
    const { state } = attempt.application;
    const reason = attemptHasFailed
      ? attempt.diagnostics || `${attempt.id} failed`
      : 'ending' in state && state.ending.diagnostics !== ''
        ? state.ending.diagnostics
        : `${attempt.application.id} has ended`;
    if (attempt.state.tag !== 'FINISHED') cluster.tells.push({ tag: 'shutDownDriver', attemptId: attempt.id, reason });
  }
  attempt.driver.unacked = [];
  attempt.driver.granted = [];
  attempt.driver.completed = [];
  attempt.driver.preempt = [];
  attempt.driver.leavingNodes = [];
  attempt.driver.unconfirmed.clear();
}

/** The application is over: nothing of it stays in the scheduler but the AM container that is still ending. */
function cleanUp(cluster: Cluster, application: Application): void {
  cluster.endedApplications.push(application.id);
  cluster.stopTimer(`lifetime ${application.id}`);
  cluster.stopTimer(`wait ${application.id}`);
  const attempt = application.attempts.at(-1);
  if (attempt !== undefined) moveAttempt(cluster, attempt, { tag: 'applicationEnded' });
  retire(cluster, application);
}

/**
 * Gives up its place in the scheduler as soon as no container of it is left, and has its files removed from the nodes.
 * Called at the end of the application and again when its AM container has ended.
 */
export function retire(cluster: Cluster, application: Application): void {
  const { scheduled } = application;
  if (scheduled === undefined || scheduled.containers > 0 || !('ending' in application.state)) return;
  cluster.accrue(application);
  cluster.scheduler.removeApp(scheduled);
  application.scheduled = undefined;
  for (const node of application.nodes.of(cluster.numbered)) {
    if (node.slot >= 0) cluster.order(node, { tag: 'cleanupApplication', applicationId: application.id });
    hasLeft(cluster, node, application.id);
  }
  while (cluster.endedApplications.length > cluster.settings.maxCompletedApps) {
    const oldest = cluster.endedApplications[0]!;
    if (cluster.applications.get(oldest)?.scheduled !== undefined) break;
    cluster.endedApplications.shift();
    const old = cluster.applications.get(oldest);
    if (old !== undefined && 'ending' in old.state) cluster.past[old.state.tag]++;
    for (const { id, containerSeq } of old?.attempts ?? []) {
      cluster.past.containers += containerSeq;
      cluster.attempts.delete(id);
    }
    cluster.applications.delete(oldest);
    cluster.forgotten.push(oldest);
    cluster.saveByMs ??= cluster.nowMs;
  }
}
