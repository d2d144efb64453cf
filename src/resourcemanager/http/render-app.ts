// An application as YARN's REST shows it. Source: AppInfo, AppTimeoutInfo, ResourceRequestInfo.
import { KEYS } from '../../common/config-keys.ts';
import { logAggregationStatus } from '../../common/log-aggregation.ts';
import { NOTHING, plus, type Resource, times } from '../../common/resource.ts';
import type { ApplicationReport } from '../../rpc/messages/shapes.ts';
import { float } from '../../web/raw-number.ts';
import { webScheme } from '../../web/web-scheme.ts';
import type { Application } from '../core/entities.ts';
import { applicationReport } from '../core/reports.ts';
import type { ScheduledApp, WaitingAsk } from '../core/scheduler/scheduler-port.ts';
import type { QueueView } from '../core/scheduler/scheduler-views.ts';
import { restrictedReport } from '../service/restricted-report.ts';
import { entries, percentOf, resourceInfo } from './resource-info.ts';
import type { RmHttpParts } from './rm-app.ts';

/** What many applications of one answer have in common. */
export type AppRendering = { readonly parts: RmHttpParts; readonly queues: ReadonlyMap<string, QueueView> };
export const appRendering = (parts: RmHttpParts): AppRendering => ({
  parts,
  queues: new Map(parts.loop.core.cluster.scheduler.queues().map((queue) => [queue.path, queue])),
});

const EXIT_PREEMPTED = -102;

/** @param mayView false: what anybody may know of it */
export function appInfo({ parts, queues }: AppRendering, a: Application, mayView: boolean) {
  const { cluster } = parts.loop.core;
  const all = applicationReport(cluster, a);
  const report = mayView ? all : restrictedReport(all);
  const nowMs = parts.loop.now();
  const base = {
    id: report.applicationId,
    user: report.user,
    name: report.name,
    queue: report.queue,
    state: report.state,
    finalStatus: report.finalStatus,
    progress: float(report.progress),
    ...tracking(parts, report),
    diagnostics: report.diagnostics,
    clusterId: cluster.clusterStartMs,
    applicationType: report.type,
    applicationTags: report.tags.join(','),
    priority: report.priority,
    startedTime: report.submittedAtMs,
    launchTime: report.launchedAtMs,
    finishedTime: report.finishedAtMs,
    elapsedTime: Math.max(0, (report.finishedAtMs || nowMs) - report.submittedAtMs),
  };
  if (!mayView) return base;
  return {
    ...base,
    ...driverPlace(parts, a, report),
    ...usage(parts, a, report, queues.get(report.queue)),
    ...preempted(a),
    logAggregationStatus: logAggregationStatus(parts.settings.need(KEYS.logAggregation), report.finishedAtMs !== 0),
    unmanagedApplication: report.unmanaged,
    amNodeLabelExpression: a.submission.nodeLabelExpression ?? '',
    ...appLabel(a),
    ...(a.scheduled === undefined ? {} : requests(a.scheduled.asks.values())),
    ...(a.scheduled === undefined ? {} : { resourceInfo: resourcesOf(a) }),
    timeouts: { timeout: [lifetimeOf(a, nowMs)] },
  };
}

/** Nothing to click until there is a page; when it ended before it had one, its own page here. */
function tracking({ hostPort, settings }: RmHttpParts, { applicationId, state, trackingUrl, finishedAtMs }: ApplicationReport) {
  if (finishedAtMs !== 0) {
    const path = state === 'FINISHED' ? `proxy/${applicationId}/` : `cluster/app/${applicationId}`;
    return { trackingUI: 'History', trackingUrl: `${webScheme(settings)}://${hostPort}/${path}` };
  }
  if (trackingUrl === '') return { trackingUI: 'UNASSIGNED' };
  return { trackingUI: 'ApplicationMaster', trackingUrl: `${webScheme(settings)}://${hostPort}/proxy/${applicationId}/` };
}

function driverPlace({ loop, settings }: RmHttpParts, { submission }: Application, report: ApplicationReport) {
  const { amContainerId, amNodeId, amHost, amRpcPort } = report;
  if (amContainerId === undefined || amNodeId === undefined) return {};
  const web = loop.core.cluster.nodes.get(amNodeId)?.httpAddress ?? '';
  return {
    amContainerLogs: logLink(webScheme(settings), web, amContainerId, submission.user),
    amHostHttpAddress: web,
    ...(amHost === '' || report.finishedAtMs !== 0 ? {} : { amRPCAddress: `${amHost}:${amRpcPort}` }),
    masterNodeId: amNodeId,
  };
}

/** The page of a container's logs on its node; '' when that node has no web server. */
export const logLink = (scheme: 'http' | 'https', httpAddress: string, containerId: string, user: string): string =>
  httpAddress === '' ? '' : `${scheme}://${httpAddress}/node/containerlogs/${containerId}/${encodeURIComponent(user)}`;

function usage({ loop }: RmHttpParts, a: Application, report: ApplicationReport, queue: QueueView | undefined) {
  const live = a.scheduled !== undefined;
  const { memoryMbSeconds, vcoreSeconds, usedMemoryMb } = report;
  return {
    allocatedMB: live ? usedMemoryMb : -1,
    allocatedVCores: live ? report.usedVcores : -1,
    reservedMB: a.scheduled === undefined ? -1 : reservedFor(a.scheduled).memoryMb,
    reservedVCores: a.scheduled === undefined ? -1 : reservedFor(a.scheduled).vcores,
    runningContainers: live ? report.runningContainers : -1,
    memorySeconds: memoryMbSeconds,
    vcoreSeconds,
    queueUsagePercentage: float(live ? percentOf(usedMemoryMb, queue?.partitions[0]?.guaranteed.memoryMb ?? 0) : 0),
    clusterUsagePercentage: float(live ? percentOf(usedMemoryMb, loop.core.cluster.scheduler.total.memoryMb) : 0),
    resourceSecondsMap: entries({ 'memory-mb': memoryMbSeconds, vcores: vcoreSeconds }),
  };
}

/** On nodes that are kept for it: for each ask one container. */
function reservedFor({ asks }: ScheduledApp): Resource {
  let reserved = NOTHING;
  for (const { resource, obstacle } of asks.values()) if (obstacle?.tag === 'reserved') reserved = plus(reserved, resource);
  return reserved;
}

/** As far as ended containers are remembered. */
function preempted({ attempts }: Application) {
  const taken = attempts.flatMap((attempt) =>
    attempt.ended
      .filter(({ end }) => end.exitStatus === EXIT_PREEMPTED)
      .map((c) => ({ ...c, isAm: attempt.am?.containerId === c.id, seconds: Math.max(0, (c.finishedAtMs - c.startedAtMs) / 1000) })),
  );
  const sum = (of: (c: (typeof taken)[number]) => number) => Math.floor(taken.reduce((total, c) => total + of(c), 0));
  return {
    preemptedResourceMB: sum((c) => c.resource.memoryMb),
    preemptedResourceVCores: sum((c) => c.resource.vcores),
    numNonAMContainerPreempted: taken.filter(({ isAm }) => !isAm).length,
    numAMContainerPreempted: taken.filter(({ isAm }) => isAm).length,
    preemptedMemorySeconds: sum((c) => c.resource.memoryMb * c.seconds),
    preemptedVcoreSeconds: sum((c) => c.resource.vcores * c.seconds),
  };
}

/** A submission over REST has one, an empty one perhaps; others where they name one. */
function appLabel({ submission: { nodeLabelExpression, standalone } }: Application) {
  return nodeLabelExpression === undefined && !standalone ? {} : { appNodeLabelExpression: nodeLabelExpression ?? '' };
}

function requests(asks: Iterable<WaitingAsk>) {
  const list = [...asks].map((ask) => ({
    priority: ask.priority,
    allocationRequestId: ask.askId,
    resourceName: ask.hosts.length > 0 ? ask.hosts.join(',') : '*',
    capability: resourceInfo(ask.resource),
    numContainers: ask.count,
    relaxLocality: true,
    nodeLabelExpression: ask.label,
    executionTypeRequest: { executionType: 'GUARANTEED', enforceExecutionType: false },
    enforceExecutionType: false,
  }));
  return list.length === 0 ? {} : { resourceRequests: list };
}

function resourcesOf({ scheduled, attempts }: Application) {
  const am = attempts.at(-1)?.am;
  const amUsed = am === undefined ? undefined : attempts.at(-1)?.containers.get(am.containerId)?.resource;
  let pending = NOTHING;
  for (const { resource, count } of scheduled!.asks.values()) pending = plus(pending, times(resource, count));
  return {
    resourceUsagesByPartition: [
      {
        partitionName: '',
        used: resourceInfo(scheduled!.used),
        reserved: resourceInfo(reservedFor(scheduled!)),
        pending: resourceInfo(pending),
        amUsed: resourceInfo(amUsed ?? NOTHING),
        amLimit: resourceInfo(NOTHING),
        userAmLimit: resourceInfo(NOTHING),
      },
    ],
  };
}

/** `2030-01-01T00:00:00.000+0000` */
export const isoTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');

export function lifetimeOf({ expiresAtMs, state }: Application, nowMs: number) {
  if (expiresAtMs === undefined) return { type: 'LIFETIME', expiryTime: 'UNLIMITED', remainingTimeInSeconds: -1 };
  const over = 'ending' in state;
  const remainingTimeInSeconds = over ? 0 : Math.max(0, Math.floor((expiresAtMs - nowMs) / 1000));
  return { type: 'LIFETIME', expiryTime: isoTime(expiresAtMs), remainingTimeInSeconds };
}
