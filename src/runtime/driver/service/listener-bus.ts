// The driver's listener bus: what happens in the application, in order, to whoever listens. The driver's loop posts and goes on; listeners
// hear between its turns. Our own listeners (store, event log) are quick and hear everything; a program's (spark-listener.ts) may be slow and
// have a bounded queue each. What the events are: status/events.ts; who makes them: job-events.ts, application-events.ts.
// Source: Spark's LiveListenerBus, AsyncEventQueue.
import type { Logger } from '../../../common/ports.ts';
import type { RareEvent, StatusListener, TaskEnd, TaskInfo } from '../../../status/events.ts';

/** What waits, four places an entry: an object for each would be garbage for every task. */
const RARE = 0;
const STARTED = 1;
const ENDED = 2;
const WIDTH = 4;

export type Defer = (run: () => void) => void;

export class ListenerBus {
  readonly #log: Logger;
  readonly #defer: Defer;
  readonly #listeners: StatusListener[] = [];
  #queue: unknown[] = [];
  #scheduled = false;
  readonly #complained = new WeakSet<StatusListener>();

  /** @param defer runs between turns of the loop, before the program is answered from the network */
  constructor(log: Logger, defer: Defer = (run) => void setImmediate(run)) {
    this.#log = log;
    this.#defer = defer;
  }

  /** Whether anybody listens: nothing is made for nobody. */
  get active(): boolean {
    return this.#listeners.length > 0;
  }

  /** It hears what is posted from now on, and what was posted in this turn. */
  add(listener: StatusListener): void {
    if (!this.#listeners.includes(listener)) this.#listeners.push(listener);
  }

  remove(listener: StatusListener): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  post(event: RareEvent): void {
    this.#put(RARE, 0, 0, event);
  }

  taskStarted(stageId: number, attemptId: number, task: TaskInfo): void {
    this.#put(STARTED, stageId, attemptId, task);
  }

  taskEnded(stageId: number, attemptId: number, task: TaskEnd): void {
    this.#put(ENDED, stageId, attemptId, task);
  }

  /** All that was posted is heard when this returns: at the application's end. */
  deliver(): void {
    this.#scheduled = false;
    while (this.#queue.length > 0) {
      const queue = this.#queue;
      this.#queue = [];
      for (const listener of [...this.#listeners]) this.#tell(listener, queue);
    }
  }

  #put(kind: number, stageId: number, attemptId: number, what: unknown): void {
    this.#queue.push(kind, stageId, attemptId, what);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#defer(() => this.deliver());
  }

  #tell(listener: StatusListener, queue: readonly unknown[]): void {
    for (let i = 0; i < queue.length; i += WIDTH) {
      try {
        if (queue[i] === RARE) listener.on(queue[i + 3] as RareEvent);
        else if (queue[i] === STARTED) listener.taskStarted(queue[i + 1] as number, queue[i + 2] as number, queue[i + 3] as TaskInfo);
        else listener.taskEnded(queue[i + 1] as number, queue[i + 2] as number, queue[i + 3] as TaskEnd);
      } catch (error) {
        this.#complain(listener, error);
      }
    }
  }

  /** A listener's error is not the application's. Told once: it may come with every task. */
  #complain(listener: StatusListener, error: unknown): void {
    if (this.#complained.has(listener)) return;
    this.#complained.add(listener);
    this.#log.error(`Listener ${listener.constructor.name} threw an exception: ${(error as Error)?.stack ?? String(error)}`);
  }
}
