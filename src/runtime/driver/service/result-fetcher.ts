// Fetches what executors keep for the driver (indirect-results.ts), piece by piece over a connection to their block server: the control
// connection stays free for heartbeats and kills. A local master's own blocks are in this process. The other end is executor/result-blocks.ts.
import { AppError } from '../../../common/errors.ts';
import { connectPeer, type Identity } from '../../../rpc/connect.ts';
import { resultRead, resultRemove } from '../../../rpc/messages/results.ts';
import type { Peer } from '../../../rpc/peer.ts';
import type { Transport } from '../../../rpc/transport.ts';
import type { BlockMaster } from './block-master.ts';
import { unref } from './executor-sockets.ts';
import type { ResultSource } from './indirect-results.ts';

/** Pieces of one result that are on their way at once. */
const AHEAD = 4;

export class ResultFetcher implements ResultSource {
  readonly #transport: Transport;
  readonly #me: () => Identity;
  readonly #blocks: BlockMaster;
  readonly #peers = new Map<string, Promise<Peer>>();

  constructor(transport: Transport, me: () => Identity, blocks: BlockMaster) {
    this.#transport = transport;
    this.#me = me;
    this.#blocks = blocks;
    blocks.onGone = (executorId) => this.#drop(executorId, 'its executor is gone');
  }

  async fetch(executorId: string, taskId: number, bytes: number, pieces: number): Promise<Buffer> {
    const read = await this.#reader(executorId, taskId);
    const parts = new Array<Uint8Array>(pieces);
    let next = 0;
    const lane = async () => {
      while (next < pieces) {
        const index = next++;
        parts[index] = await read(index);
      }
    };
    await Promise.all(Array.from({ length: AHEAD }, lane));
    const whole = Buffer.concat(parts);
    if (whole.length !== bytes)
      throw new AppError('BLOCK_CORRUPT', { path: `taskresult_${taskId}`, detail: `${whole.length} bytes of ${bytes}` });
    return whole;
  }

  remove(executorId: string, taskId: number): void {
    const local = this.#blocks.localResults(executorId);
    if (local !== undefined) local.remove(taskId);
    else
      this.#peer(executorId).then(
        (peer) => peer.push(resultRemove, { taskId }),
        () => {}, // its executor is gone, and the result with it
      );
  }

  async #reader(executorId: string, taskId: number): Promise<(index: number) => Uint8Array | Promise<Uint8Array>> {
    const local = this.#blocks.localResults(executorId);
    if (local !== undefined) return (index) => local.read(taskId, index);
    const peer = await this.#peer(executorId);
    return async (index) => (await peer.call(resultRead, { taskId, index })).data;
  }

  #peer(executorId: string): Promise<Peer> {
    const known = this.#peers.get(executorId);
    if (known !== undefined) return known;
    const address = this.#blocks.addressOf(executorId);
    if (address === undefined) return Promise.reject(new AppError('EXECUTOR_LOST', { executorId, reason: 'it is gone' }));
    const connecting = connectPeer(this.#transport, address, `the blocks of executor ${executorId}`, this.#me()).then((peer) => {
      unref(peer.channel);
      peer.onClose = () => this.#forget(executorId, connecting);
      return peer;
    });
    connecting.catch(() => this.#forget(executorId, connecting));
    this.#peers.set(executorId, connecting);
    return connecting;
  }

  #forget(executorId: string, peer: Promise<Peer>): void {
    if (this.#peers.get(executorId) === peer) this.#peers.delete(executorId);
  }

  #drop(executorId: string, reason: string): void {
    const peer = this.#peers.get(executorId);
    this.#peers.delete(executorId);
    peer?.then(
      ({ channel }) => channel.destroy(reason),
      () => {},
    );
  }
}
