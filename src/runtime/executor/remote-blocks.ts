// Fetches ranges of shuffle files from other executors: one connection per address, pieces of at most 1 MiB, a bounded number in flight.
// The other end is block-server.ts. A block on this host is read from disk instead and never comes here.
import { connectPeer, type Identity } from '../../rpc/connect.ts';
import { blockFetch } from '../../rpc/messages/shuffle.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Transport } from '../../rpc/transport.ts';

const PIECE_BYTES = 1024 * 1024;
const PIECES_IN_FLIGHT = 4;

export class RemoteBlocks {
  readonly #transport: Transport;
  readonly #me: Identity;
  readonly #peers = new Map<string, Promise<Peer>>();

  constructor(transport: Transport, me: Identity) {
    this.#transport = transport;
    this.#me = me;
  }

  /** @throws AppError CONNECT_FAILED, CONNECTION_LOST, RPC_TIMEOUT, BLOCK_CORRUPT: the caller makes FETCH_FAILED of it */
  async fetch(at: { blockAddress: string; file: string }, offset: number, length: number): Promise<Uint8Array> {
    const whole = Buffer.allocUnsafe(length);
    const peer = await this.#peer(at.blockAddress);
    let next = 0;
    const lane = async () => {
      while (next < length) {
        const from = next;
        const lengthBytes = Math.min(PIECE_BYTES, length - from);
        next += lengthBytes;
        const { data } = await peer.call(blockFetch, { file: at.file, offset: offset + from, lengthBytes });
        whole.set(data.subarray(0, lengthBytes), from);
      }
    };
    await Promise.all(Array.from({ length: PIECES_IN_FLIGHT }, lane));
    return whole;
  }

  #peer(address: string): Promise<Peer> {
    const known = this.#peers.get(address);
    if (known !== undefined) return known;
    const connecting = connectPeer(this.#transport, address, `the block server at ${address}`, this.#me).then((peer) => {
      peer.onClose = () => this.#peers.delete(address);
      return peer;
    });
    connecting.catch(() => this.#peers.delete(address));
    this.#peers.set(address, connecting);
    return connecting;
  }
}
