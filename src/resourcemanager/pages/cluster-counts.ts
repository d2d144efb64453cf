// Counts for the cluster's page and its time lines, and numbers that differ when something that pages show differs. Each walks over what lives, not
// over what has ended: O(applications + nodes + requests), a few milliseconds at 10,000 nodes; asked at most once a second, and only while a page is open.
import type { ClusterStrip } from '../../cluster-pages/model/strip.ts';
import { amountOf } from '../../common/resource.ts';
import type { Cluster } from '../core/cluster.ts';

export function clusterStrip(cluster: Cluster, version: string, nowMs: number): ClusterStrip {
  const { scheduler } = cluster;
  const applications: Record<string, number> = {};
  const nodes: Record<string, number> = {};
  const usedOthers: Record<string, number> = {};
  let usedMb = 0;
  let usedVcores = 0;
  let pendingContainers = 0;
  let pendingMemoryMb = 0;
  for (const { state, scheduled } of cluster.applications.values()) {
    applications[state.tag] = (applications[state.tag] ?? 0) + 1;
    if (scheduled === undefined) continue;
    usedMb += scheduled.usedMb;
    usedVcores += scheduled.usedVcores;
    for (const name in scheduled.used.others) usedOthers[name] = (usedOthers[name] ?? 0) + scheduled.used.others[name]!;
    for (const ask of scheduled.asks.values()) {
      pendingContainers += ask.count;
      pendingMemoryMb += ask.count * ask.resource.memoryMb;
    }
  }
  for (const { state } of cluster.nodes.values()) nodes[state.tag] = (nodes[state.tag] ?? 0) + 1;
  const { total } = scheduler;
  const others = Object.keys(total.others ?? {}).map((name) => [name, { used: usedOthers[name] ?? 0, total: amountOf(total, name) }]);
  return {
    nowMs,
    version,
    startedAtMs: cluster.startedAtMs,
    epoch: cluster.epoch,
    scheduler: scheduler.kind,
    memory: { used: usedMb, total: total.memoryMb },
    vcores: { used: usedVcores, total: total.vcores },
    others: Object.fromEntries(others) as ClusterStrip['others'],
    containers: cluster.containers.size,
    pendingContainers,
    pendingMemoryMb,
    applications,
    nodes,
  };
}

/** A sum that depends on order and on every digit, as Java's hashCode. */
const mix = (sum: number, value: number): number => (Math.imul(sum, 31) + value) | 0;
const ofText = (text: string): number => (text.charCodeAt(0) << 16) ^ (text.charCodeAt(text.length - 1) << 8) ^ text.length;

export function pageVersions({ applications, endedApplications, nodes, scheduler }: Cluster): Record<'apps' | 'nodes' | 'queues', number> {
  let apps = mix(applications.size, endedApplications.length);
  for (const { state, scheduled, progress, attempts, submission } of applications.values()) {
    if (scheduled === undefined) continue;
    apps = mix(mix(mix(apps, ofText(state.tag)), progress * 100), scheduled.containers);
    apps = mix(mix(apps, attempts.length), ofText(attempts.at(-1)?.state.tag ?? ''));
    apps = mix(mix(apps, ofText(submission.queue)), submission.priority);
    for (const ask of scheduled.asks.values()) apps = mix(apps, ask.count);
  }
  let ofNodes = nodes.size;
  for (const { state, containers, capacity, healthReport } of nodes.values()) {
    ofNodes = mix(mix(mix(ofNodes, ofText(state.tag)), containers.size), capacity.memoryMb);
    if (healthReport !== '') ofNodes = mix(ofNodes, ofText(healthReport));
  }
  const { memoryMb, vcores } = scheduler.total;
  return { apps, nodes: mix(ofNodes, apps), queues: mix(mix(apps, memoryMb), vcores) };
}
