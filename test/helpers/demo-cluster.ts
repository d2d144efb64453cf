// An invented cluster for its pages: hostile names, any number of applications, nodes that are not well, queues of three levels, an hour of time lines.
// Served by the real routes (src/cluster-pages); what a ResourceManager makes of its own state is tested with the ResourceManager.
import { demoLogs } from './demo-node.ts';
import type { ClusterSource } from '../../src/cluster-pages/cluster-source.ts';
import type { ApplicationView, ContainerView } from '../../src/cluster-pages/model/application.ts';
import type { AppRow } from '../../src/cluster-pages/model/applications.ts';
import type { NodeView } from '../../src/cluster-pages/model/nodes.ts';
import type { QueueView } from '../../src/cluster-pages/model/queues.ts';
import { type ClusterStrip, type Sample, SampleRing, sampleOf, withoutTime } from '../../src/cluster-pages/model/strip.ts';

export const HOSTILE_NAME = `<img src=x onerror="window.hurt=1"><script>window.hurt=2</script>'"&`;
const START = 1_764_400_000_000;
const MB = 1;
const GB = 1024 * MB;
const USERS = ['ann', 'ben', 'carla', '<b>dirk</b>', 'etl'];
const QUEUES = ['root.default', 'root.etl.nightly', 'root.etl.hourly', 'root.research'];
const STATES = ['FINISHED', 'FINISHED', 'FINISHED', 'FAILED', 'KILLED'];
const WAITING =
  'Waiting for 4 containers of 12288 MB and 2 vcores: queue root.etl.nightly is at its maximum-capacity 40 % (163840 of 163840 MB, 40 of 80 vcores in use). It fits when 12288 MB in use by queue root.etl.nightly become free.';

/** @param live how many of them run; the last three wait */
export type DemoOptions = { readonly applications?: number; readonly live?: number; readonly nodes?: number; readonly killed?: string[] };

const idOf = (n: number): string => `application_${START}_${String(n).padStart(4, '0')}`;
const containerOf = (app: number, n: number): string =>
  `container_e02_${START}_${String(app).padStart(4, '0')}_01_${String(n).padStart(6, '0')}`;

function rowOf(n: number, total: number, live: number): AppRow {
  const ended = n <= total - live;
  const waits = !ended && n > total - 3;
  const state = ended ? STATES[n % STATES.length]! : waits ? 'ACCEPTED' : 'RUNNING';
  const containers = state === 'RUNNING' ? 3 + (n % 9) : 0;
  const submittedAtMs = START + n * 700;
  return {
    id: idOf(n),
    name: n % 50 === 7 || n === total ? HOSTILE_NAME : `report ${n % 97} of ${['sales', 'stock', 'clicks'][n % 3]}`,
    type: n % 11 === 0 ? 'COMMAND' : 'SPARK',
    user: USERS[(n >> 2) % USERS.length]!,
    queue: waits ? 'root.etl.nightly' : QUEUES[n % QUEUES.length]!,
    tags: n % 10 === 0 ? ['nightly', '"><i>x'] : [],
    priority: n % 4,
    state,
    finalStatus:
      state === 'FINISHED' ? (n % 5 === 1 ? 'FAILED' : 'SUCCEEDED') : state === 'FAILED' || state === 'KILLED' ? state : 'UNDEFINED',
    progress: state === 'RUNNING' ? (n * 7) % 100 : ended ? 100 : 0,
    submittedAtMs,
    launchedAtMs: waits ? 0 : submittedAtMs + 900,
    finishedAtMs: ended ? submittedAtMs + 4_000 + (n % 1000) * 97 : 0,
    containers,
    memoryMb: containers * 4 * GB,
    vcores: containers * 2,
    others: n % 13 === 0 && containers > 0 ? { 'yarn.io/gpu': 1 } : {},
    waiting: waits ? WAITING : '',
    hasPages: !waits,
  };
}

function containersOf(app: AppRow, n: number): ContainerView[] {
  return Array.from({ length: Math.max(app.containers, 4) }, (_, i) => {
    const ended = i >= app.containers;
    return {
      id: containerOf(n, i + 1),
      nodeId: `node-${(i % 7) + 1}:45454`,
      state: ended ? 'COMPLETED' : i === 4 ? 'ALLOCATED' : 'RUNNING',
      memoryMb: 4 * GB,
      vcores: 2,
      others: {},
      startedAtMs: app.submittedAtMs + 1_000,
      finishedAtMs: ended ? app.submittedAtMs + 9_000 : 0,
      exitStatus: ended ? (i % 2 === 0 ? -104 : 0) : -1000,
      diagnostics:
        ended && i % 2 === 0
          ? `Container ${containerOf(n, i + 1)} is running beyond physical memory limits. Current usage: 4.2 GB of 4 GB physical memory used by ${HOSTILE_NAME}`
          : '',
      isAm: i === 0,
    };
  });
}

function nodeOf(i: number): NodeView {
  const state = i % 17 === 5 ? 'UNHEALTHY' : i % 29 === 11 ? 'LOST' : i % 31 === 13 ? 'DECOMMISSIONING' : 'RUNNING';
  const big = i % 4 === 0;
  const capacity = { memoryMb: (big ? 96 : 48) * GB, vcores: big ? 32 : 16, others: big ? { 'yarn.io/gpu': 4 } : {} };
  const containers =
    state === 'LOST'
      ? []
      : Array.from({ length: 3 + (i % 8) }, (_, c) => ({
          id: containerOf(c + 1, i + 1),
          applicationId: idOf(c + 1),
          applicationName: c === 2 ? HOSTILE_NAME : `report ${c}`,
          user: USERS[c % USERS.length]!,
          state: c === 3 ? 'ALLOCATED' : 'RUNNING',
          memoryMb: (c % 3 === 0 ? 8 : 4) * GB,
          vcores: 1 + (c % 2),
        }));
  return {
    id: `node-${i + 1}:45454`,
    host: `node-${i + 1}`,
    rack: `/rack-${(i % 5) + 1}`,
    state,
    labels: big ? ['gpu'] : [],
    healthReport:
      state === 'UNHEALTHY'
        ? `1/2 local-dirs have errors: /data/2 is ${HOSTILE_NAME} (99.2 % of the disk is used; yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage is 90)`
        : state === 'LOST'
          ? 'It has not been heard for 10 s.'
          : '',
    http: `http://node-${i + 1}:8042`,
    version: '0.1.0',
    lastHeartbeatMs: Date.now() - (state === 'LOST' ? 300_000 : 800),
    capacity,
    used: {
      memoryMb: containers.reduce((sum, c) => sum + c.memoryMb, 0),
      vcores: containers.reduce((sum, c) => sum + c.vcores, 0),
      others: big ? { 'yarn.io/gpu': 1 } : {},
    },
    containers,
    drainByMs: state === 'DECOMMISSIONING' ? Date.now() + 600_000 : 0,
  };
}

function queue(
  path: string,
  share: { used: number; guaranteed: number; maximum: number; pending?: number },
  children: QueueView[] = [],
): QueueView {
  const total = 400 * GB;
  return {
    path,
    name: path.slice(path.lastIndexOf('.') + 1),
    state: path.endsWith('research') ? 'DRAINING' : 'RUNNING',
    leaf: children.length === 0,
    usedShare: share.used,
    guaranteedShare: share.guaranteed,
    maximumShare: share.maximum,
    pendingShare: share.pending ?? 0,
    used: { memoryMb: share.used * total, vcores: Math.round(share.used * 200), others: {} },
    maximum: { memoryMb: share.maximum * total, vcores: Math.round(share.maximum * 200) },
    pending: { containers: share.pending ? 12 : 0, memoryMb: (share.pending ?? 0) * total, vcores: Math.round((share.pending ?? 0) * 200) },
    drivers: { usedMb: share.used * 0.08 * total, maximumMb: share.guaranteed * 0.1 * total },
    running: Math.round(share.used * 40),
    waiting: share.pending ? 3 : 0,
    users:
      children.length > 0
        ? []
        : USERS.slice(0, 3).map((user, i) => ({
            user,
            used: { memoryMb: Math.round((share.used * total) / (i + 2)), vcores: Math.round((share.used * 200) / (i + 2)) },
            limitMb: share.maximum * 0.75 * total,
            driverMb: (i + 1) * GB,
            running: 4 - i,
            waiting: i,
          })),
    notes: [['Ordering', 'fifo']],
    children,
  };
}

export function demoCluster({ applications = 200, live = 24, nodes = 40, killed = [] }: DemoOptions = {}): ClusterSource<
  { user: string },
  number,
  number
> & {
  bump: (topic: string) => void;
  sample: () => void;
} {
  const versions: Record<string, number> = { apps: 1, nodes: 1, queues: 1 };
  const hears = new Set<(sample: Sample) => void>();
  const ring = new SampleRing(360, 10_000);
  const numbers = Array.from({ length: applications }, (_, i) => i + 1);
  const row = (n: number): AppRow => {
    const r = rowOf(n, applications, Math.min(live, applications));
    return killed.includes(r.id)
      ? { ...r, state: 'KILLED', finalStatus: 'KILLED', finishedAtMs: Date.now(), containers: 0, waiting: '' }
      : r;
  };
  const nodeList = Array.from({ length: nodes }, (_, i) => i);
  const strip = (atMs = Date.now()): ClusterStrip => {
    const swing = nodes === 0 ? 0 : 0.6 + 0.25 * Math.sin(atMs / 400_000);
    const byState: Record<string, number> = {};
    for (const n of nodeList) byState[nodeOf(n).state] = (byState[nodeOf(n).state] ?? 0) + 1;
    return {
      nowMs: atMs,
      version: '0.1.0',
      startedAtMs: atMs - 7_200_000,
      epoch: 2,
      scheduler: 'capacity',
      memory: { used: Math.round(nodes * 60 * GB * swing), total: nodes * 60 * GB },
      vcores: { used: Math.round(nodes * 20 * swing), total: nodes * 20 },
      others: nodes === 0 ? {} : { 'yarn.io/gpu': { used: 10, total: nodes } },
      containers: Math.round(nodes * 6 * swing),
      pendingContainers: applications === 0 ? 0 : 12,
      pendingMemoryMb: applications === 0 ? 0 : 144 * GB,
      applications:
        applications === 0 ? {} : { RUNNING: live - 3, ACCEPTED: 3, FINISHED: Math.max(0, applications - live), FAILED: 4, KILLED: 2 },
      nodes: byState,
    };
  };
  for (let i = 360; i > 0; i--) ring.add(sampleOf(strip(Date.now() - i * 10_000)));
  return {
    version: '0.1.0',
    ...demoLogs(() => Buffer.from('a line\n')),
    facts: () => withoutTime(strip()),
    versions: () => ({ ...versions }),
    bump: (topic) => void (versions[topic] = (versions[topic] ?? 0) + 1),
    sample: () => {
      for (const hear of hears) hear(sampleOf(strip()));
    },
    strip,
    lines: () => ring.lines(),
    onSample: (hear) => {
      hears.add(hear);
      return () => void hears.delete(hear);
    },
    applications: async () => ({
      all: () => numbers,
      state: (n) => row(n).state,
      text: (n, field) => (field === 'tag' ? row(n).tags.join('\n') : row(n)[field]),
      sortBy: (n, key) => (key === 'elapsedMs' ? (row(n).finishedAtMs || Date.now()) - row(n).submittedAtMs : row(n)[key]),
      row,
    }),
    application: async (id): Promise<ApplicationView | undefined> => {
      const n = numbers.find((x) => idOf(x) === id);
      if (n === undefined) return undefined;
      const r = row(n);
      return {
        ...r,
        diagnostics:
          r.state === 'FAILED' ? `Application ${id} failed 2 times due to AM Container exited with exitCode: 1\n${HOSTILE_NAME}` : '',
        memoryMbSeconds: 1_234_567,
        vcoreSeconds: 4_321,
        trackingUrl: 'http://driver:4040',
        expiresAtMs: r.finishedAtMs > 0 ? 0 : r.submittedAtMs + 86_400_000,
        waitsUntilMs: 0,
        unmanaged: n % 2 === 0,
        waits:
          r.waiting === ''
            ? []
            : [
                {
                  count: 4,
                  memoryMb: 12 * GB,
                  vcores: 2,
                  others: {},
                  priority: 1,
                  obstacle: 'QUEUE_FULL',
                  because: 'queue root.etl.nightly is at its maximum-capacity 40 % (163840 of 163840 MB, 40 of 80 vcores in use)',
                  wouldLetItRun:
                    'It fits when 12288 MB in use by queue root.etl.nightly become free, or when its maximum-capacity is raised to 43 %.',
                },
              ],
        attempts: [1, 2].map((number) => ({
          id: `appattempt_${START}_${String(n).padStart(4, '0')}_00000${number}`,
          number,
          state: number === 1 ? 'FAILED' : r.state === 'RUNNING' ? 'RUNNING' : 'FINISHED',
          amContainerId: containerOf(n, 1),
          amHost: 'node-3',
          startedAtMs: r.submittedAtMs,
          finishedAtMs: number === 1 ? r.submittedAtMs + 500 : r.finishedAtMs,
          diagnostics: number === 1 ? `AM container exited with -104 ${HOSTILE_NAME}` : '',
          containers: containersOf(r, n),
          unshown: 0,
          forgotten: number === 1 ? 3 : 0,
        })),
        mayKill: n % 3 !== 0,
      };
    },
    kill: async (id) => {
      killed.push(id);
      versions['apps']!++;
    },
    queues: () => ({
      scheduler: 'capacity',
      root: queue('root', { used: 0.71, guaranteed: 1, maximum: 1, pending: 0.2 }, [
        queue('root.default', { used: 0.2, guaranteed: 0.3, maximum: 0.5 }),
        queue('root.etl', { used: 0.45, guaranteed: 0.4, maximum: 0.6, pending: 0.2 }, [
          queue('root.etl.nightly', { used: 0.4, guaranteed: 0.25, maximum: 0.4, pending: 0.2 }),
          queue('root.etl.hourly', { used: 0.05, guaranteed: 0.15, maximum: 0.6 }),
        ]),
        queue('root.research', { used: 0.06, guaranteed: 0.3, maximum: 1 }),
      ]),
    }),
    nodes: async () => ({
      all: () => nodeList,
      state: (i) => nodeOf(i).state,
      text: (i) => `${nodeOf(i).id} ${nodeOf(i).rack} ${nodeOf(i).labels.join(' ')} ${nodeOf(i).healthReport}`,
      sortBy: (i, key) => {
        const n = nodeOf(i);
        switch (key) {
          case 'memory':
            return n.used.memoryMb;
          case 'vcores':
            return n.used.vcores;
          case 'containers':
            return n.containers.length;
          case 'id':
            return i;
          default:
            return n[key];
        }
      },
      view: nodeOf,
    }),
    node: async (id) => nodeList.map(nodeOf).find((n) => n.id === id),
    settings: async ({ user }) =>
      user === 'mallory'
        ? undefined
        : [
            {
              name: 'yarn.resourcemanager.webapp.address',
              value: '127.0.0.1:8088',
              from: 'conf/emberloom.yaml:4',
              unit: 'text',
              doc: 'Where the pages are.',
            },
            { name: 'emberloom.label', value: HOSTILE_NAME, from: 'conf/emberloom.yaml:9', unit: 'text', doc: 'A label.' },
            {
              name: 'yarn.am.liveness-monitor.expiry-interval-ms',
              value: '600000',
              from: 'default',
              unit: 'ms',
              doc: 'Silence of a driver.',
            },
          ],
  };
}
