// What the instances of `emberloom run` write, in the submitter's terminal as they write it: stdout to stdout, stderr to stderr, each
// line behind its instance's number. Log files are read where they lie; there is no push for them, so they are asked for what is new.
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../common/errors.ts';
import type { ContainerId } from '../../common/ids.ts';
import { connectPeer, type Identity, untilReached } from '../../rpc/connect.ts';
import { logsRead } from '../../rpc/messages/driver.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Transport } from '../../rpc/transport.ts';
import type { Started } from './command-master.ts';

export type OutputOptions = {
  readonly transport: Transport;
  /** What a node wants proved: the ResourceManager's ticket, which does not hold for long. */
  readonly identity: () => Promise<Identity>;
  readonly prefix: boolean;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly warn: (text: string) => void;
};

const PACE_MS = 150;
const CHUNK_BYTES = 1 << 20;
const FILES = ['stdout', 'stderr'] as const;

type Stream = {
  readonly name: (typeof FILES)[number];
  readonly head: string;
  readonly decoder: InstanceType<typeof TextDecoder>;
  at: number;
  /** A line that has not ended. */
  rest: string;
};

export class ShowOutput {
  readonly #options: OutputOptions;
  readonly #nodes = new Map<string, Promise<Peer>>();
  readonly #ended = new Set<ContainerId>();
  /** By instance: one that was started again speaks when what it said before is shown. */
  readonly #following = new Map<number, Promise<void>>();
  #over = false;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  started(started: Started): void {
    const { index } = started;
    const before = this.#following.get(index) ?? Promise.resolve();
    this.#following.set(
      index,
      before
        .then(() => this.#follow(started))
        .catch((error: Error) => this.#options.warn(`The output of instance ${index} is not shown: ${error.message}`)),
    );
  }

  ended(container: ContainerId): void {
    this.#ended.add(container);
  }

  /** Until all that was written is shown: no instance writes any more, or what it writes is of no interest. */
  async finish(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#following.values());
    for (const node of this.#nodes.values())
      node.then(
        (peer) => peer.close(),
        () => {},
      );
  }

  async #follow({ index, containerId, nodeAddress }: Started): Promise<void> {
    const head = this.#options.prefix ? `[${index}] ` : '';
    const streams = FILES.map((name): Stream => ({ name, head, decoder: new TextDecoder(), at: 0, rest: '' }));
    for (;;) {
      // Asked before the files are read: what was written before the end is there when the end is known.
      const last = this.#over || this.#ended.has(containerId);
      for (const stream of streams) await this.#read(nodeAddress, containerId, stream);
      if (last) break;
      await pause(PACE_MS);
    }
    for (const stream of streams) if (stream.rest !== '') this.#write(stream, `${stream.rest}\n`);
  }

  /** All that is new. */
  async #read(nodeAddress: string, containerId: ContainerId, stream: Stream): Promise<void> {
    for (;;) {
      const { name, at: offset } = stream;
      const ask = async () => (await this.#node(nodeAddress)).call(logsRead, { containerId, name, offset, lengthBytes: CHUNK_BYTES });
      const reply = await untilReached(ask, { restarts: true }).catch((error) => {
        if (error instanceof AppError && error.code === 'LOG_NOT_FOUND') return undefined; // it is still being started
        throw error;
      });
      if (reply === undefined) return;
      if (reply.sizeBytes < stream.at) {
        stream.at = 0; // the file was rolled: it began anew
        continue;
      }
      const bytes = Buffer.from(reply.base64, 'base64');
      if (bytes.length === 0) return;
      stream.at += bytes.length;
      const lines = (stream.rest + stream.decoder.decode(bytes, { stream: true })).split('\n');
      stream.rest = lines.pop()!;
      for (const line of lines) this.#write(stream, `${line}\n`);
    }
  }

  #write({ name, head }: Stream, line: string): void {
    this.#options[name](head + line);
  }

  #node(address: string): Promise<Peer> {
    const known = this.#nodes.get(address);
    if (known !== undefined) return known;
    const { transport, identity } = this.#options;
    const connecting = identity().then(async (me) => {
      const peer = await connectPeer(transport, address, `the NodeManager at ${address}`, me);
      peer.onClose = () => this.#nodes.delete(address); // its NodeManager may be started again, and the instance runs on
      return peer;
    });
    connecting.catch(() => this.#nodes.delete(address));
    this.#nodes.set(address, connecting);
    return connecting;
  }
}
