// What the core tells the recorder of activities (scheduler/activities.ts): a placement as it is made, and what still waits after a
// round. Nothing is walked while nobody has asked.
import type { Cluster } from './cluster.ts';
import type { Container } from './entities.ts';
import type { WaitingAsk } from './scheduler/scheduler-port.ts';
import type { WaitingApp } from './scheduler/activities.ts';
import { waitingRequests } from './scheduler/why-waiting.ts';

export function notePlaced({ activities }: Cluster, { askId, priority }: WaitingAsk, { id, attempt, node }: Container): void {
  if (!activities.on) return;
  const { id: app, submission } = attempt.application;
  const at = { queue: submission.queue, appPriority: submission.priority, nodeId: node.id };
  activities.placed({ id: app, ...at, requestPriority: priority, askId, containerId: id });
}

export function noteRound(cluster: Cluster): void {
  const { activities, scheduler, nodeOfSlot, nowMs } = cluster;
  if (!activities.on) return;
  const slot = scheduler.roomiest();
  const someNode = (slot < 0 ? cluster.byHeartbeat.first : nodeOfSlot[slot])?.id;
  activities.endRound({ nowMs, someNode, waiting: () => waitingApps(cluster) });
}

/** The largest node, while there is any. */
export const largestNow = (cluster: Cluster) => (cluster.byHeartbeat.size === 0 ? undefined : cluster.largest);

function* waitingApps(cluster: Cluster): Generator<WaitingApp> {
  for (const { id, submission, scheduled } of cluster.applications.values()) {
    if (scheduled === undefined || scheduled.asks.size === 0) continue;
    const requests = () => waitingRequests(scheduled, largestNow(cluster));
    yield { id, queue: submission.queue, appPriority: submission.priority, requests };
  }
}
