// Reports for clients, made from the core's state at the moment they are asked for. They change nothing.
import { NOTHING, plus, type Resource } from '../../common/resource.ts';
import type { TypeOf } from '../../common/shape.ts';
import type { ApplicationReport, aLiveContainer, anAttemptReport, NodeReport, QueueReport } from '../../rpc/messages/shapes.ts';
import { largestNow } from './activity-notes.ts';
import type { Cluster } from './cluster.ts';
import type { Application, Attempt, Node } from './entities.ts';
import { labelOf } from './node-labels.ts';
import { waitingRequests, whyWaiting } from './scheduler/why-waiting.ts';

const MOST_WAITING = 20;

export function applicationReport(cluster: Cluster, a: Application): ApplicationReport {
  cluster.accrue(a);
  const attempt = a.attempts.at(-1);
  const ending = 'ending' in a.state ? a.state.ending : undefined;
  return {
    applicationId: a.id,
    currentAttemptId: attempt?.id,
    name: a.submission.name,
    type: a.submission.type,
    user: a.submission.user,
    queue: a.submission.queue,
    tags: [...a.submission.tags],
    priority: a.submission.priority,
    state: a.state.tag,
    finalStatus: ending?.finalStatus ?? 'UNDEFINED',
    progress: ending ? 100 : a.progress,
    diagnostics: ending?.diagnostics ?? whyApplicationWaits(cluster, a),
    trackingUrl: a.trackingUrl,
    amHost: attempt?.driver.host ?? '',
    amRpcPort: attempt?.driver.rpcPort ?? -1,
    submittedAtMs: a.submittedAtMs,
    launchedAtMs: a.launchedAtMs,
    finishedAtMs: ending?.finishedAtMs ?? 0,
    unmanaged: a.submission.unmanaged,
    usedMemoryMb: a.scheduled?.usedMb ?? 0,
    usedVcores: a.scheduled?.usedVcores ?? 0,
    runningContainers: a.scheduled?.containers ?? 0,
    memoryMbSeconds: Math.max(0, Math.floor(a.memoryMbMs / 1000)),
    vcoreSeconds: Math.max(0, Math.floor(a.vcoreMs / 1000)),
    amContainerId: attempt?.am?.containerId,
    amNodeId: attempt?.am?.nodeId,
    expiresAtMs: a.expiresAtMs,
    waitsUntilMs: a.waitsUntilMs,
    preempted: { ...a.preempted },
    nodeLabelExpression: a.submission.nodeLabelExpression,
    waiting: a.scheduled === undefined || a.scheduled.asks.size === 0 ? undefined : waitingRequests(a.scheduled, largestNow(cluster)),
  };
}

/** One sentence with numbers, '' when it waits for nothing. */
export function whyApplicationWaits(cluster: Cluster, a: Application): string {
  if (a.scheduled === undefined) return '';
  const attempt = a.attempts.at(-1);
  const waits = whyWaiting(a.scheduled, largestNow(cluster));
  const before = a.note === '' ? '' : ` (before: ${a.note})`;
  switch (attempt?.state.tag) {
    case 'SCHEDULED':
      return `${waits.replace(/^Waiting for 1 container of/, 'Waiting for the AM container of')}${elsewhere(attempt)}${before}`;
    case 'ALLOCATED':
      return `AM container ${attempt.am?.containerId} is allocated on ${attempt.am?.nodeId} and waits to be launched.${before}`;
    case 'LAUNCHED':
      return `${a.submission.unmanaged ? 'Waiting for the driver (client mode)' : 'AM container is launched, waiting for AM container'} to Register with RM.${before}`;
    default:
      return waits || a.note;
  }
}

const elsewhere = ({ avoids }: Attempt): string =>
  avoids.length === 0 ? '' : ` It is not placed on ${avoids.join(', ')}, where it failed before.`;

export function attemptReport(a: Attempt): TypeOf<typeof anAttemptReport> {
  return {
    attemptId: a.id,
    state: a.state.tag,
    amContainerId: a.am?.containerId,
    amHost: a.driver.host,
    trackingUrl: a.application.trackingUrl,
    diagnostics: a.diagnostics,
    startedAtMs: a.startedAtMs,
    finishedAtMs: a.finishedAtMs,
  };
}

export function containerReports(attempt: Attempt): TypeOf<typeof aLiveContainer>[] {
  const live = attempt.containers.values().map((c) => ({
    containerId: c.id,
    nodeId: c.node.id,
    state: c.state.tag,
    resource: c.resource,
    startedAtMs: c.startedAtMs || c.allocatedAtMs,
    finishedAtMs: 0,
    exitStatus: -1000,
    diagnostics: '',
  }));
  const ended = attempt.ended.map((c) => ({
    containerId: c.id,
    nodeId: c.nodeId,
    state: 'COMPLETED' as const,
    resource: c.resource,
    startedAtMs: c.startedAtMs,
    finishedAtMs: c.finishedAtMs,
    exitStatus: c.end.exitStatus,
    diagnostics: c.end.diagnostics,
  }));
  return [...live, ...ended];
}

/** What its containers have. O(containers there). */
export function usedOn(node: Node): Resource {
  let used = NOTHING;
  for (const { resource } of node.containers.values()) used = plus(used, resource);
  return used;
}

export function nodeReport(cluster: Cluster, node: Node): NodeReport {
  const label = labelOf(cluster, node);
  return {
    nodeId: node.id,
    host: node.host,
    state: node.state.tag,
    address: node.address,
    httpAddress: node.httpAddress,
    rack: node.rack,
    capacity: node.capacity,
    used: usedOn(node),
    runningContainers: node.containers.size,
    lastHeartbeatMs: node.lastHeartbeatMs,
    healthReport: node.healthReport,
    label: label === '' ? undefined : label,
  };
}

export function queueReports(cluster: Cluster): QueueReport[] {
  const byLeaf = new Map<string, Application[]>();
  for (const a of cluster.applications.values()) {
    if (a.scheduled === undefined) continue;
    const here = byLeaf.get(a.scheduled.queue);
    if (here === undefined) byLeaf.set(a.scheduled.queue, [a]);
    else here.push(a);
  }
  const isBelow = (leaf: string, path: string) => leaf === path || leaf.startsWith(`${path}.`);
  return cluster.scheduler.queues().map((queue) => {
    const here = [...byLeaf].filter(([leaf]) => isBelow(leaf, queue.path)).flatMap(([, apps]) => apps);
    const waiting = queue.leaf ? here.filter((a) => a.state.tag === 'ACCEPTED' || (a.scheduled?.asks.size ?? 0) > 0) : [];
    const { capacityPercent, maximumPercent, absoluteCapacityPercent, absoluteMaximumPercent, used } = queue.partitions[0]!;
    return {
      path: queue.path,
      state: queue.state,
      capacityPercent: Math.round(capacityPercent),
      maximumCapacityPercent: Math.round(maximumPercent),
      absoluteCapacityPercent: Math.round(absoluteCapacityPercent),
      absoluteMaximumPercent: Math.round(absoluteMaximumPercent),
      used,
      runningApplications: here.filter((a) => a.state.tag === 'RUNNING').length,
      pendingApplications: here.filter((a) => a.state.tag !== 'RUNNING').length,
      leaf: queue.leaf,
      scheduler: cluster.scheduler.kind,
      waiting: waiting.slice(0, MOST_WAITING).map((a) => `${a.id}: ${whyApplicationWaits(cluster, a)}`),
    };
  });
}

/** The leaf's name where it says enough, else the path: how a user may name a queue in a filter. Reports have the path, as YARN's do. */
export function queueName(cluster: Cluster, path: string): string {
  const name = path.slice(path.lastIndexOf('.') + 1);
  return cluster.scheduler.leafNamed(name) === path ? name : path;
}
