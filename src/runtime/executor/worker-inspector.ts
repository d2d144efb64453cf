// The main thread's way to V8's inspector in worker threads: V8 answers between two instructions of a busy thread, which needs no turn of its event
// loop. Only messages and who is gone or silent; what is asked is cpu-recorder.ts. Source: the DevTools protocol's NodeWorker domain.
import inspector from 'node:inspector';

type Waiting = {
  readonly sessionId: string;
  readonly patience: NodeJS.Timeout;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
};
type Attached = { readonly sessionId: string; readonly workerInfo: { readonly title: string } };
type Message = { readonly id?: number; readonly result?: unknown; readonly error?: { readonly message: string } };

/** A thread in a native call or an Atomics.wait hears nothing: after so long it is taken for one of those, ms. */
const ANSWER_MS = 3_000;

export class WorkerInspector {
  readonly #session = new inspector.Session();
  readonly #sessionIds = new Map<number, string>();
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** Attaches to all workers that there are. Call close(). @throws Error this Node.js has no inspector, or refuses it (--permission) */
  constructor() {
    this.#session.connect();
    // Events and answers come while a message is posted or later; their types are the protocol's, which @types/node does not know in full.
    this.#session.on('inspectorNotification', (event) => this.#hear(event as { method: string; params: unknown }));
    this.#session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  }

  /** @throws Error the thread has ended, is silent, or refuses */
  ask(threadId: number, method: string, params: object = {}): Promise<unknown> {
    const sessionId = this.#sessionIds.get(threadId);
    if (sessionId === undefined) return Promise.reject(new Error(`thread ${threadId} has ended`));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => this.#settle(id)?.reject(new Error(`thread ${threadId} does not answer`)), ANSWER_MS).unref();
      this.#waiting.set(id, { sessionId, patience, resolve, reject });
      this.#session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id, method, params }) }, (error) => {
        if (error !== null) this.#settle(id)?.reject(error);
      });
    });
  }

  /** The same of the thread that asks; answered at once. */
  askHere(method: string): void {
    this.#session.post(method);
  }

  close(): void {
    for (const id of this.#waiting.keys()) this.#settle(id)?.reject(new Error('the inspector was closed'));
    this.#session.disconnect();
  }

  #hear({ method, params }: { method: string; params: unknown }): void {
    if (method === 'NodeWorker.attachedToWorker') {
      const { sessionId, workerInfo } = params as Attached;
      // Its workerId counts attachments; the thread's id is in its title: `[worker 3] name`.
      const threadId = /^\[worker (\d+)\]/.exec(workerInfo.title)?.[1];
      if (threadId !== undefined) this.#sessionIds.set(Number(threadId), sessionId);
    } else if (method === 'NodeWorker.detachedFromWorker') {
      const { sessionId } = params as Attached;
      for (const [id, waiting] of this.#waiting)
        if (waiting.sessionId === sessionId) this.#settle(id)?.reject(new Error('the thread has ended'));
    } else if (method === 'NodeWorker.receivedMessageFromWorker') {
      const { id, result, error } = JSON.parse((params as { message: string }).message) as Message;
      const waiting = id === undefined ? undefined : this.#settle(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(error.message));
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.patience);
    return waiting;
  }
}
