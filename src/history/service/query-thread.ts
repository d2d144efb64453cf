// Answers about large stages are made in a thread of their own (query/worker-main.ts): a search through a million tasks takes seconds in SQLite,
// and the server answers everything else meanwhile. One question at a time; what is long comes piece by piece, each when the client has read
// the one before, and the next questions get their turn between the pieces. A thread that has nothing to do is dismissed. Which questions go there,
// http-app.ts says.
import { Readable } from 'node:stream';
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
  /** That was its beginning. */
  readonly more?: boolean;
};
/** What follows of a long answer; undefined: nothing, it is whole unless there is a fault. */
export type QueryPiece = { readonly id: number; readonly piece: string | undefined; readonly fault?: string };
/** The next piece of a long answer is wanted, or (false) no more of it. */
export type QueryRequest = QueryOrder | { readonly id: number; readonly goOn: boolean };
/** With its whole text, or the stream of it. */
export type Answered = Pick<QueryAnswer, 'status' | 'headers'> & { readonly body: string | Readable };

/** V8's heap of the thread: an application's jobs and stages, and one answer. Rows are in SQLite. */
const HEAP_MB = 128;
const YOUNG_MB = 8;
const IDLE_MS = 5_000;

export class QueryThread {
  readonly #workerFile: string;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answered>>();
  readonly #streams = new Map<number, Readable>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;
  #closed = false;

  /** @param workerFile of query/worker-main.ts */
  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  /** @throws Error when the thread died of it */
  ask(order: Omit<QueryOrder, 'id'>): Promise<Answered> {
    const answer = Promise.withResolvers<Answered>();
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
    worker.on('message', (message: QueryAnswer | QueryPiece) => {
      if ('piece' in message) this.#take(message);
      else {
        this.#waiting.get(message.id)?.resolve(message.more ? { ...message, body: this.#stream(worker, message) } : message);
        this.#waiting.delete(message.id);
      }
      this.#rest();
    });
    worker.on('error', (error) => this.#lost(worker, error.message));
    worker.on('exit', (code) => this.#lost(worker, `the thread that answers ended with code ${code}`));
    return worker;
  }

  #stream(worker: Worker, { id, body }: QueryAnswer): Readable {
    const ask = (goOn: boolean): void => worker.postMessage({ id, goOn } satisfies QueryRequest);
    const stream = new Readable({
      read: () => ask(true),
      destroy: (error, done) => {
        if (this.#streams.delete(id)) ask(false); // the client has gone
        this.#rest();
        done(error);
      },
    });
    this.#streams.set(id, stream);
    stream.push(body);
    return stream;
  }

  #take({ id, piece, fault }: QueryPiece): void {
    const stream = this.#streams.get(id);
    if (piece !== undefined) stream?.push(piece);
    else {
      this.#streams.delete(id);
      if (fault === undefined) stream?.push(null);
      else stream?.destroy(new Error(fault)); // half a list must not look whole
    }
  }

  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#waiting.size === 0 && this.#streams.size === 0) this.#idle = setTimeout(() => this.#dismiss(), IDLE_MS).unref();
  }

  /** What waits behind the question that it died of is lost, too: whoever asked asks again. */
  #lost(worker: Worker, detail: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const answer of this.#waiting.values()) answer.reject(new Error(detail));
    this.#waiting.clear();
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    for (const stream of streams) stream.destroy(new Error(detail));
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
