// Drivers (YARN's application masters): registration, asks, releases, acknowledgements, the loss of their connection.
import { AppError } from '../../common/errors.ts';
import { applicationOfAttempt, type AttemptId, type ContainerId } from '../../common/ids.ts';
import { awaitDriver, moveAttempt, watchDriver } from './attempt-events.ts';
import type { Cluster } from './cluster.ts';
import { moveContainer } from './container-events.ts';
import { EXIT } from './container-machine.ts';
import { fits, NOTHING, type Resource } from '../../common/resource.ts';
import { askAgain } from './leaving-nodes.ts';
import type { Attempt, Driver } from './entities.ts';
import type { DriverAllocate, DriverAsk, DriverRegistered, RmEvent } from './events.ts';

/** An update that was not acknowledged in this time goes out again with the next driver.allocate. */
const RESEND_AFTER_MS = 1_000;
const RELEASED = { tag: 'released' } as const;
const ACQUIRED = { tag: 'acquired' } as const;

/** @throws AppError APPLICATION_UNKNOWN, APPLICATION_FINISHED, ATTEMPT_UNKNOWN */
export function liveAttempt(cluster: Cluster, attemptId: AttemptId): Attempt {
  const attempt = cluster.attempts.get(attemptId);
  const application = attempt?.application ?? cluster.applications.get(applicationOfAttempt(attemptId));
  if (application === undefined) throw new AppError('APPLICATION_UNKNOWN', { applicationId: applicationOfAttempt(attemptId) });
  if ('ending' in application.state)
    throw new AppError('APPLICATION_FINISHED', { applicationId: application.id, state: application.state.tag });
  if (attempt === undefined || attempt !== application.attempts.at(-1) || attempt.state.tag === 'SCHEDULED')
    throw new AppError('ATTEMPT_UNKNOWN', { attemptId });
  return attempt;
}

export function driverRegistered(cluster: Cluster, e: DriverRegistered): void {
  const attempt = liveAttempt(cluster, e.attemptId);
  const { driver, application } = attempt;
  const scheduled = application.scheduled!;
  Object.assign(driver, {
    lastHeardMs: cluster.nowMs,
    connected: true,
    ready: false,
    registered: true,
    seq: 0,
    host: e.host,
    rpcPort: e.rpcPort,
  });
  application.trackingUrl = e.trackingUrl;
  for (const id of e.held) driver.previous.delete(id);
  moveAttempt(cluster, attempt, { tag: 'registered' });
  watchDriver(cluster, attempt);
  acknowledge(cluster, attempt, e.lastUpdateSeq);
  const listed = new Set(e.asks.map((a) => a.askId));
  for (const askId of [...scheduled.asks.keys()])
    if (!listed.has(askId)) cluster.scheduler.setAsk(scheduled, askId, { priority: 0, resource: NOTHING, hosts: [], count: 0 });
  takeAsks(cluster, attempt, e.asks);
  const held = new Set(e.held);
  endWhatItDoesNotHold(cluster, attempt, held);
  confirmHeld(cluster, attempt, held);
  askAgain(cluster, attempt);
}

/** The answer to its registration is out: what it has not acknowledged follows. */
export function driverReady(cluster: Cluster, attempt: Attempt): void {
  attempt.driver.ready = true;
  for (const update of attempt.driver.unacked) update.sentAtMs = 0;
  cluster.talkedDrivers.add(attempt);
}

/** The application's page has a place, after the driver has registered. */
export function driverPage(cluster: Cluster, attempt: Attempt, trackingUrl: string): void {
  attempt.driver.lastHeardMs = cluster.nowMs;
  if (!attempt.driver.connected || attempt.application.trackingUrl === trackingUrl) return;
  attempt.application.trackingUrl = trackingUrl;
  cluster.save(attempt.application, 'soon');
  cluster.changedApplications.add(attempt.application);
}

/** @throws AppError also HEARTBEAT_STALE, RESOURCE_TOO_LARGE; nothing has changed then */
export function driverAllocate(cluster: Cluster, e: DriverAllocate): void {
  const attempt = liveAttempt(cluster, e.attemptId);
  const { driver } = attempt;
  driver.lastHeardMs = cluster.nowMs;
  if (!driver.registered) throw new AppError('ATTEMPT_UNKNOWN', { attemptId: e.attemptId });
  if (e.seq < driver.seq) throw new AppError('HEARTBEAT_STALE', { seq: e.seq, latest: driver.seq });
  if (e.seq === driver.seq) return;
  for (const ask of e.asks) checkSize(cluster, attempt, ask);
  driver.seq = e.seq;
  attempt.application.progress = Math.min(100, e.progress);
  if (e.diagnostics !== '') attempt.application.note = e.diagnostics;
  acknowledge(cluster, attempt, e.ackedUpdateSeq);
  if (driver.previous.size > 0) driver.previous.clear();
  for (const id of e.release) {
    const container = attempt.containers.get(id);
    if (container === undefined) driver.unconfirmed.delete(id);
    else if (attempt.am?.containerId !== id) moveContainer(cluster, container, RELEASED);
  }
  takeAsks(cluster, attempt, e.asks);
}

export function driverUnregistered(cluster: Cluster, e: Extract<RmEvent, { tag: 'driverUnregistered' }>): void {
  const attempt = liveAttempt(cluster, e.attemptId);
  moveAttempt(cluster, attempt, {
    tag: 'unregistered',
    managed: !attempt.application.submission.unmanaged,
    finalStatus: e.finalStatus,
    diagnostics: e.diagnostics,
  });
}

export function driverDisconnected(cluster: Cluster, attempt: Attempt): void {
  attempt.driver.connected = attempt.driver.ready = false;
  if (attempt.state.tag === 'RUNNING') awaitDriver(cluster, attempt, cluster.settings.amExpiryMs);
}

function checkSize(cluster: Cluster, attempt: Attempt, ask: DriverAsk): void {
  if (ask.count === 0) return;
  // What was taken once waits, also when the largest node has left since; an ask that grows is a new one.
  const taken = attempt.application.scheduled!.asks.get(ask.askId)?.resource;
  const { queue } = attempt.application.scheduled!;
  const fault = ask.label === undefined || ask.label === '' ? undefined : cluster.scheduler.labelFault(queue, ask.label);
  if (fault !== undefined) throw new AppError('LABEL_REFUSED', { what: `ask ${ask.askId}`, reason: fault });
  if (taken !== undefined && fits(taken, cluster.normalize(ask.resource))) return;
  refuseTooLarge(cluster, `ask ${ask.askId}`, ask.resource, queue);
}

/**
 * Refuses what no node that ever was here could hold. While nodes may still be registering after a restart nothing is refused:
 * it waits and says why. @throws AppError RESOURCE_TOO_LARGE
 */
export function refuseTooLarge(cluster: Cluster, what: string, resource: Resource, queue: string): void {
  const want = cluster.normalize(resource);
  const ofQueue = cluster.scheduler.maximumAllocation(queue);
  const { settings } = cluster;
  const maxAllocationMb = least(ofQueue?.memoryMb, settings.maxAllocationMb);
  const maxAllocationVcores = least(ofQueue?.vcores, settings.maxAllocationVcores);
  const maximum = cluster.maximumAllocation();
  const overSetting =
    (maxAllocationMb !== undefined && want.memoryMb > maxAllocationMb) ||
    (maxAllocationVcores !== undefined && want.vcores > maxAllocationVcores);
  const overNodes = maximum !== undefined && !(cluster.recovering && cluster.epoch > 0) && !fits(maximum, want);
  if (!overSetting && !overNodes) return;
  throw new AppError('RESOURCE_TOO_LARGE', {
    what,
    wantMb: want.memoryMb,
    wantVcores: want.vcores,
    maxMb: least(maximum?.memoryMb, maxAllocationMb) ?? 0,
    maxVcores: least(maximum?.vcores, maxAllocationVcores) ?? 0,
  });
}

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

/** Counts are what was still wanted when the driver had seen all updates up to its acknowledgement; later grants come off. */
function takeAsks(cluster: Cluster, attempt: Attempt, asks: readonly DriverAsk[]): void {
  const { driver, application } = attempt;
  if (asks.length === 0) return;
  const onTheWay = driver.unacked.length + driver.granted.length > 0 ? countOnTheWay(driver) : undefined;
  for (const ask of asks) {
    const resource = cluster.normalize(ask.resource);
    const count = Math.max(0, ask.count - (onTheWay?.get(ask.askId) ?? 0));
    const want = resource === ask.resource && count === ask.count ? ask : { ...ask, resource, count };
    cluster.scheduler.setAsk(application.scheduled!, ask.askId, want);
  }
}

/** By ask. */
function countOnTheWay({ unacked, granted }: Driver): Map<number, number> {
  const counts = new Map<number, number>();
  for (const grants of [...unacked.map((update) => update.granted), granted])
    for (const { askId } of grants) counts.set(askId, (counts.get(askId) ?? 0) + 1);
  return counts;
}

function acknowledge(cluster: Cluster, attempt: Attempt, upTo: number): void {
  const { driver } = attempt;
  while (driver.unacked.length > 0 && driver.unacked[0]!.seq <= upTo) {
    for (const { container } of driver.unacked.shift()!.granted) moveContainer(cluster, container, ACQUIRED);
  }
  for (const update of driver.unacked) {
    if (update.sentAtMs > 0 && update.sentAtMs <= cluster.nowMs - RESEND_AFTER_MS) {
      update.sentAtMs = 0;
      cluster.talkedDrivers.add(attempt);
    }
  }
}

/** Containers that it was told of and does not hold any more: released while the connection, or this ResourceManager, was away. */
function endWhatItDoesNotHold(cluster: Cluster, attempt: Attempt, held: ReadonlySet<ContainerId>): void {
  const { driver } = attempt;
  const untold = new Set([...driver.unacked.flatMap((u) => u.granted), ...driver.granted].map((g) => g.container.id));
  for (const container of attempt.containers.values()) {
    if (held.has(container.id) || untold.has(container.id) || driver.previous.has(container.id) || attempt.am?.containerId === container.id)
      continue;
    moveContainer(cluster, container, { tag: 'released' });
  }
}

/** What it holds and no node has reported (yet): after a restart nodes may need their time; then it is told that it is gone. */
function confirmHeld(cluster: Cluster, attempt: Attempt, held: ReadonlySet<ContainerId>): void {
  const { driver } = attempt;
  driver.unconfirmed.clear();
  for (const id of held) if (!attempt.containers.has(id) && attempt.am?.containerId !== id) driver.unconfirmed.add(id);
  for (const update of [...driver.unacked, driver]) for (const { containerId } of update.completed) driver.unconfirmed.delete(containerId);
  if (driver.unconfirmed.size === 0) return;
  cluster.startTimer(`confirm ${attempt.id}`, cluster.recovering ? cluster.settings.nmExpiryMs : 0, () => {
    for (const containerId of driver.unconfirmed) {
      cluster.tellEnd(attempt, { containerId, exitStatus: EXIT.ABORTED, diagnostics: 'Container released on a *lost* node' });
    }
    driver.unconfirmed.clear();
  });
}
