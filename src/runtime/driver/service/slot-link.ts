// One task slot as the driver sees it: a worker thread's own connection, what was installed there, and who it belongs to.
// The other end is executor/slot-runner.ts. Frames: plan/task-frames.ts.
import type { Channel } from '../../../rpc/channel.ts';
import { type Joined, PartJoiner, partsOf } from '../../plan/frame-parts.ts';

export class SlotLink {
  readonly id: number;
  readonly executorId: string;
  /** Number of the slot in its executor; a worker that replaces another has the same. */
  readonly number: number;
  readonly host: string;
  readonly channel: Channel;
  /** Place after the last task that it was sent (plan/slot-order.ts). */
  sent = 0;
  /** Frames of statuses that came. */
  heard = 0;
  readonly #parts: PartJoiner;
  readonly #installed = new Set<number>();
  /** What waits because the slot has not read yet, in order; undefined: nothing does. */
  #behind: (() => boolean)[] | undefined;

  /** @param mostBytes of one frame from the slot */
  constructor(id: number, executorId: string, number: number, host: string, channel: Channel, mostBytes: number) {
    this.#parts = new PartJoiner(mostBytes);
    this.id = id;
    this.executorId = executorId;
    this.number = number;
    this.host = host;
    this.channel = channel;
  }

  /** Puts together what the slot sends in parts. @returns undefined when they are no parts of one frame: the connection is closed */
  join(part: Buffer, keep = true): Joined | undefined {
    try {
      return this.#parts.add(part, keep);
    } catch (error) {
      this.channel.destroy((error as Error).message);
      return undefined;
    }
  }

  /** The stage goes first, once; frames keep their order, so tasks always find it. */
  launch(key: number, install: Uint8Array, frame: Buffer): void {
    if (!this.#installed.has(key)) {
      this.#installed.add(key);
      this.#tell({ t: 'install', key, stage: install });
    }
    for (const part of partsOf(frame)) this.#put(() => this.channel.sendBinary(part));
  }

  drop(key: number): void {
    if (this.#installed.delete(key)) this.#tell({ t: 'drop', key });
  }

  unpersist(rddId: number): void {
    this.#tell({ t: 'unpersist', rddId });
  }

  /** A map output that it wrote and nobody will read: another attempt of the task was faster, or its job is gone. */
  discardOutput(file: string): void {
    this.#tell({ t: 'discard', file });
  }

  addFile(name: string, path: string): void {
    this.#tell({ t: 'file', name, path });
  }

  forgetBroadcast(id: number): void {
    this.#tell({ t: 'forget', id });
  }

  #tell(message: unknown): void {
    this.#put(() => this.channel.send(message));
  }

  /** @param put answers false when the other side is behind: what follows then waits, or megabytes would pile up until the channel gives up */
  #put(put: () => boolean): void {
    if (this.#behind !== undefined) this.#behind.push(put);
    else if (!put()) {
      this.#behind = [];
      void this.#catchUp(this.#behind);
    }
  }

  async #catchUp(waiting: (() => boolean)[]): Promise<void> {
    await this.channel.drained();
    for (let put = waiting.shift(); put !== undefined; put = waiting.shift()) if (!put()) await this.channel.drained();
    this.#behind = undefined;
  }
}
