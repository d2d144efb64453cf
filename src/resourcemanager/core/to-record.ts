// Entities as records, the other direction of recovery.ts.
import type { Application, Attempt, Node } from './entities.ts';
import type { ApplicationRecord, AttemptRecord, NodeRecord } from './records.ts';

export function applicationRecord(a: Application): ApplicationRecord {
  const ending = 'ending' in a.state ? a.state.ending : undefined;
  return {
    id: a.id,
    seq: a.seq,
    submission: a.submission,
    secret: a.secret,
    submittedAtMs: a.submittedAtMs,
    launchedAtMs: a.launchedAtMs,
    state: a.state.tag === 'NEW' ? 'SUBMITTED' : a.state.tag,
    finalStatus: ending?.finalStatus ?? 'UNDEFINED',
    diagnostics: ending?.diagnostics ?? a.note,
    finishedAtMs: ending?.finishedAtMs ?? 0,
    memoryMbSeconds: Math.floor(a.memoryMbMs / 1000),
    vcoreSeconds: Math.floor(a.vcoreMs / 1000),
    trackingUrl: a.trackingUrl,
    expiresAtMs: a.expiresAtMs,
    waitsUntilMs: a.waitsUntilMs,
    preempted: a.preempted,
  };
}

export function attemptRecord(a: Attempt): AttemptRecord {
  return {
    id: a.id,
    applicationId: a.application.id,
    number: a.number,
    state: a.state.tag,
    amContainerId: a.am?.containerId,
    amNodeId: a.am?.nodeId,
    counts: a.counts,
    failedOnHost: a.failedOnHost,
    diagnostics: a.diagnostics,
    startedAtMs: a.startedAtMs,
    finishedAtMs: a.finishedAtMs,
    host: a.driver.host,
    trackingUrl: a.application.trackingUrl,
  };
}

/** @returns undefined for a node like any other: nothing of it is stored */
export function nodeRecord(node: Node): NodeRecord | undefined {
  const { state, id, host, rack, address, version, capacity, lastHeartbeatMs, drainByMs, drainByList } = node;
  if (state.tag !== 'DECOMMISSIONING' && state.tag !== 'DECOMMISSIONED') return undefined;
  const heard = !node.orders.some((o) => o.what.tag === 'shutdown');
  return { id, host, rack, address, version, capacity, lastHeartbeatMs, state: state.tag, drainByMs, drainByList, heard };
}
