// Broadcast values as bytes, fetched once per worker from the driver in pieces. What they decode to is kept by compile-stage.ts.
import { broadcastFetch } from '../../rpc/messages/executor.ts';
import type { Peer } from '../../rpc/peer.ts';

export class BroadcastClient {
  readonly #driver: Peer;
  readonly #values = new Map<number, Promise<Uint8Array>>();

  constructor(driver: Peer) {
    this.#driver = driver;
  }

  /** @throws AppError BAD_ARGUMENT when the broadcast was destroyed */
  fetch(id: number): Promise<Uint8Array> {
    const known = this.#values.get(id);
    if (known !== undefined) return known;
    const fetching = this.#fetch(id);
    fetching.catch(() => this.#values.delete(id));
    this.#values.set(id, fetching);
    return fetching;
  }

  forget(id: number): void {
    this.#values.delete(id);
  }

  async #fetch(broadcastId: number): Promise<Uint8Array> {
    const first = await this.#driver.call(broadcastFetch, { broadcastId, offset: 0 });
    if (first.data.length >= first.sizeBytes) return first.data;
    const whole = Buffer.allocUnsafe(first.sizeBytes);
    whole.set(first.data, 0);
    for (let at = first.data.length; at < whole.length; ) {
      const { data } = await this.#driver.call(broadcastFetch, { broadcastId, offset: at });
      whole.set(data, at);
      at += data.length;
    }
    return whole;
  }
}
