// /metrics of the ResourceManager for Prometheus, with HELP and TYPE: the cluster, every queue, nodes by state, the scheduler's loop, the process.
// YARN has none (404): the names follow prometheus.io/docs/practices/naming.
import type { Family, Sample } from '../../status/prometheus/text-format.ts';
import type { ProcessFigures } from '../../web/process-figures.ts';
import type { QueuePartition, QueueView } from '../core/scheduler/scheduler-views.ts';
import type { EventLoop } from '../service/event-loop.ts';
import { clusterFigures } from './cluster-figures.ts';

const MB = 1024 * 1024;
const one = (value: number): Sample[] => [{ labels: [], value }];

export function rmFamilies(loop: EventLoop, figures: ProcessFigures): Family[] {
  const { cluster } = loop.core;
  const f = clusterFigures(cluster);
  const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, help, type: 'gauge', samples });
  const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, help, type: 'counter', samples });
  const kinds = { total: f.total, allocated: f.allocated, reserved: f.reserved, pending: f.pending };
  const byKind = (of: (r: typeof f.total) => number): Sample[] =>
    Object.entries(kinds).map(([kind, r]) => ({ labels: [['kind', kind]], value: of(r) }));
  const { counts } = loop;
  return [
    counter(
      'yarn_applications_submitted_total',
      'Applications submitted since this ResourceManager started, with those that it recovered.',
      one(f.apps.submitted),
    ),
    counter('yarn_applications_ended_total', 'Applications that have ended, by final state.', [
      { labels: [['state', 'FINISHED']], value: f.apps.completed },
      { labels: [['state', 'FAILED']], value: f.apps.failed },
      { labels: [['state', 'KILLED']], value: f.apps.killed },
    ]),
    gauge('yarn_applications', 'Applications that live, by state.', [
      { labels: [['state', 'RUNNING']], value: f.apps.running },
      { labels: [['state', 'PENDING']], value: f.apps.pending },
    ]),
    gauge(
      'yarn_nodes',
      'Nodes by state.',
      Object.entries(f.nodes).map(([state, value]) => ({ labels: [['state', state]], value })),
    ),
    gauge(
      'yarn_memory_bytes',
      'Memory of the cluster: in all, allocated to containers, reserved, asked for and not placed.',
      byKind((r) => r.memoryMb * MB),
    ),
    gauge(
      'yarn_vcores',
      'Vcores of the cluster: in all, allocated to containers, reserved, asked for and not placed.',
      byKind((r) => r.vcores),
    ),
    gauge('yarn_containers', 'Containers: allocated, and asked for and not placed.', [
      { labels: [['kind', 'allocated']], value: f.containersAllocated },
      { labels: [['kind', 'pending']], value: f.containersPending },
    ]),
    counter(
      'yarn_containers_allocated_total',
      'Containers that were allocated since this ResourceManager started.',
      one(f.containersGiven),
    ),
    gauge('yarn_nodes_utilized_memory_bytes', 'Memory in use on the machines of active nodes, by whatever.', one(f.utilized.memoryMb * MB)),
    gauge('yarn_nodes_utilized_cores', 'Cores in use on the machines of active nodes, by whatever.', one(f.utilized.cores)),
    ...queueFamilies(cluster.scheduler.queues()),
    counter('yarn_scheduler_turns_total', 'Turns of the event loop in which events were handled and containers placed.', one(counts.turns)),
    counter('yarn_store_commits_total', 'Transactions of the state store.', one(counts.commits)),
    counter('yarn_store_commit_seconds_total', 'Time in transactions of the state store.', one(counts.commitMs / 1000)),
    gauge('yarn_store_longest_commit_seconds', 'The longest transaction of the state store.', one(counts.longestCommitMs / 1000)),
    ...figures.families(),
  ];
}

function queueFamilies(views: readonly QueueView[]): Family[] {
  const of = (name: string, help: string, value: (view: QueueView) => number): Family => ({
    name,
    help,
    type: 'gauge',
    samples: views.map((view) => ({ labels: [['queue', view.path]], value: value(view) })),
  });
  const inPartitions = (name: string, help: string, value: (p: QueuePartition) => number): Family => ({
    name,
    help,
    type: 'gauge',
    samples: views.flatMap((view) =>
      view.partitions.map(
        (p): Sample => ({
          labels: [
            ['queue', view.path],
            ['partition', p.label],
          ],
          value: value(p),
        }),
      ),
    ),
  });
  return [
    of(
      'yarn_queue_applications_running',
      'Applications of a queue and those below it whose driver has been placed.',
      (v) => v.runningApplications,
    ),
    of(
      'yarn_queue_applications_pending',
      'Applications of a queue and those below it that wait for their driver.',
      (v) => v.pendingApplications,
    ),
    of('yarn_queue_containers', 'Containers of a queue and those below it.', (v) => v.containers),
    of('yarn_queue_containers_pending', 'Containers that were asked for in a queue and not placed.', (v) => v.pendingContainers),
    inPartitions('yarn_queue_used_memory_bytes', 'Memory in use by a queue.', (p) => p.used.memoryMb * MB),
    inPartitions('yarn_queue_used_vcores', 'Vcores in use by a queue.', (p) => p.used.vcores),
    inPartitions('yarn_queue_guaranteed_memory_bytes', 'Memory that a queue is guaranteed.', (p) => p.guaranteed.memoryMb * MB),
    inPartitions('yarn_queue_maximum_memory_bytes', 'Memory that a queue may have at most.', (p) => p.maximum.memoryMb * MB),
    inPartitions('yarn_queue_pending_memory_bytes', 'Memory that was asked for in a queue and not placed.', (p) => p.pending.memoryMb * MB),
  ];
}
