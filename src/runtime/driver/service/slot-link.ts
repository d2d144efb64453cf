// One task slot as the driver sees it: a worker thread's own connection, what was installed there, and who it belongs to.
// The other end is executor/slot-runner.ts. Frames: plan/task-frames.ts.
import type { Channel } from '../../../rpc/channel.ts';

export class SlotLink {
  readonly id: number;
  readonly executorId: string;
  /** Number of the slot in its executor; a worker that replaces another has the same. */
  readonly number: number;
  readonly host: string;
  readonly channel: Channel;
  readonly #installed = new Set<number>();

  constructor(id: number, executorId: string, number: number, host: string, channel: Channel) {
    this.id = id;
    this.executorId = executorId;
    this.number = number;
    this.host = host;
    this.channel = channel;
  }

  /** The stage goes first, once; frames keep their order, so tasks always find it. */
  launch(key: number, install: Uint8Array, frame: Buffer): void {
    if (!this.#installed.has(key)) {
      this.#installed.add(key);
      this.channel.send({ t: 'install', key, stage: install });
    }
    this.channel.sendBinary(frame);
  }

  drop(key: number): void {
    if (this.#installed.delete(key)) this.channel.send({ t: 'drop', key });
  }

  unpersist(rddId: number): void {
    this.channel.send({ t: 'unpersist', rddId });
  }

  addFile(name: string, path: string): void {
    this.channel.send({ t: 'file', name, path });
  }

  forgetBroadcast(id: number): void {
    this.channel.send({ t: 'forget', id });
  }
}
