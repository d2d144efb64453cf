// Applications as the pages show them (src/cluster-pages/model), made from the core's state when they are asked for. What somebody may not view is
// left out as restricted-report.ts leaves it out of reports.
import { type ApplicationView, type AttemptView, type ContainerView, MOST_CONTAINERS } from '../../cluster-pages/model/application.ts';
import type { AppReader, AppRow, SortKey } from '../../cluster-pages/model/applications.ts';
import type { Cluster } from '../core/cluster.ts';
import type { Application, Attempt } from '../core/entities.ts';
import { applicationReport, attemptReport, containerReports, whyApplicationWaits } from '../core/reports.ts';

const NO_OTHERS: Readonly<Record<string, number>> = {};
type CanView = (application: Application) => boolean;

export const endingOf = ({ state }: Application) => ('ending' in state ? state.ending : undefined);
/** A driver that runs says of itself what it likes; that is no reason to wait. */
const waits = (a: Application): boolean => endingOf(a) === undefined && (a.state.tag !== 'RUNNING' || (a.scheduled?.asks.size ?? 0) > 0);

/** @param hideOthers leaves out what may not be viewed, instead of showing only that it is there (yarn.webapp.filter-entity-list-by-user) */
export function appReader(cluster: Cluster, canView: CanView, hideOthers: boolean): AppReader<Application> {
  const all = (): Iterable<Application> => cluster.applications.values();
  return {
    all: hideOthers ? () => Iterator.from(all()).filter(canView) : all,
    state: (a) => a.state.tag,
    text: (a, field) => {
      if (field === 'id') return a.id;
      if (field === 'tag') return canView(a) ? a.submission.tags.join('\n') : '';
      return a.submission[field];
    },
    sortBy: (a, key) => sortValue(cluster, a, key),
    row: (a) => (canView(a) ? rowOf(cluster, a) : withoutDetails(rowOf(cluster, a))),
  };
}

function sortValue(cluster: Cluster, a: Application, key: SortKey): number | string {
  const ending = endingOf(a);
  switch (key) {
    case 'id':
      return a.seq;
    case 'name':
    case 'type':
    case 'user':
    case 'queue':
    case 'priority':
      return a.submission[key];
    case 'state':
      return a.state.tag;
    case 'finalStatus':
      return ending?.finalStatus ?? 'UNDEFINED';
    case 'progress':
      return ending ? 100 : a.progress;
    case 'submittedAtMs':
    case 'launchedAtMs':
      return a[key];
    case 'finishedAtMs':
      return ending?.finishedAtMs ?? 0;
    case 'elapsedMs':
      return (ending?.finishedAtMs ?? cluster.nowMs) - a.submittedAtMs;
    case 'containers':
      return a.scheduled?.containers ?? 0;
    case 'memoryMb':
      return a.scheduled?.usedMb ?? 0;
    case 'vcores':
      return a.scheduled?.usedVcores ?? 0;
    default:
      return key satisfies never;
  }
}

export function rowOf(cluster: Cluster, a: Application): AppRow {
  const ending = endingOf(a);
  const { name, type, user, queue, tags, priority } = a.submission;
  return {
    id: a.id,
    name,
    type,
    user,
    queue,
    tags,
    priority,
    state: a.state.tag,
    finalStatus: ending?.finalStatus ?? 'UNDEFINED',
    progress: ending ? 100 : a.progress,
    submittedAtMs: a.submittedAtMs,
    launchedAtMs: a.launchedAtMs,
    finishedAtMs: ending?.finishedAtMs ?? 0,
    containers: a.scheduled?.containers ?? 0,
    memoryMb: a.scheduled?.usedMb ?? 0,
    vcores: a.scheduled?.usedVcores ?? 0,
    others: a.scheduled?.used.others ?? NO_OTHERS,
    waiting: waits(a) ? whyApplicationWaits(cluster, a) : '',
    hasPages: a.trackingUrl !== '',
  };
}

const withoutDetails = (row: AppRow): AppRow => ({
  ...row,
  tags: [],
  containers: 0,
  memoryMb: 0,
  vcores: 0,
  others: NO_OTHERS,
  waiting: '',
  hasPages: false,
});

type Wanted = {
  readonly mayKill: boolean;
  /** Id or number of the attempt whose containers are wanted; the last without it, and where there is none of that name. */
  readonly attempt: string | undefined;
};

export function applicationView(cluster: Cluster, a: Application, { mayKill, attempt }: Wanted): ApplicationView {
  const shown = a.attempts.find(({ id, number }) => id === attempt || String(number) === attempt) ?? a.attempts.at(-1);
  const report = applicationReport(cluster, a);
  const row = rowOf(cluster, a);
  return {
    ...row,
    diagnostics: endingOf(a)?.diagnostics ?? '',
    memoryMbSeconds: report.memoryMbSeconds,
    vcoreSeconds: report.vcoreSeconds,
    trackingUrl: a.trackingUrl,
    expiresAtMs: report.expiresAtMs ?? 0,
    waitsUntilMs: report.waitsUntilMs ?? 0,
    unmanaged: a.submission.unmanaged,
    waits:
      row.waiting === '' ? [] : (report.waiting ?? []).map((w) => ({ ...w, others: othersOf(a, w.askId), obstacle: String(w.obstacle) })),
    attempts: a.attempts.map((each) => attemptView(each, each === shown)),
    mayKill,
  };
}

const othersOf = ({ scheduled }: Application, askId: number) => scheduled?.asks.get(askId)?.resource.others ?? NO_OTHERS;

function attemptView(attempt: Attempt, withContainers: boolean): AttemptView {
  const { attemptId, state, amContainerId, amHost, diagnostics, startedAtMs, finishedAtMs } = attemptReport(attempt);
  const reports = withContainers ? containerReports(attempt) : [];
  const containers = reports.slice(0, MOST_CONTAINERS).map(
    (c): ContainerView => ({
      id: c.containerId,
      nodeId: c.nodeId,
      state: c.state,
      memoryMb: c.resource.memoryMb,
      vcores: c.resource.vcores,
      others: c.resource.others ?? NO_OTHERS,
      startedAtMs: c.startedAtMs,
      finishedAtMs: c.finishedAtMs,
      exitStatus: c.exitStatus,
      diagnostics: c.diagnostics,
      isAm: c.containerId === amContainerId,
    }),
  );
  const unshown = reports.length - containers.length;
  const forgotten = withContainers ? Math.max(0, attempt.containerSeq - reports.length) : 0;
  const about = { id: attemptId, number: attempt.number, state, amContainerId, amHost, startedAtMs, finishedAtMs, diagnostics };
  return { ...about, containers, unshown, forgotten };
}
