// Connections to those who serve blocks: other executors, and shuffle services. One for each address, made when it is first needed. A request whose
// connection is lost is repeated after a wait: a NodeManager may be restarted, a network may come back. But an executor behind a Unix socket that
// nobody listens on is gone for good. The other ends are block-server.ts and the NodeManager's shuffle service; what is fetched when, and whether
// it is right, is shuffle/remote-blocks.ts. Source: Spark's RetryingBlockTransferor.
import { AppError, type ErrorCode } from '../../common/errors.ts';
import { settingOf } from '../../common/key.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import { connectPeer, type Identity, nobodyListens } from '../../rpc/connect.ts';
import { blockDiagnose, blockFetchBatch } from '../../rpc/messages/shuffle.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Transport } from '../../rpc/transport.ts';
import type { BlockClient, BlockPart, BlockRange } from '../shuffle/remote-blocks.ts';

export type RetrySettings = {
  readonly maxRetries: number;
  readonly retryWaitMs: number;
  /** Blocks come from services that are restarted, rather than from executors, which are not. */
  readonly service: boolean;
};

export function retrySettings(conf: ReadonlyMap<string, string>): RetrySettings {
  return {
    maxRetries: settingOf(conf, SPARK_KEYS.fetchRetries),
    retryWaitMs: settingOf(conf, SPARK_KEYS.fetchRetryWaitMs),
    service: settingOf(conf, SPARK_KEYS.shuffleServiceEnabled),
  };
}

const GONE: readonly ErrorCode[] = ['CONNECT_FAILED', 'CONNECTION_LOST', 'RPC_TIMEOUT'];

export class RemoteBlocks implements BlockClient {
  readonly #transport: Transport;
  readonly #me: Identity;
  readonly #retry: RetrySettings;
  readonly #peers = new Map<string, Promise<Peer>>();

  constructor(transport: Transport, me: Identity, retry: RetrySettings) {
    this.#transport = transport;
    this.#me = me;
    this.#retry = retry;
  }

  /** @throws AppError CONNECT_FAILED, CONNECTION_LOST, RPC_TIMEOUT, AUTH_REFUSED: the caller makes FETCH_FAILED of it */
  async fetchRanges(address: string, ranges: readonly BlockRange[], patient = true): Promise<readonly BlockPart[]> {
    const ask = (peer: Peer) => peer.call(blockFetchBatch, { ranges: [...ranges] });
    const { parts } = patient ? await this.#patiently(address, ask) : await ask(await this.#peer(address));
    return parts;
  }

  diagnose(address: string, range: BlockRange & { checksumOffset: number }): Promise<{ written: number; now: number }> {
    return this.#patiently(address, (peer) => peer.call(blockDiagnose, range));
  }

  async #patiently<R>(address: string, ask: (peer: Peer) => Promise<R>): Promise<R> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await ask(await this.#peer(address));
      } catch (error) {
        if (!(error instanceof AppError) || !GONE.includes(error.code) || attempt >= this.#retry.maxRetries) throw error;
        if (nobodyListens(error) && address.startsWith('unix:') && !this.#retry.service) throw error;
        // A connection that broke is first made again at once: most often it answers then.
        if (attempt > 0 || error.code === 'CONNECT_FAILED') await new Promise((resolve) => setTimeout(resolve, this.#retry.retryWaitMs));
      }
    }
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
