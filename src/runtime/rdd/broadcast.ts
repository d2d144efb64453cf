// A read-only value that every executor fetches once, instead of once per task. It travels as {handler: 'broadcast', data: {id}}; its bytes
// come piece by piece from other executors or the driver (executor/broadcast-store.ts). Source: Spark's Broadcast.scala.
import { capture } from '../closure/capture.ts';
import { decodeCaptured, encodeCaptured } from '../closure/captured.ts';
import { preload, rebuild, type RebuildContext } from '../closure/rebuild.ts';

export class Broadcast<T> {
  readonly id: number;
  #state: { readonly value: T } | undefined;
  readonly #drop: ((destroy: boolean, blocking: boolean) => Promise<void>) | undefined;

  /** @param drop the driver's way to make executors forget it */
  constructor(id: number, value: T, drop?: (destroy: boolean, blocking: boolean) => Promise<void>) {
    this.id = id;
    this.#state = { value };
    this.#drop = drop;
  }

  /** @throws Error after destroy() */
  get value(): T {
    if (!this.#state) throw new Error(`Attempted to use Broadcast(${this.id}) after it was destroyed`);
    return this.#state.value;
  }

  /** Executors forget their copies; they fetch it again when it is used again. @param blocking resolve when all have */
  async unpersist(blocking = false): Promise<void> {
    this.#demandValid();
    await this.#drop?.(false, blocking);
  }

  /** Driver and executors forget it for good. @param blocking resolve when all have */
  async destroy(blocking = false): Promise<void> {
    this.#demandValid();
    this.#state = undefined;
    await this.#drop?.(true, blocking);
  }

  /** @throws Error after destroy(), as Spark */
  #demandValid(): void {
    if (!this.#state) throw new Error(`Attempted to use Broadcast(${this.id}) after it was destroyed`);
  }

  [Symbol.for('spark.closure.replace')](): { handler: string; data: unknown } {
    if (!this.#state) throw new Error(`Attempted to use Broadcast(${this.id}) after it was destroyed`);
    return { handler: 'broadcast', data: { id: this.id } };
  }

  toString(): string {
    return `Broadcast(${this.id})`;
  }
}

/** Driver: the value by the rules of captured values. @throws TaskNotSerializableError */
export const encodeBroadcast = (value: unknown, callSite: string): Buffer => encodeCaptured(capture([value], callSite));

/** Executor. */
export async function decodeBroadcast(bytes: Uint8Array, context: RebuildContext): Promise<unknown> {
  const captured = decodeCaptured(bytes);
  await preload(captured, context);
  return rebuild(captured, context)[0];
}
