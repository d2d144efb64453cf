// sc.addSparkListener: a program's own listener, with Spark's method names. Each has a queue of its own, a slice of it is delivered between
// turns of the loop, so that a slow listener holds up neither the jobs nor the event log; what does not fit is dropped, and said so.
// Source: Spark's SparkListener, AsyncEventQueue.
import type { Logger } from '../../../common/ports.ts';
import type { RareEvent, StatusListener, TaskEnd, TaskInfo } from '../../../status/events.ts';
import type { Defer } from './listener-bus.ts';

type Of<T extends RareEvent['tag']> = (event: Extract<RareEvent, { tag: T }>) => unknown;

/** What a program may hear; it gives the methods that it wants. A promise that a method returns is not waited for. */
export type SparkListener = {
  onApplicationStart?: Of<'applicationStart'>;
  onApplicationEnd?: Of<'applicationEnd'>;
  onEnvironmentUpdate?: Of<'environmentUpdate'>;
  onResourceProfileAdded?: Of<'resourceProfileAdded'>;
  onExecutorAdded?: Of<'executorAdded'>;
  onExecutorRemoved?: Of<'executorRemoved'>;
  onExecutorExcluded?: Of<'executorExcluded'>;
  onExecutorUnexcluded?: Of<'executorUnexcluded'>;
  onNodeExcluded?: Of<'nodeExcluded'>;
  onNodeUnexcluded?: Of<'nodeUnexcluded'>;
  onExecutorMetricsUpdate?: Of<'executorMetricsUpdate'>;
  onStageExecutorMetrics?: Of<'stageExecutorMetrics'>;
  onBlockManagerAdded?: Of<'blockManagerAdded'>;
  onBlockManagerRemoved?: Of<'blockManagerRemoved'>;
  onBlockUpdated?: Of<'blockUpdated'>;
  onUnpersistRDD?: Of<'unpersistRdd'>;
  onJobStart?: Of<'jobStart'>;
  onJobEnd?: Of<'jobEnd'>;
  onStageSubmitted?: Of<'stageSubmitted'>;
  onStageCompleted?: Of<'stageCompleted'>;
  onSpeculativeTaskSubmitted?: Of<'speculativeTaskSubmitted'>;
  onTaskStart?: (event: { stageId: number; attemptId: number; task: TaskInfo }) => unknown;
  onTaskGettingResult?: Of<'taskGettingResult'>;
  onTaskEnd?: (event: { stageId: number; attemptId: number; task: TaskEnd }) => unknown;
  /** All that has no method of its own: SQL's events, and why executors are waited for. */
  onOtherEvent?: (event: RareEvent) => unknown;
};

type Method = keyof SparkListener;
const METHOD_OF: Partial<Record<RareEvent['tag'], Method>> = { unpersistRdd: 'onUnpersistRDD' };
const KNOWN: ReadonlySet<string> = new Set<Method>([
  'onApplicationStart',
  'onApplicationEnd',
  'onEnvironmentUpdate',
  'onResourceProfileAdded',
  'onExecutorAdded',
  'onExecutorRemoved',
  'onExecutorExcluded',
  'onExecutorUnexcluded',
  'onNodeExcluded',
  'onNodeUnexcluded',
  'onExecutorMetricsUpdate',
  'onStageExecutorMetrics',
  'onBlockManagerAdded',
  'onBlockManagerRemoved',
  'onBlockUpdated',
  'onUnpersistRDD',
  'onJobStart',
  'onJobEnd',
  'onStageSubmitted',
  'onStageCompleted',
  'onSpeculativeTaskSubmitted',
  'onTaskStart',
  'onTaskGettingResult',
  'onTaskEnd',
]);
const methodOf = (tag: RareEvent['tag']): Method => {
  const name = METHOD_OF[tag] ?? `on${tag.charAt(0).toUpperCase()}${tag.slice(1)}`;
  return (KNOWN.has(name) ? name : 'onOtherEvent') as Method;
};

/** So long a listener may have the thread at a time, ms. */
const SLICE_MS = 5;
const COMPLAIN_MS = 60_000;

export type QueueOptions = { readonly capacity: number; readonly log: Logger; readonly nowMs: () => number; readonly defer?: Defer };

/** One listener of the program as one of the bus. */
export class ListenerQueue implements StatusListener {
  readonly #listener: SparkListener;
  readonly #options: QueueOptions;
  readonly #queue: { readonly method: Method; readonly event: unknown }[] = [];
  #scheduled = false;
  #dropped = 0;
  #complainedAtMs = Number.NEGATIVE_INFINITY;

  constructor(listener: SparkListener, options: QueueOptions) {
    this.#listener = listener;
    this.#options = options;
  }

  on(event: RareEvent): void {
    this.#put(methodOf(event.tag), event);
  }

  taskStarted(stageId: number, attemptId: number, task: TaskInfo): void {
    if (this.#listener.onTaskStart !== undefined) this.#put('onTaskStart', { stageId, attemptId, task });
  }

  taskEnded(stageId: number, attemptId: number, task: TaskEnd): void {
    if (this.#listener.onTaskEnd !== undefined) this.#put('onTaskEnd', { stageId, attemptId, task });
  }

  /** All that waits is heard when this returns: at the application's end. */
  drain(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#tell(next.method, next.event);
  }

  #put(method: Method, event: unknown): void {
    if (this.#listener[method] === undefined) return;
    if (this.#queue.length >= this.#options.capacity) {
      this.#drop();
      return;
    }
    this.#queue.push({ method, event });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const { defer = (run) => void setImmediate(run) } = this.#options;
    defer(() => this.#slice());
  }

  #slice(): void {
    this.#scheduled = false;
    const until = performance.now() + SLICE_MS;
    while (this.#queue.length > 0 && performance.now() < until) {
      const { method, event } = this.#queue.shift()!;
      this.#tell(method, event);
    }
    if (this.#queue.length > 0) this.#schedule();
  }

  #tell(method: Method, event: unknown): void {
    const failed = (error: unknown) =>
      this.#options.log.error(`Listener's ${method} threw an exception: ${(error as Error)?.stack ?? String(error)}`);
    try {
      const answer = (this.#listener[method] as (event: unknown) => unknown).call(this.#listener, event);
      if (answer instanceof Promise) answer.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  #drop(): void {
    if (this.#dropped++ === 0)
      this.#options.log.error(
        'Dropping event from queue shared. This likely means one of the listeners is too slow and cannot keep up with the rate at which tasks are being started by the scheduler.',
      );
    const nowMs = this.#options.nowMs();
    if (nowMs - this.#complainedAtMs < COMPLAIN_MS) return;
    this.#complainedAtMs = nowMs;
    this.#options.log.warn(`Dropped ${this.#dropped} events from shared so far.`);
  }
}

/** The program's listeners: added and taken away by themselves. */
export class ProgramListeners {
  readonly #queues = new Map<SparkListener, ListenerQueue>();
  readonly #bus: { add(listener: StatusListener): void; remove(listener: StatusListener): void };
  readonly #options: QueueOptions;

  constructor(bus: { add(listener: StatusListener): void; remove(listener: StatusListener): void }, options: QueueOptions) {
    this.#bus = bus;
    this.#options = options;
  }

  add(listener: SparkListener): void {
    if (this.#queues.has(listener)) return;
    const queue = new ListenerQueue(listener, this.#options);
    this.#queues.set(listener, queue);
    this.#bus.add(queue);
  }

  remove(listener: SparkListener): void {
    const queue = this.#queues.get(listener);
    if (queue === undefined) return;
    this.#queues.delete(listener);
    this.#bus.remove(queue);
  }

  drain(): void {
    for (const [, queue] of this.#queues) queue.drain();
  }
}
