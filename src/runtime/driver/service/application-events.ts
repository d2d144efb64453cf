// The application itself as events of the bus: its start, environment, executors that come and go, its end. Jobs and tasks are job-events.ts.
// Source: SparkContext.postApplicationStart, postEnvironmentUpdate; CoarseGrainedSchedulerBackend.
import { availableParallelism, release, tmpdir, userInfo } from 'node:os';
import { redacted } from '../../../common/redact.ts';
import type { Pairs, RareEvent } from '../../../status/events.ts';
import { EXECUTOR_METRICS, type ExecutorMetrics } from '../../../status/executor-metrics.ts';
import type { ListenerBus } from './listener-bus.ts';

export type ApplicationFacts = {
  readonly name: string;
  readonly applicationId: string;
  /** Of the driver in cluster mode: `1`, `2`, … */
  readonly attemptId: string | undefined;
  readonly version: string;
  readonly conf: Pairs;
  readonly packages: Pairs;
  readonly executorCores: number;
  readonly executorMemoryMb: number;
  readonly taskCpus: number;
};
export type AddedExecutor = {
  readonly executorId: string;
  readonly host: string;
  readonly port: number;
  readonly slots: number;
  readonly logUrls?: Pairs | undefined;
  readonly attributes?: Pairs | undefined;
  readonly resourceProfileId?: number;
};

const systemProperties = (): Pairs => [
  ['user.name', userName()],
  ['user.dir', process.cwd()],
  ['os.name', process.platform],
  ['os.arch', process.arch],
  ['os.version', release()],
  ['java.io.tmpdir', tmpdir()],
  ['node.version', process.version],
  ['node.execArgv', process.execArgv.join(' ')],
  ['v8.version', process.versions.v8],
  ['cores', String(availableParallelism())],
];

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? ''); // no such user on this host: a number without a name
  }
}

export class ApplicationEvents {
  readonly #bus: ListenerBus;
  readonly #nowMs: () => number;
  /** Executors whose memory was told: it is known once their slots are up. */
  readonly #memoryKnown = new Set<string>();
  readonly #endListeners: ((exitCode: number) => void)[] = [];

  constructor(bus: ListenerBus, nowMs: () => number) {
    this.#bus = bus;
    this.#nowMs = nowMs;
  }

  /** In the turn in which the context is made: whoever is added to the bus in it hears these. */
  started(facts: ApplicationFacts): void {
    const { name, applicationId, attemptId, version, conf, packages, executorCores, executorMemoryMb, taskCpus } = facts;
    const startedAtMs = this.#nowMs();
    const first: RareEvent[] = [
      { tag: 'logStart', sparkVersion: version },
      {
        tag: 'resourceProfileAdded',
        profile: {
          id: 0,
          executorResources: [
            ['cores', executorCores],
            ['memory', executorMemoryMb],
            ['offHeap', 0],
          ],
          taskResources: [['cpus', taskCpus]],
        },
      },
      {
        tag: 'environmentUpdate',
        runtime: [
          ['Java Home', process.execPath],
          ['Java Version', `Node.js ${process.version}`],
          ['Scala Version', `Emberloom ${version}`],
        ],
        sparkProperties: conf.map(([key, value]) => [key, redacted(key, value)] as const),
        hadoopProperties: [],
        systemProperties: systemProperties(),
        metricsProperties: [],
        classpathEntries: packages,
      },
      { tag: 'applicationStart', name, applicationId, atMs: startedAtMs, user: userName(), attemptId, driverLogs: undefined },
    ];
    for (const event of first) this.#bus.post(event);
  }

  executorAdded({ executorId, host, port, slots, logUrls = [], attributes = [], resourceProfileId = 0 }: AddedExecutor): void {
    const atMs = this.#nowMs();
    const hostPort = `${host}:${port}`;
    this.#bus.post({ tag: 'executorAdded', executorId, atMs, host, hostPort, totalCores: slots, logUrls, attributes, resourceProfileId });
  }

  /** Of a cluster: it runs no tasks and caches no blocks, but has a row of its own, threads and a log as the executors do. */
  driverAdded(host: string): void {
    const id = { executorId: 'driver', host, port: process.pid };
    this.#bus.post({ tag: 'blockManagerAdded', id, atMs: this.#nowMs(), maxMemoryBytes: 0, maxOnHeapBytes: 0, maxOffHeapBytes: 0 });
  }

  executorRemoved(executorId: string, reason: string): void {
    this.#memoryKnown.delete(executorId);
    this.#bus.post({ tag: 'executorRemoved', executorId, atMs: this.#nowMs(), reason });
  }

  waiting(wanted: number, reason: string | undefined): void {
    this.#bus.post({ tag: 'waitingForExecutors', atMs: this.#nowMs(), wanted, reason });
  }

  /** @param figures in the order of EXECUTOR_METRICS */
  heartbeat(
    executor: { readonly id: string; readonly host: string; readonly port: number },
    figures: readonly number[],
    maxMemoryBytes: number,
  ): void {
    if (!this.#bus.active) return;
    const { id: executorId, host, port } = executor;
    if (maxMemoryBytes > 0 && !this.#memoryKnown.has(executorId)) {
      this.#memoryKnown.add(executorId);
      const memory = { maxMemoryBytes, maxOnHeapBytes: maxMemoryBytes, maxOffHeapBytes: 0 };
      this.#bus.post({ tag: 'blockManagerAdded', id: { executorId, host, port }, atMs: this.#nowMs(), ...memory });
    }
    const metrics: ExecutorMetrics = Object.fromEntries(EXECUTOR_METRICS.map((name, i) => [name, figures[i] ?? 0]));
    this.#bus.post({ tag: 'executorMetricsUpdate', executorId, metrics });
  }

  /** What is left in the event log's and the store's hands is given to them before this returns. */
  ended(exitCode: number): void {
    this.#bus.post({ tag: 'applicationEnd', atMs: this.#nowMs(), exitCode });
    this.#bus.deliver();
    for (const hear of this.#endListeners) hear(exitCode);
  }

  /** The last that is called: a file to close. */
  onEnd(hear: (exitCode: number) => void): void {
    this.#endListeners.push(hear);
  }
}
