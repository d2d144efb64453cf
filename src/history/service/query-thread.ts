// Answers about large stages are made in a thread of their own (query/worker-main.ts): a search through a million tasks takes seconds in SQLite,
// and the server answers everything else meanwhile. One question at a time; a thread that has nothing to do is dismissed. Which questions go
// there, http-app.ts says.
import { Worker } from 'node:worker_threads';
import type { LogFile } from '../core/log-file.ts';

export type QueryOrder = {
  readonly id: number;
  /** As it was asked. */
  readonly url: string;
  /** Of the index, and the log that is in it. */
  readonly path: string;
  readonly log: LogFile;
};
export type QueryAnswer = {
  readonly id: number;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** V8's heap of the thread: an application's jobs and stages, and one answer. Rows are in SQLite. */
const HEAP_MB = 128;
const YOUNG_MB = 8;
const IDLE_MS = 5_000;

export class QueryThread {
  readonly #workerFile: string;
  readonly #waiting = new Map<number, PromiseWithResolvers<QueryAnswer>>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;
  #closed = false;

  /** @param workerFile of query/worker-main.ts */
  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  /** @throws Error when the thread died of it */
  ask(order: Omit<QueryOrder, 'id'>): Promise<QueryAnswer> {
    const answer = Promise.withResolvers<QueryAnswer>();
    if (this.#closed) return Promise.reject(new Error('the history server ends'));
    clearTimeout(this.#idle);
    const id = ++this.#lastId;
    this.#waiting.set(id, answer);
    this.#worker ??= this.#hire();
    this.#worker.postMessage({ ...order, id } satisfies QueryOrder);
    return answer.promise;
  }

  #hire(): Worker {
    const worker = new Worker(this.#workerFile, {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    worker.unref();
    worker.on('message', (answer: QueryAnswer) => {
      this.#waiting.get(answer.id)?.resolve(answer);
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) this.#idle = setTimeout(() => this.#dismiss(), IDLE_MS).unref();
    });
    worker.on('error', (error) => this.#lost(worker, error.message));
    worker.on('exit', (code) => this.#lost(worker, `the thread that answers ended with code ${code}`));
    return worker;
  }

  /** What waits behind the question that it died of is lost, too: whoever asked asks again. */
  #lost(worker: Worker, detail: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const answer of this.#waiting.values()) answer.reject(new Error(detail));
    this.#waiting.clear();
  }

  #dismiss(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    const worker = this.#worker;
    if (worker !== undefined) this.#lost(worker, 'the history server ends');
    await worker?.terminate();
  }
}
