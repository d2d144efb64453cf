// Logs waiting to be read into their indexes, or to be compacted: one at a time, in a worker thread, those that somebody waits for first. The
// server answers meanwhile. A worker that dies takes only its log with it.
import { Worker } from 'node:worker_threads';
import { invariant } from '../../common/invariant.ts';
import type { LogSummary } from '../core/catalogue.ts';
import type { IndexProgress } from '../store/index-file.ts';
import type { CompactAnswer, CompactOrder } from './compactor.ts';
import type { IndexOrder } from './indexer.ts';

/** What the worker is asked to do. */
export type WorkerOrder = { readonly tag: 'index'; readonly order: IndexOrder } | { readonly tag: 'compact'; readonly order: CompactOrder };

/** What the worker says. */
export type IndexWord =
  | { readonly tag: 'progress'; readonly readBytes: number }
  | { readonly tag: 'done'; readonly progress: IndexProgress; readonly summary: LogSummary | undefined }
  | ({ readonly tag: 'compacted' } & CompactAnswer)
  | { readonly tag: 'failed'; readonly detail: string };
export type Indexed = Extract<IndexWord, { tag: 'done' }>;

type Answer = Exclude<IndexWord, { tag: 'progress' | 'failed' }>;
type Job = {
  readonly work: WorkerOrder;
  readonly result: PromiseWithResolvers<Answer>;
  urgent: boolean;
  readBytes: number;
};

/** V8's heap of the worker: a state larger than this can't be held; the rest of a log is in SQLite. */
const WORKER_HEAP_MB = 160;
const YOUNG_MB = 8;
const IDLE_MS = 5_000;

const nameOf = ({ tag, order }: WorkerOrder): string => `${tag} ${order.log.key}`;

export class IndexQueue {
  readonly #workerFile: string;
  readonly #jobs = new Map<string, Job>();
  #running: Job | undefined;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param workerFile of worker-main.ts */
  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  /** Resolves when the log has been read. @throws Error with the reason when it can't be */
  async index(order: IndexOrder, urgent: boolean): Promise<Indexed> {
    return (await this.#do({ tag: 'index', order }, urgent)) as Indexed;
  }

  /** Resolves when the log has been compacted, or need not be. @throws Error with the reason: the log is as it was */
  async compact(order: CompactOrder): Promise<CompactAnswer> {
    return (await this.#do({ tag: 'compact', order }, false)) as Extract<Answer, { tag: 'compacted' }>;
  }

  #do(work: WorkerOrder, urgent: boolean): Promise<Answer> {
    const name = nameOf(work);
    let job = this.#named(name);
    if (job === undefined) {
      job = { work, result: Promise.withResolvers<Answer>(), urgent, readBytes: 0 };
      job.result.promise.catch(() => {}); // whoever asked hears it too
      this.#jobs.set(name, job);
    }
    job.urgent ||= urgent;
    this.#next();
    return job.result.promise;
  }

  #named(name: string): Job | undefined {
    return this.#running !== undefined && nameOf(this.#running.work) === name ? this.#running : this.#jobs.get(name);
  }

  /** Of a log that is being read or waits. 0 to 1. */
  fractionOf(key: string): number | undefined {
    const job = this.#named(`index ${key}`);
    return job && Math.min(1, job.readBytes / Math.max(1, job.work.order.log.sizeBytes));
  }

  get waiting(): number {
    return this.#jobs.size + (this.#running === undefined ? 0 : 1);
  }

  #next(): void {
    if (this.#running !== undefined || this.#closed) return;
    const job = this.#jobs.values().find((j) => j.urgent) ?? this.#jobs.values().next().value;
    if (job === undefined) {
      // A thread that waits for nothing costs 20 MB.
      this.#idle ??= setTimeout(() => this.#dismiss(), IDLE_MS).unref();
      return;
    }
    clearTimeout(this.#idle);
    this.#idle = undefined;
    this.#jobs.delete(nameOf(job.work));
    this.#running = job;
    this.#worker ??= this.#hire();
    this.#worker.postMessage(job.work);
  }

  #hire(): Worker {
    const worker = new Worker(this.#workerFile, {
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    worker.unref();
    worker.on('message', (word: IndexWord) => this.#heard(word));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#lost(worker, memory ? `its jobs and stages need more than ${WORKER_HEAP_MB} MB of memory` : error.message);
    });
    worker.on('exit', (code) => this.#lost(worker, `its reader ended with code ${code}`));
    return worker;
  }

  #heard(word: IndexWord): void {
    const job = this.#running;
    invariant(job, 'the worker speaks of a log that nobody asked for');
    if (word.tag === 'progress') {
      job.readBytes = word.readBytes;
      return;
    }
    this.#running = undefined;
    if (word.tag === 'failed') job.result.reject(new Error(word.detail));
    else job.result.resolve(word);
    this.#next();
  }

  #lost(worker: Worker, detail: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const job = this.#running;
    this.#running = undefined;
    job?.result.reject(new Error(detail));
    this.#next();
  }

  #dismiss(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#idle = undefined;
    void worker?.terminate();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    for (const job of [this.#running, ...this.#jobs.values()]) job?.result.reject(new Error('the history server ends'));
  }
}
